// The lemma of a form whose part of speech is known: among its readings, the one whose lemma English has.
// From: Strata, WORDS (analysis by synthesis); English word shapes after Quirk et al. 1985, chapters 3 and 5.
import { inflections } from './inflections.js';
import { OPEN_CLASS, openClassesOf } from './known-lemmas.js';
import { type Analysis, analyse } from './realize.js';
import type { SlotName } from './slots.js';

/** Parts of speech that inflect. */
export type OpenPartOfSpeech = 'NOUN' | 'VERB' | 'ADJ' | 'ADV';

/** The part of speech that each slot belongs to; adverbs are compared as adjectives are. */
export const SLOT_CLASS: Readonly<Partial<Record<SlotName, 'NOUN' | 'VERB' | 'ADJ'>>> = {
  plural: 'NOUN',
  third: 'VERB',
  gerund: 'VERB',
  past: 'VERB',
  participle: 'VERB',
  first: 'VERB',
  presentPlural: 'VERB',
  pastPlural: 'VERB',
  comparative: 'ADJ',
  superlative: 'ADJ',
};

const CLASS_BIT = {
  NOUN: OPEN_CLASS.noun,
  VERB: OPEN_CLASS.verb,
  ADJ: OPEN_CLASS.adj,
  ADV: OPEN_CLASS.adj | OPEN_CLASS.adv,
};

/** Learned plurals that English has taken in as words of their own (Quirk et al. 1985, section 5.96). */
const NATURALISED: ReadonlySet<string> = new Set(
  'agenda data insignia media news opera people regalia trivia'.split(' '),
);
/** Sciences, diseases and the like, whose s is no ending: politics, mumps is known by the list. */
const SINGULAR_S = /(?:ics|[aiu]s|ss)$/u;
/** Adjectives of place or rank that look compared and are not. */
const NOT_COMPARED: ReadonlySet<string> = new Set('inner outer rather upper utter'.split(' '));
/** What is left of a verb's form without its ending, when an -e must have stood there. */
const WANTS_E =
  /(?:[aeiou][cguvz]|[^aeiou][cglsuvz]|[aeiouy][aiou]s|[^aeiou][aeiou]s|nc|rc|dg|[bcdfgkptz]l|th|at|[aiou]z)$/u;
const WANTS_NO_E = /(?:ss|ll|zz|ing|ang|ong|ung|eat|oat|ooth|[aeiou][aeiou]t|sh|ch|ck|us)$/u;
const ENOUGH_LETTERS = 3;

/** The base reading of a form: the form is its own lemma. */
export const asItself = (form: string): Analysis => ({ lemma: form, slot: 'base', variant: 0 });

/**
 * The best reading of a plain lower-case form as a noun, verb, adjective or adverb; it realises back to the form. Where
 * no lemma is known, a regular ending of a word long enough is taken off only as that part of speech would have it.
 * `analyses` are those of the form, for a caller that has them.
 */
export function lemmatise(
  form: string,
  partOfSpeech: OpenPartOfSpeech,
  analyses: readonly Analysis[] = analyse(form),
): Analysis {
  const own = asItself(form);
  const wanted = partOfSpeech === 'ADV' ? 'ADJ' : partOfSpeech;
  const bit = CLASS_BIT[partOfSpeech];
  const itselfKnown = (openClassesOf(form) & bit) !== 0;
  if (partOfSpeech === 'ADV' && (form === 'better' || form === 'best'))
    return { lemma: 'well', slot: form === 'better' ? 'comparative' : 'superlative', variant: 0 };
  let best = own;
  let bestRank = 0;
  for (const reading of analyses) {
    const { lemma, slot, variant } = reading;
    if (SLOT_CLASS[slot] !== wanted) continue;
    const listed = inflections().get(slot)?.get(lemma)?.includes(form) ?? false;
    const known = (openClassesOf(lemma) & bit) !== 0;
    if (!isPlausible(form, reading, { listed, known, itselfKnown })) continue;
    const rank =
      (known ? 16 : 0) +
      // 'to arcade': a word of another class may become a verb, one of none hardly.
      (openClassesOf(lemma) !== 0 ? 9 : 0) +
      (listed && variant === 0 ? 8 : 0) +
      (listed ? 4 : 0) +
      (variant === 0 ? 2 : 0) +
      (known || endsAsLemma(form, lemma) ? 1 : 0);
    if (rank > bestRank) [best, bestRank] = [reading, rank];
  }
  return best;
}

interface Evidence {
  readonly listed: boolean;
  readonly known: boolean;
  readonly itselfKnown: boolean;
}

function isPlausible(form: string, { lemma, slot }: Analysis, { listed, known, itselfKnown }: Evidence): boolean {
  switch (slot) {
    case 'plural':
      if (itselfKnown && (SINGULAR_S.test(form) || NATURALISED.has(form))) return false;
      if (listed || known) return known || !itselfKnown;
      return (
        !itselfKnown &&
        lemma.length >= ENOUGH_LETTERS &&
        /(?:[^aius]s|.{4}as|.{3}men)$/u.test(form) &&
        endsAsNoun(form, lemma)
      );
    case 'comparative':
    case 'superlative':
      if (NOT_COMPARED.has(form)) return false;
      return (
        listed ||
        known ||
        (slot === 'superlative' && !itselfKnown && openClassesOf(lemma) !== 0) ||
        /.{3}[^aeiou]y$/u.test(lemma)
      );
    default:
      if (listed || known) return true;
      // A verb that nobody listed: 'googled', 'blogging', but not 'thing' or 'red'.
      return openClassesOf(form) === 0 && lemma.length >= ENOUGH_LETTERS && /[aeiouy]/u.test(lemma);
  }
}

/** Whether an unknown noun is what its plural in -s says: 'almshouses' is of 'almshouse', 'foxes' of 'fox'. */
function endsAsNoun(form: string, lemma: string): boolean {
  if (!form.endsWith('es')) return true;
  if (/(?:[sxz]|ch|sh)es$/u.test(form))
    return /[aeiou][sz]es$/u.test(form) ? lemma.endsWith('e') : !lemma.endsWith('e');
  if (/oes$/u.test(form)) return lemma.endsWith('o');
  return /[^aeiou]ies$/u.test(form) ? lemma.endsWith('y') : form === `${lemma}s`;
}

/** Whether an unknown lemma ends as English verbs do, so that 'googled' is of 'google' and 'tweeted' of 'tweet'. */
function endsAsLemma(form: string, lemma: string): boolean {
  if (form.startsWith(lemma) && !lemma.endsWith('e')) {
    if (!/(?:ing|ed)$/u.test(form)) return true;
    return WANTS_NO_E.test(lemma) || !WANTS_E.test(lemma);
  }
  if (lemma.endsWith('e')) return WANTS_E.test(lemma.slice(0, -1)) && !WANTS_NO_E.test(lemma.slice(0, -1));
  return true;
}
