// Capitals that say nothing: those of a sentence's first word and of headings are taken off before a tagger sees them.
// From: Strata; taggers take capitals for names (Mikheev 2002, "Periods, capitalized words, etc.").
import { closedForms, closedReadings } from './closed-class.js';
import { knownForm } from './known-forms.js';
import { openClassesOf } from './known-lemmas.js';
import { lemmatise } from './lemmatise.js';

const LETTER = /^\p{L}/u;
const CAPITAL = /^\p{Lu}/u;
/** Words that headings leave small. */
const LONG_ENOUGH = 4;
const HEADING_WORDS = 3;
const HEADING_SHARE = 0.75;

/** What a surface says of the heading that it may stand in: nothing, or whether it has a capital. */
export const HEADING = { uncounted: 0, small: 1, capital: 2 } as const;

/** What a surface says of the heading that it may stand in. */
export function headingRole(surface: string): number {
  if (surface.length < LONG_ENOUGH || !LETTER.test(surface)) return HEADING.uncounted;
  return CAPITAL.test(surface) ? HEADING.capital : HEADING.small;
}

/** Whether the surfaces [from, to), one sentence, are capitalised as in a heading, so that no capital marks a name. */
export function isHeading(surfaces: readonly { readonly heading: number }[], from: number, to: number): boolean {
  let words = 0;
  let capitals = 0;
  for (let at = from; at < to; at++) {
    const { heading } = surfaces[at]!;
    if (heading !== HEADING.uncounted) words++;
    if (heading === HEADING.capital) capitals++;
  }
  return words >= HEADING_WORDS && capitals >= HEADING_SHARE * words;
}

/** A capitalised word in small letters where English knows it as a common word; any other as it is. */
export function withoutCapital(surface: string): string {
  if (!CAPITAL.test(surface)) return surface;
  const small = surface.toLowerCase();
  return isCommon(small) ? small : surface;
}

function isCommon(word: string): boolean {
  if (word === 'i') return false;
  if (openClassesOf(word) !== 0 || closedReadings(word).length > 0 || closedForms(word, 'base') !== undefined)
    return true;
  const { lemma } = lemmatise(word, 'VERB', knownForm(word).analyses);
  return lemma !== word && openClassesOf(lemma) !== 0;
}
