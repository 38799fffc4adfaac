// Words made of words: 'undergo' goes as 'go' does, 'watchdog' doubles as 'dog' does, 'schoolchild' has children.
// Word formation after Quirk et al. 1985, appendix I; heads and prefixes are closed lists.
import { openClassesOf } from './known-lemmas.js';

const set = (words: string): ReadonlySet<string> => new Set(words.split(' '));

/** Prefixes before which a verb keeps its own forms. */
const VERB_PREFIXES = 'counter inter under fore over out mis pre sub un up re'.split(' ');
/** Prefixes that look so, before what is another verb. */
const NOT_PREFIXED = set('relay resent rebut remit regret reside upset outlet reword relight');
/** Verbs that stand behind a noun or adverb with forms of their own: 'ghostwrite', 'firefight'. */
const VERB_HEADS = set(
  'bleed breed cast draw drive feed fight fly grow hold keep lead read sell spend spread spring stand strike string swear sweep swing tell think throw thrust wind write',
);
/** Heads too short to be told from the end of another word ('target', 'carpet'), which double their consonant. */
const SHORT_HEADS = set('bag bar cap cat dog fab fog gag gas hab log tag tan web wig zag');
const ONE_SYLLABLE = /^[^aeiou]*(?:qu)?[aeiouy][^aeiouywxh]$/u;
const SHORTEST_HEAD = 4;
const LONGEST_HEAD = 6;
const SHORTEST_MODIFIER = 3;

/** The irregular plurals that compounds take over, by head. */
export const PLURAL_HEADS: readonly (readonly [head: string, plural: string])[] = [
  ['child', 'children'],
  ['foot', 'feet'],
  ['tooth', 'teeth'],
  ['mouse', 'mice'],
  ['louse', 'lice'],
  ['leaf', 'leaves'],
  ['loaf', 'loaves'],
  ['wolf', 'wolves'],
  ['shelf', 'shelves'],
  ['half', 'halves'],
  ['self', 'selves'],
  ['thief', 'thieves'],
  ['calf', 'calves'],
  ['knife', 'knives'],
  ['wife', 'wives'],
  ['life', 'lives'],
];
/** Heads of nouns that are the same in the plural. */
const INVARIABLE = /(?:.fish|(?:air|hover|rotor|space|water)craft|.fowl|.folk|^sheep|^(?:rein|)deer|horsepower)$/u;

/** Plural of a compound whose head has an irregular one, or undefined. */
export function compoundPlural(lemma: string): string | undefined {
  if (INVARIABLE.test(lemma)) return lemma;
  for (const [head, plural] of PLURAL_HEADS)
    if (lemma.length > head.length + 1 && lemma.endsWith(head)) return lemma.slice(0, -head.length) + plural;
  return undefined;
}

/** What a verb is made of: a prefix or modifier, and the verb whose forms it takes; undefined where it is not made so. */
export function verbCompound(lemma: string): { readonly modifier: string; readonly head: string } | undefined {
  if (NOT_PREFIXED.has(lemma)) return undefined;
  for (const modifier of VERB_PREFIXES) {
    const head = lemma.slice(modifier.length);
    if (lemma.startsWith(modifier) && head.length >= SHORTEST_MODIFIER && isVerb(head)) return { modifier, head };
  }
  for (let at = SHORTEST_MODIFIER; at <= lemma.length - SHORTEST_HEAD; at++) {
    const head = lemma.slice(at);
    if (VERB_HEADS.has(head) && openClassesOf(lemma.slice(0, at)) !== 0) return { modifier: lemma.slice(0, at), head };
  }
  return undefined;
}

const isVerb = (word: string): boolean => (openClassesOf(word) & 2) !== 0;

/** The one-syllable word at the end of a compound that doubles its consonant as it does alone, or undefined. */
export function doublingHead(lemma: string): string | undefined {
  for (let length = LONGEST_HEAD; length >= SHORTEST_MODIFIER; length--) {
    const at = lemma.length - length;
    if (at < SHORTEST_MODIFIER) continue;
    const head = lemma.slice(at);
    if (length < SHORTEST_HEAD && !SHORT_HEADS.has(head)) continue;
    if (ONE_SYLLABLE.test(head) && openClassesOf(head) !== 0 && openClassesOf(lemma.slice(0, at)) !== 0) return head;
  }
  return undefined;
}
