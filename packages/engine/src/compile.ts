// A graph made runnable by one of two engines, behind one interface.
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
  return engines[engine](outputs, options);
}
