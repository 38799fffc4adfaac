// Tables for a terminal, the first column to the left, the others to the right, and figures as people read them.
import { formatSeconds } from '@strata/train';

/** Lines of a table whose columns are padded to one width, two spaces between and before. */
export function textTable(rows: readonly (readonly string[])[]): string {
  const columns = Math.max(0, ...rows.map((row) => row.length));
  const widths = Array.from({ length: columns }, (_, at) => Math.max(...rows.map((row) => row[at]?.length ?? 0)));
  return rows
    .map((row) => row.map((cell, at) => (at === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[at]!))).join('  '))
    .map((line) => `  ${line}`.trimEnd())
    .join('\n');
}

/** A number of bytes for a person: 12.3 MB. */
export function formatBytes(bytes: number): string {
  for (const [scale, unit] of [
    [1e12, 'TB'],
    [1e9, 'GB'],
    [1e6, 'MB'],
    [1e3, 'kB'],
  ] as const)
    if (bytes >= 0.9995 * scale) return `${(bytes / scale).toPrecision(3)} ${unit}`;
  return `${Math.round(bytes)} bytes`;
}

/** A number of operations for a person: 1.23 TFLOP. */
export function formatFlops(flops: number): string {
  for (const [scale, unit] of [
    [1e18, 'E'],
    [1e15, 'P'],
    [1e12, 'T'],
    [1e9, 'G'],
    [1e6, 'M'],
    [1e3, 'k'],
  ] as const)
    if (flops >= 0.9995 * scale) return `${(flops / scale).toPrecision(3)} ${unit}FLOP`;
  return `${Math.round(flops)} FLOP`;
}

/** A number with `digits` decimals, never "-0". */
export function formatFixed(value: number, digits: number): string {
  const text = value.toFixed(digits);
  return Number(text) === 0 ? text.replace('-', '') : text;
}

/** A time for a person: 42s, 3m05s, 2h07m, 12 days. */
export function formatTime(seconds: number): string {
  const days = seconds / 86_400;
  return days < 3 ? formatSeconds(seconds) : `${Math.round(days)} days`;
}
