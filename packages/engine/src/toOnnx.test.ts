// What a model's bytes promise: the same graph gives the same bytes, names are the user's, nothing is stored twice.
import { add, constant, gradients, input, matmul, multiply, negate, sum } from '@strata/tensor';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { toOnnx } from './index.js';

function graph() {
  const x = input('x', [2, 3]);
  const w = input('w', [3, 4]);
  const loss = sum(multiply(matmul(x, w), constant(new Float32Array(8).fill(2), [2, 4])));
  return { loss, gradient: gradients(loss, [w])[0]! };
}

describe('toOnnx', () => {
  it('gives equal bytes for equal graphs', () => {
    expect(toOnnx(graph())).toEqual(toOnnx(graph()));
  });

  it('makes a model that runs without this package, under its own names', async () => {
    const w = Float32Array.from({ length: 12 }, (_, i) => i);
    const session = await InferenceSession.create(toOnnx(graph(), { initializers: new Map([['w', w]]) }));
    expect(session.inputNames).toEqual(['x']);
    expect(session.outputNames).toEqual(['loss', 'gradient']);
    const { loss } = await session.run({ x: new Tensor('float32', new Float32Array(6).fill(1), [2, 3]) });
    expect(loss!.data[0]).toBe(264);
    expect(loss!.dims).toEqual([]);
    await session.release();
  });

  it('stores equal constants once', () => {
    const large = () => constant(new Float32Array(10_000).fill(3));
    const x = input('x', [10_000]);
    const twice = toOnnx({ y: add(multiply(x, large()), large()) });
    expect(twice.length).toBeLessThan(41_000);
  });

  it('lets several outputs share a value, and an output be an input', async () => {
    const x = input('x', [2]);
    const y = negate(x);
    const session = await InferenceSession.create(toOnnx({ a: y, b: y, c: y, d: x, e: constant(5) }));
    const found = await session.run({ x: new Tensor('float32', Float32Array.of(1, 2), [2]) });
    expect(Object.entries(found).map(([name, { data }]) => [name, ...(data as Float32Array)])).toEqual([
      ['a', -1, -2],
      ['b', -1, -2],
      ['c', -1, -2],
      ['d', 1, 2],
      ['e', 5],
    ]);
    await session.release();
  });

  it('refuses names that would collide', () => {
    const x = input('x', [2]);
    expect(() => toOnnx({ x: negate(x) })).toThrow("output 'x' needs a name that no input has");
    expect(() => toOnnx({ y: negate(input('%0', [1])) })).toThrow("input '%0': names with a leading %");
  });
});
