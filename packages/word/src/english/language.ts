// English as a plug-in of the word level: its slots, forms and readings in context behind the interface of a language.
import type { Axes, Language } from '../language.js';
import type { PartOfSpeech } from '../parts-of-speech.js';
import { inherentAxes } from './closed-class.js';
import { INFLECTIONS_SHA256 } from './inflections-hash.js';
import { readEnglish } from './read.js';
import { analyse, realizations } from './realize.js';
import { SLOT_IDS, SLOTS, type SlotName } from './slots.js';
import { spellingOf } from './spelling.js';

const NOUN_SLOTS: readonly SlotName[] = ['plural'];
const VERB_SLOTS: readonly SlotName[] = ['third', 'gerund', 'past', 'participle'];
const BE_SLOTS: readonly SlotName[] = [...VERB_SLOTS, 'first', 'presentPlural', 'pastPlural'];
const ADJECTIVE_SLOTS: readonly SlotName[] = ['comparative', 'superlative'];

/** Modal verbs have no forms but those that are words of their own. */
const MODALS: ReadonlySet<string> = new Set('can could may might must ought shall should will would'.split(' '));
/** What looks like a participle inflects no further ('spoiling'), unless it was seen to ('bring'). */
const PARTICIPIAL = /(?:ing|ed)$/u;
/** Short adjectives are compared by endings (Quirk et al. 1985, chapter 7). */
const SHORT_ADJECTIVE = /^[^aeiouy]*[aeiouy]+[^aeiouy]*(?:e|[^aeiouy]y)?$/u;
const LETTERS = /^\p{L}+$/u;

function paradigm(lemma: string, partOfSpeech: PartOfSpeech, attested: ReadonlySet<string>): readonly SlotName[] {
  const seen = (slots: readonly SlotName[]): boolean => slots.some((slot) => attested.has(slot));
  if (!LETTERS.test(lemma)) return [];
  if (lemma === 'be') return BE_SLOTS;
  if (lemma === 'have' || lemma === 'do') return VERB_SLOTS;
  switch (partOfSpeech) {
    case 'NOUN':
      return NOUN_SLOTS;
    case 'VERB':
      return MODALS.has(lemma) || (PARTICIPIAL.test(lemma) && !seen(VERB_SLOTS)) ? [] : VERB_SLOTS;
    case 'ADJ':
    case 'ADV':
      return seen(ADJECTIVE_SLOTS) || SHORT_ADJECTIVE.test(lemma) ? ADJECTIVE_SLOTS : [];
    default:
      return [];
  }
}

export const english: Language = {
  name: 'english',
  slots: SLOTS,
  tables: INFLECTIONS_SHA256,
  axes: (lemma, slot): Axes => {
    const marked = SLOTS[SLOT_IDS[slot as SlotName]]?.axes ?? {};
    const inherent = inherentAxes(lemma);
    return inherent === undefined ? marked : { ...inherent, ...marked };
  },
  realizations: (lemma, slot) => realizations(lemma, slot as SlotName),
  analyse,
  paradigm,
  spellingOf,
  read: readEnglish,
};
