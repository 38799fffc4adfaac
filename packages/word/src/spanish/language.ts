// Spanish as a plug-in of the word level: small, without a tagger, and as lossless as any.
import type { Axes, Language } from '../language.js';
import type { PartOfSpeech } from '../parts-of-speech.js';
import { AUXILIARIES, INFLECTING } from './closed-words.js';
import { readSpanish } from './read.js';
import { analyse, realizations } from './realize.js';
import { isVerbSlot, NOMINAL_SLOTS, SLOTS, type SlotName, VERB_SLOTS } from './slots.js';
import { spanishTable } from './table.js';
import { SPANISH_TABLE_SHA256 } from './table-hash.js';
import { looksLikeInfinitive } from './verb-forms.js';

const AXES_OF: ReadonlyMap<string, Axes> = new Map(SLOTS.map(({ name, axes }) => [name, axes]));
const LETTERS = /^\p{L}+$/u;
const PLURAL: readonly SlotName[] = ['plural'];

function paradigm(lemma: string, partOfSpeech: PartOfSpeech, attested: ReadonlySet<string>): readonly SlotName[] {
  if (!LETTERS.test(lemma)) return [];
  // A participle is tagged as a verb, but counts as an adjective or noun in some corpora: its lemma is a verb all the same.
  const verb = looksLikeInfinitive(lemma) && [...attested].some((slot) => isVerbSlot(slot));
  switch (partOfSpeech) {
    case 'NOUN':
      return verb ? [] : PLURAL;
    case 'ADJ':
      return verb ? [] : NOMINAL_SLOTS;
    case 'VERB':
      return verb || spanishTable().verbs.has(lemma) ? VERB_SLOTS : [];
    case 'FUNCTION':
      if (AUXILIARIES.has(lemma)) return VERB_SLOTS;
      return INFLECTING.has(lemma) ? NOMINAL_SLOTS : [];
    default:
      return [];
  }
}

export const spanish: Language = {
  name: 'spanish',
  slots: SLOTS,
  tables: SPANISH_TABLE_SHA256,
  axes: (_lemma, slot): Axes => AXES_OF.get(slot) ?? {},
  realizations: (lemma, slot) => realizations(lemma, slot as SlotName),
  analyse,
  paradigm,
  read: readSpanish,
};
