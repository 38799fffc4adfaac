// The scored texts are beginnings of the documents, whole units of them, and the report says how much of what was read.
import { byteLength, documentOfText, segmentUnits } from '@strata/text';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cutText, scoredText } from './scored-text.js';

describe('cutText', () => {
  it('keeps as many whole units as fit', () => {
    expect(cutText('one two three', 7)).toBe('one two');
    expect(cutText('one two three', 12)).toBe('one two');
    expect(cutText('one two three', 13)).toBe('one two three');
    expect(cutText('one two three', 2)).toBe('');
  });

  it('never cuts a unit or a character, never exceeds the limit, never leaves out a unit that fits', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 300 }), fc.nat(400), (text, limit) => {
        const cut = cutText(text, limit);
        const ends = [0, ...segmentUnits(text).map((span) => span.end)];
        const fitting = ends.filter((end) => byteLength(text.slice(0, end)) <= limit);
        expect(cut).toBe(text.slice(0, fitting.at(-1)));
      }),
    );
  });
});

describe('scoredText', () => {
  const documents = [documentOfText('first', 'one two three.'), documentOfText('second', 'four five six.')];

  it('reads all of every document where there is no limit', () => {
    const { texts, bytes, note } = scoredText(documents, 0, 'test');
    expect(texts).toEqual(['one two three.', 'four five six.']);
    expect(bytes).toBe(28);
    expect(note).toBe('Scored as test: all of first, all of second. Every model scored the same bytes.');
  });

  it('goes on into the next document and says where it stopped', () => {
    const { texts, bytes, note } = scoredText(documents, 20, 'test');
    expect(texts).toEqual(['one two three.', 'four']);
    expect(bytes).toBe(18);
    expect(note).toContain('all of first, the first 4 of 14 bytes of second');
  });

  it('says how many documents it never opened', () => {
    expect(scoredText(documents, 7, 'validation').note).toContain('1 further document was not read');
  });
});
