// What the shape rules promise: a wrong operand is named when the graph is built, and shapes follow numpy.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  add,
  broadcastTo,
  concat,
  constant,
  crossEntropy,
  DTypeError,
  divide,
  exp,
  gather,
  input,
  interpret,
  inverseRms,
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
  ShapeError,
  scatterAdd,
  scatterPick,
  sigmoid,
  silu,
  slice,
  softmax,
  sqrt,
  subtract,
  sum,
  tanh,
  transpose,
} from './index.js';
import { makeNode, shapeRules } from './shapeRules.js';

const x = (...shape: number[]) => input('x', shape);
const ids = (...shape: number[]) => input('ids', shape, 'int32');

type Refusal = readonly [build: () => unknown, message: RegExp];

const unequal = (kind: string, build: (a: Node, b: Node) => Node): Refusal[] => [
  [
    () => build(x(2, 3), x(2)),
    new RegExp(`^${kind}: got \\[2, 3\\] and \\[2\\]; aligned from the last axis, lengths have to be equal or 1`),
  ],
  [() => build(x(4), x(1, 2, 3)), new RegExp(`^${kind}: got \\[4\\] and \\[1, 2, 3\\]`)],
];
const ranked = (kind: string, build: (a: Node) => Node): Refusal[] => [
  [() => build(x()), new RegExp(`^${kind}: got \\[\\]; at least 1 axes are needed`)],
];

/** What every rule refuses for its shape: ops of one operand and no attribute take any shape. */
const refusals: { readonly [K in OpKind]: readonly Refusal[] } = {
  input: [
    [() => x(2, 0), /^input x: got \[2, 0\]; every axis has to be an integer of at least 1/],
    [() => x(2, 1.5), /^input x: got \[2, 1.5\]/],
    [() => input('', [1]), /an input needs a name/],
  ],
  constant: [
    [() => constant(new Float32Array(3), [2]), /^constant: got \[2\]; it holds 2 values, not 3/],
    [() => constant(new Float32Array(0)), /^constant: got \[0\]; every axis/],
    [() => constant(1, [2.5]), /^constant: got \[2.5\]; every axis/],
    [() => constant(1, [2, -1]), /^constant: got \[2, -1\]; every axis/],
  ],
  add: unequal('add', add),
  subtract: unequal('subtract', subtract),
  multiply: unequal('multiply', multiply),
  divide: unequal('divide', divide),
  negate: [],
  exp: [],
  log: [],
  sqrt: [],
  tanh: [],
  sigmoid: [],
  silu: [],
  stopGradient: [],
  matmul: [
    [() => matmul(x(2, 3), x(4, 5)), /^matmul: got \[2, 3\] and \[4, 5\]; the inner lengths 3 and 4/],
    [() => matmul(x(2, 3), x(3, 5), { transposeB: true }), /^matmul transposeB: got \[2, 3\] and \[3, 5\]; .* 3 and 5/],
    [
      () => matmul(x(2, 3), x(3, 5), { transposeA: true, transposeB: true }),
      /^matmul transposeA transposeB: got \[2, 3\] and \[3, 5\]; .* 2 and 5/,
    ],
    [() => matmul(x(2, 3, 4), x(3, 4, 5)), /^matmul: got \[2, 3, 4\] and \[3, 4, 5\]; leading axes have to be equal/],
    [() => matmul(x(3), x(3, 4)), /^matmul: got \[3\] and \[3, 4\]; both operands need at least 2 axes/],
    // The builder reshapes operands of unequal rank; the op itself refuses them.
    [
      () => makeNode({ kind: 'matmul', transposeA: false, transposeB: false, scale: 1 }, [x(2, 3, 4), x(4, 5)]),
      /^matmul: got \[2, 3, 4\] and \[4, 5\]; the op itself takes operands of equal rank/,
    ],
  ],
  sum: [
    [() => sum(x(2), [1]), /^sum: got \[2\]; axis 1 does not exist; accepted are -1\.\.0/],
    [() => sum(x(2, 3), [-3]), /^sum: got \[2, 3\]; axis -3 does not exist; accepted are -2\.\.1/],
  ],
  softmax: ranked('softmax', softmax),
  logSoftmax: ranked('logSoftmax', logSoftmax),
  reshape: [
    [() => reshape(x(2, 3), [4]), /^reshape: got \[2, 3\] and \[4\]; 6 elements cannot become 4/],
    [() => reshape(x(2, 3), [0, 6]), /^reshape: got \[0, 6\]; every axis/],
  ],
  transpose: [
    [() => transpose(x(2, 3), [0, 0]), /^transpose: got \[2, 3\]; \[0, 0\] does not name each/],
    [() => transpose(x(2, 3), [0]), /^transpose: got \[2, 3\]; \[0\] does not name each/],
  ],
  slice: [
    [() => slice(x(2, 3), 1, 2, 4), /^slice: got \[2, 3\]; 2\.\.4 is no part of axis 1 of length 3/],
    [() => slice(x(2, 3), -1, 1, 1), /^slice: got \[2, 3\]; 1\.\.1 is no part of axis 1/],
    [() => slice(x(2, 3), 2, 0, 1), /^slice: got \[2, 3\]; axis 2 does not exist/],
  ],
  concat: [
    [() => concat([x(2, 3), x(3, 3)], 1), /^concat: got \[2, 3\] and \[3, 3\]; they may differ in axis 1 only/],
    [() => concat([x(2, 3), x(2, 3), x(2)], 0), /^concat: got \[2, 3\] and \[2\]; they may differ/],
    [() => concat([x(2), x(2)], 1), /^concat: got \[2\]; axis 1 does not exist/],
    [() => concat([], 0), /^concat: .*at least one node/],
  ],
  pad: [
    [() => pad(x(2), 0, -1, 0), /^pad: got \[2\]; cannot add -1 before/],
    [() => pad(x(2), 1, 0, 1), /^pad: got \[2\]; axis 1 does not exist/],
  ],
  broadcastTo: [
    [() => broadcastTo(x(2), [2, 3]), /^broadcastTo: got \[2\] and \[2, 3\]; aligned from the last axis/],
    [() => broadcastTo(x(2, 3), [3]), /^broadcastTo: got \[2, 3\] and \[3\]/],
    [() => broadcastTo(x(1), [0]), /^broadcastTo: got \[0\]; every axis/],
  ],
  gather: ranked('gather', (table) => gather(table, ids(2))),
  scatterAdd: [
    [
      () => scatterAdd(ids(2), x(3, 4), 5),
      /^scatterAdd: got \[2\] and \[3, 4\]; updates have to begin with the axes of the indices/,
    ],
    [() => scatterAdd(ids(2), x(2, 4), 5, x(4, 4)), /^scatterAdd base: got \[4, 4\] and \[5, 4\]/],
    [() => scatterAdd(ids(2), x(2), 0), /^scatterAdd: got \[0\]; every axis/],
  ],
  pick: [
    ...ranked('pick', (table) => pick(table, ids(2))),
    [() => pick(x(2, 3), ids(3, 1)), /^pick: got \[2, 3\] and \[3, 1\]; all axes but the last have to be equal/],
    [() => pick(x(3), ids()), /^pick: got \[3\] and \[\]/],
  ],
  scatterPick: [
    ...ranked('scatterPick', (values) => scatterPick(ids(), values, 2)),
    [() => scatterPick(ids(2, 1), x(2, 2), 5), /^scatterPick: got \[2, 1\] and \[2, 2\]; .* one value for each index/],
    [() => scatterPick(ids(2, 1), x(2, 1), 5, x(2, 4)), /^scatterPick base: got \[2, 4\] and \[2, 5\]/],
    [() => scatterPick(ids(2), x(2), 0), /^scatterPick: got \[0\]; every axis/],
  ],
  rmsNorm: [
    ...ranked('rmsNorm', (a) => rmsNorm(a, x(1), 1e-5)),
    [() => rmsNorm(x(2, 3), x(2), 1e-5), /^rmsNorm: got \[2, 3\] and \[2\]; the gain has to have/],
  ],
  inverseRms: ranked('inverseRms', (a) => inverseRms(a, 1e-5)),
  rotary: [
    [() => rotary(x(4), x(1, 2), x(1, 2)), /^rotary: got \[4\]; at least 2 axes/],
    [() => rotary(x(5, 3), x(5, 1), x(5, 1)), /^rotary: got \[5, 3\]; the last axis has to be even/],
    [() => rotary(x(5, 4), x(5, 2), x(4, 2)), /^rotary: got \[5, 4\] and \[4, 2\]; cos and sin have to be \[5, 2\]/],
    [() => rotary(x(5, 4), x(5, 4), x(5, 2)), /^rotary: got \[5, 4\] and \[5, 4\]; cos and sin have to be \[5, 2\]/],
  ],
};

describe('shape rules', () => {
  it.each(Object.keys(shapeRules) as OpKind[])('%s names itself and what it got, when the graph is built', (kind) => {
    for (const [build, message] of refusals[kind]) {
      expect(build).toThrow(ShapeError);
      expect(build).toThrow(message);
    }
  });

  it('name both operands of a cross-entropy', () => {
    const build = () => crossEntropy(x(2, 3), ids(3));
    expect(build).toThrow(ShapeError);
    expect(build).toThrow(/^crossEntropy: got \[2, 3\] and \[3\]/);
  });

  it('refuse an axis of length 0 wherever a shape is given', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 1, maxLength: 4 }), (shape) => {
        fc.pre(shape.includes(0));
        for (const build of [
          () => input('x', shape),
          () => input('x', shape, 'int32'),
          () => constant(1, shape),
          () => constant(new Float32Array(0), shape),
          () => reshape(x(1), shape),
          () => broadcastTo(x(1), shape),
        ])
          expect(build).toThrow(ShapeError);
      }),
      { seed: 3, numRuns: 50 },
    );
  });

  it('tell numbers from indices, and name the operand', () => {
    const float = 'it has to be float32';
    const refused: readonly (readonly [() => unknown, string])[] = [
      ...Object.entries({ negate, exp, log, sqrt, tanh, sigmoid, silu, softmax, logSoftmax, sum }).map(
        ([kind, build]) => [() => build(ids(2)), `${kind}: operand 0 is int32; ${float}`] as const,
      ),
      ...Object.entries({ add, subtract, multiply, divide }).map(
        ([kind, build]) => [() => build(x(2), ids(2)), `${kind}: operand 1 is int32; ${float}`] as const,
      ),
      [() => matmul(x(2, 2), ids(2, 2)), `matmul: operand 1 is int32; ${float}`],
      [() => gather(x(4, 2), x(3)), 'gather: indices is float32; it has to be int32'],
      [() => scatterAdd(x(2), x(2), 2), 'scatterAdd: indices is float32; it has to be int32'],
      [() => scatterAdd(ids(2), ids(2), 2), `scatterAdd: updates is int32; ${float}`],
      [() => scatterAdd(ids(2), x(2), 2, ids(2)), `scatterAdd: base is int32; ${float}`],
      [() => pick(x(3), x(1)), 'pick: indices is float32; it has to be int32'],
      [() => scatterPick(x(1), x(1), 2), 'scatterPick: indices is float32; it has to be int32'],
      [() => scatterPick(ids(1), ids(1), 2), `scatterPick: values is int32; ${float}`],
      [() => rmsNorm(x(2), ids(2), 1e-5), `rmsNorm: operand 1 is int32; ${float}`],
      [() => inverseRms(ids(2), 1e-5), `inverseRms: operand 0 is int32; ${float}`],
      [() => rotary(x(1, 2), ids(1, 1), x(1, 1)), `rotary: operand 1 is int32; ${float}`],
      [() => concat([x(2), ids(2)], 0), 'concat: an operand is int32; it has to be float32'],
    ];
    for (const [build, message] of refused) {
      expect(build, message).toThrow(DTypeError);
      expect(build).toThrow(message);
    }
  });

  it('multiplies a batch by shared weights as one matrix', () => {
    const product = matmul(x(2, 3, 4), input('w', [4, 5]));
    expect(product.shape).toEqual([2, 3, 5]);
    expect(product.inputs[0]!.shape).toEqual([6, 5]);
  });

  it('gives every element the value that numpy broadcasting gives it', () => {
    const lengths = fc.array(fc.integer({ min: 1, max: 3 }), { maxLength: 4 });
    fc.assert(
      fc.property(lengths, fc.infiniteStream(fc.boolean()), fc.nat(4), (shape, coin, dropped) => {
        // An operand with some axes of length 1 and some leading axes missing.
        const small = shape.map((length) => (coin.next().value ? 1 : length)).slice(Math.min(dropped, shape.length));
        const full = shape.reduce((a, b) => a * b, 1);
        const a = Float32Array.from({ length: full }, (_, i) => i * 1000);
        const b = Float32Array.from({ length: small.reduce((p, q) => p * q, 1) }, (_, i) => i);
        const total = interpret({ total: add(input('a', shape), input('b', small)) }, { a, b }).total!;
        total.forEach((value, i) => {
          let [rest, offset, stride] = [i, 0, 1];
          for (let axis = shape.length - 1, own = small.length - 1; axis >= 0; axis--, own--) {
            const coordinate = rest % shape[axis]!;
            rest = Math.floor(rest / shape[axis]!);
            if (own >= 0 && small[own] !== 1) offset += coordinate * stride;
            if (own >= 0) stride *= small[own]!;
          }
          expect(value).toBe(i * 1000 + offset);
        });
      }),
      { seed: 1, numRuns: 200 },
    );
  });
});
