import { RandomStream } from '@strata/nn';
import { describe, expect, it } from 'vitest';
import { Codebook, CodebookError, distilCodebook } from './codebook.js';

/** Points around three centres, far apart. */
function planted(): { patterns: Float32Array; group: number[] } {
  const random = new RandomStream(1, 'points');
  const group = Array.from({ length: 90 }, (_, i) => i % 3);
  const patterns = Float32Array.from(
    group.flatMap((g) => [10 * g + 0.1 * random.normal(), -5 * g + 0.1 * random.normal()]),
  );
  return { patterns, group };
}

describe('distilCodebook', () => {
  it('finds planted patterns and names each by its own sentences', () => {
    const { patterns, group } = planted();
    const book = distilCodebook(patterns, 2, 3, 1, (i) => `group ${group[i]}`);
    expect(book.codes.map(({ count }) => count)).toEqual([30, 30, 30]);
    for (let i = 0; i < group.length; i++)
      expect(book.nameOf(book.nearest(patterns, i).code)).toBe(`group ${group[i]}`);
  });

  it('is the same for the same seed', () => {
    const { patterns } = planted();
    const make = (): unknown => distilCodebook(patterns, 2, 5, 3, String).toJSON();
    expect(make()).toEqual(make());
  });
});

describe('Codebook', () => {
  it('comes back from its file, and refuses what is none', () => {
    const { patterns } = planted();
    const book = distilCodebook(patterns, 2, 3, 1, String);
    expect(Codebook.fromJSON(JSON.parse(JSON.stringify(book.toJSON()))).toJSON()).toEqual(book.toJSON());
    expect(() => Codebook.fromJSON({ ...book.toJSON(), width: 3 })).toThrow(CodebookError);
    expect(() => Codebook.fromJSON({ ...book.toJSON(), more: 1 })).toThrow(/Train the gestalt level again/);
    expect(() => Codebook.fromJSON(null)).toThrow(CodebookError);
  });
});
