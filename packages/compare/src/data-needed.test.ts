import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dataNeeded } from './data-needed.js';

describe('dataNeeded', () => {
  const others = [
    { given: 100, bitsPerByte: 3 },
    { given: 400, bitsPerByte: 2 },
    { given: 200, bitsPerByte: 2.5 },
  ];

  it('interpolates the logarithm of the length between complete trainings', () => {
    const at = dataNeeded({ given: 100, bitsPerByte: 2.5 }, others)!;
    expect(at.bound).toBe('exact');
    expect(at.factor).toBeCloseTo(2, 10);
    const between = dataNeeded({ given: 100, bitsPerByte: 2.25 }, others)!;
    expect(between.factor).toBeCloseTo(2 ** 1.5, 10);
  });

  it('claims no more than was trained', () => {
    expect(dataNeeded({ given: 100, bitsPerByte: 1.9 }, others)).toEqual({ factor: 4, bound: 'atLeast' });
    expect(dataNeeded({ given: 100, bitsPerByte: 3.5 }, others)).toEqual({ factor: 1, bound: 'atMost' });
    expect(dataNeeded({ given: 100, bitsPerByte: 1 }, [])).toBeUndefined();
  });

  it('never grows when the model is worse', () => {
    const bits = fc.double({ min: 1, max: 4, noNaN: true });
    fc.assert(
      fc.property(bits, bits, (a, b) => {
        const need = (bitsPerByte: number) => dataNeeded({ given: 100, bitsPerByte }, others)!.factor;
        expect(need(Math.max(a, b))).toBeLessThanOrEqual(need(Math.min(a, b)) + 1e-12);
      }),
    );
  });
});
