// A concept stands where its members do on average.
import { expect, it } from 'vitest';
import { conceptVectors } from './concept-vectors.js';

it('is the mean of the members, and a single lemma itself', () => {
  const table = Float32Array.of(1, 2, 3, 6, 5, 4);
  expect([...conceptVectors([Int32Array.of(0, 2), Int32Array.of(1)], table, 2)]).toEqual([3, 3, 3, 6]);
});
