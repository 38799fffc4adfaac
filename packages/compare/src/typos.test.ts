// Slips promise to be the same for the same seed, one a damaged word, and to leave the units of a text as they were.
import { RandomStream } from '@strata/nn';
import { segmentUnits } from '@strata/text';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { slipsBetween } from './misspellings.js';
import { damagePair, damageText, slipOf, typoCost } from './typos.js';

const TEXT = `The white hare couldn't remember where it had been sleeping, and so it went home again. `.repeat(60);

const surfaces = (text: string): string[] => segmentUnits(text).map(({ start, end }) => text.slice(start, end));

describe('slipOf', () => {
  it('makes one slip in any word of four letters, and leaves shorter words and numbers alone', () => {
    const word = fc.string({ unit: fc.constantFrom(...'abcdefghijklmnopqrstuvwxyzE'), minLength: 4, maxLength: 15 });
    fc.assert(
      fc.property(word, fc.nat(), (own, seed) => {
        const slipped = slipOf(own, new RandomStream(seed, 'test'));
        expect(slipped).not.toBe(own);
        expect(slipsBetween(own, slipped)).toBeLessThanOrEqual(1);
      }),
    );
    const random = new RandomStream(1, 'test');
    for (const own of ['the', '1234', "don't", '']) expect(slipOf(own, random)).toBe(own);
  });
});

describe('damageText', () => {
  it('damages about the share of the long words that was asked for, the same ones each time', () => {
    const { text, damaged } = damageText(TEXT, 1);
    expect(damageText(TEXT, 1)).toEqual({ text, damaged });
    expect(damageText(TEXT, 2).text).not.toBe(text);
    const long = surfaces(TEXT).filter((word) => /^\p{L}{4,}$/u.test(word)).length;
    expect(damaged.length / long).toBeGreaterThan(0.025);
    expect(damaged.length / long).toBeLessThan(0.075);
  });

  it('leaves all units where they were, and changes those that it names and no others', () => {
    const anyText = fc.oneof(fc.string({ unit: 'grapheme', maxLength: 200 }), fc.constant(TEXT));
    fc.assert(
      fc.property(anyText, fc.nat(), (text, seed) => {
        const found = damageText(text, seed, 0.5);
        const [before, after] = [surfaces(text), surfaces(found.text)];
        expect(after.length).toBe(before.length);
        const changed = [...before.keys()].filter((unit) => before[unit] !== after[unit]);
        expect(changed).toEqual(found.damaged);
      }),
      // A word of more bytes than a unit has: its second part may not slip into the first.
      { examples: [['ਅ𐀀ࠀ𐀀ஃAÀကⰀ', 553401853]] },
    );
  });
});

it('typoCost tells what slips cost on their words from what they cost on others', () => {
  const clean = { nats: Float64Array.of(1, 1, 1), bytes: Float64Array.of(4, 4, 4) };
  const damaged = { nats: Float64Array.of(1, 1 + 8 * Math.LN2, 1 + 2 * Math.LN2), bytes: Float64Array.of(4, 5, 4) };
  const cost = typoCost(clean, damaged, [1]);
  expect(cost.perTypo).toBeCloseTo(8, 12);
  expect(cost.spread).toBeCloseTo(2, 12);
  expect(cost.clean).toBeCloseTo(3 / Math.LN2 / 12, 12);
  expect(cost.damaged).toBeCloseTo((3 / Math.LN2 + 10) / 13, 12);
});

describe('damagePair', () => {
  it('makes the same slip in a word that both sentences have', () => {
    const pair = { good: 'The old bears run home.', bad: 'The old bears runs home.' };
    const found = damagePair(pair, new RandomStream(3, 'test'))!;
    const changed = (clean: string, own: string): string[] =>
      surfaces(own).filter((word, i) => word !== surfaces(clean)[i]);
    expect(changed(pair.good, found.good)).toHaveLength(1);
    expect(changed(pair.good, found.good)).toEqual(changed(pair.bad, found.bad));
  });

  it('has nothing to say of sentences that share no long word', () => {
    expect(damagePair({ good: 'He ran.', bad: 'He run.' }, new RandomStream(1, 'test'))).toBeUndefined();
  });
});
