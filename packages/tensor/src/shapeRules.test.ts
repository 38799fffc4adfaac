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
  exp,
  gather,
  input,
  interpret,
  matmul,
  pad,
  pick,
  reshape,
  rmsNorm,
  rotary,
  ShapeError,
  scatterAdd,
  scatterPick,
  slice,
  softmax,
  sum,
  transpose,
} from './index.js';

const x = (...shape: number[]) => input('x', shape);
const ids = (...shape: number[]) => input('ids', shape, 'int32');

describe('shape rules', () => {
  it.each<[string, () => unknown, RegExp]>([
    ['add', () => add(x(2, 3), x(2)), /^add: got \[2, 3\] and \[2\]; aligned from the last axis/],
    ['matmul', () => matmul(x(2, 3), x(4, 5)), /^matmul: got \[2, 3\] and \[4, 5\]; the inner lengths 3 and 4/],
    ['matmul flags', () => matmul(x(2, 3), x(3, 5), { transposeB: true }), /^matmul transposeB: .* 3 and 5/],
    ['matmul batch', () => matmul(x(2, 3, 4), x(3, 4, 5)), /leading axes have to be equal/],
    ['matmul rank', () => matmul(x(3), x(3, 4)), /at least 2 axes/],
    ['sum', () => sum(x(2), [1]), /^sum: got \[2\]; axis 1 does not exist; accepted are -1\.\.0/],
    ['softmax', () => softmax(x()), /^softmax: got \[\]; at least 1 axes/],
    ['reshape', () => reshape(x(2, 3), [4]), /^reshape: got \[2, 3\] and \[4\]; 6 elements cannot become 4/],
    ['transpose', () => transpose(x(2, 3), [0, 0]), /\[0, 0\] does not name each/],
    ['slice', () => slice(x(2, 3), 1, 2, 4), /2\.\.4 is no part of axis 1 of length 3/],
    [
      'concat',
      () => concat([x(2, 3), x(3, 3)], 1),
      /^concat: got \[2, 3\] and \[3, 3\]; they may differ in axis 1 only/,
    ],
    ['pad', () => pad(x(2), 0, -1, 0), /cannot add -1 before/],
    ['broadcastTo', () => broadcastTo(x(2), [2, 3]), /^broadcastTo: got \[2\] and \[2, 3\]/],
    ['scatterAdd', () => scatterAdd(ids(2), x(3, 4), 5), /^scatterAdd: got \[2\] and \[3, 4\]/],
    ['scatterAdd base', () => scatterAdd(ids(2), x(2, 4), 5, x(4, 4)), /^scatterAdd base: got \[4, 4\] and \[5, 4\]/],
    ['pick', () => pick(x(2, 3), ids(3, 1)), /^pick: got \[2, 3\] and \[3, 1\]/],
    ['scatterPick', () => scatterPick(ids(2, 1), x(2, 2), 5), /one value for each index/],
    ['rmsNorm', () => rmsNorm(x(2, 3), x(2), 1e-5), /^rmsNorm: got \[2, 3\] and \[2\]; the gain/],
    ['rotary', () => rotary(x(5, 3), x(5, 1), x(5, 1)), /the last axis has to be even/],
    ['rotary angles', () => rotary(x(5, 4), x(5, 2), x(4, 2)), /cos and sin have to be \[5, 2\]/],
    ['crossEntropy', () => crossEntropy(x(2, 3), ids(3)), /^crossEntropy: got \[2, 3\] and \[3\]/],
    ['input', () => x(2, 0), /at least 1/],
    ['constant', () => constant(new Float32Array(3), [2]), /it holds 2 values, not 3/],
  ])('%s names the op and what it got', (_, build, message) => {
    expect(build).toThrow(ShapeError);
    expect(build).toThrow(message);
  });

  it('tells numbers from indices', () => {
    expect(() => exp(ids(2))).toThrow(DTypeError);
    expect(() => exp(ids(2))).toThrow(/^exp: operand 0 is int32; it has to be float32/);
    expect(() => gather(x(4, 2), x(3))).toThrow(/^gather: indices is float32; it has to be int32/);
    expect(() => concat([x(2), ids(2)], 0)).toThrow(DTypeError);
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
