// The closed list of Spanish inflection slots: 32, the commonest cells of running prose; what has no slot is a lemma of its own.
// Axes follow Universal Dependencies v2 feature names (Number, Gender, VerbForm, Mood, Tense, Person), spelled in full.
import type { Axes, Slot } from '../language.js';

const PRESENT = { verbForm: 'finite', mood: 'indicative', tense: 'present' } as const;
const PRETERITE = { verbForm: 'finite', mood: 'indicative', tense: 'past' } as const;
const IMPERFECT = { verbForm: 'finite', mood: 'indicative', tense: 'imperfect' } as const;
const FUTURE = { verbForm: 'finite', mood: 'indicative', tense: 'future' } as const;
const CONDITIONAL = { verbForm: 'finite', mood: 'conditional' } as const;
const SUBJUNCTIVE = { verbForm: 'finite', mood: 'subjunctive', tense: 'present' } as const;
const SUBJUNCTIVE_IMPERFECT = { verbForm: 'finite', mood: 'subjunctive', tense: 'imperfect' } as const;

/** Every slot with the axes it fixes, in the order of slot ids. */
const SLOT_AXES = {
  // A noun's singular, an adjective's masculine singular, a verb's infinitive.
  base: {},
  plural: { number: 'plural' },
  feminine: { gender: 'feminine' },
  femininePlural: { gender: 'feminine', number: 'plural' },
  gerund: { verbForm: 'gerund' },
  participle: { verbForm: 'participle', tense: 'past' },
  participleFeminine: { verbForm: 'participle', tense: 'past', gender: 'feminine' },
  participlePlural: { verbForm: 'participle', tense: 'past', number: 'plural' },
  participleFemininePlural: { verbForm: 'participle', tense: 'past', gender: 'feminine', number: 'plural' },
  presentFirst: { ...PRESENT, person: 'first', number: 'singular' },
  presentSecond: { ...PRESENT, person: 'second', number: 'singular' },
  presentThird: { ...PRESENT, person: 'third', number: 'singular' },
  presentFirstPlural: { ...PRESENT, person: 'first', number: 'plural' },
  presentThirdPlural: { ...PRESENT, person: 'third', number: 'plural' },
  pastFirst: { ...PRETERITE, person: 'first', number: 'singular' },
  pastSecond: { ...PRETERITE, person: 'second', number: 'singular' },
  pastThird: { ...PRETERITE, person: 'third', number: 'singular' },
  pastFirstPlural: { ...PRETERITE, person: 'first', number: 'plural' },
  pastThirdPlural: { ...PRETERITE, person: 'third', number: 'plural' },
  // Where first and third person are always spelled alike, one slot stands for both and marks no person.
  imperfect: { ...IMPERFECT, number: 'singular' },
  imperfectFirstPlural: { ...IMPERFECT, person: 'first', number: 'plural' },
  imperfectThirdPlural: { ...IMPERFECT, person: 'third', number: 'plural' },
  futureFirst: { ...FUTURE, person: 'first', number: 'singular' },
  futureThird: { ...FUTURE, person: 'third', number: 'singular' },
  futureThirdPlural: { ...FUTURE, person: 'third', number: 'plural' },
  conditional: { ...CONDITIONAL, number: 'singular' },
  conditionalThirdPlural: { ...CONDITIONAL, person: 'third', number: 'plural' },
  subjunctive: { ...SUBJUNCTIVE, number: 'singular' },
  subjunctiveSecond: { ...SUBJUNCTIVE, person: 'second', number: 'singular' },
  subjunctiveThirdPlural: { ...SUBJUNCTIVE, person: 'third', number: 'plural' },
  subjunctiveImperfect: { ...SUBJUNCTIVE_IMPERFECT, number: 'singular' },
  subjunctiveImperfectThirdPlural: { ...SUBJUNCTIVE_IMPERFECT, person: 'third', number: 'plural' },
} as const satisfies Record<string, Axes>;

export type SlotName = keyof typeof SLOT_AXES;

/** Every slot name, in the order of slot ids. */
export const SLOT_NAMES = Object.keys(SLOT_AXES) as readonly SlotName[];

/** The slots with their axes; the index of a slot is its id. */
export const SLOTS: readonly Slot<SlotName>[] = SLOT_NAMES.map((name) => ({ name, axes: SLOT_AXES[name] }));

/** Slots of nouns and adjectives. */
export const NOMINAL_SLOTS = ['plural', 'feminine', 'femininePlural'] as const satisfies readonly SlotName[];

export type NominalSlot = (typeof NOMINAL_SLOTS)[number];

export type VerbSlot = Exclude<SlotName, NominalSlot | 'base'>;

/** Slots of verbs, in the order of slot ids. */
export const VERB_SLOTS: readonly VerbSlot[] = SLOT_NAMES.filter(
  (name): name is VerbSlot => name !== 'base' && !(NOMINAL_SLOTS as readonly string[]).includes(name),
);

/** True for a slot that only verbs have. */
export function isVerbSlot(slot: string): slot is VerbSlot {
  return (VERB_SLOTS as readonly string[]).includes(slot);
}
