// A graph made runnable: the only place that talks to onnxruntime-node.
// Feeds are handed over without a copy, and outputs are written into the caller's arrays where these are given.
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DType, FeedError, isKind, type Node, type Shape, sizeOf, topologicalOrder } from '@strata/tensor';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { CompileError, DeviceError, RunError } from './errors.js';
import { type KernelTime, readProfile } from './profile.js';
import { encodeModel, type OnnxOptions } from './toOnnx.js';

/** Where a model runs; all but `cpu` need an onnxruntime that was installed with that provider. */
export type Device = 'cpu' | 'cuda' | 'webgpu';

export interface CompileOptions extends OnnxOptions {
  /** Threads inside one kernel; all cores by default. Results do not depend on time, but may on this number. */
  readonly threads?: number;
  readonly device?: Device;
  /** Record kernel times, to be read with `endProfile`. */
  readonly profile?: boolean;
}

/** Shape and element type of an input that has to be fed. */
export interface InputSpec {
  readonly shape: Shape;
  readonly dtype: DType;
}

/** A compiled graph. */
export interface Executable {
  /** What has to be fed at every run. */
  readonly inputs: ReadonlyMap<string, InputSpec>;
  /**
   * Computes all outputs. Arrays given in `into` are filled in place and returned; the others are new.
   * Throws FeedError for names, types, lengths or negative indices that do not fit, RunError when the engine fails.
   */
  run(
    feeds: Readonly<Record<string, Float32Array | Int32Array>>,
    into?: Readonly<Record<string, Float32Array>>,
  ): Promise<Record<string, Float32Array>>;
  /** Stops recording and returns kernel times; needs the option `profile`, and can be called once. */
  endProfile(): Promise<KernelTime[]>;
  /** Frees the session; further runs throw RunError. */
  dispose(): Promise<void>;
}

/** Before the names of outputs inside a session: gradients may then be named as the parameters they belong to. */
const outputPrefix = 'output:';

/** What onnxruntime says, without the lines that only matter to its own developers. */
const reason = (error: unknown): string => (error instanceof Error ? error.message : String(error)).split('\n')[0]!;

async function createSession(model: Uint8Array, options: CompileOptions, folder: string | null) {
  const { threads = availableParallelism(), device = 'cpu' } = options;
  if (!Number.isInteger(threads) || threads < 1)
    throw new CompileError(`threads is ${threads}; it has to be at least 1`);
  try {
    return await InferenceSession.create(model, {
      executionProviders: [device],
      intraOpNumThreads: threads,
      interOpNumThreads: 1,
      graphOptimizationLevel: 'all',
      // A planned block for all values comes on top of what the first run took: 1,126 MB instead of 699 for the
      // reference step, and no faster.
      enableMemPattern: false,
      logSeverityLevel: 3,
      ...(folder === null ? {} : { enableProfiling: true, profileFilePrefix: join(folder, 'trace') }),
    });
  } catch (error) {
    if (device === 'cpu') throw new CompileError(`onnxruntime refused the model: ${reason(error)}`);
    throw new DeviceError(
      `device '${device}' cannot be used here (${reason(error)}). Run on 'cpu', ` +
        `or install onnxruntime-node with its ${device} provider and the drivers it needs.`,
    );
  }
}

class Session implements Executable {
  readonly inputs: ReadonlyMap<string, InputSpec>;
  readonly #outputs: ReadonlyMap<string, Shape>;
  readonly #profileFolder: string | null;
  #session: InferenceSession | null;

  constructor(
    session: InferenceSession,
    inputs: ReadonlyMap<string, InputSpec>,
    outputs: ReadonlyMap<string, Shape>,
    profileFolder: string | null,
  ) {
    this.#session = session;
    this.inputs = inputs;
    this.#outputs = outputs;
    this.#profileFolder = profileFolder;
  }

  async run(
    feeds: Readonly<Record<string, Float32Array | Int32Array>>,
    into: Readonly<Record<string, Float32Array>> = {},
  ): Promise<Record<string, Float32Array>> {
    if (this.#session === null) throw new RunError('this executable was disposed; compile the graph again');
    const tensors: Record<string, Tensor> = {};
    for (const [name, spec] of this.inputs) tensors[name] = feedTensor(name, spec, feeds[name]);
    assertKnown('input', Object.keys(feeds), this.inputs);
    assertKnown('output', Object.keys(into), this.#outputs);
    const fetches: Record<string, Tensor | null> = {};
    for (const [name, shape] of this.#outputs) {
      const target = into[name];
      if (target !== undefined && target.length !== sizeOf(shape)) {
        throw new FeedError(`output '${name}' [${shape.join(', ')}] cannot be written into ${target.length} values`);
      }
      fetches[outputPrefix + name] = target === undefined ? null : new Tensor('float32', target, shape);
    }
    let results: Awaited<ReturnType<InferenceSession['run']>>;
    try {
      results = await this.#session.run(tensors, fetches);
    } catch (error) {
      throw new RunError(`onnxruntime failed: ${reason(error)}. An index outside its table is the usual cause.`);
    }
    return Object.fromEntries(
      [...this.#outputs.keys()].map((name) => [
        name,
        into[name] ?? (results[outputPrefix + name]!.data as Float32Array),
      ]),
    );
  }

  async endProfile(): Promise<KernelTime[]> {
    if (this.#session === null || this.#profileFolder === null) {
      throw new RunError("there is no profile; compile with the option 'profile' and ask before dispose");
    }
    this.#session.endProfiling();
    const [file] = await readdir(this.#profileFolder);
    if (file === undefined) throw new RunError('onnxruntime wrote no profile; it may have been read already');
    return readProfile(join(this.#profileFolder, file), this.#profileFolder);
  }

  async dispose(): Promise<void> {
    const session = this.#session;
    this.#session = null;
    await session?.release();
    if (this.#profileFolder !== null) await rm(this.#profileFolder, { recursive: true, force: true });
  }
}

function assertKnown(what: string, names: readonly string[], known: ReadonlyMap<string, unknown>): void {
  const unknown = names.find((name) => !known.has(name));
  if (unknown === undefined) return;
  throw new FeedError(`there is no ${what} '${unknown}'; the graph has: ${[...known.keys()].join(', ')}`);
}

function feedTensor(name: string, { shape, dtype }: InputSpec, values: Float32Array | Int32Array | undefined): Tensor {
  const needed = `input '${name}' needs ${sizeOf(shape)} ${dtype} values of shape [${shape.join(', ')}]`;
  if (values === undefined) throw new FeedError(`${needed}; none were fed`);
  const found = values instanceof Int32Array ? 'int32' : 'float32';
  if (found !== dtype || values.length !== sizeOf(shape)) {
    throw new FeedError(`${needed}; found ${values.length} ${found} values`);
  }
  if (values instanceof Int32Array) {
    // onnxruntime counts negative indices from the end; here they are always a mistake.
    const negative = values.find((index) => index < 0);
    if (negative !== undefined) throw new FeedError(`${needed}; found the negative index ${negative}`);
    return new Tensor('int32', values, shape);
  }
  return new Tensor('float32', values, shape);
}

/** Compiles a graph for one device. Throws CompileError for a graph that makes no model, DeviceError for a missing device. */
export async function compile(
  outputs: Readonly<Record<string, Node>>,
  options: CompileOptions = {},
): Promise<Executable> {
  const model = encodeModel(outputs, options, outputPrefix);
  const folder = options.profile === true ? await mkdtemp(join(tmpdir(), 'strata-profile-')) : null;
  const session = await createSession(model, options, folder);
  const inputs = topologicalOrder(Object.values(outputs))
    .filter((node) => isKind(node, 'input'))
    .filter((node) => options.initializers?.has(node.op.name) !== true)
    .map((node) => [node.op.name, { shape: node.shape, dtype: node.dtype }] as const);
  const shapes = Object.entries(outputs).map(([name, node]) => [name, node.shape] as const);
  return new Session(session, new Map(inputs), new Map(shapes), folder);
}
