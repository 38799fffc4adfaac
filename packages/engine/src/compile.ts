// A graph made runnable by one of two engines, behind one interface.
import { availableParallelism } from 'node:os';
import type { Node } from '@strata/tensor';
import { CompileError } from './errors.js';
import type { CompileOptions, Engine, Executable } from './executable.js';
import { compileWithOnnxruntime } from './onnxruntime-session.js';
import { compileWithTfjs } from './tfjs/compile.js';

export type { CompileOptions, Device, Engine, Executable, InputSpec, TfjsBackend } from './executable.js';

const engines: { readonly [E in Engine]: typeof compileWithOnnxruntime } = {
  onnxruntime: compileWithOnnxruntime,
  tfjs: compileWithTfjs,
};

/** More threads than these only wait for each other; starting thousands takes minutes. */
const THREADS_PER_CORE = 4;
const LEAST_THREAD_LIMIT = 16;

/**
 * Compiles a graph for one device. Throws CompileError for a graph that makes no model, DeviceError for a missing device,
 * EngineError where TensorFlow.js is asked for and not installed.
 */
export async function compile(
  outputs: Readonly<Record<string, Node>>,
  options: CompileOptions = {},
): Promise<Executable> {
  const { threads = 1, engine = 'onnxruntime' } = options;
  if (!Number.isInteger(threads) || threads < 1)
    throw new CompileError(`threads is ${threads}; it has to be at least 1`);
  const most = Math.max(LEAST_THREAD_LIMIT, THREADS_PER_CORE * availableParallelism());
  if (threads > most)
    throw new CompileError(
      `threads is ${threads}; accepted are at most ${most} on this machine, and as many as cores are best`,
    );
  if (!Object.hasOwn(engines, engine))
    throw new CompileError(`engine is ${JSON.stringify(engine)}; accepted are ${Object.keys(engines).join(', ')}`);
  return engines[engine](outputs, options);
}
