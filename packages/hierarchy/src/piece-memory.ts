// What a flat model with a memory looks back on beyond its window, as feeds: the different pieces of its text before, and
// which of all remembered each coming piece is. From: Grave et al. 2017; EVALUATION (matched baselines).
import { MASKED } from '@strata/nn';
import { BOS_PIECE, type PieceMemory } from '@strata/subword';
import { DOCUMENT_START, differentBefore, farFeeds, setFar } from './far-memory.js';
import type { Feeds } from './ladder-batch.js';
import type { PieceBatch } from './piece-scorer.js';

class PieceMemoryWindows {
  readonly feeds: Feeds;
  readonly #slots: Int32Array;
  readonly #width: number;

  constructor(
    readonly memory: PieceMemory,
    readonly windows: number,
    readonly length: number,
  ) {
    this.#width = memory.different + length;
    this.#slots = new Int32Array(windows * this.#width);
    this.feeds = {
      ...farFeeds('memory.piece', windows, memory.different),
      'memory.match': new Float32Array(windows * length * this.#width),
    };
  }

  /** Of a batch; no document before the one that a window begins in is looked back on. */
  fill({ pieces, targets, before }: PieceBatch): Feeds {
    const { length, windows } = this;
    const match = this.feeds['memory.match'] as Float32Array;
    for (let b = 0; b < windows; b++) {
      const opens = pieces[b * length] === BOS_PIECE;
      this.#fillBefore(opens ? NOTHING : (before[b] ?? NOTHING), b);
      const slots = this.#slots.subarray(b * this.#width, (b + 1) * this.#width);
      slots.set(pieces.subarray(b * length, (b + 1) * length), this.memory.different);
      for (let row = b * length; row < (b + 1) * length; row++)
        for (let k = 0; k < this.#width; k++) match[row * this.#width + k] = slots[k] === targets[row] ? 0 : MASKED;
    }
    return this.feeds;
  }

  #fillBefore(before: Int32Array, b: number): void {
    const { different, pieces: reach } = this.memory;
    const kept = differentBefore(Math.min(reach, before.length), different, (ago) => {
      const piece = before[before.length - ago]!;
      return piece === BOS_PIECE ? DOCUMENT_START : piece;
    });
    const first = b * this.#width;
    this.#slots.fill(-1, first, first + different);
    for (const [k, { key }] of kept.entries()) this.#slots[first + k] = key;
    const entries = kept.map(({ key, count, ago }) => ({ id: key, count, ago }));
    setFar(this.feeds, 'memory.piece', b, different, entries, this.length / 2);
  }
}

const NOTHING = new Int32Array(0);

/** Fills the memory's feeds for batches of `windows` windows of `length` pieces. */
export function pieceMemoryFeeds(memory: PieceMemory, windows: number, length: number): (batch: PieceBatch) => Feeds {
  const remembered = new PieceMemoryWindows(memory, windows, length);
  return (batch) => remembered.fill(batch);
}
