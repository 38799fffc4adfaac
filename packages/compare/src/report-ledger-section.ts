// The ledger on the page: stacked bars for the ladder, its controls and variants, and the same figures as a table.
// Parts add up to the total; what was given for free stands apart (the project's rules for measuring).
import { comparedModels, ladderOf } from './model-kinds.js';
import { bitsPerByte, bytes, change, exactly } from './report-figures.js';
import { html, type Markup } from './report-markup.js';
import { STANDING } from './report-model-rows.js';
import { orderedParts } from './report-palette.js';
import type { Ledger, ModelRecord, Report, ScoringContext } from './report-schema.js';
import { compareModels, meanScore, seedSpread } from './report-verdict.js';
import { label } from './report-visible.js';

const SPLITS = ['validation', 'test'] as const;
type Split = (typeof SPLITS)[number];

/** Parts beyond these would make the page unreadable; report.json holds them all. */
const MOST_PARTS = 14;
const MOST_COLUMNS = 8;

/** One column of a table of parts. */
export interface LedgerColumn {
  readonly split: Split;
  readonly model: ModelRecord;
  readonly ledger: Ledger;
}

/** The columns of both texts: as one table where at most `most` are needed, else a table a text, or several. */
export function ledgerTables(models: readonly ModelRecord[], most: number): readonly (readonly LedgerColumn[])[] {
  const columns = (split: Split): LedgerColumn[] =>
    models.map((model) => ({ split, model, ledger: model.bitsPerByte[split] }));
  if (SPLITS.length * models.length <= most) return [SPLITS.flatMap(columns)];
  const starts = Array.from({ length: Math.ceil(models.length / most) }, (_, index) => index * most);
  return SPLITS.flatMap((split) => starts.map((start) => columns(split).slice(start, start + most)));
}

/** Names of all parts in these models' ledgers from the thought down to the letters. */
export function ledgerParts(models: readonly ModelRecord[]): ReturnType<typeof orderedParts> {
  return orderedParts(
    models.flatMap((model) => SPLITS.flatMap((split) => Object.keys(model.bitsPerByte[split].parts))),
  ).slice(0, MOST_PARTS);
}

/** A scoring window in words: '512 words (about 2.7 kB), moved by 256'. */
export function describeContext(context: ScoringContext): string {
  const size = context.windowBytes === undefined ? '' : ` (about ${bytes(context.windowBytes)})`;
  return `${exactly(context.window)} ${label(context.unit, 20)}${size}, moved by ${exactly(context.stride)}`;
}

/** Stacked bars of bits per byte, and the table that they are drawn from; undefined without a scored ladder or baseline. */
export function ledgerSection(report: Report): Markup | undefined {
  const models = comparedModels(report);
  if (models.length === 0) return undefined;
  const parts = ledgerParts(models);
  const most = Math.max(...models.flatMap((model) => SPLITS.map((split) => model.bitsPerByte[split].total)), 1e-9);
  const bars = SPLITS.map(
    (split) =>
      html`<div class="bars"><h3>${split === 'test' ? 'Test' : 'Validation'} <small>${exactly(
        models[0]!.bitsPerByte[split].bytes,
      )} bytes${models.some(hasSeeds) && `, seed ${report.createdFrom.seed}`}</small></h3>${models.map((model) => bar(model, model.bitsPerByte[split], parts, most))}</div>`,
  );
  const legend = parts.map(
    ({ name, style }) => html`<li><i style="background:${style.fill}"></i>${label(name, 30)}</li>`,
  );
  return html`<figure class="ledger">${bars}<ul class="legend">${legend}</ul></figure>
${ledgerTables(models, MOST_COLUMNS).map((columns) => partsTable(report, columns, parts))}
<ul class="small muted plain">${models.map(
    (model) => html`<li>${label(model.name, 28)}: window of ${describeContext(model.bitsPerByte.test.context)}</li>`,
  )}</ul>`;
}

function bar(model: ModelRecord, ledger: Ledger, parts: ReturnType<typeof orderedParts>, most: number): Markup {
  const segments = parts.map(({ name, style }) => {
    const value = Math.max(0, ownValue(ledger.parts, name) ?? 0);
    if (value === 0) return undefined;
    const share = (100 * value) / most;
    const shown = share > 4.5 && value.toFixed(2).replace(/^0/, '');
    return html`<span style="width:${share.toFixed(3)}%;background:${style.fill};color:${style.ink}" title="${label(name, 30)}: ${bitsPerByte(value)} bits per byte">${shown}</span>`;
  });
  const bound = ledger.upperBound === true && html`<small title="an upper bound">≤</small> `;
  return html`<div class="bar"><b>${label(model.name, 28)}</b><div class="stack" role="img" aria-label="${label(model.name, 28)}: ${bitsPerByte(ledger.total)} bits per byte">${segments}</div><output>${bound}${bitsPerByte(ledger.total)}</output></div>`;
}

function partsTable(report: Report, columns: readonly LedgerColumn[], parts: ReturnType<typeof orderedParts>): Markup {
  const row = (values: (column: LedgerColumn) => string | undefined) =>
    columns.map((column) => html`<td>${values(column) ?? html`<span class="none">–</span>`}</td>`);
  const free = [...new Set(columns.flatMap(({ ledger }) => Object.keys(ledger.conditional ?? {})))].slice(
    0,
    MOST_PARTS,
  );
  const splits = SPLITS.map((split) => ({ split, width: columns.filter((column) => column.split === split).length }));
  const seeded = columns.some(({ model }) => hasSeeds(model));
  return html`<div class="scroll"><table class="figures">
<thead><tr><td></td>${splits.map(
    ({ split, width }) => width > 0 && html`<th colspan="${width}" scope="colgroup">${split}</th>`,
  )}</tr>
<tr><th scope="col">bits per byte</th>${columns.map(({ model }) => html`<th scope="col">${label(model.name, 20)}</th>`)}</tr></thead>
<tbody>${parts.map(
    ({ name, style }) =>
      html`<tr><th scope="row"><i class="swatch" style="background:${style.fill}"></i>${label(name, 40)}</th>${row(({ ledger }) => figureOf(ledger.parts, name))}</tr>`,
  )}</tbody>
<tbody class="total"><tr><th scope="row">total${seeded && html` <small>seed ${report.createdFrom.seed}</small>`}</th>${row(({ ledger }) => `${ledger.upperBound === true ? '≤ ' : ''}${bitsPerByte(ledger.total)}`)}</tr></tbody>
${seeded && seedRows(report, row)}${
  free.length > 0 &&
  html`<tbody class="free"><tr><th scope="rowgroup" colspan="${columns.length + 1}">given for free, not in the total</th></tr>${free.map(
    (name) =>
      html`<tr><th scope="row">${label(name, 40)}</th>${row(({ ledger }) => figureOf(ledger.conditional ?? {}, name))}</tr>`,
  )}</tbody>`
}
</table></div>`;
}

/** What stands below a total where seeds are known: mean, spread, and how far each model is from the ladder. */
function seedRows(
  report: Report,
  row: (values: (column: LedgerColumn) => string | undefined) => readonly Markup[],
): Markup {
  const ladder = ladderOf(report);
  return html`<tbody class="seeded"><tr><th scope="row">mean over seeds</th>${row(({ model, split }) => (hasSeeds(model) ? bitsPerByte(meanScore(model, split)) : undefined))}</tr>
<tr><th scope="row">largest less least</th>${row(({ model, split }) => {
    const spread = seedSpread(model, split);
    return spread === undefined ? undefined : bitsPerByte(spread);
  })}</tr>${
    ladder !== undefined &&
    html`
<tr><th scope="row">against the ladder</th>${row(({ model, split }) => {
      if (model === ladder) return undefined;
      const { gap, outcome } = compareModels(ladder, model, split);
      return outcome === 'tie' ? `${change(-gap)} ${STANDING.tie}` : change(-gap);
    })}</tr>`
  }</tbody>`;
}

function hasSeeds(model: ModelRecord): boolean {
  return (model.seeds?.length ?? 0) > 1;
}

function ownValue(values: Readonly<Record<string, number>>, name: string): number | undefined {
  // A part may be called "constructor"; only the record's own names count.
  return Object.hasOwn(values, name) ? values[name] : undefined;
}

function figureOf(values: Readonly<Record<string, number>>, name: string): string | undefined {
  const value = ownValue(values, name);
  return value === undefined ? undefined : bitsPerByte(value);
}
