// Parameters: declared while a graph is built, held in one flat buffer, seen through named views.
// One buffer a level makes the optimiser one loop and a checkpoint one copy.
import { input, type Node, type Shape } from '@strata/tensor';
import { RandomStream } from './random.js';

/** How a parameter starts: normal with a standard deviation, or a constant. */
export type Initial = { kind: 'normal'; deviation: number } | { kind: 'constant'; value: number };

export const zeros: Initial = { kind: 'constant', value: 0 };
export const ones: Initial = { kind: 'constant', value: 1 };
export const normal = (deviation: number): Initial => ({ kind: 'normal', deviation });

/** What is known of a parameter before it has values. `decay` says whether weight decay applies. */
export interface ParameterSpec {
  readonly name: string;
  readonly shape: Shape;
  readonly initial: Initial;
  readonly decay: boolean;
}

export class ParameterError extends Error {
  override name = 'ParameterError';
}

/** One array of all values; throws ParameterError where no array can be that long. */
function allocated(count: number): Float32Array {
  try {
    return new Float32Array(count);
  } catch (cause) {
    const gigabytes = ((4 * count) / 1e9).toFixed(1);
    throw new ParameterError(
      `${count} parameters take ${gigabytes} GB, more than one array can hold here; choose a smaller width, depth or vocabulary`,
      { cause },
    );
  }
}

/** Number of elements of a shape. */
export function elementCount(shape: Shape): number {
  return shape.reduce((product, size) => product * size, 1);
}

/** Collects the parameters that a graph asks for, under a dotted prefix; the same name gives the same node. */
export class ParameterScope {
  readonly #prefix: string;
  readonly #entries: Map<string, { spec: ParameterSpec; node: Node }>;
  readonly #layerInputs: Node[];

  constructor(
    prefix: string,
    entries = new Map<string, { spec: ParameterSpec; node: Node }>(),
    layerInputs: Node[] = [],
  ) {
    this.#prefix = prefix;
    this.#entries = entries;
    this.#layerInputs = layerInputs;
  }

  /** The scope below this one, sharing its registry. */
  scope(name: string): ParameterScope {
    return new ParameterScope(`${this.#prefix}.${name}`, this.#entries, this.#layerInputs);
  }

  /** A graph input for a parameter; declared on first use, the same node afterwards. */
  parameter(name: string, shape: Shape, initial: Initial, decay = shape.length > 1): Node {
    const full = `${this.#prefix}.${name}`;
    const known = this.#entries.get(full);
    if (known !== undefined) {
      if (known.spec.shape.join() !== shape.join())
        throw new ParameterError(
          `parameter ${full} was declared with shape [${known.spec.shape}] and is asked for with [${shape}]`,
        );
      return known.node;
    }
    const node = input(full, shape);
    this.#entries.set(full, { spec: { name: full, shape, initial, decay }, node });
    return node;
  }

  /** Marks what a layer starts from: all that a backward pass with recomputation needs to keep of it. */
  layerInput(hidden: Node): Node {
    this.#layerInputs.push(hidden);
    return hidden;
  }

  /** The marked nodes, in the order of marking. */
  layerInputs(): readonly Node[] {
    return this.#layerInputs;
  }

  specs(): ParameterSpec[] {
    return [...this.#entries.values()].map((entry) => entry.spec);
  }

  nodes(): Node[] {
    return [...this.#entries.values()].map((entry) => entry.node);
  }
}

/** The values of a set of parameters: one flat Float32Array and a named view for each. */
export class ParameterValues {
  readonly flat: Float32Array;
  readonly views: ReadonlyMap<string, Float32Array>;

  constructor(
    readonly specs: readonly ParameterSpec[],
    flat?: Float32Array,
  ) {
    const total = specs.reduce((sum, spec) => sum + elementCount(spec.shape), 0);
    if (flat !== undefined && flat.length !== total)
      throw new ParameterError(`a buffer of ${flat.length} numbers was given for parameters of ${total}`);
    this.flat = flat ?? allocated(total);
    const views = new Map<string, Float32Array>();
    let offset = 0;
    for (const spec of specs) {
      const size = elementCount(spec.shape);
      views.set(spec.name, this.flat.subarray(offset, offset + size));
      offset += size;
    }
    this.views = views;
  }

  /** Fresh values: each parameter draws from its own stream, so its start depends on seed and name only. */
  static initialise(specs: readonly ParameterSpec[], seed: number): ParameterValues {
    const values = new ParameterValues(specs);
    for (const spec of specs) {
      const view = values.views.get(spec.name)!;
      if (spec.initial.kind === 'constant') view.fill(spec.initial.value);
      else {
        const random = new RandomStream(seed, `initial ${spec.name}`);
        for (let i = 0; i < view.length; i++) view[i] = spec.initial.deviation * random.normal();
      }
    }
    return values;
  }

  /** Values with this layout and all zero: gradients, optimiser moments. */
  zerosAlike(): ParameterValues {
    return new ParameterValues(this.specs);
  }

  /** Name -> shape and data, as checkpoints and level folders store them. */
  tensors(): Map<string, { shape: number[]; data: Float32Array }> {
    return new Map(this.specs.map((spec) => [spec.name, { shape: [...spec.shape], data: this.views.get(spec.name)! }]));
  }

  /** Copies stored tensors in; every name must be there with the declared shape, and none besides. */
  load(tensors: ReadonlyMap<string, { shape: readonly number[]; data: Float32Array }>): void {
    for (const spec of this.specs) {
      const stored = tensors.get(spec.name);
      if (stored === undefined)
        throw new ParameterError(`parameter ${spec.name} [${spec.shape}] is missing from the stored weights`);
      if (stored.shape.join() !== spec.shape.join())
        throw new ParameterError(
          `parameter ${spec.name} is stored with shape [${stored.shape}], the configuration asks for [${spec.shape}]`,
        );
    }
    for (const name of tensors.keys())
      if (!this.views.has(name)) throw new ParameterError(`stored weights hold ${name}, which no layer here has`);
    for (const spec of this.specs) this.views.get(spec.name)!.set(tensors.get(spec.name)!.data);
  }
}
