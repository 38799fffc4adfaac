// Letters of unknown words: n-grams are those of the letters alone, fit their room, and bring misspellings close.
import { RandomStream } from '@strata/nn';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { emptyGrams, GRAM_LIMIT, letterGrams, setGrams } from './letters.js';
import { misspell } from './misspell.js';

/** Share of n-grams that two words have in common (Dice). */
function alike(a: string, b: string): number {
  const [left, right] = [new Set(letterGrams(a, 1 << 20)), new Set(letterGrams(b, 1 << 20))];
  return (2 * [...left].filter((gram) => right.has(gram)).length) / (left.size + right.size);
}

describe('letter n-grams', () => {
  it('are within the buckets and the room, at least one, for any string', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 40 }),
        fc.integer({ min: 64, max: 5000 }),
        (surface, buckets) => {
          const grams = letterGrams(surface, buckets);
          expect(grams.length).toBeGreaterThan(0);
          expect(grams.length).toBeLessThanOrEqual(GRAM_LIMIT);
          expect(grams.every((gram) => gram >= 0 && gram < buckets)).toBe(true);
        },
      ),
    );
  });

  it('do not change with casing, and tell order apart', () => {
    expect(letterGrams('Receive', 4096)).toEqual(letterGrams('rECEIVE', 4096));
    expect([...letterGrams('on', 4096)]).not.toEqual([...letterGrams('no', 4096)]);
  });

  it('of a misspelled word are nearer to the right one than to others', () => {
    expect(alike('recieve', 'receive')).toBeGreaterThan(alike('recieve', 'relief'));
    expect(alike('beutifull', 'beautiful')).toBeGreaterThan(alike('beutifull', 'bountiful'));
  });

  it('count as one word in all, however many they are, and leave nothing of the word before', () => {
    const feeds = emptyGrams(2);
    setGrams(feeds, 1, letterGrams('extraordinarily', 4096));
    setGrams(feeds, 1, letterGrams('ox', 4096));
    const sum = feeds.shares.reduce((total, share) => total + share, 0);
    expect(sum).toBeCloseTo(1, 6);
    expect(feeds.shares.slice(0, GRAM_LIMIT).every((share) => share === 0)).toBe(true);
    setGrams(feeds, 1, undefined);
    expect(feeds.shares.every((share) => share === 0)).toBe(true);
  });
});

describe('misspellings', () => {
  it('are a slip or two away, keep a word of letters, and follow from their stream', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z]{1,14}$/), fc.nat(1000), (word, seed) => {
        const wrong = misspell(word, new RandomStream(seed, 'slips'));
        expect(misspell(word, new RandomStream(seed, 'slips'))).toBe(wrong);
        expect(Math.abs(wrong.length - word.length)).toBeLessThanOrEqual(2);
        expect(wrong).toMatch(/^[a-z]+$/);
        if (word.length < 4) expect(wrong).toBe(word);
      }),
    );
  });

  it('are mostly not the word itself', () => {
    const random = new RandomStream(1, 'slips');
    const wrong = Array.from({ length: 200 }, () => misspell('beautiful', random));
    expect(wrong.filter((word) => word !== 'beautiful').length).toBeGreaterThan(150);
  });
});
