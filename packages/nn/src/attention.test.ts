import { gradients, input, interpret, multiply, type Node, sum } from '@strata/tensor';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { causalAttention } from './attention.js';
import { RandomStream } from './random.js';

/** The output and all three gradients for one block size. */
function attend(length: number, block: number, seed: number): Record<string, Float64Array> {
  const shape = [2, 1, length, 4];
  const stream = new RandomStream(seed, 'attention');
  const names = ['query', 'key', 'value', 'weight'];
  const feeds = Object.fromEntries(
    names.map((name) => [name, Array.from({ length: 8 * length }, () => stream.normal())]),
  );
  const [query, key, value, weight] = names.map((name) => input(name, shape)) as [Node, Node, Node, Node];
  const mixed = causalAttention(query, key, value, block);
  const [dQuery, dKey, dValue] = gradients(sum(multiply(mixed, weight)), [query, key, value]);
  return interpret({ mixed, dQuery: dQuery!, dKey: dKey!, dValue: dValue! }, feeds);
}

describe('causalAttention', () => {
  it('gives the same values and gradients whatever the size of its blocks', () => {
    const property = fc.property(
      fc.integer({ min: 1, max: 9 }),
      fc.integer({ min: 1, max: 9 }),
      fc.nat(1000),
      (length, block, seed) => {
        const whole = attend(length, length, seed);
        for (const [name, values] of Object.entries(attend(length, block, seed)))
          for (const [i, value] of values.entries()) expect(value).toBeCloseTo(whole[name]![i]!, 12);
      },
    );
    fc.assert(property, { numRuns: 60 });
  });

  it('keeps every position from what comes after it', () => {
    const shape = [1, 1, 5, 2];
    const x = input('x', shape);
    const run = (values: number[]): number[] => [...interpret({ y: causalAttention(x, x, x, 2) }, { x: values }).y!];
    const values = Array.from({ length: 10 }, (_, i) => Math.sin(i));
    const before = run(values);
    const after = run(values.with(6, 3));
    expect(after.slice(0, 6)).toEqual(before.slice(0, 6));
    expect(after.slice(6, 8)).not.toEqual(before.slice(6, 8));
  });
});
