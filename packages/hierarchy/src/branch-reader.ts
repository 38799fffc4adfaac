// The base reads several ways of going on side by side, in one pass over what its cache holds (tree attention: Miao et al.
// 2024, SpecInfer, section 4.2): a call of the engine costs more than the few pieces that a word has.
import { type CompileOptions, compile, type Executable } from '@strata/engine';
import { ParameterScope, type ParameterValues, type StackCache } from '@strata/nn';
import { type SubwordSizes, subwordLogits } from '@strata/subword';
import { logSoftmax } from '@strata/tensor';
import { cachedPieces } from './cached-subword.js';

/** Passes are compiled for so many pieces, or for a power of two times as many. */
const LEAST_PIECES = 16;

/** Reads branches after what a cache holds, and leaves the cache as it is. */
export class BranchReader {
  readonly #sessions = new Map<number, Promise<Executable>>();

  constructor(
    readonly sizes: SubwordSizes,
    readonly values: ParameterValues,
    readonly prefix: string,
    readonly cache: StackCache,
    readonly options: CompileOptions,
  ) {}

  /** Log-probabilities [V] of the next piece after each piece of each branch; a branch has one piece at least. */
  async next(branches: readonly (readonly number[])[]): Promise<Float32Array[][]> {
    const { vocabularySize } = this.sizes;
    const lengths = branches.map(({ length }) => length);
    const total = lengths.reduce((sum, length) => sum + length, 0);
    let count = LEAST_PIECES;
    while (count < total) count *= 2;
    const pieces = new Int32Array(count);
    pieces.set(branches.flat());
    const session = await this.#session(count);
    const { next } = await session.run({ pieces, ...this.cache.branchFeeds(lengths, count) });
    let row = 0;
    return lengths.map((length) =>
      Array.from({ length }, () => next!.subarray(row * vocabularySize, ++row * vocabularySize)),
    );
  }

  #session(count: number): Promise<Executable> {
    const known = this.#sessions.get(count);
    if (known !== undefined) return known;
    const scope = new ParameterScope(this.prefix);
    const { capacity, prefix } = this.cache;
    const { hidden } = cachedPieces(scope, this.sizes, count, { capacity, prefix, branches: true });
    const next = logSoftmax(subwordLogits(scope, hidden, this.sizes));
    const session = compile({ next }, { ...this.options, initializers: this.values.views });
    this.#sessions.set(count, session);
    return session;
  }

  async dispose(): Promise<void> {
    for (const session of this.#sessions.values()) await (await session).dispose();
  }
}
