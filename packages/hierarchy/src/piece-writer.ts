// A subword model alone that goes on with a text, piece by piece, as far as it is told: the flat baseline and the base.
// Every piece is read once; when the window is full, its later half is read anew as the beginning of the next.
import type { CompileOptions } from '@strata/engine';
import { RandomStream } from '@strata/nn';
import { BOS_PIECE } from '@strata/subword';
import { textFromBytes } from '@strata/text';
import { CachedSubword } from './cached-subword.js';
import { choose, type SamplingOptions } from './choice.js';
import type { LoadedSubword } from './run.js';

/** How far a text is continued, and how. */
export interface WritingOptions extends SamplingOptions {
  readonly seed: number;
  /** No further piece is begun once the continuation has so many bytes. */
  readonly bytes: number;
}

/** A subword model ready to write. */
export class PieceWriter {
  private constructor(
    readonly model: LoadedSubword,
    readonly window: number,
    readonly cached: CachedSubword,
  ) {}

  /** Compiles a model of scope `prefix` that reads `window` pieces. */
  static async create(
    model: LoadedSubword,
    prefix: string,
    window: number,
    options: CompileOptions,
  ): Promise<PieceWriter> {
    // A step's products have one row, so one thread is enough.
    const engine = { ...options, threads: 1, capacity: window };
    return new PieceWriter(model, window, await CachedSubword.create(model.sizes, model.values, prefix, engine));
  }

  /** Continues a prompt; paragraphs that end do not end it. Returns the continuation alone. */
  async write(prompt: string, { bytes, seed, ...sampling }: WritingOptions): Promise<string> {
    const { tokenizer } = this.model;
    const random = new RandomStream(seed, 'write pieces');
    const pieces = [BOS_PIECE, ...tokenizer.encode(prompt)];
    const first = pieces.length;
    const half = Math.max(1, Math.floor(this.window / 2));
    this.cached.reset();
    let { logits } = await this.cached.read(first <= this.window ? pieces : pieces.slice(-half));
    for (let written = 0; written < bytes; ) {
      const { id } = choose(probabilities(logits), sampling, random, (piece) => piece !== BOS_PIECE);
      pieces.push(id);
      written += tokenizer.pieceBytes(id).length;
      if (this.cached.cache.room > 0) logits = (await this.cached.step(id)).logits;
      else {
        this.cached.reset();
        logits = (await this.cached.read(pieces.slice(-half))).logits;
      }
    }
    return textFromBytes(tokenizer.decode(pieces.slice(first)));
  }

  dispose(): Promise<void> {
    return this.cached.dispose();
  }
}

/** The softmax of logits [V]. */
function probabilities(logits: Float32Array): Float64Array {
  let most = Number.NEGATIVE_INFINITY;
  for (const logit of logits) most = Math.max(most, logit);
  const shares = Float64Array.from(logits, (logit) => Math.exp(logit - most));
  const sum = shares.reduce((before, share) => before + share, 0);
  return shares.map((share) => share / sum);
}
