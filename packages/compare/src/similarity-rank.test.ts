import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  cosine,
  midRanks,
  parseSimlex,
  ratingsByPair,
  SimlexFormatError,
  similarityRank,
  spearman,
} from './similarity-rank.js';

describe('midRanks', () => {
  it('gives equal values the mean of their ranks', () => {
    expect([...midRanks([10, 20, 10, 5])]).toEqual([2.5, 4, 2.5, 1]);
    expect([...midRanks([])]).toEqual([]);
  });
});

describe('spearman', () => {
  it('is worked out by hand, with ties', () => {
    // Ranks 1 2.5 2.5 4 and 1 3 2 4: products of deviations 2.25 + 0 + 0 + 2.25, squares 4.5 and 5.
    expect(spearman([1, 2, 2, 3], [10, 30, 20, 40])).toBeCloseTo(4.5 / Math.sqrt(4.5 * 5), 12);
    expect(spearman([1, 2, 3], [3, 2, 1])).toBeCloseTo(-1, 12);
  });

  it('of a constant list, or of fewer than two values, is not defined', () => {
    expect(spearman([1, 1, 1], [1, 2, 3])).toBeUndefined();
    expect(spearman([1], [1])).toBeUndefined();
    expect(spearman([], [])).toBeUndefined();
  });

  it('stays the same under monotone maps, changes sign when one list is turned, and lies within -1 and 1', () => {
    const values = fc.array(fc.tuple(fc.integer({ min: -9, max: 9 }), fc.integer({ min: -9, max: 9 })), {
      minLength: 2,
    });
    fc.assert(
      fc.property(values, (pairs) => {
        const x = pairs.map(([left]) => left);
        const y = pairs.map(([, right]) => right);
        const rho = spearman(x, y);
        const mapped = spearman(
          x.map((value) => value ** 3 + 7),
          y.map((value) => Math.exp(value)),
        );
        const turned = spearman(
          x.map((value) => -value),
          y,
        );
        if (rho === undefined) {
          expect([mapped, turned]).toEqual([undefined, undefined]);
          return;
        }
        expect(mapped).toBeCloseTo(rho, 10);
        expect(turned).toBeCloseTo(-rho, 10);
        expect(Math.abs(rho)).toBeLessThanOrEqual(1 + 1e-12);
      }),
    );
  });
});

describe('parseSimlex', () => {
  it('reads three bare columns, and the original table by its header', () => {
    expect(parseSimlex('old\tnew\t1.58\r\nsmart\tIntelligent\t9.2\n\n', 'x')).toEqual([
      { a: 'old', b: 'new', rating: 1.58 },
      { a: 'smart', b: 'intelligent', rating: 9.2 },
    ]);
    const table = 'word1\tword2\tPOS\tSimLex999\tconc(w1)\nold\tnew\tA\t1.58\t2.72\n';
    expect(parseSimlex(table, 'x')).toEqual([{ a: 'old', b: 'new', rating: 1.58 }]);
  });

  it.each([
    ['two columns', 'old\tnew\t1\nold new 3\n', 'pairs.txt, line 2'],
    ['four columns', 'old\tnew\t1\t2\n', 'line 1'],
    ['no word', '\tnew\t1\n', 'line 1'],
    ['no number', 'old\tnew\tmuch\n', 'line 1'],
    ['a number no rating can be', 'a\tb\t1\n\nold\tnew\t10.5\n', 'line 3'],
    ['another header', 'word1\tword2\trating\nold\tnew\t1\n', 'line 1: the header has "word1", "word2", "rating"'],
    ['nothing', '\n\n', 'no pairs'],
  ])('refuses %s', (_, text, message) => {
    expect(() => parseSimlex(text, 'pairs.txt')).toThrow(SimlexFormatError);
    expect(() => parseSimlex(text, 'pairs.txt')).toThrow(message);
  });
});

it('ratings are found from either word', () => {
  const ratings = ratingsByPair([{ a: 'old', b: 'new', rating: 2 }]);
  expect([ratings.get('old')?.get('new'), ratings.get('new')?.get('old'), ratings.get('old')?.get('old')]).toEqual([
    2,
    2,
    undefined,
  ]);
});

describe('similarityRank', () => {
  const vectors: Readonly<Record<string, readonly number[]>> = { a: [1, 0], b: [1, 0.1], c: [0, 1], d: [-1, 0] };
  const vectorOf = (word: string): readonly number[] | undefined => vectors[word];

  it('ranks what is covered, and puts the rest at the median', () => {
    const pairs = [
      { a: 'a', b: 'b', rating: 9 },
      { a: 'a', b: 'c', rating: 5 },
      { a: 'a', b: 'd', rating: 1 },
      { a: 'a', b: 'zebra', rating: 10 },
    ];
    const { covered, rho, rhoOfAll } = similarityRank(pairs, vectorOf);
    expect([covered, rho]).toEqual([3, expect.closeTo(1, 12)]);
    // Cosines rank 4 2.5 1 2.5, ratings 3 2 1 4: products 0.75 + 0 + 2.25 + 0, squares 4.5 and 5.
    expect(rhoOfAll).toBeCloseTo(3 / Math.sqrt(4.5 * 5), 12);
  });

  it('has no figure where nothing is covered', () => {
    expect(similarityRank([{ a: 'x', b: 'y', rating: 3 }], vectorOf)).toEqual({ covered: 0 });
  });
});

it('equal directions have one cosine, whatever their lengths', () => {
  expect(cosine([0.1, 0.2, 0.3], [0.1, 0.2, 0.3])).toBe(cosine([1, 2, 3], [3, 6, 9]));
  expect(cosine([0, 0], [1, 2])).toBe(0);
});
