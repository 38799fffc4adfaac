// What graphs are made of, how they are differentiated, and what they mean; see ARCHITECTURE.md, "tensor".
// Nothing here knows of an engine.
export { add, divide, exp, log, multiply, negate, sigmoid, silu, sqrt, subtract, tanh } from './arithmetic.js';
export { type MatmulOptions, matmul, mean, sum } from './contraction.js';
export { DTypeError, FeedError, GradientError, IndexError, ShapeError } from './errors.js';
export { type GradientOptions, gradients } from './gradients.js';
export { gather, pick, scatterAdd, scatterPick } from './indexing.js';
export { interpret } from './interpret.js';
export { crossEntropy, inverseRms, logSoftmax, rmsNorm, rotary, softmax, stopGradient } from './layers.js';
export { broadcastTo, concat, pad, reshape, slice, transpose } from './movement.js';
export { type DType, isKind, type Node, type Op, type OpKind, type OpOf, type Shape } from './op.js';
export { printGraph } from './print.js';
export { sizeOf } from './shape.js';
export { constant, input } from './sources.js';
export { topologicalOrder } from './topologicalOrder.js';
