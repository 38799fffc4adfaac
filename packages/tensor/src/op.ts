// The closed list of ops and the immutable node that carries one; every table of the project is keyed by it.
// After jax-js: enumerate the primitives first, then type each one's attributes, so that the compiler finds a missing case.

/** Element type: float32 for numbers, int32 for indices. */
export type DType = 'float32' | 'int32';

/** Sizes of the axes, each at least 1; `[]` is a scalar. */
export type Shape = readonly number[];

/** Every op there is, with its attributes; operands are the node's `inputs`, in the order of the comment. */
export type Op =
  // Sources: no operands.
  | { readonly kind: 'input'; readonly name: string; readonly shape: Shape; readonly dtype: DType }
  | { readonly kind: 'constant'; readonly values: Float32Array | Int32Array; readonly shape: Shape }
  // Elementwise with numpy broadcasting: (a, b).
  | { readonly kind: 'add' }
  | { readonly kind: 'subtract' }
  | { readonly kind: 'multiply' }
  | { readonly kind: 'divide' }
  // Elementwise: (x).
  | { readonly kind: 'negate' }
  | { readonly kind: 'exp' }
  | { readonly kind: 'log' }
  | { readonly kind: 'sqrt' }
  | { readonly kind: 'tanh' }
  | { readonly kind: 'sigmoid' }
  | { readonly kind: 'silu' }
  // (a, b): scale * op(a) op(b), equal ranks and equal leading axes.
  | { readonly kind: 'matmul'; readonly transposeA: boolean; readonly transposeB: boolean; readonly scale: number }
  // Along axes: (x).
  | { readonly kind: 'sum'; readonly axes: readonly number[]; readonly keepDims: boolean }
  | { readonly kind: 'softmax' }
  | { readonly kind: 'logSoftmax' }
  // Moving elements without arithmetic: (x), concat (x0, x1, ...).
  | { readonly kind: 'reshape'; readonly shape: Shape }
  | { readonly kind: 'transpose'; readonly permutation: readonly number[] }
  | { readonly kind: 'slice'; readonly axis: number; readonly start: number; readonly end: number }
  | { readonly kind: 'concat'; readonly axis: number }
  | { readonly kind: 'pad'; readonly axis: number; readonly before: number; readonly after: number }
  | { readonly kind: 'broadcastTo'; readonly shape: Shape }
  // Indexing: gather (table, indices), scatterAdd (indices, updates, base?), pick (x, indices), scatterPick (indices, values, base?).
  | { readonly kind: 'gather' }
  | { readonly kind: 'scatterAdd'; readonly size: number }
  | { readonly kind: 'pick' }
  | { readonly kind: 'scatterPick'; readonly size: number }
  // Layers that engines have fused: rmsNorm (x, gain), inverseRms (x), rotary (x, cos, sin).
  | { readonly kind: 'rmsNorm'; readonly epsilon: number }
  | { readonly kind: 'inverseRms'; readonly epsilon: number }
  | { readonly kind: 'rotary' }
  // The identity, with no derivative: (x).
  | { readonly kind: 'stopGradient' };

/** The name of an op. */
export type OpKind = Op['kind'];

/** The member of the union with this name. */
export type OpOf<K extends OpKind> = Extract<Op, { readonly kind: K }>;

/** One value of a graph: what computes it, from what, and its static shape. */
export interface Node {
  readonly op: Op;
  readonly inputs: readonly Node[];
  readonly shape: Shape;
  readonly dtype: DType;
}

/** A narrowing test: is this node computed by an op of this kind? */
export function isKind<K extends OpKind>(node: Node, kind: K): node is Node & { readonly op: OpOf<K> } {
  return node.op.kind === kind;
}
