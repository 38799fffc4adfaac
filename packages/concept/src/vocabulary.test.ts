// The vocabulary is a partition that can be read, saved, asked why, and never fooled by a file.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JudgedPair } from './judge.js';
import { type LemmaEntry, LemmaError } from './lemma.js';
import { ConceptVocabulary, ConceptVocabularyError } from './vocabulary.js';

const named: [string, string, number][] = [
  ['<bos>', 'SPECIAL', 0],
  ['the', 'DET', 900],
  ['big', 'ADJ', 50],
  ['small', 'ADJ', 40],
  ['large', 'ADJ', 60],
  ['great', 'ADJ', 10],
  ['grand', 'ADJ', 5],
  ['ring', 'NOUN', 8],
  ['ring', 'VERB', 7],
];
const lemmas: LemmaEntry[] = named.map(([name, pos, count], id) => ({ id, name, pos, count }));

const judgedPair = (a: number, b: number, similarity: number, accepted = true): JudgedPair => ({
  proposal: {
    a: lemmas[a]!,
    b: lemmas[b]!,
    similarity,
    rankAB: 1,
    rankBA: 2,
    liftAB: 1.25,
    liftBA: undefined,
    shared: [6, 7],
  },
  verdicts: [{ judge: 'WordNet', accept: accepted, score: 0.5, reason: accepted ? 'synonyms' : 'antonyms' }],
  accepted,
  apart: !accepted,
});
const judged = [
  judgedPair(2, 4, 0.9),
  judgedPair(4, 5, 0.7),
  judgedPair(2, 5, 0.6),
  judgedPair(2, 3, 0.95, false),
  judgedPair(3, 4, 0.5, false),
];
const vocabulary = ConceptVocabulary.fromClusters(lemmas, [[5, 2, 4]], judged, {
  judges: ['WordNet'],
  proposed: 5,
  judged: 5,
  accepted: 3,
  maximumSize: 8,
});
const saved = (): ReturnType<ConceptVocabulary['toJSON']> => JSON.parse(JSON.stringify(vocabulary));

describe('ConceptVocabulary', () => {
  it('names a cluster by its most frequent members and leaves the rest single, in the order of the word vocabulary', () => {
    expect(vocabulary.concepts.map(({ name }) => name)).toEqual([
      '<bos>',
      'the',
      'large/big/great',
      'small',
      'grand',
      'ring',
      'ring',
    ]);
    expect([...vocabulary.conceptOf]).toEqual([0, 1, 2, 3, 2, 2, 4, 5, 6]);
    expect([...vocabulary.members[2]!]).toEqual([4, 2, 5]);
    expect(vocabulary.find('ring')).toEqual([7, 8]);
    expect(vocabulary.find('ring', 'VERB')).toEqual([8]);
    expect(vocabulary.find('constructor')).toEqual([]);
  });

  it('puts every lemma in exactly one concept, whatever the clusters', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(9), { minLength: 1, maxLength: 60 }), (assigned) => {
        const all = assigned.map((_, id) => ({ id, name: `w${id}`, pos: 'NOUN', count: id % 7 }));
        const clusters = [...Array(8).keys()]
          .map((cluster) => assigned.flatMap((chosen, id) => (chosen === cluster ? [id] : [])))
          .filter((ids) => ids.length > 0);
        const built = ConceptVocabulary.fromClusters(all, clusters);
        const held = built.members.flatMap((ids) => [...ids]);
        expect(held.sort((left, right) => left - right)).toEqual(all.map(({ id }) => id));
        built.members.forEach((ids, concept) => {
          for (const id of ids) expect(built.conceptOf[id]).toBe(concept);
        });
        for (const ids of clusters) expect(new Set(ids.map((id) => built.conceptOf[id])).size).toBe(1);
        const { indices, mask } = built.memberTable(built.largestConcept);
        const present = [...indices].filter((_, index) => mask[index] === 1);
        expect(present.sort((left, right) => left - right)).toEqual(all.map(({ id }) => id));
        expect(ConceptVocabulary.fromJSON(JSON.parse(JSON.stringify(built)))).toEqual(built);
      }),
      { seed: 11, numRuns: 100 },
    );
  });

  it('says why a word is where it is, seen from that word, and what was kept from it', () => {
    const why = vocabulary.why(4);
    expect(why.concept.name).toBe('large/big/great');
    expect(why.together.map(({ other }) => other.name)).toEqual(['big', 'great']);
    expect(why.together[0]).toMatchObject({ ownInOther: 1.25, otherInOwn: undefined, shared: ['grand', 'ring'] });
    expect(vocabulary.why(2).together[0]).toMatchObject({ otherInOwn: 1.25, ownInOther: undefined });
    expect(why.apart.map(({ other, accepted }) => [other.name, accepted])).toEqual([['small', false]]);
    expect(why.apart[0]!.verdicts[0]!.reason).toBe('antonyms');
    expect(vocabulary.why(1)).toMatchObject({ together: [], apart: [] });
    expect(() => vocabulary.why(9)).toThrow(ConceptVocabularyError);
  });

  it('ranks clusters by coherence and frequency, never a single lemma', () => {
    const two = ConceptVocabulary.fromClusters(
      lemmas,
      [
        [5, 6],
        [2, 4],
      ],
      [judgedPair(5, 6, 0.9), judgedPair(2, 4, 0.9)],
    );
    expect(two.bestClusters(5).map(({ name }) => name)).toEqual(['large/big', 'great/grand']);
    expect(two.bestClusters(1)).toHaveLength(1);
    expect(vocabulary.coherence(2)).toBeCloseTo((0.9 + 0.7 + 0.6) / 3);
    expect(vocabulary.coherence(0)).toBe(0);
  });

  it('lays members out as a table with a mask, and refuses to cut any off', () => {
    const { indices, mask } = vocabulary.memberTable(4);
    expect([...indices.subarray(8, 12)]).toEqual([4, 2, 5, 0]);
    expect([...mask.subarray(8, 12)]).toEqual([1, 1, 1, 0]);
    expect(() => vocabulary.memberTable(2)).toThrow(/largest concept has 3/);
  });

  it('comes back from JSON as it was', () => {
    const read = ConceptVocabulary.fromJSON(saved());
    expect(read).toEqual(vocabulary);
    expect(read.toJSON()).toEqual(saved());
    expect(read.why(4)).toEqual(vocabulary.why(4));
  });

  it('refuses clusters that overlap, mix parts of speech, or join what must stay single', () => {
    expect(() =>
      ConceptVocabulary.fromClusters(lemmas, [
        [2, 4],
        [4, 5],
      ]),
    ).toThrow(/also in cluster 0/);
    expect(() => ConceptVocabulary.fromClusters(lemmas, [[2, 99]])).toThrow(/not in the word vocabulary/);
    expect(() => ConceptVocabulary.fromClusters(lemmas, [[7, 8]])).toThrow(/one part of speech/);
    const functionWords = [...lemmas, { id: 9, name: 'a', pos: 'DET', count: 3 }];
    expect(() => ConceptVocabulary.fromClusters(functionWords, [[1, 9]])).toThrow(/DET/);
    expect(() => ConceptVocabulary.singles(lemmas.slice(1))).toThrow(LemmaError);
    expect(() => ConceptVocabulary.singles([...lemmas, lemmas[0]!])).toThrow(LemmaError);
  });

  const tampered: [string, (json: ReturnType<typeof saved>) => unknown, RegExp][] = [
    ['nothing', () => null, /at the top/],
    ['another format', (json) => ({ ...json, format: 'other' }), /at format/],
    ['a later version', (json) => ({ ...json, version: 2 }), /at version/],
    ['an unknown key', (json) => ({ ...json, extra: 1 }), /extra/],
    ['a lemma in two concepts', (json) => (json.concepts[0]!.members[0]!.lemma = 3) && json, /exactly one/],
    ['a lemma out of range', (json) => (json.concepts[0]!.members[0]!.lemma = 500) && json, /ids must be 0 to 8/],
    [
      'a negative lemma',
      (json) => (json.concepts[0]!.members[0]!.lemma = -1) && json,
      /concepts\.0\.members\.0\.lemma/,
    ],
    ['a fractional lemma', (json) => (json.concepts[0]!.members[0]!.lemma = 0.5) && json, /members\.0\.lemma/],
    ['a huge lemma id', (json) => (json.concepts[0]!.members[0]!.lemma = 1e15) && json, /members\.0\.lemma/],
    ['a concept without members', (json) => (json.concepts[3]!.members = []) && json, /concepts\.3\.members/],
    ['concepts out of order', (json) => json.concepts.reverse() && json, /in order/],
    ['a joined function word', (json) => (json.concepts[2]!.pos = 'DET') && json, /DET/],
    [
      'a link from elsewhere',
      (json) => json.concepts[3]!.links.push(json.concepts[2]!.links[0]!) && json,
      /in concept 3/,
    ],
    ['a link in the wrong place', (json) => json.separated.push(json.concepts[2]!.links[0]!) && json, /wrong place/],
    ['a false name in a pair', (json) => (json.separated[0]!.names = ['big', 'huge']) && json, /named big\/huge/],
    [
      'a score that is no number',
      (json) => ({ ...json, separated: [{ ...json.separated[0], similarity: null }] }),
      /similarity/,
    ],
    ['a name that is no string', (json) => ({ ...json, concepts: [{ ...json.concepts[0], name: {} }] }), /name/],
  ];
  it.each(tampered)('refuses a file with %s', (_, tamper, message) => {
    const value = tamper(saved());
    expect(() => ConceptVocabulary.fromJSON(value, 'levels/concept/vocabulary.json')).toThrow(ConceptVocabularyError);
    expect(() => ConceptVocabulary.fromJSON(value, 'levels/concept/vocabulary.json')).toThrow(message);
    expect(() => ConceptVocabulary.fromJSON(value, 'levels/concept/vocabulary.json')).toThrow(
      /^levels\/concept\/vocabulary\.json: /,
    );
  });

  it('never throws anything else, whatever it is given', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(() => ConceptVocabulary.fromJSON(value)).toThrow(ConceptVocabularyError);
      }),
      { seed: 5 },
    );
  });
});
