// A second proposer: pairs of lemmas that WordNet knows as synonyms, for a judge that knows the corpus to decide about.
// A small corpus shows too little of most words for their nearest neighbours to be synonyms; a lexicon knows nothing of the corpus.
import { type Follower, unfollowed } from './follower.js';
import type { LemmaEntry } from './lemma.js';
import { isWordNetPos, type WordNet } from './wordnet.js';

/** A resource that proposes pairs of lemmas, and does not judge those. */
export interface PairProposer {
  readonly name: string;
  /** Pairs of ids of these lemmas, the lesser id first, each once, in order; of one part of speech. */
  pairs(lemmas: readonly LemmaEntry[], follower?: Follower): Promise<readonly (readonly [number, number])[]>;
}

/** The name of WordNet, as proposer and as judge. */
export const WORDNET = 'WordNet';

/** A pair is proposed when the two share meanings that make up this part of both words' use. */
const proposedSynonyms = 0.03;
/** Synsets hold 28 words at most; pairs within one stay few, and more could only come from a broken file. */
const largestSynset = 64;

/** The proposer that reads an open WordNet: synonyms by shared synsets, weighted by how often both words mean that; linear in the lemmas. */
export function wordNetProposer(wordnet: WordNet): PairProposer {
  return {
    name: WORDNET,
    pairs: async (lemmas, follower = unfollowed) => {
      follower.begin(`${WORDNET} proposes`, lemmas.length, 'lemmas');
      const holders = new Map<string, { id: number; share: number }[]>();
      for (const [done, { id, name, pos }] of lemmas.entries()) {
        await follower.reach(done + 1);
        if (!isWordNetPos(pos)) continue;
        for (const { synset, share } of wordnet.senses(name, pos)) {
          const held = holders.get(synset.key);
          if (held === undefined) holders.set(synset.key, [{ id, share }]);
          else if (held.length < largestSynset) held.push({ id, share });
        }
      }
      const weights = new Map<string, { pair: readonly [number, number]; weight: number }>();
      for (const held of holders.values())
        for (const [index, first] of held.entries())
          for (const second of held.slice(index + 1)) {
            const pair = [Math.min(first.id, second.id), Math.max(first.id, second.id)] as const;
            const known = weights.get(pair.join(' '));
            const weight = (known?.weight ?? 0) + Math.min(first.share, second.share);
            weights.set(pair.join(' '), { pair, weight });
          }
      return [...weights.values()]
        .filter(({ weight }) => weight >= proposedSynonyms)
        .map(({ pair }) => pair)
        .sort((left, right) => left[0] - right[0] || left[1] - right[1]);
    },
  };
}
