// Ops that contract axes: products of matrices and sums.

import { divide, multiply } from './arithmetic.js';
import { broadcastTo, reshape, transpose } from './movement.js';
import { isKind, type Node } from './op.js';
import { normalizeAxis, sizeOf } from './shape.js';
import { makeNode, matmulShape } from './shapeRules.js';
import { scalarValue } from './sources.js';

/** How the operands of a product are read; `scale` multiplies the result and is free in the engine. */
export interface MatmulOptions {
  readonly transposeA?: boolean;
  readonly transposeB?: boolean;
  readonly scale?: number;
}

/**
 * scale * a b over the last two axes: [..., M, K] [..., K, N] -> [..., M, N], leading axes equal, or b of rank 2.
 * A flag means that the operand comes with its last two axes swapped. Throws ShapeError.
 */
export function matmul(a: Node, b: Node, options: MatmulOptions = {}): Node {
  const { transposeA = false, transposeB = false, scale = 1 } = options;
  const shape = matmulShape(a.shape, b.shape, transposeA, transposeB);
  if (a.shape.length === b.shape.length) return makeNode({ kind: 'matmul', transposeA, transposeB, scale }, [a, b]);
  // Shared weights: all leading axes become rows, so that forward and both gradients are one large product each.
  const swapped = [...a.shape.keys()].slice(0, -2).concat(a.shape.length - 1, a.shape.length - 2);
  const rows = transposeA ? transpose(a, swapped) : a;
  const inner = rows.shape.at(-1)!;
  const flat = reshape(rows, [sizeOf(rows.shape) / inner, inner]);
  return reshape(makeNode({ kind: 'matmul', transposeA: false, transposeB, scale }, [flat, b]), shape);
}

/** The sum over some axes (all by default; negative ones count from the end). */
export function sum(x: Node, axes?: readonly number[], keepDims = false): Node {
  const normalized = (axes ?? [...x.shape.keys()]).map((axis) => normalizeAxis('sum', x.shape, axis));
  const unique = [...new Set(normalized)].sort((a, b) => a - b);
  const node = makeNode({ kind: 'sum', axes: unique, keepDims }, [x]);
  if (unique.every((axis) => x.shape[axis] === 1)) return reshape(x, node.shape);
  // A repeated scalar is not added up one by one.
  if (isKind(x, 'broadcastTo') && scalarValue(x.inputs[0]!) !== null) {
    return broadcastTo(multiply(x.inputs[0]!, sizeOf(x.shape) / sizeOf(node.shape)), node.shape);
  }
  return node;
}

/** The mean over some axes (all by default). */
export function mean(x: Node, axes?: readonly number[], keepDims = false): Node {
  const total = sum(x, axes, keepDims);
  return divide(total, sizeOf(x.shape) / sizeOf(total.shape));
}
