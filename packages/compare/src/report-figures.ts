// How figures are written: one function a quantity, so that a number reads the same on the page, in the terminal and in the README.
// Prefixes are SI decimal prefixes; a minus is U+2212 so that it lines up with the plus.

const PREFIXES = ['', 'k', 'M', 'G', 'T', 'P', 'E', 'Z', 'Y'];

function scaled(value: number, from: number): { digits: string; prefix: string } {
  if (Math.abs(value) < from) return { digits: group(Math.round(value)), prefix: '' };
  let power = Math.floor(Math.log10(Math.abs(value)) / 3);
  // 999,700 rounds to 1.00 M and not to 1000 k.
  if (Math.abs(value) / 1000 ** power >= 999.5) power++;
  power = Math.min(power, PREFIXES.length - 1);
  return { digits: significant(value / 1000 ** power), prefix: PREFIXES[power]! };
}

function significant(value: number): string {
  const size = Math.abs(value);
  return value.toFixed(size >= 99.95 ? 0 : size >= 9.995 ? 1 : 2);
}

function group(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** A whole number with every digit, thousands grouped: 1,234,567. */
export function exactly(value: number): string {
  return group(Math.round(value));
}

/** A count of things (parameters, entries) in three digits: 8,192, 12.3M. */
export function count(value: number): string {
  const { digits, prefix } = scaled(value, 10_000);
  return `${digits}${prefix}`;
}

/** Bytes in three digits: 512 B, 1.50 kB, 10.4 MB. */
export function bytes(value: number): string {
  const { digits, prefix } = scaled(value, 1000);
  return `${digits} ${prefix}B`;
}

/** Floating-point operations in three digits: 3.10 PFLOP. */
export function flops(value: number): string {
  const { digits, prefix } = scaled(value, 1000);
  return `${digits} ${prefix}FLOP`;
}

/** A duration from seconds: 8.4 s, 12 min 05 s, 3 h 20 min. */
export function duration(seconds: number): string {
  if (seconds < 59.95) return `${seconds.toFixed(seconds < 10 ? 1 : 0)} s`;
  const whole = Math.round(seconds);
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, '0')} s`;
  const minutes = Math.round(seconds / 60);
  return `${group(Math.floor(minutes / 60))} h ${String(minutes % 60).padStart(2, '0')} min`;
}

/** Bits per byte, three decimals. */
export function bitsPerByte(value: number): string {
  return positiveZero(value.toFixed(3)).replace('-', '−');
}

/** A change in bits per byte with its sign, three decimals: +0.012, −0.004, 0.000. */
export function change(value: number, decimals = 3): string {
  const written = positiveZero(value.toFixed(decimals));
  return Number(written) > 0 ? `+${written}` : written.replace('-', '−');
}

/** A share in percent with one decimal, from a fraction. */
export function percent(fraction: number): string {
  return `${positiveZero((100 * fraction).toFixed(1)).replace('-', '−')}%`;
}

/** A probability, two digits where it is large and one significant digit where it is small: 0.42, 0.003, <0.001. */
export function probability(value: number): string {
  if (value < 0.001) return '<0.001';
  return value < 0.01 ? value.toFixed(3) : value.toFixed(2);
}

/** A ratio for comparing costs: 1.00×, 2.3×, 14×. */
export function ratio(value: number): string {
  return `${value.toFixed(value < 2 ? 2 : value < 10 ? 1 : 0)}×`;
}

/** A figure of unknown kind in at most four significant digits, thousands grouped: 88, 611.4, 0.003. */
export function figure(value: number): string {
  const size = Math.abs(value);
  if (size === 0) return '0';
  const sign = value < 0 ? '−' : '';
  if (size >= 9999.5) return `${sign}${count(size)}`;
  if (size < 0.001) return `${sign}${size.toExponential(1).replace('-', '−')}`;
  const decimals = Math.min(3, Math.max(0, 3 - Math.floor(Math.log10(size))));
  const [whole, fraction = ''] = size.toFixed(decimals).split('.');
  const kept = fraction.replace(/0+$/, '');
  return `${sign}${group(Number(whole))}${kept ? `.${kept}` : ''}`;
}

function positiveZero(written: string): string {
  return /^-0(\.0+)?$/.test(written) ? written.slice(1) : written;
}
