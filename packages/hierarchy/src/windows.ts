// Which windows of a corpus are read: shuffled stripes for training, overlapping strides for scoring.
// Both are pure functions of seed, step and length, so a resumed run reads what the killed one would have read.
import { RandomStream } from '@strata/nn';
import { SPELLED_ID } from '@strata/word';
import { MAXIMUM_UNIT_PIECES } from './config.js';
import { ConfigError } from './config-file.js';
import type { WindowShape } from './ladder-scopes.js';
import type { LadderText } from './ladder-text.js';
import { Permutation } from './windows-permutation.js';

/** Training windows of `width` items each with one target after it: every epoch cuts at a new phase, in a new order. */
export class TrainingWindows {
  readonly #count: number;
  #epoch = -1;
  #phase = 0;
  #order: Permutation | undefined;

  constructor(
    length: number,
    readonly width: number,
    readonly seed: number,
    readonly stream: string,
  ) {
    this.#count = Math.floor((length - 1 - width) / width);
    if (this.#count < 1)
      throw new ConfigError(
        `the training text has ${length} units, too few for windows of ${width}: add text, or set batch.units lower`,
      );
  }

  /** Where window number `sample` starts; samples are numbered from 0 over the whole run. */
  start(sample: number): number {
    const epoch = Math.floor(sample / this.#count);
    if (this.#order === undefined || epoch !== this.#epoch) {
      const random = new RandomStream(this.seed, `${this.stream} epoch ${epoch}`);
      this.#phase = random.below(this.width);
      this.#order = new Permutation(this.#count, random);
      this.#epoch = epoch;
    }
    return this.#phase + this.#order.at(sample % this.#count) * this.width;
  }

  /** The starts of a step's windows. */
  batch(step: number, windows: number): number[] {
    return Array.from({ length: windows }, (_, b) => this.start(step * windows + b));
  }
}

/** Inputs [start, start + length); targets are the inputs shifted by one; those at input index >= scoreFrom count. */
export interface Window {
  readonly start: number;
  readonly length: number;
  readonly scoreFrom: number;
}

/** Windows that score items 1..length-1 once each, every window with half its width of context where there is any. */
export function pieceWindows(length: number, width: number): Window[] {
  const stride = Math.max(1, Math.floor(width / 2));
  const windows: Window[] = [];
  let next = 1;
  while (next < length) {
    const start = next === 1 ? 0 : next - 1 - (width - stride);
    const first = Math.max(0, start);
    const end = Math.min(length - 1, first + width);
    windows.push({ start: first, length: end - first, scoreFrom: next - 1 - first });
    next = end + 1;
  }
  return windows;
}

/**
 * The same for units 1..units-1 of one text, keeping each window within the shape's units, pieces and spelled pieces.
 * Context is half a window in units and at most half of the pieces, so every window scores at least one unit.
 */
export function unitWindows(text: LadderText, shape: WindowShape): Window[] {
  const { units, spans } = text;
  const windows: Window[] = [];
  let next = 1;
  while (next < units.length) {
    let start = next - 1;
    const piecesFrom = (from: number): number => spans.end(next - 1) - spans.start(from);
    while (start > 0 && next - start < shape.units / 2 && piecesFrom(start - 1) <= shape.pieces / 2) start--;
    let end = next;
    let spelled = 0;
    // Room is kept for any unit that may come, so that where a window ends says nothing about the unit after it.
    while (
      end < units.length &&
      end - start <= shape.units &&
      spans.end(end - 1) - spans.start(start) + MAXIMUM_UNIT_PIECES <= shape.pieces &&
      spelled + MAXIMUM_UNIT_PIECES + 1 <= shape.spelledPieces
    ) {
      if (units.lemma[end] === SPELLED_ID) spelled += spans.end(end) - spans.start(end) + 1;
      end++;
    }
    windows.push({ start, length: end - 1 - start, scoreFrom: next - 1 - start });
    next = end;
  }
  return windows;
}
