// Words made of words: 'undergo' goes as 'go' does, 'watchdog' doubles as 'dog' does, 'schoolchild' has children.
// Word formation after Quirk et al. 1985, appendix I; heads and prefixes are closed lists.
import { openClassesOf } from './known-lemmas.js';

const set = (words: string): ReadonlySet<string> => new Set(words.split(' '));

/** Prefixes before which a verb keeps its own forms, with the least number of letters that must follow. */
const VERB_PREFIXES: readonly (readonly [prefix: string, letters: number])[] = [
  ['counter', 3],
  ['inter', 3],
  ['under', 2],
  ['fore', 2],
  ['with', 3],
  ['over', 2],
  ['auto', 3],
  ['out', 2],
  ['mis', 2],
  ['pre', 3],
  ['sub', 3],
  ['for', 2],
  ['dis', 4],
  ['un', 3],
  ['up', 3],
  ['re', 3],
  ['be', 3],
  ['co', 4],
  ['en', 4],
];
/** Prefixes that look so, before what is another verb. */
const NOT_PREFIXED = set(
  'behave belay belie butterfly debit grandstand relay resent rebut remit regret reside resin upset outlet reword relight',
);
/** Verbs that stand behind a noun or adverb with forms of their own: 'ghostwrite', 'firefight'. */
const VERB_HEADS = set(
  'bleed break breed catch cut draw drive feed fight fly freeze grow hang hold keep lead read ride run sell set shoot slide speak spend spin split spread spring stand steal stick strike string swear sweep swing take teach tell think throw thrust wear wind write',
);
/** Heads too short to be told from the end of another word ('target', 'carpet'), which double their consonant. */
const SHORT_HEADS = set(
  'bag ban bar cap cat cut dog fab fog gag gas gram gun gut hab hop jam job log map mug nap rap rib rob run set sum tag tan tap trap wag web wig zag zip',
);
const ONE_SYLLABLE = /^[^aeiou]*(?:qu)?[aeiouy][^aeiouywxh]$/u;
const SHORTEST_HEAD = 4;
const SHORTEST_VERB = 3;
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
  ['bacterium', 'bacteria'],
  ['coccus', 'cocci'],
  ['zoon', 'zoa'],
];
/** Heads of nouns that are the same in the plural (Quirk et al. 1985, sections 5.86-87 and 5.92). */
const INVARIABLE = /(?:.fish|(?:air|hover|rotor|space|water)craft|.fowl|.folk|.hertz|.ceps|horsepower)$/u;
/** Game and catch, the hunter's plural first; and nouns in -s that are spelled alike. */
const ZERO_PLURALS = set(
  'albacore bison carp caribou chub cod deer eland elk flounder grouse haddock hake halibut herring kudu mackerel moose mullet plaice quail reindeer salmon shad sheep shrimp snipe squid sturgeon swine teal trout tuna turbot ' +
    'barracks bourgeois chamois chassis corps crossroads gallows headquarters innings means patois precis rendezvous series species whereabouts',
);

/** Plural of a compound whose head has an irregular one, or undefined. */
export function compoundPlural(lemma: string): string | undefined {
  if (INVARIABLE.test(lemma) || ZERO_PLURALS.has(lemma)) return lemma;
  for (const [head, plural] of PLURAL_HEADS)
    if (lemma.length > head.length + 1 && lemma.endsWith(head)) return lemma.slice(0, -head.length) + plural;
  return undefined;
}

/** What a verb is made of: a prefix or modifier, and the verb whose forms it takes; undefined where it is not made so. */
export function verbCompound(lemma: string): { readonly modifier: string; readonly head: string } | undefined {
  if (NOT_PREFIXED.has(lemma)) return undefined;
  for (const [modifier, letters] of VERB_PREFIXES) {
    const head = lemma.slice(modifier.length);
    if (lemma.startsWith(modifier) && head.length >= letters && isVerb(head)) return { modifier, head };
  }
  if (/.cast$/u.test(lemma)) return { modifier: lemma.slice(0, -'cast'.length), head: 'cast' };
  for (let at = SHORTEST_MODIFIER; at <= lemma.length - SHORTEST_VERB; at++) {
    const head = lemma.slice(at);
    if (VERB_HEADS.has(head) && openClassesOf(lemma.slice(0, at)) !== 0) return { modifier: lemma.slice(0, at), head };
  }
  return undefined;
}

const isVerb = (word: string): boolean => (openClassesOf(word) & 2) !== 0;

/** The verb behind a prefix that leaves its spelling alone, or undefined: 'unplug' doubles as 'plug' does. */
export function withoutPrefix(lemma: string): string | undefined {
  if (NOT_PREFIXED.has(lemma)) return undefined;
  const bare = lemma.replace(/^(?:be|de|mis|out|over|pre|re|un|under)(?=...)/u, '');
  return bare !== lemma && openClassesOf(bare) !== 0 ? bare : undefined;
}

/** The one-syllable word at the end of a compound that doubles its consonant as it does alone, or undefined. */
export function doublingHead(lemma: string): string | undefined {
  for (let length = LONGEST_HEAD; length >= SHORTEST_MODIFIER; length--) {
    const at = lemma.length - length;
    if (at < SHORTEST_MODIFIER) continue;
    const head = lemma.slice(at);
    if (length < SHORTEST_HEAD ? !SHORT_HEADS.has(head) : /s$|^then$/u.test(head)) continue;
    if (ONE_SYLLABLE.test(head) && openClassesOf(head) !== 0 && openClassesOf(lemma.slice(0, at)) !== 0) return head;
  }
  return undefined;
}
