import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { generalisedAveragePrecision } from './substitute-ranking.js';

describe('generalisedAveragePrecision', () => {
  it('is worked out by hand', () => {
    // Ideal 3, 1, 0: 3 + 2 = 5. Ranked 0, 3, 1: 3/2 + 4/3.
    expect(generalisedAveragePrecision([0, 3, 1])).toBeCloseTo((3 / 2 + 4 / 3) / 5, 12);
    // With weights of 0 and 1 alone it is average precision: (1/2 + 2/4) / 2.
    expect(generalisedAveragePrecision([0, 1, 0, 1])).toBeCloseTo((1 / 2 + 2 / 4) / 2, 12);
  });

  it('is 1 for the ideal order, and no order is better', () => {
    const weights = fc.array(fc.integer({ min: 0, max: 10 }), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(weights, (list) => {
        const gap = generalisedAveragePrecision(list);
        const ideal = generalisedAveragePrecision(list.toSorted((a, b) => b - a));
        if (list.every((weight) => weight === 0)) {
          expect([gap, ideal]).toEqual([undefined, undefined]);
          return;
        }
        expect(ideal).toBe(1);
        expect(gap).toBeGreaterThan(0);
        expect(gap).toBeLessThanOrEqual(1 + 1e-12);
      }),
    );
  });

  it('falls when a better substitute goes behind a worse one', () => {
    expect(generalisedAveragePrecision([2, 5, 1])).toBeLessThan(generalisedAveragePrecision([5, 2, 1])!);
  });
});
