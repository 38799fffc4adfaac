// One table of shape rules: what each op accepts, and the shape and type that come out.
// It is keyed by the closed union, so an op without a rule does not compile.
import { DTypeError, ShapeError } from './errors.js';
import type { DType, Node, Op, OpKind, OpOf, Shape } from './op.js';
import { assertShape, broadcastShapes, sameShape, sizeOf } from './shape.js';

interface Result {
  readonly shape: Shape;
  readonly dtype: DType;
}

type ShapeRule<K extends OpKind> = (op: OpOf<K>, inputs: readonly Node[]) => Result;

const float = (shape: Shape): Result => ({ shape, dtype: 'float32' });

function assertFloatOperand(op: string, operand: string, node: Node): void {
  if (node.dtype !== 'float32') throw new DTypeError(op, operand, node.dtype, 'float32');
}

function assertFloat(op: string, ...nodes: readonly Node[]): void {
  nodes.forEach((node, i) => {
    assertFloatOperand(op, `operand ${i}`, node);
  });
}

function assertIndices(op: string, node: Node): void {
  if (node.dtype !== 'int32') throw new DTypeError(op, 'indices', node.dtype, 'int32');
}

function assertRank(op: string, node: Node, least: number): void {
  if (node.shape.length < least) throw new ShapeError(op, [node.shape], `at least ${least} axes are needed`);
}

function binary(op: Op, inputs: readonly Node[]): Result {
  const [a, b] = inputs as [Node, Node];
  assertFloat(op.kind, a, b);
  const shape = broadcastShapes(a.shape, b.shape);
  if (shape === null) {
    throw new ShapeError(op.kind, [a.shape, b.shape], 'aligned from the last axis, lengths have to be equal or 1');
  }
  return float(shape);
}

function unary(op: Op, inputs: readonly Node[]): Result {
  assertFloat(op.kind, inputs[0]!);
  return float(inputs[0]!.shape);
}

function alongLastAxis(op: Op, inputs: readonly Node[]): Result {
  assertRank(op.kind, inputs[0]!, 1);
  return unary(op, inputs);
}

/** The shape of a product of matrices: equal leading axes or `b` of rank 2. Throws ShapeError naming both operands. */
export function matmulShape(a: Shape, b: Shape, transposeA: boolean, transposeB: boolean): Shape {
  const flags = `${transposeA ? ' transposeA' : ''}${transposeB ? ' transposeB' : ''}`;
  const fail = (accepted: string): never => {
    throw new ShapeError(`matmul${flags}`, [a, b], accepted);
  };
  if (a.length < 2 || b.length < 2) return fail('both operands need at least 2 axes');
  if (b.length !== 2 && !sameShape(a.slice(0, -2), b.slice(0, -2))) {
    return fail('leading axes have to be equal, or the second operand of rank 2');
  }
  const [rows, innerA] = transposeA ? [a.at(-1)!, a.at(-2)!] : [a.at(-2)!, a.at(-1)!];
  const [innerB, columns] = transposeB ? [b.at(-1)!, b.at(-2)!] : [b.at(-2)!, b.at(-1)!];
  if (innerA !== innerB) return fail(`the inner lengths ${innerA} and ${innerB} have to be equal`);
  return [...a.slice(0, -2), rows, columns];
}

function assertBase(op: string, base: Node | undefined, shape: Shape): void {
  if (base === undefined) return;
  assertFloatOperand(op, 'base', base);
  if (!sameShape(base.shape, shape)) throw new ShapeError(`${op} base`, [base.shape, shape], 'they have to be equal');
}

/** Checks the operands of each kind of op and tells the shape and type of its result. */
export const shapeRules: { readonly [K in OpKind]: ShapeRule<K> } = {
  input: (op) => {
    assertShape(`input ${op.name}`, op.shape);
    return { shape: op.shape, dtype: op.dtype };
  },
  constant: (op) => {
    assertShape('constant', op.shape);
    if (sizeOf(op.shape) !== op.values.length) {
      throw new ShapeError('constant', [op.shape], `it holds ${sizeOf(op.shape)} values, not ${op.values.length}`);
    }
    return { shape: op.shape, dtype: op.values instanceof Int32Array ? 'int32' : 'float32' };
  },
  add: binary,
  subtract: binary,
  multiply: binary,
  divide: binary,
  negate: unary,
  exp: unary,
  log: unary,
  sqrt: unary,
  tanh: unary,
  sigmoid: unary,
  silu: unary,
  matmul: (op, [a, b]) => {
    assertFloat(op.kind, a!, b!);
    if (a!.shape.length !== b!.shape.length) {
      throw new ShapeError(op.kind, [a!.shape, b!.shape], 'the op itself takes operands of equal rank');
    }
    return float(matmulShape(a!.shape, b!.shape, op.transposeA, op.transposeB));
  },
  sum: (op, [x]) => {
    assertFloat(op.kind, x!);
    const lengths = x!.shape.map((length, axis) => (op.axes.includes(axis) ? 1 : length));
    return float(op.keepDims ? lengths : lengths.filter((_, axis) => !op.axes.includes(axis)));
  },
  softmax: alongLastAxis,
  logSoftmax: alongLastAxis,
  reshape: (op, [x]) => {
    assertShape(op.kind, op.shape);
    if (sizeOf(op.shape) !== sizeOf(x!.shape)) {
      throw new ShapeError(
        op.kind,
        [x!.shape, op.shape],
        `${sizeOf(x!.shape)} elements cannot become ${sizeOf(op.shape)}`,
      );
    }
    return { shape: op.shape, dtype: x!.dtype };
  },
  transpose: (op, [x]) => {
    const seen = [...op.permutation].sort((a, b) => a - b);
    if (seen.length !== x!.shape.length || seen.some((axis, i) => axis !== i)) {
      throw new ShapeError(op.kind, [x!.shape], `[${op.permutation.join(', ')}] does not name each of its axes once`);
    }
    return { shape: op.permutation.map((axis) => x!.shape[axis]!), dtype: x!.dtype };
  },
  slice: (op, [x]) => {
    const length = x!.shape[op.axis]!;
    if (
      !Number.isInteger(op.start) ||
      !Number.isInteger(op.end) ||
      op.start < 0 ||
      op.end > length ||
      op.start >= op.end
    ) {
      throw new ShapeError(
        op.kind,
        [x!.shape],
        `${op.start}..${op.end} is no part of axis ${op.axis} of length ${length}`,
      );
    }
    return { shape: x!.shape.with(op.axis, op.end - op.start), dtype: x!.dtype };
  },
  concat: (op, inputs) => {
    const first = inputs[0]!;
    for (const node of inputs) {
      if (node.dtype !== first.dtype) throw new DTypeError(op.kind, 'an operand', node.dtype, first.dtype);
      if (
        node.shape.length !== first.shape.length ||
        !sameShape(node.shape.with(op.axis, 1), first.shape.with(op.axis, 1))
      ) {
        throw new ShapeError(op.kind, [first.shape, node.shape], `they may differ in axis ${op.axis} only`);
      }
    }
    const length = inputs.reduce((total, node) => total + node.shape[op.axis]!, 0);
    return { shape: first.shape.with(op.axis, length), dtype: first.dtype };
  },
  pad: (op, [x]) => {
    if (![op.before, op.after].every((count) => Number.isInteger(count) && count >= 0)) {
      throw new ShapeError(
        op.kind,
        [x!.shape],
        `cannot add ${op.before} before and ${op.after} after; both are counts`,
      );
    }
    return { shape: x!.shape.with(op.axis, x!.shape[op.axis]! + op.before + op.after), dtype: x!.dtype };
  },
  broadcastTo: (op, [x]) => {
    assertShape(op.kind, op.shape);
    const shape = broadcastShapes(x!.shape, op.shape);
    if (shape === null || !sameShape(shape, op.shape)) {
      throw new ShapeError(op.kind, [x!.shape, op.shape], 'aligned from the last axis, lengths have to be equal or 1');
    }
    return { shape: op.shape, dtype: x!.dtype };
  },
  gather: (op, [table, indices]) => {
    assertRank(op.kind, table!, 1);
    assertIndices(op.kind, indices!);
    return { shape: [...indices!.shape, ...table!.shape.slice(1)], dtype: table!.dtype };
  },
  scatterAdd: (op, [indices, updates, base]) => {
    assertIndices(op.kind, indices!);
    assertFloatOperand(op.kind, 'updates', updates!);
    assertShape(op.kind, [op.size]);
    const rank = indices!.shape.length;
    if (!sameShape(updates!.shape.slice(0, rank), indices!.shape)) {
      throw new ShapeError(
        op.kind,
        [indices!.shape, updates!.shape],
        'updates have to begin with the axes of the indices',
      );
    }
    const shape = [op.size, ...updates!.shape.slice(rank)];
    assertBase(op.kind, base, shape);
    return float(shape);
  },
  pick: (op, [x, indices]) => {
    assertRank(op.kind, x!, 1);
    assertIndices(op.kind, indices!);
    if (indices!.shape.length === 0 || !sameShape(x!.shape.slice(0, -1), indices!.shape.slice(0, -1))) {
      throw new ShapeError(op.kind, [x!.shape, indices!.shape], 'all axes but the last have to be equal');
    }
    return { shape: indices!.shape, dtype: x!.dtype };
  },
  scatterPick: (op, [indices, values, base]) => {
    assertIndices(op.kind, indices!);
    assertFloatOperand(op.kind, 'values', values!);
    assertRank(op.kind, indices!, 1);
    assertShape(op.kind, [op.size]);
    if (!sameShape(indices!.shape, values!.shape)) {
      throw new ShapeError(op.kind, [indices!.shape, values!.shape], 'there has to be one value for each index');
    }
    const shape = [...indices!.shape.slice(0, -1), op.size];
    assertBase(op.kind, base, shape);
    return float(shape);
  },
  rmsNorm: (op, [x, gain]) => {
    assertFloat(op.kind, x!, gain!);
    assertRank(op.kind, x!, 1);
    if (!sameShape(gain!.shape, [x!.shape.at(-1)!])) {
      throw new ShapeError(op.kind, [x!.shape, gain!.shape], 'the gain has to have the shape of the last axis');
    }
    return float(x!.shape);
  },
  inverseRms: (op, [x]) => {
    assertRank(op.kind, x!, 1);
    assertFloat(op.kind, x!);
    return float(x!.shape.with(-1, 1));
  },
  rotary: (op, [x, cos, sin]) => {
    assertFloat(op.kind, x!, cos!, sin!);
    assertRank(op.kind, x!, 2);
    const [length, width] = x!.shape.slice(-2) as [number, number];
    if (width % 2 !== 0)
      throw new ShapeError(op.kind, [x!.shape], 'the last axis has to be even, to be rotated in pairs');
    for (const angles of [cos!, sin!]) {
      if (!sameShape(angles.shape, [length, width / 2])) {
        throw new ShapeError(op.kind, [x!.shape, angles.shape], `cos and sin have to be [${length}, ${width / 2}]`);
      }
    }
    return float(x!.shape);
  },
  stopGradient: (_, [x]) => ({ shape: x!.shape, dtype: x!.dtype }),
};

/** Makes a node after checking its operands against the table. */
export function makeNode(op: Op, inputs: readonly Node[] = []): Node {
  // The table is keyed by op.kind, so the rule fits the op; TypeScript cannot follow that through a union.
  const rule = shapeRules[op.kind] as (op: Op, inputs: readonly Node[]) => Result;
  const { shape, dtype } = rule(op, inputs);
  return Object.freeze({ op, inputs: Object.freeze([...inputs]), shape: Object.freeze([...shape]), dtype });
}
