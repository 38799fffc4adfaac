// A graph made runnable: ONNX bytes and sessions; see ARCHITECTURE.md, "engine".
// The only door to onnxruntime-node and to TensorFlow.js.
export {
  type CompileOptions,
  compile,
  type Device,
  type Engine,
  type Executable,
  type InputSpec,
  type TfjsBackend,
} from './compile.js';
export { CompileError, DeviceError, EngineError, RunError } from './errors.js';
export { exampleFeeds } from './foreign-feeds.js';
export {
  type ForeignData,
  type ForeignFeeds,
  type ForeignRun,
  type ForeignRunOptions,
  type ForeignTensor,
  runForeignOnnx,
} from './foreign-run.js';
export { ForeignRunError, OnnxError } from './onnx-error.js';
export type { OnnxOpCount, OnnxValue } from './onnx-graph-check.js';
export type { KernelTime } from './profile.js';
export { ONNX_LIMITS, type OnnxLimits, type OnnxSummary, readOnnx } from './read-onnx.js';
export { type OnnxOptions, toOnnx } from './toOnnx.js';
