// The greatest by insertion are those of a whole stable sort, whatever ties there are.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { greatestPlaces, keepGreatest } from './greatest.js';

it('are the first of a stable sort, ties in their order', () => {
  // Few different values, so that most are tied.
  const values = fc.array(fc.integer({ min: -2, max: 2 }), { maxLength: 30 });
  fc.assert(
    fc.property(values, fc.integer({ min: 0, max: 40 }), (numbers, count) => {
      const sorted = [...numbers.keys()].sort((left, right) => numbers[right]! - numbers[left]!);
      expect(greatestPlaces(numbers, count)).toEqual(sorted.slice(0, count));
    }),
    { seed: 6 },
  );
});

it('are kept beside those of another list in one array', () => {
  const places = new Int32Array(4).fill(-1);
  const values = new Float32Array(4);
  for (const [place, value] of [1, 3, 3, 2].entries()) keepGreatest(places, values, 2, 2, place, value);
  keepGreatest(places, values, 0, 2, 9, -Infinity);
  expect([...places]).toEqual([9, -1, 1, 2]);
  expect([...values]).toEqual([-Infinity, 0, 3, 3]);
});
