import { describe, expect, it } from 'vitest';
import { motionOf } from './paraphrase.js';

const states = (...rows: readonly [number, number][]) => ({ width: 2, states: Float32Array.from(rows.flat()) });
const swap = (place: number) => ({ place, same: 0, other: 0 });

describe('motionOf', () => {
  it('is the mean cosine distance at swaps, and after the first of a window at all others', () => {
    const before = [states([1, 0], [1, 0], [1, 0], [1, 0]), states([0, 1], [0, 1])];
    // Before the swap at 1 nothing counts; at it a right angle, after it 60 degrees; then a swap that moves nothing.
    const after = [states([0, 1], [0, 3], [1, Math.sqrt(3)], [2, 0]), states([0, 5], [0, -1])];
    const { at, after: rest } = motionOf(before, after, [[swap(1), swap(3)], [swap(1)]]);
    expect(at).toBeCloseTo((1 + 0 + 2) / 3, 6);
    expect(rest).toBeCloseTo(0.5, 6);
  });

  it('of windows without a swap is none', () => {
    expect(motionOf([states([1, 0])], [states([0, 1])], [[]])).toEqual({ at: 0, after: 0 });
  });
});
