// What both engines promise: how a graph is compiled, and what a compiled graph can do.
import type { DType, Shape } from '@strata/tensor';
import type { KernelTime } from './profile.js';
import type { OnnxOptions } from './toOnnx.js';

/** Where a model runs; all but `cpu` need an engine that was installed with that provider. */
export type Device = 'cpu' | 'cuda' | 'webgpu';

/** What computes: onnxruntime is the fast one; TensorFlow.js serves those who have it, and checks the other. */
export type Engine = 'onnxruntime' | 'tfjs';

/**
 * `tensorflow` is libtensorflow behind tfjs-node or tfjs-node-gpu, `wasm` the WebAssembly backend with SIMD, `cpu` plain
 * JavaScript; `auto` takes `tensorflow` where it is installed, else `cpu`.
 */
export type TfjsBackend = 'auto' | 'tensorflow' | 'wasm' | 'cpu';

export interface CompileOptions extends OnnxOptions {
  /** `onnxruntime` by default. */
  readonly engine?: Engine;
  /** Which backend of TensorFlow.js; `auto` by default, and without meaning for onnxruntime. */
  readonly tfjsBackend?: TfjsBackend;
  /**
   * Threads inside one kernel; all cores by default. Results do not depend on time, but may on this number.
   * TensorFlow.js decides itself: one thread in JavaScript and WebAssembly, all cores in its native packages.
   */
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
  /** Frees what the engine holds; further runs throw RunError. */
  dispose(): Promise<void>;
}
