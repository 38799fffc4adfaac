import { type BpeTokenizer, trainBpe } from '@strata/subword';
import { segmentUnits, textFromBytes } from '@strata/text';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UnitEnds } from './unit-ends.js';

const words = "the don't Mr St. can't it's dog's 3.5 mother-in-law éa said, \"so\" then -- e.g. n't 't 's 'll".split(
  ' ',
);
const counts = new Map(words.flatMap((word) => [word, ` ${word}`].map((unit) => [unit, 9] as const)));
const { tokenizer }: { tokenizer: BpeTokenizer } = trainBpe(counts, 330);

/** Whether a unit ends where `surface` does, when `piece` is read after it. */
function endsBefore(surface: string, piece: number): boolean {
  const text = segmentUnits(surface).length === 1 ? surface : `a${surface}`;
  const next = textFromBytes(tokenizer.pieceBytes(piece));
  return segmentUnits(text + next).some(({ end }) => end === text.length);
}

describe('UnitEnds', () => {
  const ends = new UnitEnds(tokenizer);
  const surfaces = fc.oneof(
    fc.stringMatching(/^[A-Za-z]{1,16}$/u),
    fc.constantFrom("n't", "'s", '3', '3.5', '.', '--', '"', 'Mr', 'St', 'etc', 'do', 'don', 'n', 'N', 'can', 'é', "'"),
  );

  it('says of every piece whether it begins another unit, as cutting the text would', () => {
    fc.assert(
      fc.property(surfaces, (surface) => {
        for (let piece = 1; piece < tokenizer.vocabularySize; piece++) {
          const certain = new Float32Array(tokenizer.vocabularySize).fill(Number.NEGATIVE_INFINITY);
          certain[piece] = 0;
          expect(ends.probability(surface, certain) === 1, `${surface}|${piece}`).toBe(endsBefore(surface, piece));
        }
      }),
      { numRuns: 60 },
    );
  });
});
