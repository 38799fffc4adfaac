// The echo test promises to find the first loop and no other, and to count word pairs as a reader would.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { distinctPairs, firstLoop } from './echo.js';

describe('firstLoop', () => {
  it('is where a stretch of three units or more is said again', () => {
    expect(firstLoop('Once the old man ran. the old man ran. the end')).toBe('Once the old man ran.'.length);
    expect(firstLoop('a b c a b c')).toBeUndefined();
    expect(firstLoop(' a b c a b c')).toBe(6);
  });

  it('is found in one word or two that go on and on, and in letters of several bytes', () => {
    expect(firstLoop(' ha ha ha ha ha ha ha')).toBe(9);
    expect(firstLoop(' é à é à é à é à é')).toBe(12);
  });

  it('is nowhere in a text that says nothing twice in a row', () => {
    expect(firstLoop('')).toBeUndefined();
    expect(firstLoop('The old man saw the old dog, and the old man ran.')).toBeUndefined();
  });

  it('does not move when the text goes on after it', () => {
    const words = fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 30 });
    fc.assert(
      fc.property(words, words, (before, after) => {
        const text = before.map((word) => ` ${word}`).join('');
        const found = firstLoop(text);
        if (found !== undefined) expect(firstLoop(text + after.map((word) => ` ${word}`).join(''))).toBe(found);
      }),
    );
  });
});

it('distinctPairs is the share of pairs of words that are new, whatever their casing and the marks between', () => {
  expect(distinctPairs('The hare, the hare; THE HARE!')).toBe(2 / 5);
  expect(distinctPairs('one two three')).toBe(1);
  expect(distinctPairs('one')).toBe(1);
});
