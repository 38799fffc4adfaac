// One table from our ops to ONNX nodes, choosing fused kernels of onnxruntime's CPU provider where it has them in float32.
// Gemm and com.microsoft's FusedMatMul take transposition as flags, so no product ever moves a matrix in memory first.
import { type Node, type OpKind, type OpOf, sizeOf } from '@strata/tensor';
import type { OnnxGraph } from './onnxGraph.js';

interface Context<K extends OpKind> extends Operands {
  readonly op: OpOf<K>;
  /** Values stored in the model, by input name. */
  readonly initializers: ReadonlyMap<string, Float32Array | Int32Array>;
  /** The operands of each normalisation emitted so far, by what it normalises. */
  readonly normalized: Map<string, readonly string[]>;
}

interface Operands {
  readonly graph: OnnxGraph;
  readonly node: Node;
  /** Names of the operands' values. */
  readonly inputs: readonly string[];
}

/** Adds the nodes for one op and returns the name of its value. */
type EmitRule<K extends OpKind> = (context: Context<K>) => string;

const microsoft = 'com.microsoft';

const direct =
  (opType: string, attributes = {}) =>
  ({ graph, inputs }: Operands): string =>
    graph.node(opType, inputs, attributes);

function reshaped(graph: OnnxGraph, value: string, shape: readonly number[]): string {
  return graph.node('Reshape', [value, graph.integers(...shape)]);
}

/** What a scatter adds into: the base where there is one, else zeros made at run time, not stored in the model. */
function scatterBase(graph: OnnxGraph, base: string | undefined, shape: readonly number[]): string {
  return base === undefined
    ? graph.node('ConstantOfShape', [graph.integers(...shape)])
    : graph.node('Reshape', [base, graph.integers(...shape)]);
}

function normalization(graph: OnnxGraph, inputs: readonly string[], epsilon: number, output: 0 | 1): string {
  const attributes = { axis: -1, epsilon: { float: epsilon } };
  return graph.node('SimplifiedLayerNormalization', inputs, attributes, '', output);
}

/** The ONNX nodes of every kind of op. */
export const emitRules: { readonly [K in OpKind]: EmitRule<K> } = {
  input: ({ graph, op, initializers }) => {
    const values = initializers.get(op.name);
    return values === undefined
      ? graph.input(op.name, op.shape, op.dtype)
      : graph.initializer(op.name, values, op.shape);
  },
  constant: ({ graph, op }) => graph.constant(op.values, op.shape),
  add: direct('Add'),
  subtract: direct('Sub'),
  multiply: direct('Mul'),
  divide: direct('Div'),
  negate: direct('Neg'),
  exp: direct('Exp'),
  log: direct('Log'),
  sqrt: direct('Sqrt'),
  tanh: direct('Tanh'),
  sigmoid: direct('Sigmoid'),
  // The derivative needs sigmoid(x) too, and finds this node.
  silu: ({ graph, inputs: [x] }) => graph.node('Mul', [x!, graph.node('Sigmoid', [x!])]),
  matmul: ({ graph, op, node, inputs }) => {
    const { transposeA: transA, transposeB: transB, scale } = op;
    const alpha = { float: scale };
    if (node.shape.length === 2) return graph.node('Gemm', inputs, { transA, transB, alpha });
    if (!transA && !transB && scale === 1) return graph.node('MatMul', inputs);
    return graph.node('FusedMatMul', inputs, { transA, transB, alpha }, microsoft);
  },
  sum: ({ graph, op, inputs: [x] }) =>
    graph.node('ReduceSum', [x!, graph.integers(...op.axes)], { keepdims: op.keepDims }),
  softmax: direct('Softmax', { axis: -1 }),
  logSoftmax: direct('LogSoftmax', { axis: -1 }),
  reshape: ({ graph, op, inputs: [x] }) => reshaped(graph, x!, op.shape),
  transpose: ({ graph, op, inputs }) => graph.node('Transpose', inputs, { perm: op.permutation }),
  slice: ({ graph, op, inputs: [x] }) =>
    graph.node('Slice', [x!, graph.integers(op.start), graph.integers(op.end), graph.integers(op.axis)]),
  concat: ({ graph, op, inputs }) => graph.node('Concat', inputs, { axis: op.axis }),
  pad: ({ graph, op, inputs: [x] }) =>
    graph.node('Pad', [x!, graph.integers(op.before, op.after), '', graph.integers(op.axis)]),
  broadcastTo: ({ graph, op, inputs: [x] }) => graph.node('Expand', [x!, graph.integers(...op.shape)]),
  gather: direct('Gather', { axis: 0 }),
  // Not ScatterND: its threads add to one row at the same time and lose updates (onnxruntime issue 23396).
  // ScatterElements adds one by one, in order; it wants an index for every element.
  scatterAdd: ({ graph, node, inputs: [indices, updates, base] }) => {
    const count = sizeOf(node.inputs[0]!.shape);
    const flat = [count, sizeOf(node.inputs[1]!.shape) / count];
    const rows = graph.node('Expand', [reshaped(graph, indices!, [count, 1]), graph.integers(...flat)]);
    const target = scatterBase(graph, base, [node.shape[0]!, flat[1]!]);
    const attributes = { axis: 0, reduction: 'add' };
    const total = graph.node('ScatterElements', [target, rows, reshaped(graph, updates!, flat)], attributes);
    return reshaped(graph, total, node.shape);
  },
  pick: direct('GatherElements', { axis: -1 }),
  scatterPick: ({ graph, node, inputs: [indices, values, base] }) => {
    const target = scatterBase(graph, base, node.shape);
    return graph.node('ScatterElements', [target, indices!, values!], { axis: -1, reduction: 'add' });
  },
  rmsNorm: ({ graph, op, inputs, normalized }) => {
    normalized.set(`${op.epsilon} ${inputs[0]}`, inputs);
    return normalization(graph, inputs, op.epsilon, 0);
  },
  // The kernel gives the inverse on the side: where x is normalised already, that costs nothing.
  inverseRms: ({ graph, op, node, inputs: [x], normalized }) => {
    const width = node.inputs[0]!.shape.at(-1)!;
    const known = normalized.get(`${op.epsilon} ${x}`);
    return normalization(graph, known ?? [x!, graph.constant(new Float32Array(width).fill(1), [width])], op.epsilon, 1);
  },
  rotary: ({ graph, node, inputs: [x, cos, sin] }) => {
    const [length, width] = node.shape.slice(-2) as [number, number];
    const rotated = (heads: string): string =>
      graph.node('RotaryEmbedding', [heads, graph.integers(0), cos!, sin!], {}, microsoft);
    if (node.shape.length === 4 && node.shape[0] === 1) return rotated(x!);
    return reshaped(
      graph,
      rotated(reshaped(graph, x!, [1, sizeOf(node.shape) / (length * width), length, width])),
      node.shape,
    );
  },
  stopGradient: ({ inputs: [x] }) => x!,
};

/** An emitter for one model: call it for each node in topological order, with the names of its operands' values. */
export function createEmitter(
  graph: OnnxGraph,
  initializers: ReadonlyMap<string, Float32Array | Int32Array>,
): (node: Node, inputs: readonly string[]) => string {
  const normalized = new Map<string, readonly string[]>();
  return (node, inputs) => {
    // The table is keyed by op.kind, so the rule fits the op; TypeScript cannot follow that through a union.
    const rule = emitRules[node.op.kind] as (context: Context<OpKind>) => string;
    return rule({ graph, node, op: node.op, inputs, initializers, normalized });
  };
}
