// Learning curves: bits per byte against bytes read and against training FLOPs, one line a stage.
// A level stands on those below it, so on the axis of FLOPs its curve begins where theirs have ended: there ladder and flat
// models can be compared at equal cost (Strata, EVALUATION, matched baselines).
import * as Plot from '@observablehq/plot';
import { spreadOut } from './label-placement.js';
import { kindOf, ladderOf } from './model-kinds.js';
import { plotSvg } from './plot-svg.js';
import { bitsPerByte, bytes, flops } from './report-figures.js';
import { html, type Markup } from './report-markup.js';
import { levelColour, levelOrder, modelColour } from './report-palette.js';
import type { CurvePoint, CurveRecord, Report } from './report-schema.js';
import { label } from './report-visible.js';

const SIZE = { width: 1040, height: 420, marginRight: 190, marginLeft: 52, marginTop: 28, marginBottom: 44 };
/** A curve is averaged down to at most this many points, which is finer than the drawing can show. */
const MOST_POINTS = 240;
const MOST_CURVES = 12;
/** Losses above this many times the best are the first few steps; they would flatten the rest. */
const HEADROOM = 1.6;
/** The logarithmic axis leaves out what came before this share of the longest training and before a tenth of the shortest. */
const EARLIEST = 0.01;

interface Line {
  readonly name: string;
  readonly colour: string;
  readonly dash: string | undefined;
  readonly points: readonly CurvePoint[];
  /** What the stages below have cost when this one begins. */
  readonly startFlops: number;
}

/** What a point stands at, and how that is written. */
interface Axis {
  readonly label: string;
  readonly at: (line: Line, point: CurvePoint) => number;
  readonly format: (value: number) => string;
  readonly type: 'linear' | 'log';
  /** Where its marks stand; Plot chooses where there are none. */
  readonly places?: readonly number[];
  readonly domain: readonly [number, number];
  /** A place that is marked with a rule and words. */
  readonly mark?: readonly [number, string];
}

/** Draws report.curves against bytes and against FLOPs, with sentences on how to read them; undefined when no curve has a point. */
export function curvesFigure(report: Report): Markup | undefined {
  const lines = linesOf(report);
  if (lines.length === 0) return undefined;
  const losses = lines.flatMap((line) => line.points.map((point) => point.loss));
  const ends = lines.map((line) => line.points.at(-1)!.loss);
  const bottom = Math.min(...losses, ...lines.flatMap((line) => validated(line).map((point) => point.validation)));
  const highest = Math.min(Math.max(...losses), HEADROOM * Math.max(...ends));
  const top = highest > bottom ? highest : bottom + 1;
  const domain = [Math.max(0, bottom - 0.12 * (top - bottom)), top] as const;
  const dots = lines.some((line) => validated(line).length > 0);
  const cut = losses.some((loss) => loss > top);
  const byFlops = flopsAxis(report, lines);
  return html`<figure class="wide">${draw(lines, bytesAxis(lines), domain)}<figcaption>Lower is better. Lines: training loss, averaged over up to ${MOST_POINTS} stretches a stage${
    dots && '; dots: validation'
  }. Each stage counts its bytes from its own start.${cut && ` The first steps, above ${bitsPerByte(top)}, lie outside the drawing.`}</figcaption></figure>${
    byFlops &&
    html`<figure class="wide">${draw(lines, byFlops, domain)}<figcaption>The same against training FLOPs on a logarithmic scale. A level stands on those below it, so its curve begins where their training has ended: what it reaches can be compared with a flat model at the same total cost.${
      byFlops.mark && ` The dashed rule is what the whole ladder cost, ${flops(byFlops.mark[0])}.`
    }</figcaption></figure>`
  }`;
}

function linesOf(report: Report): Line[] {
  let dashed = 0;
  return report.curves
    .filter((curve) => curve.points.length > 0)
    .slice(0, MOST_CURVES)
    .map((curve) => {
      const { model, stage } = curve;
      const stacked = ['ladder', 'variant', 'part'].includes(kindOf(model)) && model !== stage;
      return {
        name: label(model === 'strata' ? stage : stacked ? `${model}: ${stage}` : model, 22),
        colour: stacked ? levelColour(stage) : modelColour(model),
        dash: model === 'strata' ? undefined : ['7 4', '2 3', '10 3 2 3', '4 2'][dashed++ % 4],
        points: thinned(curve.points),
        startFlops: stacked ? flopsBelow(report, curve) : 0,
      };
    });
}

/** Training FLOPs of the levels below a stage: by their own curves, or as the run's levels have recorded them. */
function flopsBelow({ curves, levels }: Report, { model, stage }: CurveRecord): number {
  const below = levels.filter(({ name }) => levelOrder(name) < levelOrder(stage));
  return below.reduce((sum, { name, trainFlops }) => {
    const own = curves.find((curve) => curve.model === model && curve.stage === name);
    return sum + (own?.points.at(-1)?.flops ?? trainFlops);
  }, 0);
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

function bytesAxis(lines: readonly Line[]): Axis {
  return {
    label: 'bytes of training text seen',
    at: (_, point) => point.bytes,
    format: bytes,
    type: 'linear',
    domain: [0, Math.max(...lines.map((line) => line.points.at(-1)!.bytes)) || 1],
  };
}

/** The axis of FLOPs; undefined where training has counted none. */
function flopsAxis(report: Report, lines: readonly Line[]): Axis | undefined {
  const at = (line: Line, point: CurvePoint): number => line.startFlops + point.flops;
  const ends = lines.map((line) => at(line, line.points.at(-1)!)).filter((end) => end > 0);
  if (ends.length === 0) return undefined;
  const furthest = Math.max(...ends);
  const earliest = Math.min(EARLIEST * furthest, Math.min(...ends) / 10);
  const starts = lines.map((line) => at(line, line.points[0]!)).filter((start) => start > 0);
  const domain = [Math.min(furthest / 2, Math.max(earliest, 0.8 * Math.min(...starts))), furthest] as const;
  const whole = ladderOf(report)?.trainFlops ?? 0;
  return {
    label: 'training FLOPs, those of the levels below included',
    at,
    format: flops,
    type: 'log',
    places: roundPlaces(...domain),
    domain,
    ...(whole > domain[0] && whole <= furthest && { mark: [whole, 'the whole ladder'] as const }),
  };
}

/** 1, 2 and 5 times the powers of ten between two numbers, or the powers alone where those would crowd the axis. */
function roundPlaces(from: number, to: number): number[] {
  const powers: number[] = [];
  for (let power = Math.floor(Math.log10(from)); power <= Math.log10(to); power++) powers.push(10 ** power);
  const steps = powers.length > 4 ? [1] : [1, 2, 5];
  return powers.flatMap((power) => steps.map((step) => step * power)).filter((place) => place >= from && place <= to);
}

function draw(lines: readonly Line[], axis: Axis, [bottom, top]: readonly [number, number]): Markup {
  const { at, domain } = axis;
  const [low, high] = domain;
  // Twelve thousandths of the axis past its end.
  const beyond = axis.type === 'log' ? high * (high / low) ** 0.012 : high + 0.012 * (high - low);
  const inside = (line: Line, point: CurvePoint, value: number): boolean =>
    value <= top && value >= bottom && at(line, point) >= low;
  return plotSvg({
    ...SIZE,
    className: 'curves',
    x: { type: axis.type, domain: [...domain], axis: null },
    y: { label: 'bits per byte', labelArrow: 'none', domain: [bottom, top], grid: true, tickSize: 0 },
    marks: [
      Plot.ruleY([bottom]),
      axisBelow(axis),
      ...(axis.mark ? [marked(axis.mark, bottom)] : []),
      ...lines.flatMap((line) => [
        Plot.lineY(
          line.points.filter((point) => inside(line, point, point.loss)),
          {
            x: (point: CurvePoint) => at(line, point),
            y: 'loss',
            stroke: line.colour,
            strokeWidth: 1.8,
            strokeDasharray: line.dash,
          },
        ),
        Plot.dot(
          validated(line).filter((point) => inside(line, point, point.validation)),
          {
            x: (point: CurvePoint) => at(line, point),
            y: 'validation',
            fill: line.colour,
            r: 3,
            stroke: 'var(--paper)',
            strokeWidth: 1,
          },
        ),
      ]),
      ...placedLabels(lines, bottom, top).flatMap(({ line, end, y }) => [
        // A thread from a line's end to the margin, where its name stands.
        Plot.link([end], {
          x1: [at(line, end)],
          y1: 'loss',
          x2: [high],
          y2: 'loss',
          stroke: line.colour,
          strokeOpacity: 0.35,
          strokeDasharray: '1 3',
        }),
        Plot.link([end], {
          x1: [high],
          y1: 'loss',
          x2: [beyond],
          y2: [y],
          stroke: line.colour,
          strokeOpacity: 0.6,
        }),
        Plot.text([`${line.name}  ${bitsPerByte(end.loss)}`], {
          x: [high],
          y: [y],
          fill: line.colour,
          textAnchor: 'start',
          dx: 15,
          fontWeight: 600,
        }),
      ]),
    ],
  });
}

function axisBelow({ places, label: words, format }: Axis): Plot.Markish {
  const options: Plot.AxisXOptions = { ticks: 6, label: words, labelAnchor: 'center', labelArrow: 'none' };
  const text = (value: number): string => format(value).replace(/\.0+ /, ' ');
  if (places === undefined) return Plot.axisX({ ...options, tickFormat: text });
  // As a channel, since a format loses every second word on a logarithmic scale.
  return Plot.axisX([...places], { ...options, text: (value) => text(value as number) });
}

function marked([place, words]: readonly [number, string], bottom: number): Plot.Markish {
  return Plot.marks(
    Plot.ruleX([place], { stroke: 'var(--muted)', strokeDasharray: '5 4' }),
    Plot.text([words], { x: [place], y: [bottom], dx: -6, dy: -8, textAnchor: 'end', fill: 'var(--muted)' }),
  );
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
  // The lowest stays clear of the axis and its words.
  const up = Math.max(0, bottom + lineHeight / 2 - places[0]!);
  return ends.map((entry, index) => ({ ...entry, y: places[index]! + up }));
}
