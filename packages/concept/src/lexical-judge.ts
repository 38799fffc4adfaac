// A judge that looks words up in WordNet: synonyms may join, antonyms, mere associates and kinds of one thing may not.
// Substitution alone cannot tell hot from cold: they fill the same slots (Lin et al. 2003; Hill et al. 2015, SimLex-999).
import type { Judge, Verdict } from './judge.js';
import { WORDNET } from './lexical-proposer.js';
import { isWordNetPos, type WordNet } from './wordnet.js';
import { farthest, type WordNetRelation, wordNetRelation } from './wordnet-relation.js';

// Weights are parts of both words' use (WordNetRelation). With rare senses counted in full, nearly all frequent verbs
// would be synonyms of one another ("make" has 49 senses), so a relation must hold for a fair part of both.
const acceptedSynonyms = 0.03;
const acceptedDirect = 0.25;
/** Heads of adjectives have true neighbours as satellites, where nouns and verbs have kinds of themselves. */
const acceptedSimilar = 0.1;
const refusedOpposition = 0.03;
// Below these a relation is too weak to accept and too much to refuse: another judge decides.
const faintSynonyms = 0.005;
const faintDirect = 0.05;
/** Siblings around a small centre may mean the same, and another judge decides; around a large one they are its kinds. */
const narrow: Readonly<Record<string, number>> = {
  // Around "fast" stand its likes; around "chromatic", "cardinal" or "formed" stand 70 and more kinds, red beside blue.
  ADJ: 60,
  // Under "perceive" stand listen and hear; under "act", "be" or "change" nearly anything.
  VERB: 20,
  // Nouns under one are contrasts by nature: summer and winter, arm and leg.
  NOUN: 0,
};

/** The judge that answers from an open WordNet. */
export function wordNetJudge(wordnet: WordNet): Judge {
  return {
    name: WORDNET,
    judge: async (pairs) =>
      pairs.map(({ a, b }): Verdict => {
        if (!isWordNetPos(a.pos) || a.pos !== b.pos) {
          return { accept: undefined, score: 0, reason: `WordNet does not compare ${a.pos} with ${b.pos}` };
        }
        return verdictOf(wordNetRelation(wordnet, a.name, b.name, a.pos), a.pos);
      }),
  };
}

function verdictOf(relation: WordNetRelation | undefined, pos: string): Verdict {
  if (relation === undefined) return { accept: undefined, score: 0, reason: 'not both in WordNet' };
  const { synonyms, direct, siblings, breadth, antonyms, opposed, distance } = relation;
  const through = relation.through.slice(0, 4).join(', ').replaceAll('_', ' ');
  if (antonyms) return { accept: false, apart: true, score: -1, reason: 'antonyms' };
  if (opposed >= refusedOpposition && opposed > synonyms) {
    return { accept: false, apart: true, score: -opposed, reason: `opposed in ${percent(opposed)} of their use` };
  }
  if (synonyms >= acceptedSynonyms) {
    return { accept: true, score: synonyms, reason: `synonyms in ${percent(synonyms)} of their use: ${through}` };
  }
  if (direct >= (pos === 'ADJ' ? acceptedSimilar : acceptedDirect)) {
    const how = pos === 'ADJ' ? 'similar to' : 'directly under';
    return {
      accept: true,
      score: direct,
      reason: `one is ${how} the other in ${percent(direct)} of their use: ${through}`,
    };
  }
  if (synonyms >= faintSynonyms || direct >= faintDirect) {
    return { accept: undefined, score: 0, reason: `near in some senses only: ${through}` };
  }
  if (siblings > 0) {
    return siblings >= acceptedSimilar && breadth <= (narrow[pos] ?? 0)
      ? { accept: undefined, score: 0, reason: `beside each other: ${through}` }
      : { accept: false, score: -siblings, reason: `two kinds of one thing: ${through}` };
  }
  // Nouns and verbs stand in trees, where two or three steps already lead to other things (hand to neck, begin to belong);
  // between adjectives, and the adverbs made of them, few links are drawn, and each says more.
  if (distance !== undefined && (pos === 'ADJ' || pos === 'ADV')) {
    return { accept: undefined, score: 0, reason: `${distance} steps apart` };
  }
  return distance === undefined
    ? { accept: false, score: -1, reason: `unrelated: no common meaning within ${farthest} steps` }
    : { accept: false, score: -0.5, reason: `associates: ${distance} steps apart` };
}

function percent(part: number): string {
  return `${Math.round(part * 100)}%`;
}
