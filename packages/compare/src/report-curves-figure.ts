// Learning curves: bits per byte against bytes seen, one line a stage, drawn on the server by Observable Plot.
// linkedom stands in for the browser's document; the SVG that comes out needs no script.
import * as Plot from '@observablehq/plot';
import { parseHTML } from 'linkedom';
import { spreadOut } from './label-placement.js';
import { bitsPerByte, bytes } from './report-figures.js';
import { html, Markup } from './report-markup.js';
import { levelColour } from './report-palette.js';
import type { CurvePoint, CurveRecord, Report } from './report-schema.js';
import { isFlat } from './report-verdict.js';
import { label } from './report-visible.js';

const SIZE = { width: 1040, height: 420, marginRight: 168, marginLeft: 52, marginTop: 28, marginBottom: 44 };
/** A curve is averaged down to at most this many points, which is finer than the drawing can show. */
const MOST_POINTS = 240;
const MOST_CURVES = 12;
/** Losses above this many times the best are the first few steps; they would flatten the rest. */
const HEADROOM = 2;

interface Line {
  readonly name: string;
  readonly colour: string;
  readonly dash: string | undefined;
  readonly points: readonly CurvePoint[];
}

/** Draws report.curves as one SVG with a sentence on what was cut; undefined when no curve has a point. */
export function curvesFigure(report: Report): Markup | undefined {
  const lines = report.curves
    .filter((curve) => curve.points.length > 0)
    .slice(0, MOST_CURVES)
    .map(lineOf);
  if (lines.length === 0) return undefined;
  const losses = lines.flatMap((line) => line.points.map((point) => point.loss));
  const ends = lines.map((line) => line.points.at(-1)!.loss);
  const bottom = Math.min(...losses, ...lines.flatMap((line) => validated(line).map((point) => point.validation)));
  const highest = Math.min(Math.max(...losses), HEADROOM * Math.max(...ends));
  const top = highest > bottom ? highest : bottom + 1;
  const domain = [Math.max(0, bottom - 0.12 * (top - bottom)), top] as const;
  const svg = draw(lines, domain);
  const cut = losses.some((loss) => loss > top);
  const dots = lines.some((line) => validated(line).length > 0);
  return html`<figure class="wide">${svg}<figcaption>Lower is better. Lines: training loss, averaged over up to ${MOST_POINTS} stretches a stage${
    dots && '; dots: validation'
  }. Each stage counts its bytes from its own start.${cut && ` The first steps, above ${bitsPerByte(top)}, lie outside the drawing.`}</figcaption></figure>`;
}

function lineOf(curve: CurveRecord, index: number): Line {
  const flat = isFlat(curve.model);
  const name = flat || curve.model === 'strata' ? (flat ? curve.model : curve.stage) : `${curve.model}, ${curve.stage}`;
  return {
    name: label(name, 20),
    colour: flat ? 'var(--level-flat)' : levelColour(curve.stage),
    dash: flat ? ['7 4', '2 3', '10 3 2 3'][index % 3] : undefined,
    points: thinned(curve.points),
  };
}

/** Averages `points` over at most MOST_POINTS stretches of equal count; the last validation figure of a stretch stays. */
function thinned(points: readonly CurvePoint[]): readonly CurvePoint[] {
  if (points.length <= MOST_POINTS) return points;
  const stretch = points.length / MOST_POINTS;
  return Array.from({ length: MOST_POINTS }, (_, index) => {
    const group = points.slice(Math.floor(index * stretch), Math.floor((index + 1) * stretch));
    const last = group.at(-1)!;
    const validation = group.findLast((point) => point.validation !== undefined)?.validation;
    return {
      ...last,
      loss: group.reduce((sum, point) => sum + point.loss, 0) / group.length,
      ...(validation === undefined ? {} : { validation }),
    };
  });
}

function validated(line: Line): readonly (CurvePoint & { readonly validation: number })[] {
  return line.points.filter(
    (point): point is CurvePoint & { readonly validation: number } => point.validation !== undefined,
  );
}

function draw(lines: readonly Line[], [bottom, top]: readonly [number, number]): Markup {
  const { document } = parseHTML('<!doctype html><html><body></body></html>');
  const inside = (value: number) => value <= top;
  const furthest = Math.max(...lines.map((line) => line.points.at(-1)!.bytes)) || 1;
  const figure = Plot.plot({
    document,
    ...SIZE,
    className: 'curves',
    style: { fontSize: '13px', background: 'none', overflow: 'visible' },
    x: {
      label: 'bytes of training text seen',
      domain: [0, furthest],
      labelAnchor: 'center',
      labelArrow: 'none',
      tickFormat: (value: number) => bytes(value).replace(/\.0+ /, ' '),
      ticks: 6,
      line: true,
    },
    y: { label: 'bits per byte', labelArrow: 'none', domain: [bottom, top], grid: true, tickSize: 0 },
    marks: [
      ...lines.flatMap((line) => [
        Plot.lineY(
          line.points.filter((point) => inside(point.loss)),
          { x: 'bytes', y: 'loss', stroke: line.colour, strokeWidth: 1.8, strokeDasharray: line.dash },
        ),
        Plot.dot(
          validated(line).filter((point) => inside(point.validation)),
          { x: 'bytes', y: 'validation', fill: line.colour, r: 3, stroke: 'var(--paper)', strokeWidth: 1 },
        ),
      ]),
      ...placedLabels(lines, bottom, top).flatMap(({ line, end, y }) => [
        Plot.link([end], {
          x1: [furthest],
          y1: 'loss',
          x2: [1.012 * furthest],
          y2: [y],
          stroke: line.colour,
          strokeOpacity: 0.6,
        }),
        Plot.text([`${line.name}  ${bitsPerByte(end.loss)}`], {
          x: [furthest],
          y: [y],
          fill: line.colour,
          textAnchor: 'start',
          dx: 15,
          fontWeight: 600,
        }),
      ]),
    ],
  });
  // Two decimals of a pixel are enough, and a third of the size.
  const compact = figure.outerHTML.replace(/ (d|transform|[xy][12]?|cx|cy)="[^"]*"/g, (attribute: string) =>
    attribute.replace(/(\d+\.\d\d)\d+/g, '$1'),
  );
  return new Markup(compact);
}

/** Where each line's label stands, in bits per byte: beside the line's end, pushed apart until none covers another. */
function placedLabels(
  lines: readonly Line[],
  bottom: number,
  top: number,
): { line: Line; end: CurvePoint; y: number }[] {
  const lineHeight = (19 * (top - bottom)) / (SIZE.height - SIZE.marginTop - SIZE.marginBottom);
  const ends = lines.map((line) => ({ line, end: line.points.at(-1)! })).sort((a, b) => a.end.loss - b.end.loss);
  const places = spreadOut(
    ends.map(({ end }) => end.loss),
    lineHeight,
  );
  return ends.map((entry, index) => ({ ...entry, y: places[index]! }));
}
