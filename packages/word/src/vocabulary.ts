// The named vocabulary of the word level: lemmas with their legal slots and forms, and the gaps before words.
// Source: the project's own design; every form has exactly one (lemma, slot), so every surface has one encoding.
import { applyCasing, casingMaskOf } from './casing.js';
import { BASE_SLOT, type Language, SLOT_LIMIT } from './language.js';
import { LANGUAGES, type LanguageName } from './languages.js';
import type { Lexicon, SlotForm } from './lexicon-types.js';
import type { PartOfSpeech } from './parts-of-speech.js';
import {
  checkVocabularyJson,
  GAP_LIMIT,
  LEMMA_LIMIT,
  VOCABULARY_FORMAT,
  type VocabularyJson,
} from './vocabulary-json.js';

/** Lemma id that opens every text. */
export const BOS_ID = 0;
/** Lemma id of a surface that is spelled out. */
export const SPELLED_ID = 1;
/** First id of a named lemma. */
export const FIRST_LEMMA_ID = 2;
/** Gap id of no gap at all. */
export const NO_GAP_ID = 0;
/** Gap id of a gap that is written out. */
export const OTHER_GAP_ID = 1;

const ALL_CASINGS = 0b111;
const SPELLED_MASK = 1 << BASE_SLOT;

/** A request that the vocabulary cannot answer: an id, slot or casing outside it. */
export class VocabularyRangeError extends RangeError {
  override readonly name = 'VocabularyRangeError';
}

/** How large a vocabulary is to be. */
export interface VocabularyOptions {
  /** Number of lemma ids, `<bos>` and `<spelled>` included. */
  readonly size: number;
  /** Number of gap ids, `<other>` included; 32 unless given. */
  readonly gapCount?: number;
}

interface LemmaEntry {
  readonly lemma: string;
  readonly partOfSpeech: PartOfSpeech;
  readonly count: number;
  /** By slot id; undefined where the slot is not legal. */
  readonly forms: readonly (SlotForm | undefined)[];
  readonly slotMask: number;
}

/** Lemmas and gaps with their ids; immutable. */
export class WordVocabulary {
  /** Number of lemma ids, `<bos>` and `<spelled>` included. */
  readonly size: number;
  /** Number of gap ids, `<other>` included. */
  readonly gapCount: number;
  /** Whose slots the lemmas have. */
  readonly language: Language;
  readonly #entries: readonly LemmaEntry[];
  readonly #gaps: readonly { readonly gap: string; readonly count: number }[];
  readonly #lemmaIds = new Map<string, number>();
  readonly #gapIds = new Map<string, number>();
  /** Form -> lemma id * 32 + slot. */
  readonly #analyses = new Map<string, number>();

  private constructor(json: VocabularyJson) {
    this.language = LANGUAGES[json.language];
    this.#gaps = [json.gaps[0]!, { gap: '<other>', count: 0 }, ...json.gaps.slice(1)];
    this.#gaps.forEach(({ gap }, id) => {
      if (id !== OTHER_GAP_ID) this.#gapIds.set(gap, id);
    });
    this.#entries = json.lemmas.map((entry, index) => {
      const id = index + FIRST_LEMMA_ID;
      let slotMask = 0;
      const forms = this.language.slots.map(({ name }, slot) => {
        const found = entry.forms[name];
        if (found === undefined) return undefined;
        slotMask |= 1 << slot;
        this.#analyses.set(found[0], id * SLOT_LIMIT + slot);
        return { form: found[0], count: found[1] };
      });
      this.#lemmaIds.set(entry.lemma, id);
      return { lemma: entry.lemma, partOfSpeech: entry.partOfSpeech, count: entry.count, forms, slotMask };
    });
    this.size = json.lemmas.length + FIRST_LEMMA_ID;
    this.gapCount = this.#gaps.length;
  }

  /** The most frequent lemmas and gaps of a lexicon (ties by name); throws VocabularyRangeError on an impossible size. */
  static fromLexicon(lexicon: Lexicon, options: VocabularyOptions): WordVocabulary {
    const { size, gapCount = 32 } = options;
    if (!Number.isInteger(size) || size < FIRST_LEMMA_ID || size > LEMMA_LIMIT) {
      throw new VocabularyRangeError(
        `Word vocabulary: size is ${size}; accepted is a whole number from ${FIRST_LEMMA_ID} to ${LEMMA_LIMIT}.`,
      );
    }
    if (!Number.isInteger(gapCount) || gapCount < 2 || gapCount > GAP_LIMIT) {
      throw new VocabularyRangeError(
        `Word vocabulary: gapCount is ${gapCount}; accepted is a whole number from 2 to ${GAP_LIMIT}.`,
      );
    }
    const lemmas = [...lexicon.lemmas.values()]
      .sort((a, b) => b.count - a.count || byName(a.lemma, b.lemma))
      .slice(0, size - FIRST_LEMMA_ID)
      .map(({ lemma, partOfSpeech, count, forms }) => ({
        lemma,
        partOfSpeech,
        count,
        forms: Object.fromEntries(
          lexicon.language.slots.flatMap(({ name }): [string, [string, number]][] => {
            const found = forms.get(name);
            return found === undefined ? [] : [[name, [found.form, found.count]]];
          }),
        ),
      }));
    const gaps = [...lexicon.gaps]
      .filter(([gap]) => gap !== '')
      .sort(([a, countA], [b, countB]) => countB - countA || byName(a, b))
      .slice(0, gapCount - 2)
      .map(([gap, count]) => ({ gap, count }));
    return WordVocabulary.fromJSON({
      format: VOCABULARY_FORMAT,
      version: 2,
      language: lexicon.language.name as LanguageName,
      gaps: [{ gap: '', count: lexicon.gaps.get('') ?? 0 }, ...gaps],
      lemmas,
    });
  }

  /** Reads what `toJSON` wrote; throws VocabularyFormatError on anything else. */
  static fromJSON(value: unknown): WordVocabulary {
    return new WordVocabulary(checkVocabularyJson(value));
  }

  /** The vocabulary as plain data, in the order of ids. */
  toJSON(): VocabularyJson {
    return {
      format: VOCABULARY_FORMAT,
      version: 2,
      language: this.language.name as LanguageName,
      gaps: this.#gaps.filter((_, id) => id !== OTHER_GAP_ID).map(({ gap, count }) => ({ gap, count })),
      lemmas: this.#entries.map(({ lemma, partOfSpeech, count, forms }) => ({
        lemma,
        partOfSpeech,
        count,
        forms: Object.fromEntries(
          forms.flatMap((found, slot) => (found ? [[this.slotName(slot), [found.form, found.count]]] : [])),
        ),
      })),
    };
  }

  /** The vocabulary as JSON text with one lemma a line, for a person to read. */
  toText(): string {
    const { format, version, language, gaps, lemmas } = this.toJSON();
    const lines = (rows: readonly unknown[]): string => rows.map((row) => `    ${JSON.stringify(row)}`).join(',\n');
    return `{\n  "format": ${JSON.stringify(format)},\n  "version": ${version},\n  "language": ${JSON.stringify(language)},\n  "gaps": [\n${lines(gaps)}\n  ],\n  "lemmas": [\n${lines(lemmas)}\n  ]\n}\n`;
  }

  /** Name of a lemma id; `<bos>` and `<spelled>` for the two special ones. */
  lemma(id: number): string {
    if (id === BOS_ID) return '<bos>';
    return id === SPELLED_ID ? '<spelled>' : this.#entry(id).lemma;
  }

  /** Number of slots of the language. */
  get slotCount(): number {
    return this.language.slots.length;
  }

  /** Name of a slot id. */
  slotName(slot: number): string {
    return this.language.slots[slot]?.name ?? String(slot);
  }

  /** Id of a lemma, or undefined outside the vocabulary; the special ids have no name here. */
  idOf(lemma: string): number | undefined {
    return this.#lemmaIds.get(lemma);
  }

  /** Occurrences of a lemma in the training texts; 0 for the special ids. */
  count(id: number): number {
    return id < FIRST_LEMMA_ID ? 0 : this.#entry(id).count;
  }

  /** Majority part of speech of a lemma; OTHER for the special ids. */
  partOfSpeech(id: number): PartOfSpeech {
    return id < FIRST_LEMMA_ID ? 'OTHER' : this.#entry(id).partOfSpeech;
  }

  /** Bit s is set where slot s is legal for the lemma id; only base for the special ids. */
  slotMask(id: number): number {
    return id < FIRST_LEMMA_ID ? SPELLED_MASK : this.#entry(id).slotMask;
  }

  /** The form in a slot of a lemma and its occurrences, or undefined where the slot is not legal. */
  slotForm(id: number, slot: number): SlotForm | undefined {
    return id < FIRST_LEMMA_ID ? undefined : this.#entry(id).forms[slot];
  }

  /**
   * Bit c is set where casing c is legal: of a slot's form, or of every form of the lemma that allows it where no slot
   * is given; all casings for `<spelled>`, whose spelling decides, and only 'as is' for `<bos>`.
   */
  casingMask(id: number, slot?: number): number {
    if (id === BOS_ID) return 1;
    if (id === SPELLED_ID) return ALL_CASINGS;
    if (slot !== undefined) return casingMaskOf(this.#form(id, slot));
    return this.#entry(id).forms.reduce((mask, found) => (found ? mask | casingMaskOf(found.form) : mask), 0);
  }

  /** The one analysis of a plain form as lemma id * 32 + slot, or undefined where the form is not in the vocabulary. */
  analysisOf(form: string): number | undefined {
    return this.#analyses.get(form);
  }

  /** The surface of a unit; `spelling` is read only for `<spelled>`; throws VocabularyRangeError on what is not legal. */
  surfaceOf(id: number, slot: number, casing: number, spelling?: string): string {
    if (id === BOS_ID) return '';
    if (id !== SPELLED_ID) return applyCasing(this.#form(id, slot), casing);
    if (spelling === undefined) {
      throw new VocabularyRangeError('Word vocabulary: a <spelled> unit came without its spelling; give the spelling.');
    }
    return applyCasing(spelling, casing);
  }

  /** Text of a gap id; `<other>` for the escape, whose text stands with the unit. */
  gap(id: number): string {
    const found = this.#gaps[id];
    if (found === undefined) {
      throw new VocabularyRangeError(`Word vocabulary: gap id ${id} is outside 0..${this.gapCount - 1}.`);
    }
    return found.gap;
  }

  /** Whether a gap id holds a blank line, so that only a unit that starts a paragraph (boundary 2) can have it. */
  gapHoldsBlankLine(id: number): boolean {
    if (id === OTHER_GAP_ID) return false;
    return (this.gap(id).match(/\r\n|\r|\n/gu)?.length ?? 0) >= 2;
  }

  /** Id of a gap; OTHER_GAP_ID where the gap has none of its own. */
  gapIdOf(gap: string): number {
    return this.#gapIds.get(gap) ?? OTHER_GAP_ID;
  }

  #entry(id: number): LemmaEntry {
    const entry = this.#entries[id - FIRST_LEMMA_ID];
    if (entry === undefined) {
      throw new VocabularyRangeError(`Word vocabulary: lemma id ${id} is outside 0..${this.size - 1}.`);
    }
    return entry;
  }

  #form(id: number, slot: number): string {
    const { lemma, forms } = this.#entry(id);
    const found = forms[slot];
    if (found === undefined) {
      const legal = this.language.slots.flatMap(({ name }, id) => (forms[id] === undefined ? [] : [name])).join(', ');
      throw new VocabularyRangeError(
        `Word vocabulary: ${JSON.stringify(lemma)} has no slot ${this.slotName(slot)}; legal are ${legal}.`,
      );
    }
    return found.form;
  }
}

function byName(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
