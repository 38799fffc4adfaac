// One table from our ops to calls of the TensorFlow.js API, in float32. Only kernels that all of its backends have are used:
// WebAssembly lacks the segment sum with which TensorFlow.js itself differentiates a gather, but not scatterND, which adds too.
import { IndexError, type Node, type Op, type OpKind, type OpOf, sizeOf } from '@strata/tensor';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { Tfjs } from './load.js';

interface Operands {
  readonly tf: Tfjs;
  readonly node: Node;
  /** Values of the operands. */
  readonly inputs: readonly Tensor[];
}

interface Context<K extends OpKind> extends Operands {
  readonly op: OpOf<K>;
  /** Values of the graph's inputs, by name. */
  readonly feeds: ReadonlyMap<string, Tensor>;
}

/** Computes the value of one op; intermediate tensors are left to tf.tidy. */
type Rule<K extends OpKind> = (context: Context<K>) => Tensor;

const unary =
  (name: 'neg' | 'exp' | 'log' | 'sqrt' | 'tanh' | 'sigmoid' | 'softmax' | 'logSoftmax' | 'clone') =>
  ({ tf, inputs }: Operands): Tensor =>
    tf[name](inputs[0]!);

const binary =
  (name: 'add' | 'sub' | 'mul' | 'div') =>
  ({ tf, inputs }: Operands): Tensor =>
    tf[name](inputs[0]!, inputs[1]!);

/** 1 / sqrt(mean(x^2) + epsilon) over the last axis, which stays as one of length 1. */
function inverseRms(tf: Tfjs, x: Tensor, epsilon: number): Tensor {
  return tf.rsqrt(tf.add(tf.mean(tf.mul(x, x), -1, true), epsilon));
}

/** A matrix with its last two axes swapped. */
function swapped(tf: Tfjs, x: Tensor): Tensor {
  const axes = [...x.shape.keys()];
  return tf.transpose(x, [...axes.slice(0, -2), x.rank - 1, x.rank - 2]);
}

/** Indices as numbers. Backends treat those outside a table differently, some by reading what lies there: throws IndexError. */
function checkedIndices(kind: OpKind, indices: Tensor, size: number): Int32Array {
  const values = indices.dataSync() as Int32Array;
  const outside = values.find((index) => index < 0 || index >= size);
  if (outside !== undefined) throw new IndexError(kind, outside, size);
  return values;
}

/** Where the elements that a pick reads, or a scatterPick writes, lie in a matrix of rows of `size` read as one row. */
function flatIndices(kind: OpKind, indices: Tensor, size: number): Int32Array {
  const count = indices.shape.at(-1)!;
  return checkedIndices(kind, indices, size).map((index, i) => Math.floor(i / count) * size + index);
}

/** Rows of updates added into rows of zeros, and the base on top where there is one. */
function scatter(
  tf: Tfjs,
  rows: Int32Array,
  updates: Tensor,
  { size, width, shape }: { size: number; width: number; shape: readonly number[] },
  base: Tensor | undefined,
): Tensor {
  const at = tf.tensor2d(rows, [rows.length, 1], 'int32');
  const total = tf.scatterND(at, tf.reshape(updates, [rows.length, width]), [size, width]);
  const shaped = tf.reshape(total, [...shape]);
  return base === undefined ? shaped : tf.add(base, shaped);
}

/** The value of every kind of op. */
export const tfjsRules: { readonly [K in OpKind]: Rule<K> } = {
  input: ({ op, feeds }) => feeds.get(op.name)!,
  constant: ({ tf, op, node }) => tf.tensor(op.values, [...node.shape], node.dtype),
  add: binary('add'),
  subtract: binary('sub'),
  multiply: binary('mul'),
  divide: binary('div'),
  negate: unary('neg'),
  exp: unary('exp'),
  log: unary('log'),
  sqrt: unary('sqrt'),
  tanh: unary('tanh'),
  sigmoid: unary('sigmoid'),
  silu: ({ tf, inputs: [x] }) => tf.mul(x!, tf.sigmoid(x!)),
  matmul: ({ tf, op, inputs: [a, b] }) => {
    // WebAssembly multiplies transposed operands without SIMD, 13 to 60 times more slowly than after moving them first.
    const moves = tf.getBackend() === 'wasm';
    const [transposeA, transposeB] = [op.transposeA && !moves, op.transposeB && !moves];
    const left = op.transposeA && moves ? swapped(tf, a!) : a!;
    const right = op.transposeB && moves ? swapped(tf, b!) : b!;
    const product = tf.matMul(left, right, transposeA, transposeB);
    return op.scale === 1 ? product : tf.mul(product, op.scale);
  },
  sum: ({ tf, op, inputs: [x] }) => tf.sum(x!, [...op.axes], op.keepDims),
  softmax: unary('softmax'),
  logSoftmax: unary('logSoftmax'),
  reshape: ({ tf, op, inputs: [x] }) => tf.reshape(x!, [...op.shape]),
  transpose: ({ tf, op, inputs: [x] }) => tf.transpose(x!, [...op.permutation]),
  slice: ({ tf, op, node, inputs: [x] }) => {
    const begin = node.shape.map((_, axis) => (axis === op.axis ? op.start : 0));
    return tf.slice(x!, begin, [...node.shape]);
  },
  concat: ({ tf, op, inputs }) => tf.concat([...inputs], op.axis),
  pad: ({ tf, op, inputs: [x] }) =>
    tf.pad(
      x!,
      x!.shape.map((_, axis): [number, number] => (axis === op.axis ? [op.before, op.after] : [0, 0])),
    ),
  broadcastTo: ({ tf, op, inputs: [x] }) => tf.broadcastTo(x!, [...op.shape] as [number]),
  gather: ({ tf, node, inputs: [table, indices] }) => {
    const rows = checkedIndices('gather', indices!, table!.shape[0]!);
    return tf.reshape(tf.gather(table!, tf.tensor1d(rows, 'int32')), [...node.shape]);
  },
  scatterAdd: ({ tf, op, node, inputs: [indices, updates, base] }) => {
    const rows = checkedIndices('scatterAdd', indices!, op.size);
    return scatter(tf, rows, updates!, { size: op.size, width: sizeOf(node.shape.slice(1)), shape: node.shape }, base);
  },
  pick: ({ tf, node, inputs: [x, indices] }) => {
    const at = tf.tensor1d(flatIndices('pick', indices!, x!.shape.at(-1)!), 'int32');
    return tf.reshape(tf.gather(tf.reshape(x!, [-1]), at), [...node.shape]);
  },
  scatterPick: ({ tf, op, node, inputs: [indices, values, base] }) => {
    const at = flatIndices('scatterPick', indices!, op.size);
    return scatter(tf, at, values!, { size: sizeOf(node.shape), width: 1, shape: node.shape }, base);
  },
  rmsNorm: ({ tf, op, inputs: [x, gain] }) => tf.mul(tf.mul(x!, inverseRms(tf, x!, op.epsilon)), gain!),
  inverseRms: ({ tf, op, inputs: [x] }) => inverseRms(tf, x!, op.epsilon),
  rotary: ({ tf, inputs: [x, cos, sin] }) => {
    const [first, second] = tf.split(x!, 2, -1) as [Tensor, Tensor];
    return tf.concat(
      [tf.sub(tf.mul(first, cos!), tf.mul(second, sin!)), tf.add(tf.mul(second, cos!), tf.mul(first, sin!))],
      -1,
    );
  },
  stopGradient: unary('clone'),
};

/** The value of one node, given those of its operands; a tensor of its own even where the op changes nothing. */
export function computeNode(
  tf: Tfjs,
  node: Node,
  inputs: readonly Tensor[],
  feeds: ReadonlyMap<string, Tensor>,
): Tensor {
  // The table is keyed by op.kind, so the rule fits the op; TypeScript cannot follow that through a union.
  const rule = tfjsRules[node.op.kind] as (
    context: Operands & { op: Op; feeds: ReadonlyMap<string, Tensor> },
  ) => Tensor;
  const value = rule({ tf, node, op: node.op, inputs, feeds });
  return inputs.includes(value) ? tf.clone(value) : value;
}
