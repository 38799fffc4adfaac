// Generated texts side by side, one a level that chose first; every unit opens to what was chosen and what nearly was.
// Pointing at a unit shows its choices; the same trace unfolds below as a list, for keyboards, touch and paper.
import { probability } from './report-figures.js';
import { html, type Markup } from './report-markup.js';
import { levelColour, levelOrder } from './report-palette.js';
import type { Report, SampleRecord, TraceChoice, TraceStep } from './report-schema.js';
import { clip, label, unitLabel } from './report-visible.js';

/** Most samples shown, characters of one sample, and bytes that all traces together may add to the page. */
const MOST_SAMPLES = 12;
const MOST_CHARACTERS = 4000;
const TRACE_BYTES = 600_000;
const MOST_CHOICES = 8;
const MOST_RUNNERS_UP = 4;
/** A unit that paid this many bits is marked in full colour. */
const SURPRISING_BITS = 12;

/** All samples, those from the highest level first; undefined when there is none. */
export function samplesSection(report: Report): Markup | undefined {
  const samples = report.samples.slice(0, MOST_SAMPLES).toSorted((a, b) => levelOrder(b.from) - levelOrder(a.from));
  if (samples.length === 0) return undefined;
  const budget = TRACE_BYTES / Math.max(4, samples.length);
  return html`<div class="samples">${samples.map((sample) => card(sample, budget))}</div>${
    report.samples.length > samples.length &&
    html`<p class="small muted">${report.samples.length - samples.length} further samples are in report.json.</p>`
  }`;
}

function card(sample: SampleRecord, budget: number): Markup {
  const trace = sample.trace ?? [];
  const shown = withinBudget(trace, budget);
  const colour = levelColour(sample.from);
  const left = trace.length - shown.length;
  // Where the steps do not join to the text, the text is shown as it is and the trace only as a list.
  const joins = trace.length > 0 && trace.map((step) => step.text).join('') === sample.text;
  const rest = joins ? sample.text.slice(shown.reduce((at, step) => at + step.text.length, 0)) : sample.text;
  const bits = trace.reduce((sum, step) => sum + bitsOf(step), 0);
  return html`<article class="sample" style="--own:${colour}"><header><h3>from ${label(sample.from, 24)}</h3><small>seed ${sample.seed}</small></header>
<p class="text"><span class="prompt">${clip(sample.prompt, MOST_CHARACTERS)}</span>${joins && shown.map(unit)}${clip(rest, MOST_CHARACTERS)}</p>
${
  trace.length > 0 &&
  html`<details><summary>Trace <small>${trace.length} units, ${bits.toFixed(0)} bits</small></summary><ol class="trace">${shown.map(
    (step) =>
      html`<li${step.boundary > 0 && html` class="starts"`}><b>${unitLabel(step.text)}</b><span class="bits">${bitsOf(step).toFixed(1)} bits</span>${choices(step)}</li>`,
  )}</ol>${left > 0 && html`<p class="small muted">${left} further units are in report.json.</p>`}</details>`
}</article>`;
}

/** One unit in running text: its gap stays outside, so that lines break where the text has spaces. */
function unit(step: TraceStep): Markup {
  const gap = /^\s*/.exec(step.text)![0];
  const surface = step.text.slice(gap.length);
  if (surface === '') return html`${gap}`;
  const heat = Math.min(1, bitsOf(step) / SURPRISING_BITS);
  return html`${gap}<span class="u" style="--s:${heat.toFixed(2)}">${surface}<span class="pop"><b>${unitLabel(step.text)}</b><span class="bits">${bitsOf(
    step,
  ).toFixed(1)} bits</span>${choices(step)}</span></span>`;
}

function choices(step: TraceStep): Markup {
  return html`<span class="choices">${step.choices
    .slice(0, MOST_CHOICES)
    .map(
      (choice) =>
        html`<span class="choice" style="--own:${levelColour(choice.level)}"><em>${label(choice.level, 16)}</em>${options(choice)}</span>`,
    )}</span>`;
}

function options(choice: TraceChoice): readonly Markup[] {
  const chosen = option(choice.chosen, choice.probability, true);
  return [
    chosen,
    ...choice.runnersUp.slice(0, MOST_RUNNERS_UP).map((other) => option(other.name, other.probability, false)),
  ];
}

function option(name: string, chance: number, chosen: boolean): Markup {
  const width = (100 * Math.min(1, chance)).toFixed(0);
  return html`<i${chosen && html` class="x"`} style="--p:${width}%"><s>${unitLabel(name, 28)}</s><q>${probability(chance)}</q></i>`;
}

function bitsOf(step: TraceStep): number {
  return Math.max(
    0,
    step.choices.reduce((sum, choice) => sum + choice.bits, 0),
  );
}

/** The first steps whose markup, written twice, stays within `budget` bytes. */
function withinBudget(trace: readonly TraceStep[], budget: number): readonly TraceStep[] {
  let spent = 0;
  const end = trace.findIndex((step) => {
    spent += 2 * Buffer.byteLength(choices(step).source) + 250 + 6 * step.text.length;
    return spent > budget;
  });
  return end < 0 ? trace : trace.slice(0, end);
}
