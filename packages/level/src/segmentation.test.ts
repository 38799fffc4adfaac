import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Segmentation, SegmentationError } from './segmentation.js';

describe('Segmentation', () => {
  it('tiles the level below: every unit lies in exactly one span', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 50 }), (lengths) => {
        let total = 0;
        const ends = Int32Array.from(lengths, (length) => (total += length));
        const spans = new Segmentation(ends, total);
        const owner = new Array<number>(total).fill(0);
        for (let i = 0; i < spans.length; i++) for (let u = spans.start(i); u < spans.end(i); u++) owner[u]++;
        expect(owner.every((count) => count === 1)).toBe(true);
      }),
    );
  });

  it('refuses empty spans and units left uncovered', () => {
    expect(() => new Segmentation(Int32Array.of(2, 2, 3), 3)).toThrow(SegmentationError);
    expect(() => new Segmentation(Int32Array.of(2, 3), 5)).toThrow(/2 units uncovered/);
  });
});
