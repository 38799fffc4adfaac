// What every op means, in plain float64 loops: the judge of all engines, written to be read and not to be fast.
// Arrays are row-major; int32 tensors are kept as float64 too.
import { IndexError } from './errors.js';
import type { Node, Op, OpKind, OpOf, Shape } from './op.js';
import { broadcastStrides, offsetsOf, sizeOf, stridesOf } from './shape.js';

interface Operands {
  readonly node: Node;
  /** Shapes of the operands. */
  readonly shapes: readonly Shape[];
  /** Elements of the operands. */
  readonly values: readonly Float64Array[];
}

interface Context<K extends OpKind> extends Operands {
  readonly op: OpOf<K>;
  readonly feeds: Readonly<Record<string, ArrayLike<number>>>;
}

type Rule<K extends OpKind> = (context: Context<K>) => Float64Array;

const binary =
  (apply: (a: number, b: number) => number) =>
  ({ node, shapes, values: [a, b] }: Operands): Float64Array => {
    const offsetsA = offsetsOf(node.shape, broadcastStrides(shapes[0]!, node.shape));
    const offsetsB = offsetsOf(node.shape, broadcastStrides(shapes[1]!, node.shape));
    return Float64Array.from(offsetsA, (offset, i) => apply(a![offset]!, b![offsetsB[i]!]!));
  };

const unary =
  (apply: (x: number) => number) =>
  ({ values: [x] }: Operands): Float64Array =>
    x!.map(apply);

/** Applies a function to every row along the last axis. */
const rows =
  (apply: (row: Float64Array) => ArrayLike<number>) =>
  ({ node, shapes: [shape], values: [x] }: Operands): Float64Array => {
    const width = shape!.at(-1)!;
    const result = new Float64Array(sizeOf(node.shape));
    const count = x!.length / width;
    for (let row = 0; row < count; row++) {
      result.set(apply(x!.subarray(row * width, (row + 1) * width)), (row * result.length) / count);
    }
    return result;
  };

function logSumExp(row: Float64Array): number {
  const largest = row.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  return largest + Math.log(row.reduce((total, x) => total + Math.exp(x - largest), 0));
}

function inverseRms(row: Float64Array, epsilon: number): number {
  return 1 / Math.sqrt(row.reduce((total, x) => total + x * x, 0) / row.length + epsilon);
}

/** Elements of x at the given offsets. */
const take = (x: Float64Array, offsets: Int32Array): Float64Array => Float64Array.from(offsets, (at) => x[at]!);

function checkedIndex(op: string, index: number, size: number): number {
  if (!(index >= 0 && index < size)) throw new IndexError(op, index, size);
  return index;
}

function fed({ op, feeds }: Context<'input'>): Float64Array {
  return Float64Array.from(feeds[op.name]!);
}

/** The value of every kind of op. */
export const interpretRules: { readonly [K in OpKind]: Rule<K> } = {
  input: fed,
  constant: ({ op }) => Float64Array.from(op.values),
  add: binary((a, b) => a + b),
  subtract: binary((a, b) => a - b),
  multiply: binary((a, b) => a * b),
  divide: binary((a, b) => a / b),
  negate: unary((x) => -x),
  exp: unary(Math.exp),
  log: unary(Math.log),
  sqrt: unary(Math.sqrt),
  tanh: unary(Math.tanh),
  sigmoid: unary((x) => 1 / (1 + Math.exp(-x))),
  silu: unary((x) => x / (1 + Math.exp(-x))),
  matmul: ({ op, node, shapes, values: [a, b] }) => {
    const [rowsM, columnsN] = node.shape.slice(-2) as [number, number];
    const inner = shapes[0]!.at(op.transposeA ? -2 : -1)!;
    const [rowA, innerA] = op.transposeA ? [1, rowsM] : [inner, 1];
    const [innerB, columnB] = op.transposeB ? [1, inner] : [columnsN, 1];
    const result = new Float64Array(sizeOf(node.shape));
    for (let i = 0; i < result.length; i++) {
      const column = i % columnsN;
      const row = Math.floor(i / columnsN) % rowsM;
      const batch = Math.floor(i / (columnsN * rowsM));
      let at = batch * rowsM * inner + row * rowA;
      let bt = batch * columnsN * inner + column * columnB;
      let total = 0;
      for (let k = 0; k < inner; k++, at += innerA, bt += innerB) total += a![at]! * b![bt]!;
      result[i] = op.scale * total;
    }
    return result;
  },
  sum: ({ op, node, shapes: [shape], values: [x] }) => {
    const kept = shape!.map((length, axis) => (op.axes.includes(axis) ? 1 : length));
    const offsets = offsetsOf(shape!, broadcastStrides(kept, shape!));
    const result = new Float64Array(sizeOf(node.shape));
    offsets.forEach((offset, i) => {
      result[offset]! += x![i]!;
    });
    return result;
  },
  softmax: rows((row) => {
    const total = logSumExp(row);
    return row.map((x) => Math.exp(x - total));
  }),
  logSoftmax: rows((row) => {
    const total = logSumExp(row);
    return row.map((x) => x - total);
  }),
  reshape: ({ values: [x] }) => x!,
  transpose: ({ op, node, shapes: [shape], values: [x] }) => {
    const strides = stridesOf(shape!);
    return take(
      x!,
      offsetsOf(
        node.shape,
        op.permutation.map((axis) => strides[axis]!),
      ),
    );
  },
  slice: ({ op, node, shapes: [shape], values: [x] }) => {
    const strides = stridesOf(shape!);
    return take(x!, offsetsOf(node.shape, strides, op.start * strides[op.axis]!));
  },
  concat: ({ op, node, shapes, values }) => {
    const strides = stridesOf(node.shape);
    const result = new Float64Array(sizeOf(node.shape));
    let start = 0;
    shapes.forEach((shape, operand) => {
      offsetsOf(shape, strides, start * strides[op.axis]!).forEach((offset, i) => {
        result[offset] = values[operand]![i]!;
      });
      start += shape[op.axis]!;
    });
    return result;
  },
  pad: ({ op, node, shapes: [shape], values: [x] }) => {
    const strides = stridesOf(node.shape);
    const result = new Float64Array(sizeOf(node.shape));
    offsetsOf(shape!, strides, op.before * strides[op.axis]!).forEach((offset, i) => {
      result[offset] = x![i]!;
    });
    return result;
  },
  broadcastTo: ({ node, shapes: [shape], values: [x] }) =>
    take(x!, offsetsOf(node.shape, broadcastStrides(shape!, node.shape))),
  gather: ({ node, shapes: [shape], values: [table, indices] }) => {
    const width = sizeOf(shape!.slice(1));
    const result = new Float64Array(sizeOf(node.shape));
    indices!.forEach((index, i) => {
      const start = checkedIndex('gather', index, shape![0]!) * width;
      result.set(table!.subarray(start, start + width), i * width);
    });
    return result;
  },
  scatterAdd: ({ op, node, values: [indices, updates, base] }) => {
    const result = base?.slice() ?? new Float64Array(sizeOf(node.shape));
    const width = result.length / op.size;
    indices!.forEach((index, i) => {
      const start = checkedIndex('scatterAdd', index, op.size) * width;
      for (let j = 0; j < width; j++) result[start + j]! += updates![i * width + j]!;
    });
    return result;
  },
  pick: ({ shapes: [shape, indexShape], values: [x, indices] }) => {
    const size = shape!.at(-1)!;
    const count = indexShape!.at(-1)!;
    return indices!.map((index, i) => x![Math.floor(i / count) * size + checkedIndex('pick', index, size)]!);
  },
  scatterPick: ({ op, node, shapes: [indexShape], values: [indices, values, base] }) => {
    const result = base?.slice() ?? new Float64Array(sizeOf(node.shape));
    const count = indexShape!.at(-1)!;
    indices!.forEach((index, i) => {
      result[Math.floor(i / count) * op.size + checkedIndex('scatterPick', index, op.size)]! += values![i]!;
    });
    return result;
  },
  rmsNorm: (context) => {
    const gain = context.values[1]!;
    return rows((row) => {
      const inverse = inverseRms(row, context.op.epsilon);
      return row.map((x, i) => x * inverse * gain[i]!);
    })(context);
  },
  inverseRms: (context) => rows((row) => [inverseRms(row, context.op.epsilon)])(context),
  rotary: ({ shapes: [shape], values: [x, cos, sin] }) => {
    const [length, width] = shape!.slice(-2) as [number, number];
    const half = width / 2;
    return x!.map((value, i) => {
      const k = i % width;
      const angle = (Math.floor(i / width) % length) * half + (k % half);
      const partner = k < half ? -x![i + half]! : x![i - half]!;
      return value * cos![angle]! + partner * sin![angle]!;
    });
  },
  stopGradient: ({ values: [x] }) => x!,
};

/** The value of one node, given those of its operands. */
export function interpretNode(
  node: Node,
  values: readonly Float64Array[],
  feeds: Readonly<Record<string, ArrayLike<number>>>,
): Float64Array {
  // The table is keyed by op.kind, so the rule fits the op; TypeScript cannot follow that through a union.
  const rule = interpretRules[node.op.kind] as (
    context: Operands & { op: Op; feeds: Readonly<Record<string, ArrayLike<number>>> },
  ) => Float64Array;
  return rule({ op: node.op, node, shapes: node.inputs.map((x) => x.shape), values, feeds });
}
