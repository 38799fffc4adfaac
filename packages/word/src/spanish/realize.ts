// Realising: the surface forms of a lemma in a slot, the first choice first; and analysing, which is realising undone.
// Source: analysis by synthesis (the project's own design): an analysis counts only if realising it gives the form back.
import type { Reading } from '../language.js';
import { alternateNominalForm, nominalForm } from './nominal-forms.js';
import { isVerbSlot, NOMINAL_SLOTS, SLOT_NAMES, type SlotName, VERB_SLOTS, type VerbSlot } from './slots.js';
import { strippedInfinitives, strippedNominals } from './strip.js';
import { spanishTable } from './table.js';
import { alternateVerbForm, verbForm } from './verb-forms.js';

export type SpanishReading = Reading<SlotName>;

/** All forms of a lower-case lemma in a slot, from the table, the rules and their alternates; empty where there is none. */
export function realizations(lemma: string, slot: SlotName): readonly string[] {
  if (slot === 'base') return [lemma];
  const listed = spanishTable().forms.get(slot)?.get(lemma) ?? [];
  const forms = [...listed];
  if (isVerbSlot(slot)) {
    // A listed form stands in the place of the regular one: what is irregular is not regular as well.
    const first = listed[0] ?? verbForm(lemma, slot, (part) => verbPart(lemma, part));
    if (first === undefined) return [];
    const alternate = alternateVerbForm(slot, first);
    forms.push(first);
    if (alternate !== undefined) forms.push(alternate);
  } else {
    if (listed.length > 0) return listed;
    for (const form of [nominalForm(lemma, slot), alternateNominalForm(lemma, slot)])
      if (form !== undefined) forms.push(form);
  }
  return [...new Set(forms)];
}

/** The first-choice form of a lower-case lemma in a slot, or undefined where Spanish has none there. */
export function realize(lemma: string, slot: SlotName): string | undefined {
  return realizations(lemma, slot)[0];
}

function verbPart(lemma: string, slot: VerbSlot): string {
  const listed = spanishTable().forms.get(slot)?.get(lemma)?.[0];
  // Only an infinitive asks for its parts, and an infinitive has every part.
  return listed ?? verbForm(lemma, slot, (part) => verbPart(lemma, part))!;
}

/**
 * Every analysis of a lower-case form, itself as a base first, then slot by slot; irregular ("fuimos") and regular ones
 * alike; lemmas need not exist: the caller knows which words there are.
 */
export function analyse(form: string): readonly SpanishReading[] {
  const readings: SpanishReading[] = [{ lemma: form, slot: 'base', variant: 0 }];
  if (form.length < 2 && !irregularLemmas().has(form)) return readings;
  const lemmasBySlot = new Map<SlotName, Set<string>>();
  const propose = (slot: SlotName, lemma: string): void => {
    const lemmas = lemmasBySlot.get(slot);
    if (lemmas === undefined) lemmasBySlot.set(slot, new Set([lemma]));
    else lemmas.add(lemma);
  };
  for (const { lemma, slot } of irregularLemmas().get(form) ?? []) propose(slot, lemma);
  for (const [slot, lemma] of strippedNominals(form)) propose(slot, lemma);
  for (const [slot, lemma] of strippedInfinitives(form)) propose(slot, lemma);
  for (const slot of SLOT_NAMES) {
    for (const lemma of lemmasBySlot.get(slot) ?? []) {
      const variant = lemma === form ? -1 : realizations(lemma, slot).indexOf(form);
      if (variant >= 0) readings.push({ lemma, slot, variant });
    }
  }
  return readings;
}

let inverse: ReadonlyMap<string, readonly { readonly lemma: string; readonly slot: SlotName }[]> | undefined;

/** Form -> (lemma, slot) for every form of a lemma that the table knows to be irregular somewhere. */
function irregularLemmas(): NonNullable<typeof inverse> {
  if (inverse !== undefined) return inverse;
  const turned = new Map<string, { lemma: string; slot: SlotName }[]>();
  const nominal = new Set<string>();
  const verbs = new Set<string>();
  for (const [slot, entries] of spanishTable().forms)
    for (const lemma of entries.keys()) (isVerbSlot(slot) ? verbs : nominal).add(lemma);
  const turn = (lemma: string, slot: SlotName): void => {
    for (const form of realizations(lemma, slot)) {
      const found = turned.get(form);
      if (found === undefined) turned.set(form, [{ lemma, slot }]);
      else found.push({ lemma, slot });
    }
  };
  for (const lemma of nominal) for (const slot of NOMINAL_SLOTS) turn(lemma, slot);
  for (const lemma of verbs) for (const slot of VERB_SLOTS) turn(lemma, slot);
  inverse = turned;
  return turned;
}
