// Every scored model on the page: a dot a seed on one scale, and a table of what each cost and reached.
// Means over seeds with their spread; a difference under twice the spread is called a tie (the project's rules for measuring).
import { kindOf, ladderOf } from './model-kinds.js';
import { bitsPerByte, bytes, change, count, duration, flops, ratio } from './report-figures.js';
import { html, type Markup } from './report-markup.js';
import { STANDING } from './report-model-rows.js';
import { modelColour } from './report-palette.js';
import type { ModelRecord, Report } from './report-schema.js';
import { seedsFigure } from './report-seeds-figure.js';
import { compareModels, meanScore, seedSpread } from './report-verdict.js';
import { label } from './report-visible.js';

/** Models beyond these would make the page unreadable; report.json holds them all. */
const MOST_MODELS = 16;

/** Every scored model with what it cost and what it reached; undefined when there is none. */
export function modelsSection(report: Report): Markup | undefined {
  const models = report.models.slice(0, MOST_MODELS);
  if (models.length === 0) return undefined;
  const ladder = ladderOf(report);
  return html`${seedsFigure(report)}
<div class="scroll"><table class="figures models">
<thead><tr><th scope="col">model</th><th scope="col">parameters</th><th scope="col">training</th><th scope="col">time</th><th scope="col">text seen</th><th scope="col">seeds</th><th scope="col">validation</th><th scope="col">test</th>${
    ladder && html`<th scope="col">against the ladder</th><th scope="col">ladder over it</th>`
  }</tr></thead>
<tbody>${models.map((model) => row(model, ladder))}</tbody></table></div>${
    report.models.length > models.length &&
    html`<p class="small muted">${report.models.length - models.length} further models are in report.json.</p>`
  }`;
}

function row(model: ModelRecord, ladder: ModelRecord | undefined): Markup {
  const { name, parameters, trainFlops, seconds, bytesSeen, seeds } = model;
  const kind = kindOf(name);
  return html`<tr class="${kind === 'ladder' ? 'own' : kind}"><th scope="row"><i class="swatch" style="background:${modelColour(name)}"></i>${label(name, 40)}</th><td>${count(parameters)}</td><td>${flops(trainFlops)}</td><td>${duration(
    seconds,
  )}</td><td>${bytes(bytesSeen)}</td><td>${seeds?.length ?? 1}</td>${score(model, 'validation')}${score(model, 'test')}${ladder && against(model, ladder)}</tr>`;
}

function score(model: ModelRecord, split: 'validation' | 'test'): Markup {
  const spread = seedSpread(model, split);
  return html`<td>${bitsPerByte(meanScore(model, split))}${spread !== undefined && html`<small class="spread">spread ${bitsPerByte(spread)}</small>`}</td>`;
}

function against(model: ModelRecord, ladder: ModelRecord): Markup {
  if (model === ladder) return html`<td><span class="none">–</span></td><td><span class="none">–</span></td>`;
  const { model: own, other, gap, outcome } = compareModels(ladder, model, 'test');
  return html`<td class="${STANDING[outcome]}">${change(-gap)}<small class="spread">${STANDING[outcome]}</small></td><td>${other > 0 && ratio(own / other)}</td>`;
}
