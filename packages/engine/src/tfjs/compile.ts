// A graph executed op by op through TensorFlow.js: the second engine, for those who have that stack, and a check of the first
// by arithmetic that nobody here wrote. A value's tensor is freed after its last use, as in a session.
import { isKind, type Node, topologicalOrder } from '@strata/tensor';
import type { Tensor } from '@tensorflow/tfjs-core';
import { assertCompilable, assertInitializers, outputPrefix } from '../compilable.js';
import { RunError } from '../errors.js';
import type { CompileOptions, Executable, InputSpec } from '../executable.js';
import type { KernelTime } from '../profile.js';
import { Signature } from '../signature.js';
import { activate, type LoadedTfjs, loadTfjs } from './load.js';
import { computeNode } from './rules.js';

/** One op in the order of execution, and the values that nobody needs after it. */
interface Step {
  readonly node: Node;
  readonly releases: readonly Node[];
}

/** The steps that compute what is not stored. */
function planSteps(order: readonly Node[], stored: ReadonlyMap<Node, Tensor>): Step[] {
  const seen = new Set<Node>();
  const steps: Step[] = [];
  for (const node of order.toReversed()) {
    if (stored.has(node)) continue;
    const releases = [node, ...node.inputs].filter((value) => !stored.has(value) && !seen.has(value));
    for (const value of releases) seen.add(value);
    steps.push({ node, releases: [...new Set(releases)] });
  }
  return steps.reverse();
}

class TfjsExecutable implements Executable {
  readonly inputs: ReadonlyMap<string, InputSpec>;
  readonly #loaded: LoadedTfjs;
  readonly #signature: Signature;
  readonly #outputs: ReadonlyMap<Node, readonly string[]>;
  readonly #steps: readonly Step[];
  /** Constants and stored inputs, which live as long as the executable. */
  readonly #stored: Map<Node, Tensor>;
  #times: Map<string, { calls: number; milliseconds: number }> | null;
  #disposed = false;

  constructor(
    loaded: LoadedTfjs,
    outputs: Readonly<Record<string, Node>>,
    order: readonly Node[],
    options: CompileOptions,
  ) {
    this.#loaded = loaded;
    this.#signature = new Signature(outputs, options);
    this.inputs = this.#signature.inputs;
    const names = new Map<Node, string[]>();
    for (const [name, node] of Object.entries(outputs)) names.set(node, [...(names.get(node) ?? []), name]);
    this.#outputs = names;
    this.#stored = storedTensors(loaded, order, options.initializers ?? new Map());
    this.#steps = planSteps(order, this.#stored);
    this.#times = options.profile === true ? new Map() : null;
  }

  async run(
    feeds: Readonly<Record<string, Float32Array | Int32Array>>,
    into: Readonly<Record<string, Float32Array>> = {},
  ): Promise<Record<string, Float32Array>> {
    if (this.#disposed) throw new RunError('this executable was disposed; compile the graph again');
    this.#signature.check(feeds, into);
    const { tf } = this.#loaded;
    // From here on nothing waits: the backend is a setting of the whole process, and another executable may want another.
    const activated = activate(this.#loaded);
    const results: Record<string, Float32Array> = {};
    try {
      tf.tidy(() => this.#compute(feeds, into, results));
    } catch (error) {
      throw new RunError(`TensorFlow.js failed: ${error instanceof Error ? error.message : String(error)}`);
    }
    await activated;
    return Object.fromEntries([...this.#signature.outputs.keys()].map((name) => [name, results[name]!]));
  }

  #compute(
    feeds: Readonly<Record<string, Float32Array | Int32Array>>,
    into: Readonly<Record<string, Float32Array>>,
    results: Record<string, Float32Array>,
  ): void {
    const { tf } = this.#loaded;
    const fed = new Map<string, Tensor>();
    for (const [name, { shape, dtype }] of this.inputs) fed.set(name, tf.tensor(feeds[name]!, [...shape], dtype));
    const values = new Map<Node, Tensor>(this.#stored);
    for (const node of this.#stored.keys()) this.#read(node, values, into, results);
    for (const { node, releases } of this.#steps) {
      const operands = node.inputs.map((x) => values.get(x)!);
      const started = performance.now();
      values.set(
        node,
        tf.tidy(() => computeNode(tf, node, operands, fed)),
      );
      this.#record(node.op.kind, performance.now() - started);
      this.#read(node, values, into, results);
      for (const value of releases) {
        values.get(value)!.dispose();
        values.delete(value);
      }
    }
  }

  /** Copies a value out under each name that it has as an output: what a backend hands over may be its own memory. */
  #read(
    node: Node,
    values: ReadonlyMap<Node, Tensor>,
    into: Readonly<Record<string, Float32Array>>,
    results: Record<string, Float32Array>,
  ): void {
    for (const name of this.#outputs.get(node) ?? []) {
      const found = values.get(node)!.dataSync() as Float32Array;
      const target = into[name] ?? new Float32Array(found.length);
      target.set(found);
      results[name] = target;
    }
  }

  #record(kernel: string, milliseconds: number): void {
    if (this.#times === null) return;
    const total = this.#times.get(kernel) ?? { calls: 0, milliseconds: 0 };
    this.#times.set(kernel, { calls: total.calls + 1, milliseconds: total.milliseconds + milliseconds });
  }

  async endProfile(): Promise<KernelTime[]> {
    const times = this.#times;
    this.#times = null;
    if (times === null || this.#disposed)
      throw new RunError("there is no profile; compile with the option 'profile' and ask before dispose");
    return [...times]
      .map(([kernel, total]) => ({ kernel, ...total, flops: 0 }))
      .sort((a, b) => b.milliseconds - a.milliseconds);
  }

  async dispose(): Promise<void> {
    this.#disposed = true;
    for (const tensor of this.#stored.values()) tensor.dispose();
    this.#stored.clear();
  }
}

/** Tensors of all values that are known before a run: constants, and inputs with a stored value. */
function storedTensors(
  { tf }: LoadedTfjs,
  order: readonly Node[],
  initializers: ReadonlyMap<string, Float32Array | Int32Array>,
): Map<Node, Tensor> {
  const tensors = new Map<Node, Tensor>();
  for (const node of order) {
    const initial = isKind(node, 'input') ? initializers.get(node.op.name) : undefined;
    if (isKind(node, 'constant')) tensors.set(node, tf.keep(computeNode(tf, node, [], new Map())));
    // A copy, because later changes to the caller's array are no business of this graph.
    if (initial !== undefined) tensors.set(node, tf.keep(tf.tensor(initial.slice(), [...node.shape], node.dtype)));
  }
  return tensors;
}

/** Compiles a graph with TensorFlow.js. Throws CompileError, DeviceError, EngineError. */
export async function compileWithTfjs(
  outputs: Readonly<Record<string, Node>>,
  options: CompileOptions,
): Promise<Executable> {
  const order = topologicalOrder(Object.values(outputs));
  assertCompilable(outputs, order, outputPrefix);
  assertInitializers(options.initializers ?? new Map(), order);
  const loaded = await loadTfjs(options.tfjsBackend ?? 'auto', options.device ?? 'cpu');
  // Another executable may have been compiled for another backend while this one waited.
  void activate(loaded);
  return new TfjsExecutable(loaded, outputs, order, options);
}
