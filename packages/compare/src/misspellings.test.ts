// Lists of misspellings: read as they are published, refused where they are something else; slips counted as people make them.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MisspellingsFormatError, parseMisspellings, slipsBetween } from './misspellings.js';

describe('a list of misspellings', () => {
  it('has a word and its misspellings a line, counts set aside', () => {
    expect(parseMisspellings('receive: recieve, receve*3\r\n\nmother: mothr\n', 'list.txt')).toEqual([
      { right: 'receive', wrong: 'recieve' },
      { right: 'receive', wrong: 'receve' },
      { right: 'mother', wrong: 'mothr' },
    ]);
  });

  it('may misspell punctuation', () => {
    expect(parseMisspellings('?: bav\n', 'list.txt')).toEqual([{ right: '?', wrong: 'bav' }]);
  });

  it('is refused by file and line where it is none', () => {
    expect(() => parseMisspellings('receive: recieve\nno colon here\n', 'list.txt')).toThrow(/list\.txt, line 2/);
    expect(() => parseMisspellings(': wrong\n', 'list.txt')).toThrow(MisspellingsFormatError);
    expect(() => parseMisspellings('\n\n', 'list.txt')).toThrow(/no misspellings/);
  });

  it('is read or refused by a named error, whatever it holds', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 80 }), (text) => {
        try {
          expect(parseMisspellings(text, 'any').length).toBeGreaterThan(0);
        } catch (error) {
          expect(error).toBeInstanceOf(MisspellingsFormatError);
        }
      }),
    );
  });
});

describe('slips between words', () => {
  it.each([
    ['receive', 'receive', 0],
    ['receive', 'recieve', 1],
    ['apple', 'aple', 1],
    ['apple', 'appple', 1],
    ['house', 'Houze', 1],
    ['separate', 'seperete', 2],
    ['', 'abc', 3],
  ])('%s and %s: %i', (a, b, slips) => {
    expect(slipsBetween(a, b)).toBe(slips);
    expect(slipsBetween(b, a)).toBe(slips);
  });
});
