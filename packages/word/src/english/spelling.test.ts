// What the spelling of a country promises: readable cases, and pairs that lead to one another and back.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { otherSpelling, spellingOf } from './spelling.js';

const pairs: readonly [british: string, american: string][] = [
  ['colour', 'color'],
  ['colours', 'colors'],
  ['favourite', 'favorite'],
  ['realise', 'realize'],
  ['realising', 'realizing'],
  ['organisation', 'organization'],
  ['analysed', 'analyzed'],
  ['travelled', 'traveled'],
  ['modelling', 'modeling'],
  ['aeroplane', 'airplane'],
  ['centre', 'center'],
  ['fibres', 'fibers'],
  ['defence', 'defense'],
  ['fulfil', 'fulfill'],
  ['grey', 'gray'],
  ['plough', 'plow'],
];

describe('spelling of a country', () => {
  it.each(pairs)('%s in Britain is %s in America', (british, american) => {
    expect([spellingOf(british), spellingOf(american)]).toEqual(['british', 'american']);
    expect([otherSpelling(british), otherSpelling(american)]).toEqual([american, british]);
  });

  it.each([
    'advertise',
    'surprised',
    'size',
    'wise',
    'house',
    'controlled',
    'fulfilled',
    'called',
    'parallel',
    'walk',
    '',
  ])('%s is spelled alike in both', (form) => {
    expect(spellingOf(form)).toBeUndefined();
    expect(otherSpelling(form)).toBeUndefined();
  });

  it('leads from one side only where the other side writes both', () => {
    expect(spellingOf('tyre')).toBe('british');
    expect(otherSpelling('tyre')).toBe('tire');
    expect(spellingOf('tire')).toBeUndefined();
    expect(spellingOf('analyses')).toBeUndefined();
  });

  it('never calls a form British whose other spelling is British too, whatever the letters', () => {
    const letters = fc.string({ unit: fc.constantFrom(...'aeioulrszytcbd'), minLength: 1, maxLength: 9 });
    const ending = fc.constantFrom('', 'our', 'ise', 'ize', 'yse', 'lled', 'led', 'lling', 're', 'isation');
    fc.assert(
      fc.property(letters, ending, (stem, end) => {
        const form = stem + end;
        const other = otherSpelling(form);
        if (other === undefined) return;
        expect(other).not.toBe(form);
        expect(spellingOf(other)).not.toBe(spellingOf(form));
      }),
    );
  });
});
