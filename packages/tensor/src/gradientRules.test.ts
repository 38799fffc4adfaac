// Every derivative against central differences in float64, for first and second derivatives.
// The walk goes over the table of derivatives itself: an op without a case, or a reason for having none, fails.
import { describe, expect, it } from 'vitest';
import { gradientRules } from './gradientRules.js';
import {
  add,
  broadcastTo,
  concat,
  constant,
  crossEntropy,
  divide,
  exp,
  gather,
  gradients,
  input,
  interpret,
  inverseRms,
  log,
  logSoftmax,
  matmul,
  mean,
  multiply,
  type Node,
  negate,
  type OpKind,
  pad,
  pick,
  reshape,
  rmsNorm,
  rotary,
  type Shape,
  scatterAdd,
  scatterPick,
  sigmoid,
  silu,
  sizeOf,
  slice,
  softmax,
  sqrt,
  subtract,
  sum,
  tanh,
  transpose,
} from './index.js';

interface Case {
  readonly shapes: readonly Shape[];
  readonly build: (...inputs: Node[]) => Node;
  /** Draw the inputs from here upwards; -1 by default, to 1 above it. */
  readonly from?: number;
}

const indices = (...values: number[]) => constant(Int32Array.from(values));
const binaryShapes: readonly (readonly Shape[])[] = [
  [
    [2, 3],
    [2, 3],
  ],
  [[2, 3], [3]],
  [[], [2, 2]],
  [
    [2, 1, 3],
    [4, 1],
  ],
];
const binary = (build: Case['build'], from = -1) => binaryShapes.map((shapes) => ({ shapes, build, from }));
const unary = (build: Case['build'], from = -1): Case[] => [{ shapes: [[2, 3]], build, from }];
const alongLastAxis = (build: Case['build']): Case[] => [
  { shapes: [[2, 3, 4]], build },
  { shapes: [[5]], build },
  { shapes: [[3, 1]], build },
];
const productCases = [false, true].flatMap((transposeA) =>
  [false, true].flatMap((transposeB): Case[] => {
    const a = transposeA ? [3, 2] : [2, 3];
    const b = transposeB ? [4, 3] : [3, 4];
    const build: Case['build'] = (x, y) => matmul(x!, y!, { transposeA, transposeB, scale: 0.7 });
    return [
      { shapes: [a, b], build },
      {
        shapes: [
          [2, 2, ...a],
          [2, 2, ...b],
        ],
        build,
      },
      { shapes: [[2, ...a], b], build },
    ];
  }),
);

const cases: { readonly [K in OpKind]: readonly Case[] | string } = {
  input: 'a source',
  constant: 'a source',
  stopGradient: 'it stops the gradient; see gradients.test.ts',
  add: binary((a, b) => add(a!, b!)),
  subtract: binary((a, b) => subtract(a!, b!)),
  multiply: binary((a, b) => multiply(a!, b!)),
  divide: binary((a, b) => divide(a!, b!), 0.5),
  negate: unary((x) => negate(exp(x!))),
  exp: unary((x) => exp(x!)),
  log: unary((x) => log(x!), 0.5),
  sqrt: unary((x) => sqrt(x!), 0.5),
  tanh: unary((x) => tanh(x!)),
  sigmoid: unary((x) => sigmoid(x!)),
  silu: unary((x) => silu(x!)),
  matmul: productCases,
  sum: [
    { shapes: [[2, 3, 4]], build: (x) => sum(exp(x!)) },
    { shapes: [[2, 3, 4]], build: (x) => sum(exp(x!), [0, -1]) },
    { shapes: [[2, 3, 4]], build: (x) => mean(exp(x!), [1], true) },
    { shapes: [[1, 3]], build: (x) => sum(exp(x!), [0]) },
  ],
  softmax: [
    ...alongLastAxis((x) => softmax(x!)),
    // Attention, whose derivative takes the short way round: T = 5 keys, K = 2 features.
    {
      shapes: [
        [2, 5, 5],
        [2, 5, 2],
      ],
      build: (scores, values) => matmul(softmax(scores!), values!, { scale: 0.5 }),
    },
  ],
  logSoftmax: [
    ...alongLastAxis((x) => logSoftmax(x!)),
    { shapes: [[3, 4]], build: (x) => crossEntropy(x!, indices(0, 3, 1)) },
    {
      shapes: [
        [2, 4],
        [2, 3],
      ],
      build: (x, w) => multiply(pick(logSoftmax(x!), constant(Int32Array.of(0, 3, 3, 1, 1, 2), [2, 3])), w!),
    },
    // Logits from a product wider than its input, with and without a weight for each row.
    {
      shapes: [
        [3, 2],
        [2, 4],
      ],
      build: (x, w) => crossEntropy(matmul(x!, w!, { scale: 0.7 }), indices(0, 3, 1)),
    },
    {
      shapes: [[3, 2], [4, 2], [3]],
      build: (x, w, weights) =>
        mean(multiply(crossEntropy(matmul(x!, w!, { transposeB: true }), indices(0, 3, 3)), weights!)),
    },
  ],
  reshape: [{ shapes: [[2, 6]], build: (x) => reshape(exp(x!), [3, 4]) }],
  transpose: [{ shapes: [[2, 3, 4]], build: (x) => transpose(exp(x!), [2, 0, 1]) }],
  slice: [
    { shapes: [[2, 5]], build: (x) => slice(exp(x!), 1, 1, 4) },
    { shapes: [[2, 4]], build: (x) => multiply(slice(x!, 1, 0, 2), slice(x!, 1, 2, 4)) },
    { shapes: [[2, 4]], build: (x) => multiply(slice(x!, 1, 0, 3), slice(x!, 1, 1, 4)) },
  ],
  concat: [
    {
      shapes: [
        [2, 1],
        [2, 3],
      ],
      build: (a, b) => exp(concat([a!, b!, a!], 1)),
    },
  ],
  pad: [{ shapes: [[2, 3]], build: (x) => exp(pad(x!, 0, 1, 2)) }],
  broadcastTo: [{ shapes: [[3, 1]], build: (x) => multiply(broadcastTo(x!, [2, 3, 4]), constant(2)) }],
  gather: [
    { shapes: [[4, 3]], build: (table) => exp(gather(table!, constant(Int32Array.of(1, 1, 0, 3), [2, 2]))) },
    // Tied embeddings: a scatter and a product reach the same table.
    { shapes: [[4, 3]], build: (table) => matmul(gather(table!, indices(1, 1, 2)), table!, { transposeB: true }) },
  ],
  scatterAdd: [
    { shapes: [[3, 2]], build: (updates) => exp(scatterAdd(indices(1, 1, 3), updates!, 4)) },
    {
      shapes: [
        [3, 2],
        [4, 2],
      ],
      build: (updates, base) => exp(scatterAdd(indices(0, 1, 1), updates!, 4, base!)),
    },
  ],
  pick: [
    { shapes: [[2, 4]], build: (x) => exp(pick(x!, constant(Int32Array.of(0, 3, 3, 2, 2, 2), [2, 3]))) },
    { shapes: [[2, 4]], build: (x) => multiply(pick(x!, constant(Int32Array.of(0, 3), [2, 1])), x!) },
  ],
  scatterPick: [
    { shapes: [[2, 2]], build: (v) => exp(scatterPick(constant(Int32Array.of(0, 2, 1, 1), [2, 2]), v!, 3)) },
    {
      shapes: [
        [2, 1],
        [2, 3],
      ],
      build: (values, base) => exp(scatterPick(constant(Int32Array.of(0, 2), [2, 1]), values!, 3, base!)),
    },
  ],
  rmsNorm: [
    { shapes: [[2, 3, 4], [4]], build: (x, gain) => rmsNorm(x!, gain!, 0.01) },
    { shapes: [[3], [3]], build: (x, gain) => rmsNorm(x!, gain!, 0.01) },
  ],
  inverseRms: [{ shapes: [[2, 3, 4]], build: (x) => inverseRms(x!, 0.01) }],
  rotary: [
    {
      shapes: [
        [2, 3, 4],
        [3, 2],
        [3, 2],
      ],
      build: (x, cos, sin) => rotary(x!, cos!, sin!),
    },
  ],
};

/** A number in [0, 1) that depends on all bits of a counter: the inputs need to be generic, not random. */
const generic = (counter: number) => Math.abs(Math.sin(counter * 12.9898 + 4.1414) * 43758.5453) % 1;
const drawn = (length: number, seed: number, from: number) =>
  Float64Array.from({ length }, (_, i) => from + 2 * generic(seed * 1000 + i));

/** The sum of all elements, each with a weight of its own. */
function weighted(node: Node, seed: number): Node {
  const weights = Float32Array.from(drawn(sizeOf(node.shape), seed, -1));
  return sum(multiply(node, constant(weights, node.shape)));
}

function expectGradients(loss: Node, inputs: readonly Node[], feeds: Record<string, Float64Array>): void {
  const outputs = Object.fromEntries(gradients(loss, inputs).map((node, i) => [`x${i}`, node]));
  const found = interpret(outputs, feeds);
  const step = 1e-5;
  for (const [name, values] of Object.entries(feeds)) {
    const differences = values.map((value, i) => {
      const [above, below] = [value + step, value - step].map(
        (moved) => interpret({ loss }, { ...feeds, [name]: values.with(i, moved) }).loss![0]!,
      );
      return (above! - below!) / (2 * step);
    });
    differences.forEach((difference, i) => {
      expect(
        Math.abs(found[name]![i]! - difference),
        `${name}[${i}] is ${found[name]![i]}, not ${difference}`,
      ).toBeLessThan(1e-6 * (1 + Math.abs(difference)));
    });
  }
}

describe('the table of derivatives', () => {
  it.each(Object.keys(gradientRules) as OpKind[])(
    '%s: first and second derivatives are those of central differences',
    (kind) => {
      const entry = cases[kind];
      expect(entry, 'a case for this op').toBeDefined();
      expect(typeof gradientRules[kind] === 'function').toBe(typeof entry !== 'string');
      if (typeof entry === 'string') return;
      for (const { shapes, build, from } of entry) {
        const inputs = shapes.map((shape, i) => input(`x${i}`, shape));
        const feeds = Object.fromEntries(shapes.map((shape, i) => [`x${i}`, drawn(sizeOf(shape), i, from ?? -1)]));
        // The exponential and the product make a second derivative of linear ops worth looking at.
        const bent = inputs.map((x) => weighted(exp(x), 8)).reduce((a, b) => multiply(a, b));
        const loss = add(weighted(build(...inputs), 7), bent);
        expectGradients(loss, inputs, feeds);
        const first = gradients(loss, inputs).map((node, i) => weighted(node, 20 + i));
        expectGradients(
          first.reduce((a, b) => add(a, b)),
          inputs,
          feeds,
        );
      }
    },
  );
});
