// One random example of every op, for all tests that walk the list of ops: random shapes with axes of length 1 and odd
// lengths, broadcasting, flags. Shared, so that the interpreter, the derivatives and both engines are asked the same.
import {
  add,
  broadcastTo,
  concat,
  constant,
  divide,
  exp,
  gather,
  gradients,
  input,
  inverseRms,
  isKind,
  log,
  logSoftmax,
  matmul,
  multiply,
  type Node,
  negate,
  type OpKind,
  pad,
  pick,
  reshape,
  rmsNorm,
  rotary,
  scatterAdd,
  scatterPick,
  sigmoid,
  silu,
  sizeOf,
  slice,
  softmax,
  sqrt,
  stopGradient,
  subtract,
  sum,
  tanh,
  topologicalOrder,
  transpose,
} from '@strata/tensor';
import fc from 'fast-check';

const WIDE = [8, 9, 16, 17, 31, 33, 65];

/** Draws shapes, inputs and their feeds for one example. */
export class Draw {
  readonly feeds: Record<string, Float32Array | Int32Array> = {};
  readonly #gen: fc.GeneratorValue;
  constructor(gen: fc.GeneratorValue) {
    this.#gen = gen;
  }

  integer(min: number, max: number): number {
    return this.#gen(fc.integer, { min, max });
  }

  coin(): boolean {
    return this.#gen(fc.boolean);
  }

  /** The length of an axis: mostly short, sometimes around the widths of vector registers, where kernels have a remainder. */
  length(): number {
    return this.integer(0, 7) === 0 ? WIDE[this.integer(0, WIDE.length - 1)]! : this.integer(1, 7);
  }

  /** A shape with short axes; the last one may be wide where there are few. */
  shape(minLength: number, maxLength = 4): number[] {
    const shape = this.#gen(fc.array, fc.integer({ min: 1, max: 5 }), { minLength, maxLength });
    return shape.length === 1 || shape.length === 2 ? shape.with(-1, this.length()) : shape;
  }

  floats(shape: readonly number[], min = -2, max = 2): Node {
    const name = `x${Object.keys(this.feeds).length}`;
    const length = sizeOf(shape);
    const values = fc.array(fc.double({ min, max, noNaN: true }), { minLength: length, maxLength: length });
    this.feeds[name] = Float32Array.from(this.#gen(() => values));
    return input(name, shape);
  }

  indices(shape: readonly number[], size: number): Node {
    const name = `ids${Object.keys(this.feeds).length}`;
    this.feeds[name] = Int32Array.from({ length: sizeOf(shape) }, () => this.integer(0, size - 1));
    return input(name, shape, 'int32');
  }

  /** Two shapes that broadcast: the second has axes of length 1, or fewer axes. */
  pair(): [number[], number[]] {
    const shape = this.shape(0);
    const other = shape.map((length) => (this.coin() ? length : 1)).slice(this.integer(0, shape.length));
    return this.coin() ? [shape, other] : [other, shape];
  }
}

const binary =
  (build: (a: Node, b: Node) => Node, min = -2) =>
  (draw: Draw): Node => {
    const [a, b] = draw.pair();
    return build(draw.floats(a, min), draw.floats(b, min));
  };
const unary =
  (build: (x: Node) => Node, min = -2, leastRank = 0) =>
  (draw: Draw): Node =>
    build(draw.floats(draw.shape(leastRank), min));

/** A random example of every kind of op; a table, so that an op without one is found. */
export const opCases: { readonly [K in OpKind]: (draw: Draw) => Node } = {
  input: unary((x) => x),
  constant: (draw) => {
    const shape = draw.shape(0);
    return constant(
      Float32Array.from({ length: sizeOf(shape) }, () => draw.integer(-9, 9)),
      shape,
    );
  },
  add: binary(add),
  subtract: binary(subtract),
  multiply: binary(multiply),
  divide: binary(divide, 0.5),
  negate: unary(negate),
  exp: unary(exp),
  log: unary(log, 0.1),
  sqrt: unary(sqrt, 0.1),
  tanh: unary(tanh),
  sigmoid: unary(sigmoid),
  silu: unary(silu),
  matmul: (draw) => {
    const leading = draw.shape(0, 2).map((length) => Math.min(length, 5));
    const [m, k, n] = [draw.length(), draw.length(), draw.length()] as const;
    const [transposeA, transposeB, shared] = [draw.coin(), draw.coin(), draw.coin()];
    const b = transposeB ? [n, k] : [k, n];
    const [x, y] = [[...leading, ...(transposeA ? [k, m] : [m, k])], shared ? b : [...leading, ...b]];
    return matmul(draw.floats(x), draw.floats(y), { transposeA, transposeB, scale: draw.coin() ? 1 : 0.37 });
  },
  sum: (draw) => {
    const shape = draw.shape(0);
    return sum(
      draw.floats(shape),
      [...shape.keys()].filter(() => draw.coin()),
      draw.coin(),
    );
  },
  softmax: unary(softmax, -2, 1),
  logSoftmax: unary(logSoftmax, -2, 1),
  reshape: (draw) => {
    const shape = draw.shape(0);
    return reshape(draw.floats(shape), draw.coin() ? [sizeOf(shape)] : [1, ...shape.toReversed()]);
  },
  transpose: (draw) => {
    const shape = draw.shape(1);
    const turn = draw.integer(0, shape.length - 1);
    return transpose(
      draw.floats(shape),
      [...shape.keys()]
        .slice(turn)
        .concat([...shape.keys()].slice(0, turn))
        .reverse(),
    );
  },
  slice: (draw) => {
    const shape = draw.shape(1);
    const axis = draw.integer(0, shape.length - 1);
    const start = draw.integer(0, shape[axis]! - 1);
    return slice(draw.floats(shape), axis, start, draw.integer(start + 1, shape[axis]!));
  },
  concat: (draw) => {
    const shape = draw.shape(1);
    const axis = draw.integer(0, shape.length - 1);
    const parts = Array.from({ length: draw.integer(1, 3) }, () => draw.floats(shape.with(axis, draw.integer(1, 3))));
    return concat(parts, axis);
  },
  pad: (draw) => {
    const shape = draw.shape(1);
    return pad(draw.floats(shape), draw.integer(0, shape.length - 1), draw.integer(0, 2), draw.integer(0, 2));
  },
  broadcastTo: (draw) => {
    const [a, b] = draw.pair();
    const [small, large] = sizeOf(a) * (a.length + 1) < sizeOf(b) * (b.length + 1) ? [a, b] : [b, a];
    return broadcastTo(draw.floats(small), large);
  },
  gather: (draw) => {
    const table = draw.shape(1, 3);
    return gather(draw.floats(table), draw.indices(draw.shape(0, 3), table[0]!));
  },
  scatterAdd: (draw) => {
    const [rest, at, size] = [draw.shape(0, 2), draw.shape(0, 2), draw.integer(1, 5)] as const;
    const base = draw.coin() ? draw.floats([size, ...rest]) : undefined;
    return scatterAdd(draw.indices(at, size), draw.floats([...at, ...rest]), size, base);
  },
  pick: (draw) => {
    const [rows, size] = [draw.shape(0, 3), draw.integer(1, 5)] as const;
    return pick(draw.floats([...rows, size]), draw.indices([...rows, draw.integer(1, 4)], size));
  },
  scatterPick: (draw) => {
    const [rows, size, count] = [draw.shape(0, 3), draw.integer(1, 5), draw.integer(1, 4)] as const;
    const base = draw.coin() ? draw.floats([...rows, size]) : undefined;
    return scatterPick(draw.indices([...rows, count], size), draw.floats([...rows, count]), size, base);
  },
  rmsNorm: (draw) => {
    const shape = draw.shape(1);
    return rmsNorm(draw.floats(shape), draw.floats([shape.at(-1)!]), 1e-3);
  },
  // Beside the normalisation of the same x, whose kernel it then shares, and alone.
  inverseRms: (draw) => {
    const x = draw.floats(draw.shape(1));
    const gain = draw.floats([x.shape.at(-1)!]);
    return draw.coin() ? add(rmsNorm(x, gain, 1e-3), inverseRms(x, 1e-3)) : add(inverseRms(x, 1e-3), gain);
  },
  rotary: (draw) => {
    const [leading, length, half] = [draw.shape(0, 2), draw.integer(1, 5), draw.integer(1, 9)] as const;
    const angles = [length, half];
    return rotary(draw.floats([...leading, length, 2 * half]), draw.floats(angles), draw.floats(angles));
  },
  stopGradient: unary((x) => add(stopGradient(x), 1)),
};

/** An example with the feeds that it needs, and its float inputs. */
export interface Example {
  readonly y: Node;
  readonly feeds: Readonly<Record<string, Float32Array | Int32Array>>;
  readonly inputs: readonly Node[];
}

/** Draws an example of an op. */
export function drawExample(kind: OpKind, gen: fc.GeneratorValue): Example {
  const draw = new Draw(gen);
  const y = opCases[kind](draw);
  // A builder may answer with something simpler, in which some inputs are gone.
  const used = topologicalOrder([y]).filter((node) => isKind(node, 'input'));
  const feeds = Object.fromEntries(used.map(({ op }) => [op.name, draw.feeds[op.name]!]));
  return { y, feeds, inputs: used.filter(({ dtype }) => dtype === 'float32') };
}

/** Ops whose examples reach no input by a path on which a derivative flows. */
const withoutGradient: ReadonlySet<OpKind> = new Set(['constant', 'stopGradient']);

/** The sum of an example's elements, each with a weight of its own, and the gradient for each of its float inputs. */
export function lossAndGradients(kind: OpKind, { y, inputs }: Example): { loss: Node; found: Record<string, Node> } {
  const weights = Float32Array.from({ length: sizeOf(y.shape) }, (_, i) => Math.cos(1.7 * i + 0.4));
  const loss = sum(multiply(y, constant(weights, y.shape)));
  if (withoutGradient.has(kind)) return { loss, found: {} };
  const found = gradients(loss, inputs).map((node, i) => [`gradient${i}`, node] as const);
  return { loss, found: Object.fromEntries(found) };
}
