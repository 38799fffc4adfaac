// The errors of this package: each says which op, what was found, what is accepted, and what to do.
// They are raised while a graph is built, so that a wrong shape never reaches an engine.
import type { DType, Shape } from './op.js';

/** Renders a shape as `[2, 3]`; a scalar is `[]`. */
export function formatShape(shape: Shape): string {
  return `[${shape.join(', ')}]`;
}

/** Operands whose shapes an op cannot take. */
export class ShapeError extends Error {
  override readonly name = 'ShapeError';
  constructor(op: string, shapes: readonly Shape[], accepted: string) {
    super(`${op}: got ${shapes.map(formatShape).join(' and ')}; ${accepted}`);
  }
}

/** Operands whose element type an op cannot take. */
export class DTypeError extends Error {
  override readonly name = 'DTypeError';
  constructor(op: string, operand: string, found: DType, accepted: DType) {
    super(`${op}: ${operand} is ${found}; it has to be ${accepted}. Declare it so where it is made (input, constant).`);
  }
}

/** Values fed for a graph's inputs that do not fit: missing, unknown, of a wrong length or type. */
export class FeedError extends Error {
  override readonly name = 'FeedError';
}

/** An index outside the axis it points into. */
export class IndexError extends Error {
  override readonly name = 'IndexError';
  constructor(op: string, index: number, size: number) {
    super(`${op}: index ${index} is outside 0..${size - 1}; check that the ids belong to this vocabulary.`);
  }
}

/** A derivative that was asked for and does not exist. */
export class GradientError extends Error {
  override readonly name = 'GradientError';
}
