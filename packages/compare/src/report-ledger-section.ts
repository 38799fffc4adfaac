// The ledger on the page: stacked bars for the ladder and the flat baselines, the same figures as a table, every scored model.
// Parts add up to the total; what was given for free stands apart (the project's rules for measuring).
import { bitsPerByte, bytes, change, count, duration, exactly, flops } from './report-figures.js';
import { html, type Markup } from './report-markup.js';
import { orderedParts } from './report-palette.js';
import type { Ledger, ModelRecord, Report, ScoringContext } from './report-schema.js';
import { compareModels, flatsOf, isFlat, ladderOf, seedSpread } from './report-verdict.js';
import { label } from './report-visible.js';

const SPLITS = ['validation', 'test'] as const;
type Split = (typeof SPLITS)[number];

/** Models and parts beyond these would make the page unreadable; report.json holds them all. */
export const MOST_MODELS = 16;
export const MOST_PARTS = 14;

/** The models that are drawn side by side: the ladder first, then at most three flat baselines. */
export function ledgerModels(report: Report): readonly ModelRecord[] {
  const ladder = ladderOf(report);
  return [...(ladder ? [ladder] : []), ...flatsOf(report).slice(0, 3)];
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
  const models = ledgerModels(report);
  if (models.length === 0) return undefined;
  const parts = ledgerParts(models);
  const most = Math.max(...models.flatMap((model) => SPLITS.map((split) => model.bitsPerByte[split].total)), 1e-9);
  const bars = SPLITS.map(
    (split) =>
      html`<div class="bars"><h3>${split === 'test' ? 'Test' : 'Validation'} <small>${exactly(
        models[0]!.bitsPerByte[split].bytes,
      )} bytes</small></h3>${models.map((model) => bar(model, model.bitsPerByte[split], parts, most))}</div>`,
  );
  const legend = parts.map(
    ({ name, style }) => html`<li><i style="background:${style.fill}"></i>${label(name, 30)}</li>`,
  );
  return html`<figure class="ledger">${bars}<ul class="legend">${legend}</ul></figure>
${partsTable(models, parts)}`;
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

function partsTable(models: readonly ModelRecord[], parts: ReturnType<typeof orderedParts>): Markup {
  const columns = SPLITS.flatMap((split) =>
    models.map((model) => ({ split, model, ledger: model.bitsPerByte[split] })),
  );
  const row = (values: (column: (typeof columns)[number]) => string | undefined) =>
    columns.map((column) => html`<td>${values(column) ?? html`<span class="none">–</span>`}</td>`);
  const free = [...new Set(columns.flatMap(({ ledger }) => Object.keys(ledger.conditional ?? {})))].slice(
    0,
    MOST_PARTS,
  );
  const contexts = models.map(
    (model) => html`<li>${label(model.name, 28)}: window of ${describeContext(model.bitsPerByte.test.context)}</li>`,
  );
  return html`<div class="scroll"><table class="figures">
<thead><tr><td></td>${SPLITS.map((split) => html`<th colspan="${models.length}" scope="colgroup">${split}</th>`)}</tr>
<tr><th scope="col">bits per byte</th>${columns.map(({ model }) => html`<th scope="col">${label(model.name, 20)}</th>`)}</tr></thead>
<tbody>${parts.map(
    ({ name, style }) =>
      html`<tr><th scope="row"><i class="swatch" style="background:${style.fill}"></i>${label(name, 40)}</th>${row(({ ledger }) => figureOf(ledger.parts, name))}</tr>`,
  )}</tbody>
<tbody class="total"><tr><th scope="row">total</th>${row(({ ledger }) => `${ledger.upperBound === true ? '≤ ' : ''}${bitsPerByte(ledger.total)}`)}</tr></tbody>
${
  free.length > 0 &&
  html`<tbody class="free"><tr><th scope="rowgroup" colspan="${columns.length + 1}">given for free, not in the total</th></tr>${free.map(
    (name) =>
      html`<tr><th scope="row">${label(name, 40)}</th>${row(({ ledger }) => figureOf(ledger.conditional ?? {}, name))}</tr>`,
  )}</tbody>`
}
</table></div>
<ul class="small muted plain">${contexts}</ul>`;
}

function ownValue(values: Readonly<Record<string, number>>, name: string): number | undefined {
  // A part may be called "constructor"; only the record's own names count.
  return Object.hasOwn(values, name) ? values[name] : undefined;
}

function figureOf(values: Readonly<Record<string, number>>, name: string): string | undefined {
  const value = ownValue(values, name);
  return value === undefined ? undefined : bitsPerByte(value);
}

/** Every scored model with what it cost and what it reached; undefined when there is none. */
export function modelsSection(report: Report): Markup | undefined {
  const models = report.models.slice(0, MOST_MODELS);
  if (models.length === 0) return undefined;
  const ladder = ladderOf(report);
  const flat = flatsOf(report)[0];
  const score = (model: ModelRecord, split: Split) => {
    const spread = seedSpread(model, split);
    return html`<td>${bitsPerByte(model.bitsPerByte[split].total)}${spread !== undefined && html`<small class="spread">spread ${spread.toFixed(3)}</small>`}</td>`;
  };
  const against = (model: ModelRecord) => {
    if (!flat || model === flat) return html`<td><span class="none">–</span></td>`;
    const { gap, outcome } = compareModels(model, flat, 'test');
    return html`<td class="${outcome}">${change(gap)}${outcome === 'tie' && html`<small class="spread">tie</small>`}</td>`;
  };
  return html`<div class="scroll"><table class="figures models">
<thead><tr><th scope="col">model</th><th scope="col">parameters</th><th scope="col">training</th><th scope="col">time</th><th scope="col">text seen</th><th scope="col">seeds</th><th scope="col">validation</th><th scope="col">test</th><th scope="col">${flat ? `against ${label(flat.name, 16)}` : 'against flat'}</th></tr></thead>
<tbody>${models.map(
    (model) =>
      html`<tr${model === ladder && html` class="own"`}><th scope="row"><i class="swatch" style="background:${
        model === ladder ? 'var(--accent)' : isFlat(model.name) ? 'var(--level-flat)' : 'var(--line-strong)'
      }"></i>${label(model.name, 40)}</th><td>${count(model.parameters)}</td><td>${flops(model.trainFlops)}</td><td>${duration(
        model.seconds,
      )}</td><td>${bytes(model.bytesSeen)}</td><td>${model.seeds?.length ?? 1}</td>${score(model, 'validation')}${score(model, 'test')}${against(model)}</tr>`,
  )}</tbody></table></div>${
    report.models.length > models.length &&
    html`<p class="small muted">${report.models.length - models.length} further models are in report.json.</p>`
  }`;
}
