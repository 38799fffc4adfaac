// The closed list of English inflection slots: which form of a lemma a word is, one list for all parts of speech.
// Axes follow Universal Dependencies v2 feature names (Number, VerbForm, Tense, Person, Degree, Case), spelled in full.
import type { Axes, Slot } from '../language.js';

/** Every slot with the axes it fixes, in the order of slot ids. */
const SLOT_AXES = {
  base: {},
  plural: { number: 'plural' },
  third: { number: 'singular', person: 'third', verbForm: 'finite', tense: 'present' },
  gerund: { verbForm: 'gerund' },
  // Where past and participle are spelled alike, the word level has one slot for both; a reading in context tells them apart.
  past: { verbForm: 'finite', tense: 'past' },
  participle: { verbForm: 'participle', tense: 'past' },
  comparative: { degree: 'comparative' },
  superlative: { degree: 'superlative' },
  // Only 'be' has forms in the next three: am, are, were.
  first: { number: 'singular', person: 'first', verbForm: 'finite', tense: 'present' },
  presentPlural: { number: 'plural', verbForm: 'finite', tense: 'present' },
  pastPlural: { number: 'plural', verbForm: 'finite', tense: 'past' },
  // Pronouns: me, him, her, us, them.
  objective: { case: 'objective' },
  // Forms that lean on the word before: 've 'll n't, 'm, 's, 're, 'd.
  clitic: { clitic: 'yes' },
  firstClitic: { number: 'singular', person: 'first', verbForm: 'finite', tense: 'present', clitic: 'yes' },
  thirdClitic: { number: 'singular', person: 'third', verbForm: 'finite', tense: 'present', clitic: 'yes' },
  presentPluralClitic: { number: 'plural', verbForm: 'finite', tense: 'present', clitic: 'yes' },
  pastClitic: { verbForm: 'finite', tense: 'past', clitic: 'yes' },
} as const satisfies Record<string, Axes>;

export type SlotName = keyof typeof SLOT_AXES;

/** Every slot name, in the order of slot ids. */
export const SLOT_NAMES = Object.keys(SLOT_AXES) as readonly SlotName[];

/** The slots with their axes; the index of a slot is its id. */
export const SLOTS: readonly Slot<SlotName>[] = SLOT_NAMES.map((name) => ({ name, axes: SLOT_AXES[name] }));

/** Slot ids by name. */
export const SLOT_IDS = Object.fromEntries(SLOT_NAMES.map((name, id) => [name, id])) as Readonly<
  Record<SlotName, number>
>;
