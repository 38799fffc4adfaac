// What a corpus says about its word forms: each form's one analysis, and what is known of each lemma.
// Source: the project's own design; one analysis a form, without context, keeps the likelihood exact.
import type { Language } from './language.js';
import type { PartOfSpeech } from './parts-of-speech.js';

/** One attested form (case taken off where that is reversible) and the analysis chosen for it. */
export interface LexiconForm {
  readonly form: string;
  readonly lemma: string;
  readonly slot: string;
  readonly count: number;
  /** Occurrences as is, Title and UPPER; they sum to `count`. */
  readonly casings: readonly [number, number, number];
  readonly partOfSpeech: PartOfSpeech;
}

/** The form that fills a slot of a lemma, and how often it occurred; 0 for a form that is only possible. */
export interface SlotForm {
  readonly form: string;
  readonly count: number;
}

/** One lemma: occurrences of all its forms, its majority part of speech, and its legal slots. */
export interface LexiconLemma {
  readonly lemma: string;
  readonly count: number;
  readonly partOfSpeech: PartOfSpeech;
  readonly forms: ReadonlyMap<string, SlotForm>;
}

/** Everything counted in a corpus; the order of its documents has no influence. */
export interface Lexicon {
  readonly language: Language;
  readonly forms: ReadonlyMap<string, LexiconForm>;
  readonly lemmas: ReadonlyMap<string, LexiconLemma>;
  /** Occurrences of each gap string. */
  readonly gaps: ReadonlyMap<string, number>;
}
