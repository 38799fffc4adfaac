// The tagger forgets new words in time, and nobody notices.
// From: the promises in wink.ts.
import { expect, it } from 'vitest';
import { createInstance, wink } from './wink.js';

const SENTENCE = 'The gryphons glorped the snarkish boojum , and she saw Carthworth running .';

function tags({ its, readDoc } = wink()): string[] {
  return readDoc(SENTENCE).tokens().out(its.pos) as unknown as string[];
}

it('gives place to a new one that says the same', () => {
  const first = wink();
  const before = tags();
  expect(wink()).toBe(first);
  const letters = 'bcdfghjklmnpqrst';
  const word = (i: number): string => [0, 4, 8, 12, 16].map((bit) => `${letters[(i >> bit) & 15]}a`).join('');
  for (let from = 0; from < 1 << 17; from += 1 << 11) {
    if (wink() !== first) break;
    first.readDoc(Array.from({ length: 1 << 11 }, (_, i) => word(from + i)).join(' '));
  }
  expect(wink()).not.toBe(first);
  expect(tags()).toEqual(before);
});

it('may be renewed more often than the package by itself endures', () => {
  const before = tags();
  const instances = Array.from({ length: 24 }, createInstance);
  expect(new Set(instances).size).toBe(24);
  expect(tags(instances.at(-1)!.tagger)).toEqual(before);
});
