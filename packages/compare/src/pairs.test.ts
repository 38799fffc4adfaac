// What reading and counting minimal pairs promises: both formats, clear refusals, ties as halves, prose as people write it.
import { describe, expect, it } from 'vitest';
import { asProse, PairsFormatError, parsePairs, scorePairs } from './pairs.js';

describe('parsePairs', () => {
  it('reads Zorro: the bad sentence first', () => {
    expect(parsePairs('look at this things .\nlook at this thing .\n', 'a.txt')).toEqual([
      { bad: 'look at this things .', good: 'look at this thing .' },
    ]);
  });

  it('reads BLiMP', () => {
    const line = JSON.stringify({ sentence_good: 'Who left?', sentence_bad: 'Whom left?', UID: 'x' });
    expect(parsePairs(`${line}\n${line}`, 'b.jsonl')).toHaveLength(2);
  });

  it.each([
    ['nothing', '', 'no lines'],
    ['an odd number of lines', 'a\nb\nc', '3 lines'],
    ['an empty sentence', 'a\n\nb\nc', 'line 2: empty'],
    ['broken JSON', '{"sentence_good": "a", "sentence_bad": "b"}\n{', 'line 2: not JSON'],
    ['other JSON', '{"good": "a"}', 'line 1: accepted are'],
    ['null', '{"sentence_good": "a", "sentence_bad": "b"}\nnull', 'line 2: accepted are'],
  ])('refuses %s', (_, text, message) => {
    expect(() => parsePairs(text, 'file')).toThrow(PairsFormatError);
    expect(() => parsePairs(text, 'file')).toThrow(message);
  });
});

it('writes tokenised sentences as prose', () => {
  expect(asProse("did i see what Laura did n't , Mark ?")).toBe("Did I see what Laura didn't, Mark?");
});

it('counts a tie as half', () => {
  expect(scorePairs([1, 2, 2, 1, 3, 3, 1, 5])).toMatchObject({ pairs: 4, accuracy: 0.625 });
});
