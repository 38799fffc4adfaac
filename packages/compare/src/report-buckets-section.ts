// Bits per byte by how often a word stands in the training text, and what each bucket adds to the ladder's difference.
// From: Strata, EVALUATION (more than BPB): rare words are where sharing lemmas and concepts should show first.
import * as Plot from '@observablehq/plot';
import { bucketBitsPerByte, bucketContributions } from './frequency-buckets.js';
import { plotSvg } from './plot-svg.js';
import { bitsPerByte, change, exactly, percent } from './report-figures.js';
import { html, type Markup } from './report-markup.js';
import { modelColour } from './report-palette.js';
import type { BucketsRecord, Report } from './report-schema.js';
import { label } from './report-visible.js';

const MOST_MODELS = 8;
const MOST_BUCKETS = 12;
const SIZE = { width: 520, marginLeft: 132, marginRight: 58, marginTop: 30, marginBottom: 26 };
const ROW = 15;
/** Height between two groups of bars: there a group's name stands. */
const GAP = 34;

/** One bar: a model in a bucket. */
interface Bar {
  readonly bucket: number;
  readonly row: number;
  readonly value: number;
  readonly colour: string;
}

/** The ladder where it was probed, else the first model: what others are subtracted from. */
export function bucketReference({ models }: BucketsRecord): string | undefined {
  return (models.find(({ model }) => model === 'strata') ?? models[0])?.model;
}

/** The models of a table of buckets, the one that others are compared with first; a name that stands twice counts once. */
export function bucketModels(found: BucketsRecord): string[] {
  const reference = bucketReference(found);
  const names = [...new Set(found.models.map(({ model }) => model))];
  return reference === undefined ? [] : [reference, ...names.filter((name) => name !== reference)];
}

/** Bars of every model in every bucket, and bars of what the buckets add to the differences; undefined without buckets. */
export function bucketsSection({ buckets: found }: Report): Markup | undefined {
  if (found === undefined) return undefined;
  const names = bucketModels(found).slice(0, MOST_MODELS);
  const [reference, ...others] = names;
  const total = found.buckets.reduce((sum, { bytes }) => sum + bytes, 0);
  if (reference === undefined || total === 0) return undefined;
  const shown = found.buckets.slice(0, MOST_BUCKETS);
  const titles = shown.map(
    ({ name, bytes, units }) => `${label(name, 20)} · ${percent(bytes / total)} of bytes, ${exactly(units)} units`,
  );
  const bars = (values: (name: string) => readonly (number | undefined)[]): Bar[] =>
    names.flatMap((name, row) =>
      values(name)
        .slice(0, MOST_BUCKETS)
        .flatMap((value, bucket) => (value === undefined ? [] : [{ bucket, row, value, colour: modelColour(name) }])),
    );
  const levels = bars((name) => bucketBitsPerByte(found, name));
  const parts = bars((name) => (name === reference ? [] : bucketContributions(found, reference, name)));
  const sums = others.map((name) => {
    const sum = bucketContributions(found, reference, name).reduce((all, part) => all + part, 0);
    return `${change(sum)} against ${label(name, 28)}`;
  });
  const further = found.models.length - names.length;
  return html`<div class="pair">
<figure><h3>Bits per byte of these words</h3>${draw(levels, names, titles, bitsPerByte)}</figure>
${
  others.length > 0 &&
  html`<figure><h3>What they add to ${label(reference, 20)} minus each other model</h3>${draw(parts, names, titles, (value) => change(value))}</figure>`
}
</div>
<p class="small muted">A word’s bytes count the space before it. ${
    sums.length > 0 &&
    `On the right, bits per byte of the whole text: left of the line ${label(reference, 20)} saves bits there, and all buckets add up to ${sums.join(', ')}.`
  }${further > 0 && ` ${further} further models are in report.json.`}</p>`;
}

function draw(
  bars: readonly Bar[],
  names: readonly string[],
  titles: readonly string[],
  format: (value: number) => string,
): Markup {
  const values = bars.map(({ value }) => value);
  const [low, high] = [Math.min(0, ...values), Math.max(0, ...values)];
  const step = names.length * ROW + GAP;
  const rows = titles.flatMap((_, bucket) => names.map((name, row) => ({ bucket, row, name })));
  return plotSvg({
    ...SIZE,
    className: 'buckets',
    // Room left of zero for the figures of bars that point there.
    ...(low < 0 && { marginLeft: SIZE.marginLeft + 44 }),
    height: titles.length * step - GAP + SIZE.marginTop + SIZE.marginBottom,
    x: { axis: null, domain: [low, high > low ? high : low + 1] },
    y: { type: 'band', domain: names.map((_, row) => row), axis: null, padding: 0.12, round: false },
    fy: {
      type: 'band',
      domain: titles.map((_, bucket) => bucket),
      axis: null,
      paddingInner: GAP / step,
      paddingOuter: 0,
      round: false,
    },
    marks: [
      Plot.barX(bars, { x: 'value', y: 'row', fy: 'bucket', fill: 'colour', rx: 1.5 }),
      Plot.ruleX([0], { stroke: 'var(--line-strong)' }),
      Plot.text(bars, {
        x: 'value',
        y: 'row',
        fy: 'bucket',
        text: ({ value }: Bar) => format(value),
        filter: ({ value }: Bar) => value >= 0,
        textAnchor: 'start',
        dx: 5,
        fontSize: 11,
      }),
      Plot.text(bars, {
        x: 'value',
        y: 'row',
        fy: 'bucket',
        text: ({ value }: Bar) => format(value),
        filter: ({ value }: Bar) => value < 0,
        textAnchor: 'end',
        dx: -5,
        fontSize: 11,
      }),
      Plot.text(rows, {
        y: 'row',
        fy: 'bucket',
        frameAnchor: 'left',
        textAnchor: 'start',
        dx: -(SIZE.marginLeft + (low < 0 ? 44 : 0)),
        text: ({ name }: (typeof rows)[number]) => label(name, 20),
        fontSize: 12,
      }),
      Plot.text(titles, {
        fy: (_: string, bucket: number) => bucket,
        frameAnchor: 'top-left',
        textAnchor: 'start',
        dx: -(SIZE.marginLeft + (low < 0 ? 44 : 0)),
        dy: -18,
        text: (title: string) => title,
        fontWeight: 600,
      }),
    ],
  });
}
