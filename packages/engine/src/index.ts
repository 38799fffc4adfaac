// A graph made runnable: ONNX bytes and sessions; see ARCHITECTURE.md, "engine".
// The only door to onnxruntime-node.
export { type CompileOptions, compile, type Device, type Executable, type InputSpec } from './compile.js';
export { CompileError, DeviceError, RunError } from './errors.js';
export type { KernelTime } from './profile.js';
export { type OnnxOptions, toOnnx } from './toOnnx.js';
