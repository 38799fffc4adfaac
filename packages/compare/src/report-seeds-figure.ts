// Every seed of every model as a dot on one scale of bits per byte, models in the order of their means.
// A strip plot: with a handful of points the points themselves say more than any summary of them.
import * as Plot from '@observablehq/plot';
import { ladderOf } from './model-kinds.js';
import { plotSvg } from './plot-svg.js';
import { bitsPerByte } from './report-figures.js';
import { html, type Markup } from './report-markup.js';
import { overSeeds, STANDING } from './report-model-rows.js';
import { modelColour } from './report-palette.js';
import type { Report } from './report-schema.js';
import { compareModels, meanScore } from './report-verdict.js';
import { label } from './report-visible.js';

const SIZE = { width: 1040, marginLeft: 190, marginRight: 210, marginTop: 8, marginBottom: 42 };
const ROW = 27;
const MOST_MODELS = 16;
/** The scale spans at least this many bits per byte, so that a hair's breadth never looks like a gulf. */
const LEAST_SPAN = 0.1;

/** Draws test bits per byte a seed; undefined with fewer than two models. */
export function seedsFigure(report: Report): Markup | undefined {
  const ladder = ladderOf(report);
  const models = report.models
    .slice(0, MOST_MODELS)
    .map((model) => ({ model, mean: meanScore(model, 'test'), colour: modelColour(model.name) }))
    .sort((a, b) => a.mean - b.mean)
    .map((entry, row) => ({ ...entry, row }));
  if (models.length < 2) return undefined;
  const dots = models.flatMap(({ model, row, colour, mean }) =>
    model.seeds?.length ? model.seeds.map(({ test }) => ({ test, row, colour })) : [{ test: mean, row, colour }],
  );
  const several = models.filter(({ model }) => (model.seeds?.length ?? 0) > 1);
  const scores = [...dots.map(({ test }) => test), ...models.map(({ mean }) => mean)];
  const svg = plotSvg({
    ...SIZE,
    className: 'seeds',
    height: models.length * ROW + SIZE.marginTop + SIZE.marginBottom,
    ariaLabel: 'Bits per byte of the test text, one dot a seed',
    x: {
      label: 'bits per byte, test',
      labelAnchor: 'center',
      labelArrow: 'none',
      domain: [...spanOf(scores)],
      grid: true,
      tickFormat: (value: number) => bitsPerByte(value).replace(/0$/, ''),
      ticks: 6,
    },
    // Rows are told apart by their numbers: two long names may be cut to the same label.
    y: { type: 'band', domain: models.map(({ row }) => row), axis: null },
    marks: [
      Plot.ruleY(models, { y: 'row', stroke: 'var(--line)' }),
      ...(ladder === undefined
        ? []
        : [Plot.ruleX([meanScore(ladder, 'test')], { stroke: 'var(--accent)', strokeDasharray: '5 4' })]),
      Plot.dot(dots, { x: 'test', y: 'row', fill: 'colour', fillOpacity: 0.75, r: 3.6, stroke: 'var(--paper)' }),
      Plot.tickX(several, { x: 'mean', y: 'row', stroke: 'colour', strokeWidth: 2.5, insetTop: 4, insetBottom: 4 }),
      ...models.map((entry) =>
        Plot.text([entry], {
          y: 'row',
          frameAnchor: 'left',
          dx: -SIZE.marginLeft,
          textAnchor: 'start',
          text: ({ model }) => label(model.name, 26),
          fontWeight: entry.model === ladder ? 700 : 400,
        }),
      ),
      Plot.text(models, {
        y: 'row',
        frameAnchor: 'right',
        dx: 14,
        textAnchor: 'start',
        text: ({ model }) => {
          if (ladder === undefined || model === ladder) return overSeeds(model, 'test');
          return `${overSeeds(model, 'test')}  ${STANDING[compareModels(ladder, model, 'test').outcome]}`;
        },
      }),
    ],
  });
  return html`<figure class="wide">${svg}<figcaption>${
    several.length > 0
      ? 'Small dots: one seed each; bars: their mean, written with the largest less the least.'
      : 'One seed each, so no spread is known.'
  } Best first.${
    ladder !== undefined &&
    ' The dashed rule is the ladder; what is better or worse than it by less than twice the spread is called a tie.'
  }</figcaption></figure>`;
}

/** The least and the largest of `scores` with a margin, at least LEAST_SPAN apart. */
function spanOf(scores: readonly number[]): readonly [number, number] {
  const [low, high] = [Math.min(...scores), Math.max(...scores)];
  const half = Math.max(LEAST_SPAN, 1.08 * (high - low)) / 2;
  const middle = (low + high) / 2;
  return [middle - half, middle + half];
}
