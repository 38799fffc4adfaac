// TensorFlow.js as it is installed here: its native packages where the user has one, else pure JavaScript, or WebAssembly.
// Its packages are optional: they are loaded only when this engine is asked for.
import { createRequire } from 'node:module';
import type * as core from '@tensorflow/tfjs-core';
import { DeviceError, EngineError } from '../errors.js';
import type { Device, TfjsBackend } from '../executable.js';

/** The API of TensorFlow.js. */
export type Tfjs = typeof core;

/** TensorFlow.js with the backend that a graph was compiled for. */
export interface LoadedTfjs {
  readonly tf: Tfjs;
  /** The name under which TensorFlow.js knows the backend. */
  readonly backend: string;
}

const version = '4.22.0';
const native = { cpu: '@tensorflow/tfjs-node', cuda: '@tensorflow/tfjs-node-gpu' } as const;
const require = createRequire(import.meta.url);

/** Whether a package can be found from here. */
function isInstalled(name: string): boolean {
  try {
    require.resolve(name);
    return true;
  } catch {
    return false;
  }
}

/** Loads a package of TensorFlow.js. Throws EngineError, which says what to install, where it is missing or broken. */
export async function loadPackage(name: string): Promise<unknown> {
  if (!isInstalled(name))
    throw new EngineError(
      `engine 'tfjs' needs the package ${name}, which is not installed. ` +
        `Run: npm install ${name}@${version}, or set engine to onnxruntime.`,
    );
  try {
    return await import(name);
  } catch (error) {
    throw new EngineError(
      `engine 'tfjs' cannot load ${name} (${error instanceof Error ? error.message.split('\n')[0] : String(error)}). ` +
        'Install it again with its install script allowed, or remove it, or set engine to onnxruntime.',
    );
  }
}

/** The core and one of its two portable backends. */
async function loadPortable(backend: 'cpu' | 'wasm'): Promise<LoadedTfjs> {
  const tf = (await loadPackage('@tensorflow/tfjs-core')) as Tfjs;
  await loadPackage(`@tensorflow/tfjs-backend-${backend}`);
  return { tf, backend };
}

/** A native package; on `cuda` only one that has found a GPU. */
async function loadNative(name: string, device: Device): Promise<LoadedTfjs> {
  const tf = (await loadPackage(name)) as Tfjs;
  await activate({ tf, backend: 'tensorflow' });
  const { isUsingGpuDevice } = tf.backend() as { isUsingGpuDevice?: boolean };
  if (device === 'cuda' && isUsingGpuDevice !== true)
    throw new DeviceError(
      `device 'cuda' cannot be used here: ${name} found no GPU. ` +
        "Run on 'cpu', or install the NVIDIA driver, CUDA and cuDNN that its README names.",
    );
  return { tf, backend: 'tensorflow' };
}

async function find(wanted: TfjsBackend, device: Device): Promise<LoadedTfjs> {
  if (device === 'webgpu' || (device === 'cuda' && wanted !== 'auto' && wanted !== 'tensorflow'))
    throw new DeviceError(
      `device '${device}' cannot be used by engine 'tfjs'${wanted === 'auto' ? '' : ` with tfjsBackend '${wanted}'`}. ` +
        `Run on 'cpu', or on 'cuda' with ${native.cuda} installed, or set engine to onnxruntime.`,
    );
  if (wanted === 'wasm' || wanted === 'cpu') return loadPortable(wanted);
  if (device === 'cuda') {
    if (isInstalled(native.cuda)) return loadNative(native.cuda, device);
    throw new DeviceError(
      `device 'cuda' cannot be used here: engine 'tfjs' needs ${native.cuda} for it, which is not installed. ` +
        `Run: npm install ${native.cuda}@${version}, or run on 'cpu'.`,
    );
  }
  const name = [native.cpu, native.cuda].find(isInstalled);
  if (name !== undefined || wanted === 'tensorflow') return loadNative(name ?? native.cpu, device);
  return loadPortable('cpu');
}

/** Loads what is asked for and makes it ready. Throws EngineError for a missing package, DeviceError for a missing device. */
export async function loadTfjs(backend: TfjsBackend, device: Device): Promise<LoadedTfjs> {
  const loaded = await find(backend, device);
  // Shapes and types were checked when the graph was built.
  loaded.tf.enableProdMode();
  await activate(loaded);
  return loaded;
}

/**
 * Makes a backend the current one, which is a setting of the whole process. The first time may take a while; later the switch
 * is done when this returns, before its promise resolves.
 */
export async function activate({ tf, backend }: LoadedTfjs): Promise<void> {
  if (tf.getBackend() === backend) return;
  const events = ['uncaughtException', 'unhandledRejection'] as const;
  const before = events.map((event) => process.listeners(event as 'uncaughtException'));
  if (!(await tf.setBackend(backend)))
    throw new EngineError(`TensorFlow.js could not start its backend '${backend}'; set engine to onnxruntime.`);
  // The WebAssembly module takes over what happens to errors of the whole program; that is not its business.
  for (const [i, event] of events.entries())
    for (const listener of process.listeners(event as 'uncaughtException'))
      if (!before[i]!.includes(listener)) process.off(event, listener);
}
