// A graph as a session of onnxruntime-node. Feeds are handed over without a copy, and outputs are written into the
// caller's arrays where these are given.
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Node } from '@strata/tensor';
import { env, InferenceSession, Tensor } from 'onnxruntime-node';
import { outputPrefix } from './compilable.js';
import { CompileError, DeviceError, RunError } from './errors.js';
import type { CompileOptions, Device, Executable, InputSpec } from './executable.js';
import { type KernelTime, readProfile } from './profile.js';
import { Signature } from './signature.js';
import { encodeModel } from './toOnnx.js';

// Its failures are thrown as errors of ours, one line each; its own log would say them a second time, on standard error.
env.logLevel = 'fatal';

/** What onnxruntime says, without the lines that only matter to its own developers. */
const reason = (error: unknown): string => (error instanceof Error ? error.message : String(error)).split('\n')[0]!;

/** How to get the devices that an installation lacks by default. */
const deviceNeeds: { readonly [D in Exclude<Device, 'cpu'>]: string } = {
  cuda:
    'on Linux x64 install CUDA 12 with cuDNN, and the CUDA provider, which onnxruntime-node fetches when its ' +
    'script/install.js is run with ONNXRUNTIME_NODE_INSTALL=cuda12 in the environment',
  webgpu: 'install the driver of a GPU that offers Vulkan, Metal or Direct3D 12',
};

async function createSession(model: Uint8Array, options: CompileOptions, folder: string | null) {
  const { threads = availableParallelism(), device = 'cpu' } = options;
  try {
    return await InferenceSession.create(model, {
      executionProviders: [device],
      intraOpNumThreads: threads,
      interOpNumThreads: 1,
      graphOptimizationLevel: 'all',
      // A planned block for all values comes on top of what the first run took: 1,126 MB instead of 699 for the
      // reference step, and no faster.
      enableMemPattern: false,
      logSeverityLevel: 4,
      ...(folder === null ? {} : { enableProfiling: true, profileFilePrefix: join(folder, 'trace') }),
    });
  } catch (error) {
    if (device === 'cpu') throw new CompileError(`onnxruntime refused the model: ${reason(error)}`);
    throw new DeviceError(
      `device '${device}' cannot be used here (${reason(error)}). Run on 'cpu', or ${deviceNeeds[device]}.`,
    );
  }
}

class Session implements Executable {
  readonly inputs: ReadonlyMap<string, InputSpec>;
  readonly #signature: Signature;
  readonly #profileFolder: string | null;
  #session: InferenceSession | null;

  constructor(session: InferenceSession, signature: Signature, profileFolder: string | null) {
    this.#session = session;
    this.inputs = signature.inputs;
    this.#signature = signature;
    this.#profileFolder = profileFolder;
  }

  async run(
    feeds: Readonly<Record<string, Float32Array | Int32Array>>,
    into: Readonly<Record<string, Float32Array>> = {},
  ): Promise<Record<string, Float32Array>> {
    if (this.#session === null) throw new RunError('this executable was disposed; compile the graph again');
    this.#signature.check(feeds, into);
    const tensors: Record<string, Tensor> = {};
    for (const [name, { shape }] of this.inputs) tensors[name] = tensorOf(feeds[name]!, shape);
    const fetches: Record<string, Tensor | null> = {};
    for (const [name, shape] of this.#signature.outputs) {
      const target = into[name];
      fetches[outputPrefix + name] = target === undefined ? null : tensorOf(target, shape);
    }
    let results: Awaited<ReturnType<InferenceSession['run']>>;
    try {
      results = await this.#session.run(tensors, fetches);
    } catch (error) {
      throw new RunError(`onnxruntime failed: ${reason(error)}. An index outside its table is the usual cause.`);
    }
    return Object.fromEntries(
      [...this.#signature.outputs.keys()].map((name) => [
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

const tensorOf = (values: Float32Array | Int32Array, shape: readonly number[]): Tensor =>
  values instanceof Int32Array ? new Tensor('int32', values, shape) : new Tensor('float32', values, shape);

/** Compiles a graph with onnxruntime. Throws CompileError, DeviceError. */
export async function compileWithOnnxruntime(
  outputs: Readonly<Record<string, Node>>,
  options: CompileOptions,
): Promise<Executable> {
  const model = encodeModel(outputs, options, outputPrefix);
  const folder = options.profile === true ? await mkdtemp(join(tmpdir(), 'strata-profile-')) : null;
  try {
    return new Session(await createSession(model, options, folder), new Signature(outputs, options), folder);
  } catch (error) {
    if (folder !== null) await rm(folder, { recursive: true, force: true });
    throw error;
  }
}
