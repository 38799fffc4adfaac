// The tables of the report for a terminal: the ledger, all models, words by frequency; columns padded, at most 100 wide.
// Where a table would be wider it is cut into several, since a terminal that wraps a table destroys it.
import { bucketBitsPerByte, bucketContributions } from './frequency-buckets.js';
import { comparedModels, ladderOf } from './model-kinds.js';
import { bucketModels } from './report-buckets-section.js';
import { bitsPerByte, bytes, change, count, exactly, flops, percent } from './report-figures.js';
import { describeContext, ledgerParts, ledgerTables } from './report-ledger-section.js';
import { overSeeds, STANDING, seedsSaid } from './report-model-rows.js';
import type { Report } from './report-schema.js';
import { compareModels } from './report-verdict.js';
import { label } from './report-visible.js';

const MOST_COLUMNS = 6;
/** Buckets that stand side by side. */
const MOST_BUCKETS = 7;

/** Pads the columns of a table: the first to the left, the others to the right, two spaces between. */
export function aligned(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  return rows
    .map((row) => row.map((cell, at) => (at === 0 ? cell.padEnd(widths[at]!) : cell.padStart(widths[at]!))).join('  '))
    .map((line) => `  ${line}`.trimEnd())
    .join('\n');
}

/** The parts of the compared models' bits per byte; empty without a scored ladder or control. */
export function ledgerTable(report: Report): string {
  const models = comparedModels(report);
  if (models.length === 0) return '';
  const parts = ledgerParts(models);
  const tables = ledgerTables(models, MOST_COLUMNS).map((columns) => {
    const row = (name: string) =>
      columns.map(({ ledger }) => (Object.hasOwn(ledger.parts, name) ? bitsPerByte(ledger.parts[name]!) : '·'));
    return aligned([
      ['', ...columns.map(({ split }) => split)],
      ['', ...columns.map(({ model }) => label(model.name, 12))],
      ...parts.map(({ name }) => [label(name, 24), ...row(name)]),
      ['', ...columns.map(() => '─────')],
      ['total', ...columns.map(({ ledger }) => bitsPerByte(ledger.total))],
      ['bytes scored', ...columns.map(({ ledger }) => exactly(ledger.bytes))],
    ]);
  });
  const contexts = models.map(
    (model) => `  ${label(model.name, 20)}: window of ${describeContext(model.bitsPerByte.test.context)}`,
  );
  return [...tables, contexts.join('\n')].join('\n\n');
}

/** Every scored model: what it cost, what it reached over its seeds, and how it stands against the ladder. */
export function modelTable(report: Report): string {
  if (report.models.length === 0) return '';
  const ladder = ladderOf(report);
  const against = (model: Report['models'][number]): string[] => {
    if (ladder === undefined) return [];
    if (model === ladder) return ['·'];
    const { gap, outcome } = compareModels(ladder, model, 'test');
    return [`${change(-gap)}${outcome === 'tie' ? ` ${STANDING.tie}` : ''}`];
  };
  const rows = report.models.map((model) => [
    label(model.name, 22),
    count(model.parameters),
    flops(model.trainFlops),
    bytes(model.bytesSeen),
    overSeeds(model, 'validation'),
    overSeeds(model, 'test'),
    ...against(model),
  ]);
  const heading = ['', 'parameters', 'training', 'text', 'validation', 'test'];
  const said = seedsSaid(report.models);
  return [
    aligned([ladder === undefined ? heading : [...heading, 'over ladder'], ...rows]),
    ...(said === undefined ? [] : ['', `  ${said}`]),
  ].join('\n');
}

/** Bits per byte of every probed model by how often words stand in the training text, and what each bucket adds to the ladder's differences. */
export function bucketTable({ buckets: found }: Report): string {
  if (found === undefined) return '';
  const names = bucketModels(found);
  const [reference, ...others] = names;
  const total = found.buckets.reduce((sum, bucket) => sum + bucket.bytes, 0);
  if (reference === undefined || total === 0) return '';
  const shown = found.buckets.slice(0, MOST_BUCKETS);
  const cut = <T>(values: readonly T[]): readonly T[] => values.slice(0, MOST_BUCKETS);
  const sum = (values: readonly number[]): number => values.reduce((all, value) => all + value, 0);
  const whole = (name: string): number => sum(found.models.find(({ model }) => model === name)!.bits) / total;
  const table = aligned([
    ['', ...shown.map(({ name }) => label(name, 11)), 'all'],
    ['units', ...shown.map(({ units }) => exactly(units)), exactly(sum(found.buckets.map(({ units }) => units)))],
    ['share of bytes', ...shown.map((bucket) => percent(bucket.bytes / total)), exactly(total)],
    ...names.map((name) => [
      label(name, 22),
      ...cut(bucketBitsPerByte(found, name)).map((value) => (value === undefined ? '·' : bitsPerByte(value))),
      bitsPerByte(whole(name)),
    ]),
    ...others.map((name) => {
      const parts = bucketContributions(found, reference, name);
      return [`less ${label(name, 17)}`, ...cut(parts).map((part) => change(part, 4)), change(sum(parts), 4)];
    }),
  ]);
  return `${table}\n\n  "less": what a bucket adds to ${label(reference, 20)} minus that model, in bits per byte of all text.`;
}
