// The lexicon of a corpus: what occurs, how often, and one analysis a form, the commonest of its readings in context.
// From: Strata; naming a form by its commonest reading is the baseline of Charniak et al. 1993.
import { forgetRare, unitBatches } from '@strata/text';
import { type CountedForm, chooseAnalyses, readingKey } from './choose-analyses.js';
import { english } from './english/language.js';
import type { Language, ReadUnit } from './language.js';
import type { Lexicon } from './lexicon-types.js';

/** How far `buildLexicon` is: documents read to their end, and characters read. */
export interface LexiconProgress {
  readonly documents: number;
  readonly characters: number;
}

/** Beyond these many distinct forms or gaps the rarest so far are forgotten; no vocabulary would hold them. */
const MAXIMUM_FORMS = 1 << 18;
const MAXIMUM_GAPS = 1 << 14;

/**
 * Counts and analyses the word forms of training texts, each in one string or in chunks.
 *
 * Forms are counted with their casing taken off; the result does not depend on the order of the documents as long as
 * there are at most 262,144 forms, beyond which the rarest so far are forgotten.
 */
export function buildLexicon(
  documents: Iterable<string | Iterable<string>>,
  onProgress?: (progress: LexiconProgress) => void,
  language: Language = english,
): Lexicon {
  const steps = lexiconSteps(documents, language);
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
    onProgress?.(step.value);
  }
}

/** The same a few thousand characters at a time, for a caller that has other things to do in between. */
export function* lexiconSteps(
  documents: Iterable<string | Iterable<string>>,
  language: Language = english,
): Generator<LexiconProgress, Lexicon, undefined> {
  const forms = new Map<string, CountedForm>();
  const gaps = new Map<string, number>();
  const progress = { documents: 0, characters: 0 };
  for (const text of documents) {
    let end = 0;
    for (const units of language.read(unitBatches(typeof text === 'string' ? [text] : text))) {
      for (const read of units) {
        increment(gaps, read.unit.gap);
        countForm(forms, read);
      }
      forgetRare(forms, MAXIMUM_FORMS, ({ casings }) => casings[0] + casings[1] + casings[2]);
      forgetRare(gaps, MAXIMUM_GAPS, (seen) => seen);
      end = units.at(-1)!.unit.end;
      yield { ...progress, characters: progress.characters + end };
    }
    progress.documents++;
    progress.characters += end;
    yield { ...progress };
  }
  return { ...chooseAnalyses(forms, language), gaps: new Map([...gaps].sort(([a], [b]) => (a < b ? -1 : 1))) };
}

function countForm(forms: Map<string, CountedForm>, { form, casing, reading, tag }: ReadUnit): void {
  let counted = forms.get(form);
  if (counted === undefined) {
    counted = { casings: [0, 0, 0], readings: new Map() };
    forms.set(form, counted);
  }
  counted.casings[casing]!++;
  const key = `${tag} ${readingKey(reading)}`;
  let seen = counted.readings.get(key);
  if (seen === undefined) {
    seen = { reading, tag, all: 0, lower: 0 };
    counted.readings.set(key, seen);
  }
  seen.all++;
  if (casing === 0) seen.lower++;
}

function increment(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
