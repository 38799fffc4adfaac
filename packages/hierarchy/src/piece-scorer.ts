// What each piece of a text costs under a model of pieces alone, and the bits per byte that they add up to.
// From: Strata, EVALUATION (bits per byte). One pass, no adaptation; half a window of context at least.
import { compile, type Executable } from '@strata/engine';
import type { Node } from '@strata/tensor';
import type { Config } from './config.js';
import type { Feeds } from './ladder-batch.js';
import { encodePieces } from './ladder-text.js';
import { type LoadedSubword, weightFeeds } from './run.js';
import { engineOptions, type Ledger, ledgerOf, type ScoreProgress } from './score.js';
import { pieceWindows } from './windows.js';

/** What a model of pieces computes over windows of `length` pieces. */
export interface PieceGraph {
  /** [B*T], from the inputs `pieces` int32 [B, T], `targets` int32 [B*T], weights, and what `feeds` gives. */
  readonly nats: Node;
  /** What else a batch is fed as. */
  readonly feeds?: (batch: PieceBatch) => Feeds;
  /** Pieces before each window that `feeds` asks for; left out, none. */
  readonly reach?: number;
}

/** Windows of pieces and their targets int32 [B*T], and what stood before each window, as far as the graph reaches. */
export interface PieceBatch {
  readonly pieces: Int32Array;
  readonly targets: Int32Array;
  readonly before: readonly Int32Array[];
}

/** A model of pieces: how they are made, and its weights. */
export type PieceModel = Pick<LoadedSubword, 'tokenizer' | 'values'>;

/** A model of pieces alone, ready to score texts: the base, or a control. */
export class PieceScorer {
  private constructor(
    readonly model: PieceModel,
    readonly windows: number,
    readonly length: number,
    readonly executable: Executable,
    readonly graph: PieceGraph,
  ) {}

  /** Compiles any graph over windows of `length` pieces, `config.batch.windows` of them at once. */
  static async of(model: PieceModel, graph: PieceGraph, config: Config, length: number): Promise<PieceScorer> {
    const executable = await compile({ nats: graph.nats }, engineOptions(config));
    return new PieceScorer(model, config.batch.windows, length, executable, graph);
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
      const { feeds, reach = 0 } = this.graph;
      const before = group.map(({ start }) => encoded.subarray(Math.max(0, start - reach), start));
      const outputs = await this.executable.run({
        pieces,
        targets,
        ...feeds?.({ pieces, targets, before }),
        ...weights,
      });
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
