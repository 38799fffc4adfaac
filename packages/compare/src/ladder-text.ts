// The ladder drawn in a terminal: a box a level with its sizes and its units to scale, the messages between the boxes.
// Box-drawing characters only, no colour: it must read the same in a log file.
import { comparedModels, ladderOf } from './model-kinds.js';
import { bitsPerByte, change, count } from './report-figures.js';
import type { LevelRecord, Report } from './report-schema.js';
import { meanScore } from './report-verdict.js';
import { label } from './report-visible.js';

/** Columns inside a box; with its edges the drawing stays under 90. */
const INNER = 84;
const STRIP_BYTES = 84;

/** Draws the levels from the top down, then one line each for the ladder and what stands beside it; lines of at most 90 columns, no trailing newline. */
export function renderLadderText(report: Report): string {
  const levels = report.levels.toReversed();
  const lines = levels.flatMap((level, index) => {
    const below = levels[index + 1];
    return [...box(level), ...(below ? [messages(report, level, below)] : [])];
  });
  const ladder = ladderOf(report);
  const beside = comparedModels(report).map((model) => {
    const shape = model.width !== undefined && model.depth !== undefined ? `, ${model.width} × ${model.depth}` : '';
    const name = model === ladder ? 'the ladder' : label(model.name, 30);
    return `  ${name.padEnd(12)} ${count(model.parameters)} parameters${shape}, ${bitsPerByte(meanScore(model, 'test'))} bits per byte on the test text`;
  });
  return [...lines, `  One dash is one byte; a gap is where a unit ends.`, '', ...beside].join('\n').trimEnd();
}

function box(level: LevelRecord): string[] {
  const perUnit = 1 / level.unitsPerByte;
  const vocabulary = level.vocabularySize > 0 ? `vocabulary ${count(level.vocabularySize)}` : 'no vocabulary';
  const title = `${label(level.name, 16)}${level.frozen ? ' (frozen)' : ''}`;
  const sizes = `${vocabulary} · ${count(level.parameters)} parameters · ${level.width} × ${level.depth}`;
  const unit = `${label(level.unit, 54)}, ${perUnit.toFixed(perUnit < 10 ? 2 : 0)} bytes each`;
  const edge = '─'.repeat(INNER + 2);
  return [`┌${edge}┐`, row(justified(title, sizes)), row(unit), row(strip(perUnit)), `└${edge}┘`];
}

function row(text: string): string {
  return `│ ${text.slice(0, INNER).padEnd(INNER)} │`;
}

function justified(left: string, right: string): string {
  return `${left}${' '.repeat(Math.max(1, INNER - left.length - right.length))}${right}`;
}

/** One column a byte; the last column of every unit but the last is left open. */
function strip(perUnit: number): string {
  let drawn = '';
  for (let byte = 1; byte <= STRIP_BYTES; byte++) {
    const ends = Math.floor(byte / perUnit + 1e-9) > Math.floor((byte - 1) / perUnit + 1e-9);
    drawn += ends && perUnit >= 2 && byte < STRIP_BYTES ? ' ' : '─';
  }
  return drawn.replace(/─/g, '━');
}

function messages(report: Report, above: LevelRecord, below: LevelRecord): string {
  const channel = report.channels.find((entry) => entry.level === above.name && entry.to === below.name);
  const worth = channel ? `   ${channel.verdict}: ${change(channel.shuffled)} bits per byte when shuffled` : '';
  return `     ▲ ascend              ▼ descend${worth}`;
}
