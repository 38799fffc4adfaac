// The ladder as a drawing: one rung a level with its units to scale, the messages between rungs, the flat baseline beside it.
// Unit lengths are drawn in proportion to bytes (1 / unitsPerByte), so that what a level abstracts from can be seen.

import { flatsOf, ladderOf } from './model-kinds.js';
import { bitsPerByte, change, count } from './report-figures.js';
import { flatColumn } from './report-flat-column.js';
import { type Content, html, type Markup } from './report-markup.js';
import { levelColour } from './report-palette.js';
import type { ChannelRecord, LevelRecord, ModelRecord, Report } from './report-schema.js';
import { meanScore } from './report-verdict.js';
import { label } from './report-visible.js';

const RUNG = { width: 720, height: 104, gap: 52 };
const TOP = 44;
const FLAT = { x: 784, width: 256 };
const FULL_WIDTH = FLAT.x + FLAT.width;
/** Bytes of text that a rung's strip of units stands for. */
const STRIP_BYTES = 120;
const STRIP = { x: 28, width: RUNG.width - 56, height: 9 };
/** Levels beyond these are left to the table. */
const MOST_RUNGS = 8;

/** Draws report.levels bottom up, and up to three flat baselines, as one SVG. */
export function ladderFigure(report: Report): Markup {
  const levels = report.levels.slice(0, MOST_RUNGS).reverse();
  const bodyHeight = Math.max(1, levels.length) * (RUNG.height + RUNG.gap) - RUNG.gap;
  const height = TOP + bodyHeight + 34;
  const ladder = ladderOf(report);
  const beside = flatsOf(report).length > 0 && 'Beside it';
  const rungs = levels.map((level, index) => {
    const y = TOP + index * (RUNG.height + RUNG.gap);
    const below = levels[index + 1];
    return [rung(level, y), below && messages(report.channels, level, below, y + RUNG.height)];
  });
  return html`<svg class="ladder" viewBox="-1 -1 ${FULL_WIDTH + 2} ${height + 2}" role="img" aria-label="${describeLadder(levels)}">
<defs><marker id="tip" viewBox="0 0 10 10" refX="8" refY="5" markerWidth="7" markerHeight="7" orient="auto-start-reverse"><path d="M1,1 L9,5 L1,9" fill="none" stroke="context-stroke" stroke-width="1.6"/></marker></defs>
${caption('The ladder', ladder)}
${rungs}
${beside && html`<text class="kicker" x="${FLAT.x}" y="20" font-size="12">${beside}</text>`}
<g transform="translate(${FLAT.x},${TOP})">${flatColumn(report, FLAT.width, bodyHeight)}</g>
<text class="muted" x="${STRIP.x}" y="${height - 6}" font-size="12">Each strip is ${STRIP_BYTES} bytes of text, cut into units of the level’s average length.</text>
</svg>`;
}

function caption(title: string, model: ModelRecord | undefined): Markup {
  const figures =
    model &&
    `${count(model.parameters)} parameters · ${bitsPerByte(meanScore(model, 'test'))} bits per byte on the test text`;
  return html`<text x="0" y="20" class="kicker" font-size="12">${title}</text>${
    figures !== undefined &&
    html`<text x="${RUNG.width}" y="20" class="muted" font-size="13" text-anchor="end">${figures}</text>`
  }`;
}

function rung(level: LevelRecord, y: number): Markup {
  const colour = levelColour(level.name);
  const perUnit = 1 / level.unitsPerByte;
  const figures: readonly (readonly [string, string])[] = [
    ['bytes a unit', perUnit.toFixed(perUnit < 10 ? 2 : 0)],
    ['vocabulary', level.vocabularySize > 0 ? count(level.vocabularySize) : 'continuous'],
    ['parameters', count(level.parameters)],
    ['width × depth', `${level.width} × ${level.depth}`],
  ];
  return html`<g transform="translate(0,${y})">
<rect class="card" width="${RUNG.width}" height="${RUNG.height}" rx="8"${level.frozen && html` stroke-dasharray="5 4"`}/>
<rect width="5" height="${RUNG.height - 24}" x="0" y="12" rx="2.5" style="fill:${colour}"/>
<text class="rung-name" x="28" y="38">${label(level.name, 16)}</text>
${level.frozen && frozenMark(36, 56)}
<text class="unit" x="${level.frozen ? 50 : 28}" y="61">${level.frozen && 'frozen · '}${label(level.unit, level.frozen ? 30 : 40)}</text>
${figures.map(
  ([what, value], index) => html`<text class="what" x="${rightEdge(index)}" y="28" text-anchor="end">${what}</text>
<text class="value" x="${rightEdge(index)}" y="50" text-anchor="end">${value}</text>`,
)}
${strip(perUnit, colour)}</g>`;
}

function rightEdge(index: number): number {
  return RUNG.width - 28 - (3 - index) * 102;
}

function strip(perUnit: number, colour: string): Markup {
  const scale = STRIP.width / STRIP_BYTES;
  const cells: Markup[] = [];
  for (let start = 0; start < STRIP_BYTES - 0.01; start += perUnit) {
    const length = Math.min(perUnit, STRIP_BYTES - start) * scale;
    // Two pixels of paper between units; a unit longer than the strip runs out of it.
    const drawn = Math.max(1, start + perUnit > STRIP_BYTES ? length : length - 2);
    cells.push(
      html`<rect x="${(STRIP.x + start * scale).toFixed(1)}" y="78" width="${drawn.toFixed(1)}" height="${STRIP.height}" rx="2"/>`,
    );
  }
  return html`<g style="fill:${colour}" opacity="0.75">${cells}</g>`;
}

function frozenMark(x: number, y: number): Markup {
  const arms = [0, 60, 120].map(
    (angle) => html`<path d="M0,-7V7M-2,-5.5L0,-3.5L2,-5.5M-2,5.5L0,3.5L2,5.5" transform="rotate(${angle})"/>`,
  );
  return html`<g class="frost" transform="translate(${x},${y})">${arms}</g>`;
}

/** The two arrows between a level and the one below, with what the channel downwards is worth. */
function messages(channels: readonly ChannelRecord[], above: LevelRecord, below: LevelRecord, y: number): Markup {
  const channel = channels.find((entry) => entry.level === above.name && entry.to === below.name);
  const [from, to] = [y + 8, y + RUNG.gap - 8];
  const middle = (from + to) / 2 + 4;
  const worth: Content =
    channel !== undefined &&
    html`<tspan class="muted" dx="8">${channel.verdict}: ${change(channel.shuffled)} when shuffled</tspan>`;
  return html`<g class="message" style="stroke:${levelColour(below.name)}"><path d="M120,${to}V${from}" marker-end="url(#tip)"/></g>
<text x="136" y="${middle}" font-size="13">ascend</text>
<g class="message" style="stroke:${levelColour(above.name)}"><path d="M392,${from}V${to}" marker-end="url(#tip)"${
    channel?.verdict === 'dead' && html` stroke-dasharray="3 4"`
  }/></g>
<text x="408" y="${middle}" font-size="13">descend${worth}</text>`;
}

function describeLadder(levels: readonly LevelRecord[]): string {
  const rungs = levels.map(
    (level) => `${label(level.name, 20)} (${count(level.parameters)} parameters${level.frozen ? ', frozen' : ''})`,
  );
  return `The ladder from the top: ${rungs.join(', ')}.`;
}
