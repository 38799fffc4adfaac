import { readFileSync } from 'node:fs';
import { compile } from '@strata/engine';
import { input, matmul } from '@strata/tensor';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assemble, moduleText } from '../scripts/assemble.mjs';
import { OptimiserKernel } from './optimiser-kernel.js';

const floats = (length: number): fc.Arbitrary<Float32Array> =>
  fc.float32Array({ minLength: length, maxLength: length, min: -8, max: 8, noNaN: true });

/** Four arrays of one length. */
const operands = fc.integer({ min: 1, max: 70 }).chain((length) => fc.tuple(...Array(4).fill(floats(length))));

const FACTORS = { beta1: 0.9, take1: 0.05, beta2: 0.95, take2: 0.0125, keep: 0.99, rate: 0.01, epsilon: 1e-8 };

/** The arrays copied to the kernel's own memory. */
function inside(kernel: OptimiserKernel, arrays: readonly Float32Array[]): Float32Array[] {
  return arrays.map((array) => {
    const own = kernel.allocate(array.length);
    own.set(array);
    return own;
  });
}

describe('the optimiser kernel', () => {
  it('is what its source assembles to', async () => {
    const source = readFileSync(new URL('../kernels/optimiser.wat', import.meta.url), 'utf8');
    const kept = readFileSync(new URL('./optimiser-binary.ts', import.meta.url), 'utf8');
    expect(moduleText(source, await assemble(source))).toBe(kept);
  });

  it('updates as AdamW in float64 does, to the precision of float32', () => {
    const property = fc.property(operands, ([w, g, m, v]) => {
      const second = v!.map(Math.abs);
      const expected = [...w!].map((weight, i) => {
        const first = FACTORS.beta1 * m![i]! + FACTORS.take1 * g![i]!;
        const square = FACTORS.beta2 * second[i]! + FACTORS.take2 * g![i]! * g![i]!;
        return FACTORS.keep * weight - (FACTORS.rate * first) / (Math.sqrt(square) + FACTORS.epsilon);
      });
      const found = w!.slice();
      const kernel = new OptimiserKernel([]);
      kernel.adamw(found, g!, m!.slice(), second, FACTORS);
      // Cancellation in the first moment is divided by the root of the second: the error is relative to that quotient.
      for (const [i, weight] of expected.entries())
        expect(Math.abs(found[i]! - weight)).toBeLessThanOrEqual(4e-6 * (1 + Math.abs(weight)));
    });
    fc.assert(property, { numRuns: 200 });
  });

  it('gives the same bits whether arrays lie in its memory or elsewhere, and leaves the rest alone', () => {
    const property = fc.property(operands, fc.nat(69), (arrays, offset) => {
      const length = arrays[0]!.length;
      const start = offset % length;
      arrays[3] = arrays[3]!.map(Math.abs);
      const kernel = new OptimiserKernel(arrays.map((array) => array.length));
      const near = inside(kernel, arrays);
      const far = arrays.map((array) => array.slice());
      for (const all of [near, far]) {
        const [w, g, m, v] = all.map((array) => array.subarray(start));
        kernel.adamw(w!, g!, m!, v!, FACTORS);
      }
      for (const i of arrays.keys()) expect([...far[i]!]).toEqual([...near[i]!]);
      expect([...far[0]!.subarray(0, start)]).toEqual([...arrays[0]!.subarray(0, start)]);
      expect([...far[1]!]).toEqual([...arrays[1]!]);
      expect(kernel.sumOfSquares(near[1]!)).toBe(kernel.sumOfSquares(far[1]!));
      for (const [w, g] of [near, far]) kernel.blend(w!, g!, 0.75, 0.25);
      expect([...far[0]!]).toEqual([...near[0]!]);
    });
    fc.assert(property, { numRuns: 200 });
  });

  it('blends as float32 does, number by number', () => {
    const property = fc.property(operands, ([into, from]) => {
      const kernel = new OptimiserKernel([]);
      const [keep, take] = [Math.fround(0.9), Math.fround(-0.02)];
      const blended = into!.slice();
      kernel.blend(blended, from!, keep, take);
      const sum = into!.slice();
      kernel.blend(sum, from!, 1, 0.25);
      for (const i of into!.keys()) {
        expect(blended[i]).toBe(Math.fround(Math.fround(keep * into![i]!) + Math.fround(take * from![i]!)));
        expect(sum[i]).toBe(Math.fround(into![i]! + Math.fround(0.25 * from![i]!)));
      }
    });
    fc.assert(property, { numRuns: 100 });
  });

  it('sums squares of more numbers than a chunk holds, in float64', () => {
    const x = Float32Array.from({ length: 100_003 }, (_, i) => Math.sin(i) * 1e3);
    const exact = x.reduce((sum, value) => sum + value * value, 0);
    const found = new OptimiserKernel([]).sumOfSquares(x);
    expect(Math.abs(found / exact - 1)).toBeLessThan(1e-12);
  });

  it('shows a number that is not finite in the sum', () => {
    const kernel = new OptimiserKernel([9]);
    const x = kernel.allocate(9);
    x[8] = Number.NaN;
    expect(kernel.sumOfSquares(x)).toBeNaN();
    x[8] = Number.POSITIVE_INFINITY;
    expect(kernel.sumOfSquares(x)).toBe(Number.POSITIVE_INFINITY);
  });

  it('keeps arrays that the engine reads and fills in place as it does ordinary ones', async () => {
    const executable = await compile({ y: matmul(input('a', [5, 7]), input('b', [7, 3])) }, { threads: 1 });
    const kernel = new OptimiserKernel([35, 21, 15]);
    const [a, b] = [35, 21].map((length) => Float32Array.from({ length }, (_, i) => Math.sin(i + length)));
    const ordinary = await executable.run({ a: a!, b: b! });
    const [a2, b2] = inside(kernel, [a!, b!]);
    const y = kernel.allocate(15);
    for (let time = 0; time < 3; time++) {
      y.fill(Number.NaN);
      const { y: returned } = await executable.run({ a: a2!, b: b2! }, { y });
      expect(returned).toBe(y);
      expect([...y]).toEqual([...ordinary.y!]);
      expect([...a2!, ...b2!]).toEqual([...a!, ...b!]);
      // The kernel sees at once what the engine wrote.
      expect(kernel.sumOfSquares(y)).toBe(kernel.sumOfSquares(ordinary.y!));
    }
    await executable.dispose();
  });
});
