// A subword model read and written piece by piece: each piece is read once, whatever came before it is in the cache.
// The base, the flat baseline, and the benchmark generate through it.
import { type CompileOptions, compile, type Executable } from '@strata/engine';
import { cachedStack, feedForwardWidth, ParameterScope, type ParameterValues, StackCache } from '@strata/nn';
import { type SubwordSizes, subwordLogits, subwordPieceTable } from '@strata/subword';
import { gather, input, type Node, reshape, slice } from '@strata/tensor';

/** Pieces read at once where there are several to read. */
const BLOCK = 16;

/** How many pieces are kept, and how the engine runs. */
export interface CachedSubwordOptions extends CompileOptions {
  /** Pieces that the cache holds. */
  readonly capacity: number;
}

/** The graph of a step over `count` new pieces: logits [1, V] after the last of them, and their keys and values. */
export function cachedSubwordStep(
  scope: ParameterScope,
  sizes: SubwordSizes,
  capacity: number,
  count: number,
): Record<string, Node> {
  const stack = { ...sizes, feedForward: feedForwardWidth(sizes.width) };
  const pieces = input('pieces', [1, count], 'int32');
  const embedded = gather(subwordPieceTable(scope, sizes), pieces);
  const { hidden, outputs } = cachedStack(scope, embedded, stack, { capacity, prefix: 'cache' });
  const last = gather(reshape(hidden, [count, sizes.width]), input('last', [1], 'int32'));
  return { ...outputs, hidden, logits: subwordLogits(scope, slice(last, 0, 0, 1), sizes) };
}

interface Step {
  readonly executable: Executable;
  readonly into: Record<string, Float32Array>;
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
      const outputs = cachedSubwordStep(new ParameterScope(prefix), sizes, capacity, count);
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

  /** Reads one piece; logits [V] over the next one, valid until the next call. */
  async step(piece: number): Promise<Float32Array> {
    return await this.#read(this.one, [piece]);
  }

  /** Reads pieces, in blocks; logits after the last of them. There must be at least one, and room for all. */
  async read(pieces: ArrayLike<number>): Promise<Float32Array> {
    let logits = this.one.into.logits!;
    for (let start = 0; start < pieces.length; ) {
      const left = pieces.length - start;
      // A block needs room for padding too: near the end of the cache pieces are read one by one.
      const count = left > 1 && this.cache.room >= BLOCK ? Math.min(left, BLOCK) : 1;
      const part = Array.from({ length: count }, (_, i) => pieces[start + i]!);
      logits = await this.#read(count === 1 ? this.one : this.block, part);
      start += count;
    }
    return logits;
  }

  async #read({ executable, into }: Step, pieces: readonly number[]): Promise<Float32Array> {
    const count = pieces.length === 1 ? 1 : BLOCK;
    const padded = new Int32Array(count);
    padded.set(pieces);
    const feeds = { pieces: padded, last: Int32Array.of(pieces.length - 1), ...this.cache.feeds(count) };
    await executable.run(feeds, into);
    this.cache.append(into, pieces.length);
    return into.logits!;
  }

  async dispose(): Promise<void> {
    await this.one.executable.dispose();
    await this.block.executable.dispose();
  }
}
