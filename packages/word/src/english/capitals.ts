// Capitals that say nothing: those of a sentence's first word and of headings are taken off before a tagger sees them.
// From: Strata; taggers take capitals for names (Mikheev 2002, "Periods, capitalized words, etc.").
import { closedForms, closedReadings } from './closed-class.js';
import { openClassesOf } from './known-lemmas.js';
import { lemmatise } from './lemmatise.js';

const LETTER = /^\p{L}/u;
const CAPITAL = /^\p{Lu}/u;
/** Words that headings leave small. */
const LONG_ENOUGH = 4;
const HEADING_WORDS = 3;
const HEADING_SHARE = 0.75;

/** Whether the words of a sentence are capitalised as in a heading, so that no capital marks a name. */
export function isHeading(surfaces: readonly string[]): boolean {
  let words = 0;
  let capitals = 0;
  for (const surface of surfaces) {
    if (surface.length < LONG_ENOUGH || !LETTER.test(surface)) continue;
    words++;
    if (CAPITAL.test(surface)) capitals++;
  }
  return words >= HEADING_WORDS && capitals >= HEADING_SHARE * words;
}

const LIMIT = 1 << 15;
const common = new Map<string, string>();

/** A capitalised word in small letters where English knows it as a common word; any other as it is. */
export function withoutCapital(surface: string): string {
  if (!CAPITAL.test(surface)) return surface;
  let known = common.get(surface);
  if (known === undefined) {
    known = isCommon(surface.toLowerCase()) ? surface.toLowerCase() : surface;
    if (common.size >= LIMIT) common.clear();
    common.set(surface, known);
  }
  return known;
}

function isCommon(word: string): boolean {
  if (word === 'i') return false;
  if (openClassesOf(word) !== 0 || closedReadings(word).length > 0 || closedForms(word, 'base') !== undefined)
    return true;
  return lemmatise(word, 'VERB').lemma !== word && openClassesOf(lemmatise(word, 'VERB').lemma) !== 0;
}
