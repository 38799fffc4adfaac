// A causal stack read step by step: new positions attend to keys and values kept from the steps before, so that a step
// costs the same whatever came before it. What it computes is the column of the full pass that belongs to its position.
import {
  add,
  concat,
  constant,
  gather,
  input,
  matmul,
  multiply,
  type Node,
  reshape,
  rotary,
  slice,
  softmax,
} from '@strata/tensor';
import { MASKED } from './attention.js';
import type { ParameterScope } from './parameters.js';
import { type Attend, rotaryTables, type StackSizes, transformerLayers } from './transformer.js';

/** Names of a cached stack's inputs and outputs, below its own prefix. */
export const cacheNames = (prefix: string, layer: number) => ({
  keys: `${prefix}.keys.${layer}`,
  values: `${prefix}.values.${layer}`,
  newKeys: `${prefix}.newKeys.${layer}`,
  newValues: `${prefix}.newValues.${layer}`,
});

/** What a step of a cached stack gives. */
export interface CachedStep {
  /** [1, N, D] after the final norm. */
  readonly hidden: Node;
  /** Keys and values [1, H, N, K] of the new positions, by the names under which they come out. */
  readonly outputs: Record<string, Node>;
}

/** Scores [1, H, N, N] of N new positions among themselves, those later than the query masked. */
function amongThemselves(query: Node, key: Node): Node {
  const [batch, headCount, count, headWidth] = key.shape;
  if (count === 1) return matmul(query, reshape(key, [batch, headCount, headWidth, 1]));
  const mask = new Float32Array(count * count);
  for (let t = 0; t < count; t++) mask.fill(MASKED, t * count + t + 1, (t + 1) * count);
  return add(matmul(query, key, { transposeB: true }), constant(mask, [count, count]));
}

/**
 * The stack over N new positions [1, N, D]. Inputs by name: for each layer `keys` [1, H, K, C], which a product with one row
 * reads as they lie, and `values` [1, H, C, K], of which the caller has filled the positions read so far; `<prefix>.positions`
 * int32 [N], the new positions; `<prefix>.mask` [C], 0 where a kept position counts and MASKED elsewhere.
 */
export function cachedStack(
  scope: ParameterScope,
  x_1ND: Node,
  sizes: StackSizes,
  { capacity, prefix }: { readonly capacity: number; readonly prefix: string },
): CachedStep {
  const [, count, width] = x_1ND.shape;
  const { headCount } = sizes;
  const headWidth = width / headCount;
  const tables = rotaryTables(capacity, headWidth);
  const positions = input(`${prefix}.positions`, [count], 'int32');
  const cos = gather(tables.cos, positions);
  const sin = gather(tables.sin, positions);
  // Queries are scaled where they are turned: then the products are plain ones, which is faster with one row.
  const scale = headWidth ** -0.5;
  const [scaledCos, scaledSin] = [multiply(cos, scale), multiply(sin, scale)];
  const mask = input(`${prefix}.mask`, [capacity]);
  const outputs: Record<string, Node> = {};
  const attend: Attend = ({ query, key, value }, layer) => {
    const names = cacheNames(prefix, layer);
    const turned = rotary(query, scaledCos, scaledSin);
    const newKey = rotary(key, cos, sin);
    outputs[names.newKeys] = newKey;
    outputs[names.newValues] = value;
    const keys = input(names.keys, [1, headCount, headWidth, capacity]);
    const values = input(names.values, [1, headCount, capacity, headWidth]);
    const before = add(matmul(turned, keys), mask);
    const shares = softmax(concat([before, amongThemselves(turned, newKey)], 3));
    const own = slice(shares, 3, capacity, capacity + count);
    return add(matmul(slice(shares, 3, 0, capacity), values), count === 1 ? multiply(own, value) : matmul(own, value));
  };
  // Rows without a batch: their products need no reshaping before and after.
  const hidden = transformerLayers(scope, reshape(x_1ND, [count, width]), sizes, attend);
  return { hidden: reshape(hidden, [1, count, width]), outputs };
}

/** The keys and values of one stack in memory: fed without a copy, filled in place, and cut back in no time. */
export class StackCache {
  readonly #layers: readonly { readonly keys: Float32Array; readonly values: Float32Array }[];
  readonly #mask: Float32Array;
  readonly #headWidth: number;
  #length = 0;

  constructor(
    readonly sizes: StackSizes,
    readonly capacity: number,
    readonly prefix: string,
  ) {
    this.#headWidth = sizes.width / sizes.headCount;
    const allocate = () => new Float32Array(capacity * sizes.width);
    this.#layers = Array.from({ length: sizes.depth }, () => ({ keys: allocate(), values: allocate() }));
    this.#mask = new Float32Array(capacity).fill(MASKED);
  }

  /** Positions kept. */
  get length(): number {
    return this.#length;
  }

  /** Positions that there is room for. */
  get room(): number {
    return this.capacity - this.#length;
  }

  /** Forgets all positions from `length` on: what was read there may be read otherwise. */
  truncate(length: number): void {
    if (length > this.#length) throw new RangeError(`a cache of ${this.#length} positions cannot be cut to ${length}`);
    this.#mask.fill(MASKED, length, this.#length);
    this.#length = length;
  }

  /** Feeds of a step that adds `count` positions. */
  feeds(count: number): Record<string, Float32Array | Int32Array> {
    const feeds: Record<string, Float32Array | Int32Array> = {
      [`${this.prefix}.positions`]: Int32Array.from({ length: count }, (_, i) =>
        Math.min(this.#length + i, this.capacity - 1),
      ),
      [`${this.prefix}.mask`]: this.#mask,
    };
    for (const [layer, { keys, values }] of this.#layers.entries()) {
      const names = cacheNames(this.prefix, layer);
      feeds[names.keys] = keys;
      feeds[names.values] = values;
    }
    return feeds;
  }

  /** Keeps the first `count` of a step's new positions, [1, H, N, K] each. */
  append(outputs: Readonly<Record<string, Float32Array>>, count: number): void {
    if (count > this.room) throw new RangeError(`a cache of ${this.capacity} positions has no room for ${count} more`);
    for (const [layer, { keys, values }] of this.#layers.entries()) {
      const names = cacheNames(this.prefix, layer);
      this.#keepKeys(keys, outputs[names.newKeys]!, count);
      this.#keepValues(values, outputs[names.newValues]!, count);
    }
    this.#mask.fill(0, this.#length, this.#length + count);
    this.#length += count;
  }

  #keepKeys(target: Float32Array, source: Float32Array, count: number): void {
    const { width, headCount } = this.sizes;
    const stride = source.length / headCount;
    for (let axis = 0; axis < width; axis++) {
      const from = Math.floor(axis / this.#headWidth) * stride + (axis % this.#headWidth);
      const to = axis * this.capacity + this.#length;
      for (let t = 0; t < count; t++) target[to + t] = source[from + t * this.#headWidth]!;
    }
  }

  #keepValues(target: Float32Array, source: Float32Array, count: number): void {
    const { headCount } = this.sizes;
    const stride = source.length / headCount;
    for (let head = 0; head < headCount; head++)
      target.set(
        source.subarray(head * stride, head * stride + count * this.#headWidth),
        (head * this.capacity + this.#length) * this.#headWidth,
      );
  }
}
