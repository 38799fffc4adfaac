// How well a language inflects, and finds lemmas of forms whose part of speech is known, against gold paradigms.
// Measures: the first choice is gold's first; any choice is any of gold's; the lemma of gold's first form is the lemma.
import { lemmatise, SLOT_CLASS } from '../english/lemmatise.js';
import type { SlotName } from '../english/slots.js';
import type { Language } from '../language.js';
import type { Measure, Miss } from './check-conllu.js';
import type { GoldForm, GoldForms } from './forms.js';

/** Shares of gold forms that a language makes, cell by cell; misses of the first choice and of lemmas. */
export interface FormsReport {
  readonly forms: number;
  /** Entries that were not asked about: names, doubted forms, cells for which the language has no slot. */
  readonly leftOut: number;
  readonly first: Measure;
  readonly any: Measure;
  /** Absent where the language does not lemmatise by part of speech alone. */
  readonly lemma?: Measure;
  readonly slots: Readonly<Record<string, { readonly forms: number; readonly first: number; readonly any: number }>>;
}

/** Compares every gold form with what the language makes of its lemma, and the other way round. */
export function checkForms({ forms, leftOut }: GoldForms, language: Language): FormsReport {
  const first: Miss[] = [];
  const any: Miss[] = [];
  const lemmas: Miss[] = [];
  const slots: Record<string, { forms: number; first: number; any: number }> = {};
  let lemmatised = 0;
  for (const gold of forms) {
    const { lemma, slot } = gold;
    const choices = choicesOf(gold, language);
    const counts = (slots[slot] ??= { forms: 0, first: 0, any: 0 });
    const miss = { form: `${lemma} (${slot})`, expected: gold.forms.join(', '), found: choices.join(', '), count: 1 };
    counts.forms++;
    if (choices[0] === gold.forms[0]) counts.first++;
    else first.push(miss);
    if (choices.some((choice) => gold.forms.includes(choice))) counts.any++;
    else any.push(miss);
    const partOfSpeech = language.name === 'english' ? SLOT_CLASS[slot as SlotName] : undefined;
    const form = gold.forms[0]!;
    if (partOfSpeech === undefined || !/^[a-z]+$/u.test(form)) continue;
    lemmatised++;
    const found = lemmatise(form, partOfSpeech).lemma;
    if (found !== lemma) lemmas.push({ form: `${form} (${slot})`, expected: lemma, found, count: 1 });
  }
  const measure = (words: number, misses: readonly Miss[]): Measure => ({
    words,
    right: words - misses.length,
    misses,
  });
  return {
    forms: forms.length,
    leftOut,
    first: measure(forms.length, first),
    any: measure(forms.length, any),
    ...(lemmatised > 0 && { lemma: measure(lemmatised, lemmas) }),
    slots,
  };
}

// Most English participles are spelled as the past and have its slot.
function choicesOf({ lemma, slot }: GoldForm, language: Language): readonly string[] {
  const made = language.realizations(lemma, slot);
  return made.length === 0 && slot === 'participle' ? language.realizations(lemma, 'past') : made;
}
