// Arithmetic on shapes: sizes, strides, axes, and numpy's broadcasting rule (NumPy manual, "Broadcasting").
import { ShapeError } from './errors.js';
import type { Shape } from './op.js';

/** The number of elements of a shape; 1 for a scalar. */
export function sizeOf(shape: Shape): number {
  let size = 1;
  for (const length of shape) size *= length;
  return size;
}

/** Row-major strides, in elements. */
export function stridesOf(shape: Shape): number[] {
  const strides = new Array<number>(shape.length);
  let stride = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    strides[axis] = stride;
    stride *= shape[axis]!;
  }
  return strides;
}

/** Whether two shapes are the same. */
export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((length, axis) => length === b[axis]);
}

/** The shape two operands broadcast to, or null where they cannot. */
export function broadcastShapes(a: Shape, b: Shape): number[] | null {
  const rank = Math.max(a.length, b.length);
  const shape = new Array<number>(rank);
  for (let axis = 0; axis < rank; axis++) {
    const lengthA = a[axis - rank + a.length] ?? 1;
    const lengthB = b[axis - rank + b.length] ?? 1;
    if (lengthA !== lengthB && lengthA !== 1 && lengthB !== 1) return null;
    shape[axis] = Math.max(lengthA, lengthB);
  }
  return shape;
}

/** Strides of a tensor of shape `from` read as if it had the shape `to`: 0 along the axes that are repeated. */
export function broadcastStrides(from: Shape, to: Shape): number[] {
  const own = stridesOf(from);
  const added = to.length - from.length;
  return to.map((_, axis) => (axis < added || from[axis - added] === 1 ? 0 : own[axis - added]!));
}

/** For each element of `shape` in row-major order, its offset under other strides. */
export function offsetsOf(shape: Shape, strides: readonly number[], start = 0): Int32Array {
  let offsets = Int32Array.of(start);
  for (let axis = 0; axis < shape.length; axis++) {
    const length = shape[axis]!;
    const next = new Int32Array(offsets.length * length);
    for (let i = 0; i < offsets.length; i++) {
      for (let j = 0; j < length; j++) next[i * length + j] = offsets[i]! + j * strides[axis]!;
    }
    offsets = next;
  }
  return offsets;
}

/** An axis counted from the front; negative ones count from the end. Throws ShapeError when there is no such axis. */
export function normalizeAxis(op: string, shape: Shape, axis: number): number {
  const fromFront = axis < 0 ? axis + shape.length : axis;
  if (!Number.isInteger(axis) || fromFront < 0 || fromFront >= shape.length) {
    throw new ShapeError(
      op,
      [shape],
      `axis ${axis} does not exist; accepted are ${-shape.length}..${shape.length - 1}`,
    );
  }
  return fromFront;
}

/** Throws ShapeError unless every length is a positive integer. */
export function assertShape(op: string, shape: Shape): void {
  if (shape.some((length) => !Number.isInteger(length) || length < 1)) {
    throw new ShapeError(op, [shape], 'every axis has to be an integer of at least 1');
  }
}
