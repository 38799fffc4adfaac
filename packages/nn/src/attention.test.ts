import { constant, gradients, input, interpret, multiply, type Node, sum } from '@strata/tensor';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { causalAttention, groupAttention } from './attention.js';
import { alibiSlopes } from './positions.js';
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
  const mixed = causalAttention(query, key, value, { block });
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
    const run = (values: number[]): number[] => [
      ...interpret({ y: causalAttention(x, x, x, { block: 2 }) }, { x: values }).y!,
    ];
    const values = Array.from({ length: 10 }, (_, i) => Math.sin(i));
    const before = run(values);
    const after = run(values.with(6, 3));
    expect(after.slice(0, 6)).toEqual(before.slice(0, 6));
    expect(after.slice(6, 8)).not.toEqual(before.slice(6, 8));
  });
});

/** What attention by definition gives: each query over the keys that `sees` lets it see. */
function byDefinition(
  values: readonly number[],
  length: number,
  sees: (t: number, key: number) => boolean,
  slope = 0,
): number[] {
  const rows = Array.from({ length }, (_, t) => values.slice(2 * t, 2 * t + 2));
  return rows.flatMap((query, t) => {
    const weights = rows.map((key, at) => {
      const score = (query[0]! * key[0]! + query[1]! * key[1]!) / Math.SQRT2 - slope * (t - at);
      return sees(t, at) ? Math.exp(score) : 0;
    });
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    return [0, 1].map((axis) => rows.reduce((sum, key, i) => sum + (weights[i]! / total) * key[axis]!, 0));
  });
}

describe('local attention', () => {
  const length = 11;
  const values = Array.from({ length: 2 * length }, (_, i) => Math.sin(3 * i));
  const x = constant(Float32Array.from(values), [1, 1, length, 2]);
  const expectClose = (y: Node, expected: number[], from = 0): void => {
    const found = interpret({ y }, {}).y!;
    for (let i = from; i < found.length; i++) expect(found[i]).toBeCloseTo(expected[i]!, 6);
  };

  it('sees the last `span` positions, whatever the size of its blocks', () => {
    for (const span of [1, 3, 7, 20])
      for (const block of [1, 4, 11])
        expectClose(
          causalAttention(x, x, x, { block, span }),
          byDefinition(values, length, (t, key) => key <= t && key > t - span),
        );
  });

  it('sees its own group up to itself', () => {
    const group = (t: number): number => Math.floor((t + 1) / 4);
    const expected = byDefinition(values, length, (t, key) => key <= t && group(key) === group(t));
    // The first group has a position of zeros before the window.
    expectClose(groupAttention(x, x, x, 4, 1), expected, 2 * 3);
    const whole = byDefinition(values, length, (t, key) => key <= t && Math.floor(key / 4) === Math.floor(t / 4));
    expectClose(groupAttention(x, x, x, 4, 0), whole);
  });
});

describe('linear biases', () => {
  it('have the slopes of Press et al. 2022, figure 3: from 1/2 to 1/256 for eight heads', () => {
    expect([...alibiSlopes(8)]).toEqual([1, 2, 3, 4, 5, 6, 7, 8].map((i) => 2 ** -i));
  });

  it('take off a score what its distance costs, in each head and whatever the size of blocks', () => {
    const length = 9;
    const heads = [0, 1].map((head) => Array.from({ length: 2 * length }, (_, i) => Math.sin(3 * i + head)));
    const x = constant(Float32Array.from(heads.flat()), [1, 2, length, 2]);
    const slopes = alibiSlopes(2);
    const expected = heads.flatMap((values, head) => byDefinition(values, length, (t, key) => key <= t, slopes[head]));
    for (const block of [1, 4, 9]) {
      const found = interpret({ y: causalAttention(x, x, x, { block, slopes }) }, {}).y!;
      for (const [i, value] of expected.entries()) expect(found[i]).toBeCloseTo(value, 6);
    }
  });
});
