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
  subtract,
} from '@strata/tensor';
import { causalMask, MASKED } from './attention.js';
import type { ParameterScope } from './parameters.js';
import { alibiSlopes, type PositionsName, rotaryTables } from './positions.js';
import { type Attend, type StackSizes, transformerLayers } from './transformer.js';

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

/** How a cached stack is built: positions that are kept, the prefix of its names, and whether new positions are branches. */
export interface CachedStackOptions {
  readonly capacity: number;
  readonly prefix: string;
  readonly branches?: boolean;
}

/** How the positions of a step come into its scores. */
interface StepPositions {
  /** Queries and keys [1, H, N, K] as they are compared; queries are scaled too: products with one row are faster plain. */
  query(x: Node): Node;
  key(x: Node): Node;
  /** Added to scores of kept keys, from what masks them [C]. */
  kept(mask: Node): Node;
  /** What scores of new keys [.., 1, N] are lowered by, counted alike; nothing where it is left out. */
  readonly own?: Node;
}

const unturned = (headWidth: number): Pick<StepPositions, 'query' | 'key'> => ({
  query: (x) => multiply(x, headWidth ** -0.5),
  key: (x) => x,
});

/** By name: the positions that are told apart, from int32 [N] of the new ones among `capacity`. */
const stepPositions: Readonly<
  Record<
    PositionsName,
    (positions: () => Node, capacity: number, headWidth: number, headCount: number) => StepPositions
  >
> = {
  rotary: (positions, capacity, headWidth) => {
    const tables = rotaryTables(capacity, headWidth);
    const at = positions();
    const [cos, sin] = [gather(tables.cos, at), gather(tables.sin, at)];
    const scale = headWidth ** -0.5;
    const [scaledCos, scaledSin] = [multiply(cos, scale), multiply(sin, scale)];
    return {
      query: (x) => rotary(x, scaledCos, scaledSin),
      key: (x) => rotary(x, cos, sin),
      kept: (mask) => mask,
    };
  },
  alibi: (positions, capacity, headWidth, headCount) => {
    const slopes = alibiSlopes(headCount);
    // All distances are counted from the first new position.
    const places = constant(Float32Array.from({ length: capacity }, (_, i) => i));
    const at = gather(places, positions());
    const distance = (place: Node): Node =>
      multiply(constant(slopes, [headCount, 1, 1]), subtract(place, slice(at, 0, 0, 1)));
    return { ...unturned(headWidth), kept: (mask) => add(mask, distance(places)), own: distance(at) };
  },
  none: (_positions, _capacity, headWidth) => ({ ...unturned(headWidth), kept: (mask) => mask }),
};

/** Scores [1, H, N, N] of N new positions among themselves, under a mask [N, N] and a bias of each key. */
function amongThemselves(query: Node, key: Node, mask: Node, bias: Node | undefined): Node {
  const [batch, headCount, count, headWidth] = key.shape;
  if (count === 1) return matmul(query, reshape(key, [batch, headCount, headWidth, 1]));
  return add(matmul(query, key, { transposeB: true }), bias === undefined ? mask : add(mask, bias));
}

/**
 * The stack over N new positions [1, N, D]. Inputs by name: for each layer `keys` [1, H, K, C], which a product with one row
 * reads as they lie, and `values` [1, H, C, K], of which the caller has filled the positions read so far; `<prefix>.positions`
 * int32 [N], the new positions, unless none are told apart; `<prefix>.mask` [C], 0 where a kept position counts and MASKED elsewhere.
 * With `branches`, the new positions go on from the kept ones in several ways side by side (the tree attention of Miao et al. 2024,
 * SpecInfer, section 4.2): `<prefix>.branches` [N, N] is 0 where one reads another and MASKED elsewhere.
 */
export function cachedStack(
  scope: ParameterScope,
  x_1ND: Node,
  sizes: StackSizes,
  { capacity, prefix, branches = false }: CachedStackOptions,
): CachedStep {
  const [, count, width] = x_1ND.shape;
  const { headCount } = sizes;
  const headWidth = width / headCount;
  const positions = (): Node => input(`${prefix}.positions`, [count], 'int32');
  const place = stepPositions[sizes.positions ?? 'rotary'](positions, capacity, headWidth, headCount);
  const mask = place.kept(input(`${prefix}.mask`, [capacity]));
  const readable = branches ? input(`${prefix}.branches`, [count, count]) : causalMask(0, count);
  const outputs: Record<string, Node> = {};
  const attend: Attend = ({ query, key, value }, layer) => {
    const names = cacheNames(prefix, layer);
    const turned = place.query(query);
    const newKey = place.key(key);
    outputs[names.newKeys] = newKey;
    outputs[names.newValues] = value;
    const keys = input(names.keys, [1, headCount, headWidth, capacity]);
    const values = input(names.values, [1, headCount, capacity, headWidth]);
    const before = add(matmul(turned, keys), mask);
    const shares = softmax(concat([before, amongThemselves(turned, newKey, readable, place.own)], 3));
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
    const feeds: Record<string, Float32Array | Int32Array> = { [`${this.prefix}.mask`]: this.#mask };
    if (this.sizes.positions !== 'none')
      feeds[`${this.prefix}.positions`] = Int32Array.from({ length: count }, (_, i) =>
        Math.min(this.#length + i, this.capacity - 1),
      );
    for (const [layer, { keys, values }] of this.#layers.entries()) {
      const names = cacheNames(this.prefix, layer);
      feeds[names.keys] = keys;
      feeds[names.values] = values;
    }
    return feeds;
  }

  /** Feeds of a step over branches of so many positions each, one after the other among `count`; nothing of it is to be kept. */
  branchFeeds(lengths: readonly number[], count: number): Record<string, Float32Array | Int32Array> {
    const mask = new Float32Array(count * count).fill(MASKED);
    const positions = new Int32Array(count).fill(this.#length);
    let first = 0;
    for (const length of lengths) {
      for (let t = 0; t < length; t++) {
        mask.fill(0, (first + t) * count + first, (first + t) * count + first + t + 1);
        positions[first + t] = Math.min(this.#length + t, this.capacity - 1);
      }
      first += length;
    }
    // Padding reads itself, since a row that reads nothing has no softmax.
    for (let t = first; t < count; t++) mask[t * count + t] = 0;
    return {
      ...this.feeds(count),
      ...(this.sizes.positions !== 'none' && { [`${this.prefix}.positions`]: positions }),
      [`${this.prefix}.branches`]: mask,
    };
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
