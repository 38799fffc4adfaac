// What a flat model with a memory looks back on beyond its window, as feeds: the different pieces of its text before, and
// which of all remembered each coming piece is. From: Grave et al. 2017; EVALUATION (matched baselines).
import { MASKED, MEMORY_FEATURES } from '@strata/nn';
import { BOS_PIECE, type PieceMemory } from '@strata/subword';
import type { Feeds } from './ladder-batch.js';
import { scaledAge } from './spoken.js';

/** The memory's feeds for batches of `windows` windows of `length` pieces. */
export class PieceMemoryFeeds {
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
      'memory.piece': new Int32Array(windows * memory.different),
      'memory.features': new Float32Array(windows * memory.different * MEMORY_FEATURES),
      'memory.mask': new Float32Array(windows * memory.different),
      'memory.match': new Float32Array(windows * length * this.#width),
    };
  }

  /**
   * Of a batch: pieces and targets int32 [B*T], and what stood before each window, at most `memory.pieces` of it, the
   * latest last. No document before the one that a window begins in is looked back on.
   */
  fill(pieces: Int32Array, targets: Int32Array, before: readonly Int32Array[]): Feeds {
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
    const found = new Map<number, { count: number; ago: number }>();
    for (let ago = 1; ago <= Math.min(reach, before.length); ago++) {
      const piece = before[before.length - ago]!;
      if (piece === BOS_PIECE) break;
      const known = found.get(piece);
      if (known !== undefined) known.count++;
      else if (found.size < different) found.set(piece, { count: 1, ago });
    }
    const slots = this.#slots.fill(-1, b * this.#width, b * this.#width + different);
    const features = this.feeds['memory.features'] as Float32Array;
    const first = b * different;
    features.fill(0, first * MEMORY_FEATURES, (first + different) * MEMORY_FEATURES);
    (this.feeds['memory.piece'] as Int32Array).fill(0, first, first + different);
    (this.feeds['memory.mask'] as Float32Array).fill(MASKED, first, first + different);
    let k = 0;
    for (const [piece, { count, ago }] of found) {
      slots[b * this.#width + k] = piece;
      this.feeds['memory.piece']![first + k] = piece;
      this.feeds['memory.mask']![first + k] = 0;
      features.set([1, Math.log(count), scaledAge(Math.log(ago + this.length / 2)), 0], (first + k) * MEMORY_FEATURES);
      k++;
    }
  }
}

const NOTHING = new Int32Array(0);
