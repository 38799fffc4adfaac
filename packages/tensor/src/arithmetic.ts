// Elementwise ops. Builders drop work that is visibly none (x * 1, x - -y, a broadcast that broadcasting repeats anyway):
// derivatives produce such terms by the dozen, and each costs an engine one pass over memory.
import { isKind, type Node, type OpKind } from './op.js';
import { broadcastShapes, sameShape } from './shape.js';
import { makeNode } from './shapeRules.js';
import { constant, scalarValue } from './sources.js';

type BinaryKind = 'add' | 'subtract' | 'multiply' | 'divide';
type UnaryKind = Extract<OpKind, 'negate' | 'exp' | 'log' | 'sqrt' | 'tanh' | 'sigmoid' | 'silu'>;

const fold: { readonly [K in BinaryKind]: (a: number, b: number) => number } = {
  add: (a, b) => a + b,
  subtract: (a, b) => a - b,
  multiply: (a, b) => a * b,
  divide: (a, b) => a / b,
};

/** What remains of a repeated operand when the other operand repeats it anyway. */
function withoutBroadcast(node: Node, other: Node): Node {
  if (!isKind(node, 'broadcastTo')) return node;
  const source = node.inputs[0]!;
  const shape = broadcastShapes(source.shape, other.shape);
  return shape !== null && sameShape(shape, node.shape) ? source : node;
}

function binary(kind: BinaryKind, left: Node | number, right: Node | number): Node {
  const [givenA, givenB] = [left, right].map((x) => (typeof x === 'number' ? constant(x) : x)) as [Node, Node];
  const node = makeNode({ kind }, [givenA, givenB]);
  const a = withoutBroadcast(givenA, givenB);
  const b = withoutBroadcast(givenB, a);
  const [valueA, valueB] = [scalarValue(a), scalarValue(b)];
  if (valueA !== null && valueB !== null && node.shape.length === 0) return constant(fold[kind](valueA, valueB));
  const neutral = kind === 'add' || kind === 'subtract' ? 0 : 1;
  if (valueB === neutral && sameShape(a.shape, node.shape)) return a;
  if (valueA === neutral && sameShape(b.shape, node.shape) && (kind === 'add' || kind === 'multiply')) return b;
  if (kind === 'add' && isKind(b, 'negate')) return binary('subtract', a, b.inputs[0]!);
  if (kind === 'add' && isKind(a, 'negate')) return binary('subtract', b, a.inputs[0]!);
  if (kind === 'subtract' && isKind(b, 'negate')) return binary('add', a, b.inputs[0]!);
  return a === givenA && b === givenB ? node : makeNode({ kind }, [a, b]);
}

function unary(kind: UnaryKind, x: Node): Node {
  const node = makeNode({ kind }, [x]);
  // Compute once, then repeat.
  if (isKind(x, 'broadcastTo')) return makeNode(x.op, [unary(kind, x.inputs[0]!)]);
  if (kind === 'negate') {
    if (isKind(x, 'negate')) return x.inputs[0]!;
    const value = scalarValue(x);
    if (value !== null) return constant(-value);
  }
  return node;
}

/** a + b with numpy broadcasting. Throws ShapeError. */
export const add = (a: Node | number, b: Node | number): Node => binary('add', a, b);

/** a - b with numpy broadcasting. Throws ShapeError. */
export const subtract = (a: Node | number, b: Node | number): Node => binary('subtract', a, b);

/** a * b with numpy broadcasting. Throws ShapeError. */
export const multiply = (a: Node | number, b: Node | number): Node => binary('multiply', a, b);

/** a / b with numpy broadcasting. Throws ShapeError. */
export const divide = (a: Node | number, b: Node | number): Node => binary('divide', a, b);

/** -x. */
export const negate = (x: Node): Node => unary('negate', x);

/** e to the power of x. */
export const exp = (x: Node): Node => unary('exp', x);

/** The natural logarithm of x. */
export const log = (x: Node): Node => unary('log', x);

/** The square root of x. */
export const sqrt = (x: Node): Node => unary('sqrt', x);

/** The hyperbolic tangent of x. */
export const tanh = (x: Node): Node => unary('tanh', x);

/** 1 / (1 + e^-x). */
export const sigmoid = (x: Node): Node => unary('sigmoid', x);

/** x * sigmoid(x) (Elfwing et al. 2017); an op of its own, because its derivative then takes fewer passes. */
export const silu = (x: Node): Node => unary('silu', x);
