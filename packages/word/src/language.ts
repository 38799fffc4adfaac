// What a language must say of itself: its forms, how a form is analysed, and how units are read in context.
// English and Spanish are plug-ins behind this interface; nothing beside them knows a language.
import type { StreamedUnit } from '@strata/text';
import type { PartOfSpeech } from './parts-of-speech.js';

/** Every axis with its values; names follow Universal Dependencies v2 (Number, Person, ...), spelled in full. */
export const AXES = {
  number: ['singular', 'plural'],
  person: ['first', 'second', 'third'],
  verbForm: ['finite', 'infinitive', 'gerund', 'participle'],
  tense: ['present', 'past', 'imperfect', 'future'],
  mood: ['indicative', 'subjunctive', 'imperative', 'conditional'],
  degree: ['comparative', 'superlative'],
  case: ['nominative', 'objective', 'possessive'],
  gender: ['masculine', 'feminine', 'neuter'],
  reflexive: ['yes'],
  clitic: ['yes'],
} as const;

export type AxisName = keyof typeof AXES;

/** Values of the axes that a form marks; an axis that is absent is not marked. */
export type Axes = { readonly [Axis in AxisName]?: (typeof AXES)[Axis][number] };

/** One cell of a language's paradigms: its name and the axes it fixes. */
export interface Slot<Name extends string = string> {
  readonly name: Name;
  readonly axes: Axes;
}

/** Most slots a language may have, so that a set of slots is a 32-bit mask. */
export const SLOT_LIMIT = 32;

/** Id of the first slot of every language: the lemma itself. */
export const BASE_SLOT = 0;

/** One way to read a form whose casing is taken off: `realizations(lemma, slot)[variant]` is the form. */
export interface Reading<Name extends string = string> {
  readonly lemma: string;
  readonly slot: Name;
  /** 0 for the first choice of spelling, then its variants. */
  readonly variant: number;
}

/** A unit as it is read in its context; `applyCasing(form, casing)` is its surface. */
export interface ReadUnit {
  readonly unit: StreamedUnit;
  readonly form: string;
  readonly casing: number;
  readonly reading: Reading;
  /** Universal POS tag in this context, one that the reading can have; SPACE for white space. */
  readonly tag: string;
}

/** A language; immutable, and the same readings for the same text in every process. */
export interface Language {
  readonly name: string;
  /** The closed list of slots; the index of a slot is its id, the first is the base. */
  readonly slots: readonly Slot[];
  /** SHA-256 of the frozen tables that `realizations` reads: text encoded with others would decode to other forms. */
  readonly tables: string;
  /** The axes of a lemma's form in a slot: what the slot fixes, and what belongs to the lemma itself ('she'). */
  axes(lemma: string, slot: string): Axes;
  /** Every form of a plain lemma in a slot, the first choice first; empty where there is none; the base's is the lemma. */
  realizations(lemma: string, slot: string): readonly string[];
  /** Every reading of a plain form, itself as a base first; each realises back to the form. */
  analyse(form: string): readonly Reading[];
  /** Slots that a lemma of a part of speech may be expected to fill though they were never seen, given those that were. */
  paradigm(lemma: string, partOfSpeech: PartOfSpeech, attested: ReadonlySet<string>): readonly string[];
  /** The country that spells a plain form so and not otherwise; absent where a language has one spelling. */
  readonly spellingOf?: (form: string) => string | undefined;
  /** Reads the units of one text as they come, each in its context. */
  read(batches: Iterable<readonly StreamedUnit[]>): Generator<readonly ReadUnit[], void, undefined>;
}
