// The leaves of a graph: inputs (data and parameters alike) and constants.
import { DTypeError, ShapeError } from './errors.js';
import { type DType, isKind, type Node, type Shape } from './op.js';
import { assertShape, sizeOf } from './shape.js';
import { makeNode } from './shapeRules.js';

/** A value fed by name at run time; parameters are inputs too. */
export function input(name: string, shape: Shape, dtype: DType = 'float32'): Node {
  if (name === '') throw new ShapeError('input', [shape], 'an input needs a name that is not empty');
  return makeNode({ kind: 'input', name, shape: [...shape], dtype });
}

/**
 * A value known now: a number (repeated over `shape`, a scalar by default) or the elements in row-major order
 * (of shape `[length]` by default). The array is kept, not copied. Throws ShapeError or DTypeError when they do not fit.
 */
export function constant(values: number | Float32Array | Int32Array, shape?: Shape, dtype?: DType): Node {
  if (typeof values === 'number') {
    const repeated = shape ?? [];
    assertShape('constant', repeated);
    const filled = dtype === 'int32' ? new Int32Array(sizeOf(repeated)) : new Float32Array(sizeOf(repeated));
    return makeNode({ kind: 'constant', values: filled.fill(values), shape: [...repeated] });
  }
  const found: DType = values instanceof Int32Array ? 'int32' : 'float32';
  if (dtype !== undefined && dtype !== found) throw new DTypeError('constant', 'the array', found, dtype);
  return makeNode({ kind: 'constant', values, shape: [...(shape ?? [values.length])] });
}

/** The number that a scalar float constant holds, else null. */
export function scalarValue(node: Node): number | null {
  if (!isKind(node, 'constant') || node.shape.length > 0 || node.dtype !== 'float32') return null;
  return node.op.values[0]!;
}
