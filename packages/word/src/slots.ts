// The closed list of inflection slots: which form of a lemma a word is, one list for all parts of speech.
// Axes follow Universal Dependencies v2 feature names (Number, VerbForm, Tense, Person, Degree), spelled in lower case.

/** The named axes a slot fixes; an axis that is absent is not marked by the form. */
export interface SlotAxes {
  readonly number?: 'singular' | 'plural';
  readonly person?: 'first' | 'third';
  readonly verbForm?: 'finite' | 'gerund' | 'participle';
  readonly tense?: 'present' | 'past';
  readonly degree?: 'comparative' | 'superlative';
}

/** One slot: its name and the axes it fixes. */
export interface Slot {
  readonly name: SlotName;
  readonly axes: SlotAxes;
}

/** Every slot name, in the order of slot ids. */
export const SLOT_NAMES = [
  'base',
  'plural',
  'third',
  'gerund',
  'past',
  'participle',
  'comparative',
  'superlative',
  'first',
  'presentPlural',
  'pastPlural',
] as const;

export type SlotName = (typeof SLOT_NAMES)[number];

const AXES: Readonly<Record<SlotName, SlotAxes>> = {
  base: {},
  plural: { number: 'plural' },
  third: { number: 'singular', person: 'third', verbForm: 'finite', tense: 'present' },
  gerund: { verbForm: 'gerund' },
  // One slot for 'walked' as past and as participle: the form does not tell them apart, so the model need not.
  past: { verbForm: 'finite', tense: 'past' },
  participle: { verbForm: 'participle', tense: 'past' },
  comparative: { degree: 'comparative' },
  superlative: { degree: 'superlative' },
  // Only 'be' has forms here: am, are, were.
  first: { number: 'singular', person: 'first', verbForm: 'finite', tense: 'present' },
  presentPlural: { number: 'plural', verbForm: 'finite', tense: 'present' },
  pastPlural: { number: 'plural', verbForm: 'finite', tense: 'past' },
};

/** The slots with their axes; the index of a slot is its id. */
export const SLOTS: readonly Slot[] = SLOT_NAMES.map((name) => ({ name, axes: AXES[name] }));

/** Slot ids by name. */
export const SLOT_IDS = Object.fromEntries(SLOT_NAMES.map((name, id) => [name, id])) as Readonly<
  Record<SlotName, number>
>;

/** Id of the base slot: the lemma itself. */
export const BASE_SLOT = 0;
