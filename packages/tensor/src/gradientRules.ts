// One table of derivatives: from the gradient of a node to the gradients of its operands, as nodes like any other.
// After tinygrad's gradient table. Terms nobody asks for stay unreachable, so rules write all of them down.
import { add, divide, exp, multiply, negate, sigmoid, subtract } from './arithmetic.js';
import { matmul, sum } from './contraction.js';
import { gather, pick, scatterAdd, scatterPick } from './indexing.js';
import { inverseRms, rotary } from './layers.js';
import { broadcastTo, concat, pad, reshape, slice, transpose } from './movement.js';
import { isKind, type Node, type OpKind, type OpOf, type Shape } from './op.js';
import { sameShape, sizeOf } from './shape.js';
import { constant } from './sources.js';

/** What a rule sees: the node (its value, as computed forward), its op and operands, and the gradient that reaches it. */
interface Context<K extends OpKind> {
  readonly node: Node;
  readonly op: OpOf<K>;
  readonly inputs: readonly Node[];
  readonly gradient: Node;
}

/** One gradient for each operand; null for an operand that has none (indices). */
type GradientRule<K extends OpKind> = (context: Context<K>) => readonly (Node | null)[];

/** An op through which no gradient flows, and why. */
type NoGradient = 'source' | 'stopped';

/** Sums over the axes along which broadcasting repeated an operand. */
function unbroadcast(gradient: Node, shape: Shape): Node {
  const added = gradient.shape.length - shape.length;
  const axes = [...gradient.shape.keys()].filter(
    (axis) => axis < added || (shape[axis - added] === 1 && gradient.shape[axis] !== 1),
  );
  return reshape(axes.length === 0 ? gradient : sum(gradient, axes), shape);
}

/** All axes but the last as one: [..., D] -> [N, D]. */
function asRows(x: Node): Node {
  const width = x.shape.at(-1)!;
  return reshape(x, [sizeOf(x.shape) / width, width]);
}

/**
 * sum(gradient * probabilities) over the last axis. In attention the gradient is G V^T, and the sum over T keys of
 * P * (G V^T) equals the sum over K features of G * (P V): short rows, and P V is the output already computed
 * (Dao et al. 2022, FlashAttention, section 3.1 and appendix B).
 */
function expectedGradient(gradient: Node, probabilities: Node): Node {
  if (isKind(gradient, 'matmul') && gradient.op.transposeB && !gradient.op.transposeA) {
    const [outer, values] = gradient.inputs as [Node, Node];
    if (outer.shape.at(-1)! < probabilities.shape.at(-1)!) {
      const attended = matmul(probabilities, values, { scale: gradient.op.scale });
      return sum(multiply(outer, attended), [-1], true);
    }
  }
  return sum(multiply(gradient, probabilities), [-1], true);
}

/** A matrix [N, V] that is a product with a factor for each row, [N, 1], or for all, []; the factor is null for others. */
function splitRowFactor(gradient: Node): [rows: Node, factor: Node | null] {
  if (!isKind(gradient, 'multiply') || gradient.shape.length !== 2) return [gradient, null];
  const [rows, factor] = gradient.inputs as [Node, Node];
  const repeated = factor.shape.length === 0 || sameShape(factor.shape, [gradient.shape[0]!, 1]);
  return repeated && sameShape(rows.shape, gradient.shape) ? [rows, factor] : [gradient, null];
}

/** The derivative of every kind of op, or why it has none. */
export const gradientRules: { readonly [K in OpKind]: GradientRule<K> | NoGradient } = {
  input: 'source',
  constant: 'source',
  stopGradient: 'stopped',

  add: ({ inputs: [a, b], gradient }) => [unbroadcast(gradient, a!.shape), unbroadcast(gradient, b!.shape)],
  subtract: ({ inputs: [a, b], gradient }) => [
    unbroadcast(gradient, a!.shape),
    negate(unbroadcast(gradient, b!.shape)),
  ],
  multiply: ({ inputs: [a, b], gradient }) => [
    unbroadcast(multiply(gradient, b!), a!.shape),
    unbroadcast(multiply(gradient, a!), b!.shape),
  ],
  divide: ({ inputs: [a, b], node, gradient }) => {
    const scaled = divide(gradient, b!);
    return [unbroadcast(scaled, a!.shape), negate(unbroadcast(multiply(scaled, node), b!.shape))];
  },

  negate: ({ gradient }) => [negate(gradient)],
  exp: ({ node, gradient }) => [multiply(gradient, node)],
  log: ({ inputs: [x], gradient }) => [divide(gradient, x!)],
  sqrt: ({ node, gradient }) => [divide(multiply(gradient, 0.5), node)],
  tanh: ({ node, gradient }) => {
    const scaled = multiply(gradient, node);
    return [subtract(gradient, multiply(scaled, node))];
  },
  sigmoid: ({ node, gradient }) => {
    const scaled = multiply(gradient, node);
    return [subtract(scaled, multiply(scaled, node))];
  },
  // With s = sigmoid(x) and y = x s: y' = s (1 + x - y).
  silu: ({ inputs: [x], node, gradient }) => {
    const scaled = multiply(gradient, sigmoid(x!));
    return [add(scaled, multiply(scaled, subtract(x!, node)))];
  },

  // Gradients of products are products with other flags; no operand is ever transposed in memory.
  matmul: ({ op: { transposeA, transposeB, scale }, inputs, gradient }) => {
    const [a, b] = inputs as [Node, Node];
    const [rows, factor] = transposeA ? [gradient, null] : splitRowFactor(gradient);
    if (factor !== null && a.shape[1]! < gradient.shape[1]!) {
      // A factor for each row is cheaper on the narrow side: on the result for a, on a itself for b.
      const scaled = multiply(a, factor);
      return [
        multiply(matmul(rows, b, { transposeB: !transposeB, scale }), factor),
        transposeB
          ? matmul(rows, scaled, { transposeA: true, scale })
          : matmul(scaled, rows, { transposeA: true, scale }),
      ];
    }
    return [
      transposeA
        ? matmul(b, gradient, { transposeA: transposeB, transposeB: true, scale })
        : matmul(gradient, b, { transposeB: !transposeB, scale }),
      transposeB
        ? matmul(gradient, a, { transposeA: true, transposeB: transposeA, scale })
        : matmul(a, gradient, { transposeA: !transposeA, scale }),
    ];
  },
  sum: ({ op, inputs: [x], gradient }) => {
    if (gradient.shape.length === 0) return [broadcastTo(gradient, x!.shape)];
    const kept = x!.shape.map((length, axis) => (op.axes.includes(axis) ? 1 : length));
    return [broadcastTo(reshape(gradient, kept), x!.shape)];
  },

  softmax: ({ node, gradient }) => [multiply(node, subtract(gradient, expectedGradient(gradient, node)))],
  // d/dx = g - p sum(g). From a pick, g is all zeros but for a few values v: write p * -sum(v) and add v into it,
  // so that neither the zeros nor their sum are ever computed over [N, V].
  logSoftmax: ({ node, gradient }) => {
    if (isKind(gradient, 'scatterPick') && gradient.inputs.length === 2) {
      const [indices, values] = gradient.inputs as [Node, Node];
      const { size } = gradient.op;
      if (indices!.shape.at(-1) === 1) {
        // One value a row: its factor is kept outside, where the product that made the logits takes it in for free.
        const ones = broadcastTo(constant(-1), values.shape);
        return [multiply(scatterPick(indices, ones, size, exp(node)), negate(values))];
      }
      return [scatterPick(indices, values, size, multiply(exp(node), negate(sum(values, [-1], true))))];
    }
    return [subtract(gradient, multiply(exp(node), sum(gradient, [-1], true)))];
  },

  reshape: ({ inputs: [x], gradient }) => [reshape(gradient, x!.shape)],
  transpose: ({ op, gradient }) => [
    transpose(
      gradient,
      op.permutation.map((_, axis) => op.permutation.indexOf(axis)),
    ),
  ],
  slice: ({ op, inputs: [x], gradient }) => [pad(gradient, op.axis, op.start, x!.shape[op.axis]! - op.end)],
  concat: ({ op, inputs, gradient }) => {
    let start = 0;
    return inputs.map((node) => {
      const end = start + node.shape[op.axis]!;
      const part = slice(gradient, op.axis, start, end);
      start = end;
      return part;
    });
  },
  pad: ({ op, inputs: [x], gradient }) => [slice(gradient, op.axis, op.before, op.before + x!.shape[op.axis]!)],
  broadcastTo: ({ inputs: [x], gradient }) => [unbroadcast(gradient, x!.shape)],

  gather: ({ inputs: [table, indices], gradient }) => [scatterAdd(indices!, gradient, table!.shape[0]!), null],
  scatterAdd: ({ inputs: [indices], gradient }) => [null, gather(gradient, indices!), gradient],
  pick: ({ inputs: [x, indices], gradient }) => [scatterPick(indices!, gradient, x!.shape.at(-1)!), null],
  scatterPick: ({ inputs: [indices], gradient }) => [null, pick(gradient, indices!), gradient],

  // With r = inverseRms(x) and t = sum(g gain x): dx = r (g gain - x r^2 t / D), dgain = sum over rows of g x r.
  // Both sums are products with a vector, which read g x once each.
  rmsNorm: ({ op, inputs: [x, gain], gradient }) => {
    const width = gain!.shape[0]!;
    const inverse = inverseRms(x!, op.epsilon);
    const product = multiply(gradient, x!);
    const weighted = matmul(asRows(product), reshape(gain!, [width, 1]), { scale: 1 / width });
    const total = reshape(weighted, inverse.shape);
    const along = multiply(x!, multiply(total, multiply(inverse, inverse)));
    return [
      multiply(subtract(multiply(gradient, gain!), along), inverse),
      reshape(matmul(asRows(inverse), asRows(product), { transposeA: true }), gain!.shape),
    ];
  },
  // dr/dx = -r^3 x / D.
  inverseRms: ({ inputs: [x], node, gradient }) => {
    const cubed = multiply(node, multiply(node, node));
    return [negate(multiply(x!, divide(multiply(gradient, cubed), x!.shape.at(-1)!)))];
  },
  // A rotation's transpose is the rotation back.
  rotary: ({ inputs, gradient }) => {
    const [x, cos, sin] = inputs as [Node, Node, Node];
    const half = x.shape.at(-1)! / 2;
    const halves = (node: Node) => [slice(node, -1, 0, half), slice(node, -1, half, 2 * half)] as const;
    const [x1, x2] = halves(x);
    const [g1, g2] = halves(gradient);
    return [
      rotary(gradient, cos, negate(sin)),
      unbroadcast(add(multiply(g1, x1), multiply(g2, x2)), cos.shape),
      unbroadcast(subtract(multiply(g2, x1), multiply(g1, x2)), sin.shape),
    ];
  },
};

/** The sum of all gradients that reach a node, with as few passes over memory as the terms allow. */
export function accumulate(terms: readonly Node[]): Node {
  const joined = joinPads(terms);
  if (joined !== null) return joined;
  // A scatter adds into another term instead of into zeros that are then added.
  const isScatter = (node: Node) =>
    (isKind(node, 'scatterAdd') && node.inputs.length === 2) ||
    (isKind(node, 'scatterPick') && node.inputs.length === 2);
  const ordered = [...terms.filter((term) => !isScatter(term)), ...terms.filter(isScatter)];
  return ordered.reduce((total, term) => {
    const [indices, values] = term.inputs as [Node, Node];
    if (isKind(term, 'scatterAdd') && isScatter(term)) return scatterAdd(indices, values, term.op.size, total);
    if (isKind(term, 'scatterPick') && isScatter(term)) return scatterPick(indices, values, term.op.size, total);
    return add(total, term);
  });
}

/** The slices of one tensor send back padded gradients; where these tile the axis, they are joined instead of added. */
function joinPads(terms: readonly Node[]): Node | null {
  const pads = terms.filter((term) => isKind(term, 'pad'));
  const axis = pads[0]?.op.axis;
  if (axis === undefined || pads.length !== terms.length || pads.length < 2) return null;
  if (pads.some((term) => term.op.axis !== axis)) return null;
  const sorted = pads.toSorted((a, b) => a.op.before - b.op.before);
  let end = 0;
  for (const term of sorted) {
    if (term.op.before !== end) return null;
    end += term.inputs[0]!.shape[axis]!;
  }
  const parts = sorted.map((term) => term.inputs[0]!);
  return end === sorted[0]!.shape[axis] &&
    parts.every((part) => sameShape(part.shape.with(axis, 1), parts[0]!.shape.with(axis, 1)))
    ? concat(parts, axis)
    : null;
}
