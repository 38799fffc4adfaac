// The column beside the ladder's drawing: the flat baselines, and all scored models on one scale of bits per byte.
// A position on a common scale is what readers judge best (Cleveland & McGill 1984, section 4).
import { spreadOut } from './label-placement.js';
import { flatsOf, kindOf, ladderOf, type ModelKind } from './model-kinds.js';
import { bitsPerByte, count } from './report-figures.js';
import { html, type Markup } from './report-markup.js';
import { modelColour } from './report-palette.js';
import type { ModelRecord, Report } from './report-schema.js';
import { meanScore } from './report-verdict.js';
import { label } from './report-visible.js';

const MOST_FLATS = 3;
const MOST_DOTS = 12;
/** Pixels between two labels of the scale. */
const DOT_LABEL = 21;
/** Which models the scale shows first. */
const ORDER: readonly ModelKind[] = ['ladder', 'flat', 'control', 'variant', 'part'];
const CARD = { height: 118, gap: 16 };
/** Below this height the scale would be a heap of labels. */
const LEAST_SCALE = 130;
/** The scale spans at least this many bits per byte, so that a hair's breadth never looks like a gulf. */
const LEAST_SPAN = 0.2;

/** Draws the flat baselines as cards and the scale below them into a column of `width` x `height` at the origin. */
export function flatColumn(report: Report, width: number, height: number): Markup {
  const flats = flatsOf(report).slice(0, MOST_FLATS);
  const cards = flats.map((flat, index) => card(flat, width, index * (CARD.height + CARD.gap)));
  const used = flats.length * (CARD.height + CARD.gap);
  const left = height - used;
  return html`${cards}${left >= LEAST_SCALE && html`<g transform="translate(0,${used})">${scale(report, width, left)}</g>`}`;
}

function card(flat: ModelRecord, width: number, y: number): Markup {
  const shape =
    flat.width !== undefined && flat.depth !== undefined
      ? html`<text class="what" x="${width - 24}" y="80" text-anchor="end">width × depth</text><text class="value" x="${width - 24}" y="101" text-anchor="end">${flat.width} × ${flat.depth}</text>`
      : undefined;
  return html`<g transform="translate(0,${y})">
<rect class="card" width="${width}" height="${CARD.height}" rx="8"/>
<rect width="5" height="${CARD.height - 24}" y="12" rx="2.5" style="fill:${modelColour(flat.name)}"/>
<text class="rung-name" x="28" y="36">${label(flat.name, 17)}</text>
<text class="unit" x="28" y="57">one stack over subword pieces</text>
<text class="what" x="28" y="80">parameters</text><text class="value" x="28" y="101">${count(flat.parameters)}</text>${shape}</g>`;
}

function scale(report: Report, width: number, height: number): Markup | undefined {
  const ladder = ladderOf(report);
  // What the column has no room for is in the figure of all models.
  const room = Math.min(MOST_DOTS, Math.floor((height - 62) / DOT_LABEL));
  const scored = report.models
    .map((model) => ({ model, rank: ORDER.indexOf(kindOf(model.name)), total: meanScore(model, 'test') }))
    .sort((a, b) => a.rank - b.rank)
    .slice(0, room);
  if (scored.length < 2) return undefined;
  const totals = scored.map(({ total }) => total);
  const [low, high] = [Math.min(...totals), Math.max(...totals)];
  const [top, bottom] = [48, height - 22];
  const span = Math.max(LEAST_SPAN, high - low);
  const middle = (low + high) / 2;
  const place = (value: number) => (top + bottom) / 2 - ((value - middle) / span) * (bottom - top);
  const order = scored.map(({ model, total }) => ({ model, total, y: place(total) })).sort((a, b) => a.y - b.y);
  const labels = spreadOut(
    order.map((entry) => entry.y),
    DOT_LABEL,
  );
  const rows = order.map(({ model, total, y }, index) => {
    const at = labels[index]!;
    const colour = modelColour(model.name);
    return html`<path class="leader" d="M14,${y.toFixed(1)}L30,${at.toFixed(1)}"/><circle class="dot" cx="8" cy="${y.toFixed(1)}" r="5" style="fill:${colour}"/><text x="36" y="${(at + 4.5).toFixed(1)}" font-size="13"${
      model === ladder && html` font-weight="700"`
    }>${label(model.name, 22)}</text><text class="small-value" x="${width - 24}" y="${(at + 4.5).toFixed(1)}" text-anchor="end"${
      model === ladder && html` font-weight="700"`
    }>${bitsPerByte(total)}</text>`;
  });
  return html`<text class="kicker" x="0" y="18" font-size="12">Bits per byte, test</text><text class="muted" x="${width}" y="18" font-size="12" text-anchor="end">lower is better</text>
<path class="axis" d="M8,${top - 10}V${bottom + 10}"/>${rows}`;
}
