// A subword model read and written piece by piece: each piece is read once, whatever came before it is in the cache.
// The base, the flat baseline, and the benchmark generate through it.
import { type CompileOptions, compile, type Executable } from '@strata/engine';
import {
  type CachedStackOptions,
  type CachedStep,
  cachedStack,
  feedForwardWidth,
  ParameterScope,
  type ParameterValues,
  StackCache,
} from '@strata/nn';
import { type SubwordSizes, subwordLogits, subwordPieceTable } from '@strata/subword';
import { gather, input, type Node, reshape } from '@strata/tensor';

/** Pieces read at once where there are several to read. */
const BLOCK = 16;

/** How many pieces are kept, and how the engine runs. */
export interface CachedSubwordOptions extends CompileOptions {
  /** Pieces that the cache holds. */
  readonly capacity: number;
  /** False where states are read only: then no logits are computed. */
  readonly logits?: boolean;
}

/** The states of `count` new pieces `pieces` int32 [1, count] after those that a cache holds. */
export function cachedPieces(
  scope: ParameterScope,
  sizes: SubwordSizes,
  count: number,
  options: CachedStackOptions,
): CachedStep {
  const stack = { ...sizes, feedForward: feedForwardWidth(sizes.width) };
  const embedded = gather(subwordPieceTable(scope, sizes), input('pieces', [1, count], 'int32'));
  return cachedStack(scope, embedded, stack, options);
}

/** The graph of a step over `count` new pieces: state [1, D] and, unless left out, logits [1, V] after the last of them. */
export function cachedSubwordStep(
  scope: ParameterScope,
  sizes: SubwordSizes,
  capacity: number,
  count: number,
  options: { readonly logits?: boolean } = {},
): Record<string, Node> {
  const { hidden, outputs } = cachedPieces(scope, sizes, count, { capacity, prefix: 'cache' });
  const state = gather(reshape(hidden, [count, sizes.width]), input('last', [1], 'int32'));
  return { ...outputs, state, ...(options.logits !== false && { logits: subwordLogits(scope, state, sizes) }) };
}

interface Step {
  readonly executable: Executable;
  readonly into: Record<string, Float32Array>;
}

/** What the model says after the last piece read; valid until the next one is. */
export interface AfterPiece {
  /** The final state [D]. */
  readonly state: Float32Array;
  /** Logits [V] over the next piece; empty where they were left out. */
  readonly logits: Float32Array;
}

/** A subword model with its cache. */
export class CachedSubword {
  private constructor(
    readonly sizes: SubwordSizes,
    readonly cache: StackCache,
    readonly one: Step,
    readonly block: Step,
  ) {}

  /** Compiles the steps with the weights inside; `prefix` is the scope of the parameters. */
  static async create(
    sizes: SubwordSizes,
    values: ParameterValues,
    prefix: string,
    options: CachedSubwordOptions,
  ): Promise<CachedSubword> {
    const { capacity } = options;
    const step = async (count: number): Promise<Step> => {
      const outputs = cachedSubwordStep(new ParameterScope(prefix), sizes, capacity, count, options);
      const executable = await compile(outputs, { ...options, initializers: values.views });
      const sizeOf = (node: Node): number => node.shape.reduce((product, size) => product * size, 1);
      const into = Object.entries(outputs).map(([name, node]) => [name, new Float32Array(sizeOf(node))] as const);
      return { executable, into: Object.fromEntries(into) };
    };
    const stack = { ...sizes, feedForward: feedForwardWidth(sizes.width) };
    return new CachedSubword(sizes, new StackCache(stack, capacity, 'cache'), await step(1), await step(BLOCK));
  }

  /** Forgets everything. */
  reset(): void {
    this.cache.truncate(0);
  }

  /** Reads one piece. */
  async step(piece: number): Promise<AfterPiece> {
    return await this.#read(this.one, [piece]);
  }

  /** Reads pieces, in blocks: at least one, for which there must be room. */
  async read(pieces: ArrayLike<number>): Promise<AfterPiece> {
    if (pieces.length === 0 || pieces.length > this.cache.room)
      throw new RangeError(`${pieces.length} pieces are to be read; from 1 to ${this.cache.room} can be`);
    let after: AfterPiece | undefined;
    for (let start = 0; start < pieces.length; ) {
      const count = Math.min(pieces.length - start, BLOCK);
      const part = Array.from({ length: count }, (_, i) => pieces[start + i]!);
      after = await this.#read(count === 1 ? this.one : this.block, part);
      start += count;
    }
    return after!;
  }

  async #read({ executable, into }: Step, pieces: readonly number[]): Promise<AfterPiece> {
    const count = pieces.length === 1 ? 1 : BLOCK;
    const padded = new Int32Array(count);
    padded.set(pieces);
    const feeds = { pieces: padded, last: Int32Array.of(pieces.length - 1), ...this.cache.feeds(count) };
    await executable.run(feeds, into);
    this.cache.append(into, pieces.length);
    return { state: into.state!, logits: into.logits ?? new Float32Array(0) };
  }

  async dispose(): Promise<void> {
    await this.one.executable.dispose();
    await this.block.executable.dispose();
  }
}
