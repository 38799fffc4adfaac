// The adjective test promises that only adjectives are swapped, for others that the training text has there, and that
// nothing but the next content word is compared.
import { unitBatches } from '@strata/text';
import { english, type ReadUnit } from '@strata/word';
import { describe, expect, it } from 'vitest';
import {
  type AdjectiveCounts,
  adjectivesOf,
  countAdjectives,
  hareItems,
  hareScore,
  hareTexts,
  someItems,
} from './hare.js';

const read = (text: string): readonly (readonly ReadUnit[])[] => [...english.read(unitBatches([text]))];

const TRAINING =
  'He saw the white hare. He saw the white hare. He had a white hare. He saw the brown hare in the field. ' +
  'She saw the brown hare. They saw the brown hare. They saw the white hare. He has an old hare. An old hare ran. ' +
  'The old hare ran. He saw the tired hare.';

const counts: AdjectiveCounts = new Map();
countAdjectives(counts, read(TRAINING));
const adjectives = adjectivesOf(counts);

describe('adjectivesOf', () => {
  it('knows the adjectives that a noun was seen with often enough, the most frequent first', () => {
    expect(counts.get('hare tired')).toBe(1);
    expect(adjectives.get('hare')).toEqual(['white', 'brown', 'old']);
  });
});

describe('hareItems', () => {
  it('swaps a known adjective and asks for the next content word, in the sentence that stands before it', () => {
    const items = hareItems(read('Night came. They saw the white hare on the snow. The tired hare slept.'), adjectives);
    expect(items).toEqual([
      { before: 'They saw the ', adjective: 'white', swapped: 'brown', between: ' hare on the', next: ' snow' },
    ]);
    expect(hareTexts(items[0]!)).toEqual([
      'They saw the white hare on the',
      'They saw the white hare on the snow',
      'They saw the brown hare on the',
      'They saw the brown hare on the snow',
      'They saw the hare on the',
      'They saw the hare on the snow',
    ]);
  });

  it('keeps articles right', () => {
    expect(hareItems(read('She saw an old hare asleep.'), adjectives)).toEqual([]);
    const [item] = hareItems(read('It was a brown hare that slept.'), adjectives);
    expect(item?.swapped).toBe('white');
    const texts = hareTexts({ before: 'It was a ', adjective: 'big', swapped: 'red', between: ' owl', next: ' ran' });
    expect(texts[5]).toBe('It was an owl ran');
  });

  it('has nothing where no content word follows in the sentence', () => {
    expect(hareItems(read('They saw the white hare. Snow fell.'), adjectives)).toEqual([]);
  });
});

it('hareScore compares the content word alone: what comes before it cancels out', () => {
  const bit = Math.LN2;
  // Right: 3 bits after the true adjective, 5 after the other, 4 after none; wrong: 6, 2, 6.
  const first = [10, 10 + 3 * bit, 90, 90 + 5 * bit, 7, 7 + 4 * bit];
  const second = [1, 1 + 6 * bit, 1, 1 + 2 * bit, 1, 1 + 6 * bit];
  const score = hareScore(Float64Array.from([...first, ...second]));
  expect(score.right).toMatchObject({ pairs: 2, accuracy: 0.5 });
  expect(score.saved).toBeCloseTo(-1, 12);
  // 2 and -4 lie 3 from their mean.
  expect(score.savedMargin).toBeCloseTo((1.96 * 3) / Math.sqrt(2), 12);
  expect(score.moved).toBeCloseTo(3, 12);
  expect(score.movedByAny).toBeCloseTo(0.5, 12);
});

it('someItems takes as many as asked for, evenly', () => {
  const items = Array.from(
    { length: 10 },
    (_, i) => ({ before: `${i}` }) as unknown as Parameters<typeof someItems>[0][0],
  );
  expect(someItems(items, 5).map(({ before }) => before)).toEqual(['0', '2', '4', '6', '8']);
  expect(someItems(items, 50)).toHaveLength(10);
});
