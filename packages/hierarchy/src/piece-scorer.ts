// What each piece of a text costs under a subword model alone, and the bits per byte that they add up to.
// From: Strata, EVALUATION (bits per byte). One pass, no adaptation; half a window of context at least.
import { compile, type Executable } from '@strata/engine';
import { ParameterScope } from '@strata/nn';
import { subwordNats } from '@strata/subword';
import { input } from '@strata/tensor';
import type { Config } from './config.js';
import { encodePieces } from './ladder-text.js';
import { type LoadedSubword, weightFeeds } from './run.js';
import { engineOptions, type Ledger, ledgerOf, type ScoreProgress } from './score.js';
import { pieceWindows } from './windows.js';

/** A subword model alone, the base or the flat baseline, ready to score texts. */
export class PieceScorer {
  private constructor(
    readonly model: LoadedSubword,
    readonly windows: number,
    readonly length: number,
    readonly executable: Executable,
  ) {}

  /** Compiles the scoring graph for windows of `length` pieces; `prefix` is the scope of its parameters. */
  static async create(
    model: LoadedSubword,
    prefix: 'subword' | 'flat',
    config: Config,
    length: number,
  ): Promise<PieceScorer> {
    const { windows } = config.batch;
    const nats = subwordNats(
      new ParameterScope(prefix),
      input('pieces', [windows, length], 'int32'),
      input('targets', [windows * length], 'int32'),
      model.sizes,
    );
    return new PieceScorer(model, windows, length, await compile({ nats }, engineOptions(config)));
  }

  /** Calls `each` with the nats of every piece but the first, in order; `encoded` opens with `<|bos|>`. */
  async costs(encoded: Int32Array, each: (piece: number, nats: number) => void): Promise<void> {
    const pieces = new Int32Array(this.windows * this.length);
    const targets = new Int32Array(this.windows * this.length);
    const weights = weightFeeds(this.model.values);
    const windows = pieceWindows(encoded.length, this.length);
    for (let first = 0; first < windows.length; first += this.windows) {
      const group = windows.slice(first, first + this.windows);
      pieces.fill(0);
      targets.fill(0);
      for (const [b, { start, length }] of group.entries()) {
        pieces.set(encoded.subarray(start, start + length), b * this.length);
        targets.set(encoded.subarray(start + 1, start + 1 + length), b * this.length);
      }
      const outputs = await this.executable.run({ pieces, targets, ...weights });
      for (const [b, { start, length, scoreFrom }] of group.entries())
        for (let j = scoreFrom; j < length; j++) each(start + j + 1, outputs.nats[b * this.length + j]);
    }
  }

  /** Bits per byte of texts, each scored on its own from its first byte. */
  async score(texts: readonly string[], onProgress: ScoreProgress = () => {}): Promise<Ledger> {
    let total = 0;
    let bytes = 0;
    for (const text of texts) {
      const encoded = encodePieces([text], this.model.tokenizer);
      await this.costs(encoded, (piece, nats) => {
        total += nats;
        bytes += this.model.tokenizer.pieceBytes(encoded[piece]).length;
        onProgress(bytes);
      });
    }
    return ledgerOf({ pieces: total }, bytes, {
      unit: 'piece',
      length: this.length,
      stride: Math.floor(this.length / 2),
    });
  }

  dispose(): Promise<void> {
    return this.executable.dispose();
  }
}
