// The likelihood of many short texts, each on its own from its first byte, a few dozen of them in one pass.
// From: Strata, EVALUATION (grammar pairs); the same graphs as for whole books, in windows as long as the longest text.
import { compile } from '@strata/engine';
import { type Config, MAXIMUM_UNIT_PIECES } from './config.js';
import type { UpperLevel } from './ladder-scopes.js';
import { encodeLadder, encodePieces } from './ladder-text.js';
import type { LoadedPieces } from './piece-models.js';
import type { Ladder } from './run.js';
import { weightFeeds } from './run.js';
import { engineOptions, LadderScorer } from './score.js';

/** A text that is longer than what a model reads at once; its place in the list says which. */
export class LongTextError extends RangeError {
  override readonly name = 'LongTextError';
  constructor(
    readonly index: number,
    found: number,
    accepted: number,
    unit: string,
  ) {
    super(`text ${index} has ${found} ${unit}; accepted are at most ${accepted}, the window of this model`);
  }
}

/** Texts in one pass. */
const ROWS = 32;
/** Texts encoded at once. */
const GROUP = 2048;

/** Told how many texts are scored. */
export type TextsProgress = (texts: number) => void;

/** Nats of each text under the ladder up to `top`; throws LongTextError. */
export async function ladderTextNats(
  ladder: Ladder,
  top: UpperLevel,
  texts: readonly string[],
  onProgress: TextsProgress = () => {},
): Promise<Float64Array> {
  const nats = new Float64Array(texts.length);
  const encoded = [];
  for (let first = 0; first < texts.length; first += GROUP)
    encoded.push(encodeLadder(texts.slice(first, first + GROUP), ladder.words!, ladder.tokenizer));
  // Each text is a <bos> and its units; the longest decides about the window.
  const starts = encoded.map(({ units }) => unitStarts(units.lemma));
  let longest = { units: 1, pieces: 1 };
  encoded.forEach(({ units, spans }, group) => {
    starts[group]!.forEach((start, row) => {
      const end = starts[group]![row + 1] ?? units.length;
      if (end - 1 - start > ladder.config.batch.units)
        throw new LongTextError(group * GROUP + row, end - 1 - start, ladder.config.batch.units, 'words');
      const pieces = spans.end(end - 1) - spans.start(start);
      longest = { units: Math.max(longest.units, end - 1 - start), pieces: Math.max(longest.pieces, pieces) };
    });
  });
  const pieces = longest.pieces + MAXIMUM_UNIT_PIECES;
  const shape = { windows: ROWS, units: longest.units, pieces, spelledPieces: pieces + longest.units };
  const scorer = await LadderScorer.create(ladder, top, shape);
  try {
    for (const [group, text] of encoded.entries()) {
      const owner = new Int32Array(text.units.length);
      const windows = starts[group]!.map((start, row) => {
        const end = starts[group]![row + 1] ?? text.units.length;
        owner.fill(group * GROUP + row, start, end);
        return { start, length: end - 1 - start, scoreFrom: 0 };
      });
      for (let first = 0; first < windows.length; first += ROWS) {
        await scorer.windowCosts(text, windows.slice(first, first + ROWS), (unit, cost) => {
          for (const part of Object.values(cost)) nats[owner[unit]!]! += part;
        });
        onProgress(group * GROUP + Math.min(windows.length, first + ROWS));
      }
    }
  } finally {
    await scorer.dispose();
  }
  return nats;
}

function unitStarts(lemmas: Int32Array): number[] {
  const starts: number[] = [];
  lemmas.forEach((lemma, unit) => {
    if (lemma === 0) starts.push(unit);
  });
  return starts;
}

/** Nats of each text under a model of pieces alone; throws LongTextError for one longer than its window. */
export async function pieceTextNats(
  model: LoadedPieces,
  config: Config,
  texts: readonly string[],
  onProgress: TextsProgress = () => {},
): Promise<Float64Array> {
  const nats = new Float64Array(texts.length);
  const encoded = texts.map((text) => encodePieces([text], model.tokenizer));
  encoded.forEach((pieces, index) => {
    if (pieces.length - 1 > model.window) throw new LongTextError(index, pieces.length - 1, model.window, 'pieces');
  });
  const length = encoded.reduce((longest, { length: own }) => Math.max(longest, own - 1), 1);
  const graph = model.graph(ROWS, length);
  const executable = await compile({ nats: graph.nats }, engineOptions(config));
  const weights = weightFeeds(model.values);
  try {
    for (let first = 0; first < texts.length; first += ROWS) {
      const pieces = new Int32Array(ROWS * length);
      const targets = new Int32Array(ROWS * length);
      const group = encoded.slice(first, first + ROWS);
      for (const [row, text] of group.entries()) {
        pieces.set(text.subarray(0, text.length - 1), row * length);
        targets.set(text.subarray(1), row * length);
      }
      const outputs = await executable.run({
        pieces,
        targets,
        ...graph.feeds?.({ pieces, targets, before: [] }),
        ...weights,
      });
      for (const [row, text] of group.entries())
        for (let at = 0; at < text.length - 1; at++) nats[first + row]! += outputs.nats[row * length + at]!;
      onProgress(first + group.length);
    }
  } finally {
    await executable.dispose();
  }
  return nats;
}
