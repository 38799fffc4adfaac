// Windows of a text as the arrays a ladder graph is fed with. Arrays are allocated once and refilled.
import { bytesFromText } from '@strata/text';
import {
  BOS_ID,
  CASING_NAMES,
  SPELLED_ID,
  SPELLER_END,
  SPELLER_LENGTH,
  SLOTS,
  type WordVocabulary,
} from '@strata/word';
import type { Config } from './config.js';
import { BOUNDARY_COUNT, type LadderInventory, type WindowShape } from './ladder-graph.js';
import type { LadderText } from './ladder-text.js';
import type { Window } from './windows.js';

/** Arrays by input name. */
export type Feeds = Record<string, Float32Array | Int32Array>;

const FORBIDDEN = -1e9;

/** Concepts of lemmas, and the members of each concept padded to one width. */
export interface ConceptTables {
  readonly conceptOf: Int32Array;
  /** [C, cap] lemma ids. */
  readonly members: Int32Array;
  /** [C, cap] 1 for a member, 0 for padding. */
  readonly memberMask: Float32Array;
  readonly cap: number;
  readonly conceptCount: number;
}

/** Sizes that a vocabulary gives the word level. */
export function ladderInventory(vocabulary: WordVocabulary, conceptCount?: number): LadderInventory {
  const word = {
    lemmaCount: vocabulary.size,
    slotCount: SLOTS.length,
    casingCount: CASING_NAMES.length,
    gapCount: vocabulary.gapCount,
    boundaryCount: BOUNDARY_COUNT,
  };
  return conceptCount === undefined ? { word } : { word, conceptCount };
}

/** Additive masks of what can exist, from the vocabulary. */
export function maskFeeds(vocabulary: WordVocabulary): Feeds {
  const slotCount = SLOTS.length;
  const casingCount = CASING_NAMES.length;
  const slot = new Float32Array(vocabulary.size * slotCount);
  const casing = new Float32Array(vocabulary.size * casingCount);
  const lemma = new Float32Array(vocabulary.size);
  lemma[BOS_ID] = FORBIDDEN;
  for (let id = 0; id < vocabulary.size; id++) {
    for (let s = 0; s < slotCount; s++)
      if ((vocabulary.slotMask(id) & (1 << s)) === 0) slot[id * slotCount + s] = FORBIDDEN;
    for (let c = 0; c < casingCount; c++)
      if ((vocabulary.casingMask(id) & (1 << c)) === 0) casing[id * casingCount + c] = FORBIDDEN;
  }
  return { 'mask.slot': slot, 'mask.casing': casing, 'mask.lemma': lemma };
}

/** What a batch is made of, besides the text itself. */
export interface BatchTables {
  readonly config: Config;
  readonly vocabulary: WordVocabulary;
  readonly concepts?: ConceptTables;
}

/** Refillable feeds for `shape.windows` windows. */
export class LadderBatch {
  readonly feeds: Feeds;
  /** 1 where a target counts, [N]. */
  readonly weights: Float32Array;
  /** How many spellings the windows asked for and how many there was room for. */
  spelled = { asked: 0, placed: 0 };
  readonly #tables: BatchTables;
  readonly #shape: WindowShape;

  constructor(tables: BatchTables, shape: WindowShape) {
    this.#tables = tables;
    this.#shape = shape;
    const rows = shape.windows * shape.units;
    const spellings = shape.windows * shape.spellings;
    const whole = (length: number): Int32Array => new Int32Array(length);
    this.weights = new Float32Array(rows);
    const { concepts, config } = tables;
    this.feeds = {
      ...maskFeeds(tables.vocabulary),
      pieces: whole(shape.windows * shape.pieces),
      lastPiece: whole(rows),
      weights: this.weights,
      'spell.rows': whole(spellings),
      'spell.letters': whole(spellings * (SPELLER_LENGTH - 1)),
      'spell.targets': whole(spellings * SPELLER_LENGTH),
      'spell.weights': new Float32Array(spellings * SPELLER_LENGTH),
    };
    for (const factor of FACTORS) {
      this.feeds[`unit.${factor}`] = whole(rows);
      this.feeds[`target.${factor}`] = whole(rows);
    }
    if (concepts === undefined) return;
    const sentenceRows = shape.windows * config.gestalt.sentences;
    Object.assign(this.feeds, {
      conceptOfLemma: concepts.conceptOf,
      'unit.concept': whole(rows),
      'target.members': whole(rows * concepts.cap),
      'target.memberMask': new Float32Array(rows * concepts.cap),
      'sentence.unit': whole(rows),
      'sentence.target': whole(rows),
      'sentence.inverse': new Float32Array(sentenceRows),
      'bag.cells': whole(rows),
      'gate.concept': Float32Array.of(1),
      'gate.gestalt': Float32Array.of(1),
      'shuffle.concept': Int32Array.from({ length: rows }, (_, i) => i),
      'shuffle.gestalt': Int32Array.from({ length: rows }, (_, i) => i),
    });
  }

  /** Fills every array from windows of a text; places past a window's length are padding that no score sees. */
  fill(text: LadderText, windows: readonly (Window | undefined)[]): Feeds {
    this.weights.fill(0);
    (this.feeds['spell.weights'] as Float32Array).fill(0);
    this.spelled = { asked: 0, placed: 0 };
    for (let b = 0; b < this.#shape.windows; b++) {
      const window = windows[b] ?? { start: 0, length: 0, scoreFrom: 0 };
      this.#fillPieces(text, window, b);
      this.#fillUnits(text, window, b);
      this.#fillSpellings(text, window, b);
      if (this.#tables.concepts !== undefined) this.#fillConcepts(text, window, b, this.#tables.concepts);
    }
    return this.feeds;
  }

  #whole(name: string): Int32Array {
    return this.feeds[name] as Int32Array;
  }

  #fillPieces(text: LadderText, window: Window, b: number): void {
    const { pieces: width, units } = this.#shape;
    const { spans } = text;
    const first = spans.start(window.start);
    const pieces = this.#whole('pieces');
    const lastPiece = this.#whole('lastPiece');
    const end = window.length === 0 ? first : spans.end(window.start + window.length - 1);
    const held = Math.min(width, end - first);
    pieces.fill(0, b * width, (b + 1) * width);
    pieces.set(text.pieces.subarray(first, first + held), b * width);
    for (let j = 0; j < units; j++) {
      const last = j < window.length ? spans.end(window.start + j) - 1 - first : 0;
      lastPiece[b * units + j] = b * width + Math.min(last, width - 1);
      if (last >= width) this.#overflow(b, j);
    }
  }

  /** Units whose pieces did not fit are not learned from: their ascended state would be another unit's. */
  #overflow(b: number, j: number): void {
    this.weights[b * this.#shape.units + j] = -1;
  }

  #fillUnits(text: LadderText, window: Window, b: number): void {
    const { units: width } = this.#shape;
    const { units } = text;
    for (let j = 0; j < width; j++) {
      const row = b * width + j;
      const at = window.start + j;
      const real = j < window.length;
      for (const factor of FACTORS) {
        this.#whole(`unit.${factor}`)[row] = real ? units[factor][at] : 0;
        this.#whole(`target.${factor}`)[row] = real ? units[factor][at + 1] : 0;
      }
      const counts = real && j >= window.scoreFrom && units.lemma[at + 1] !== BOS_ID && this.weights[row] === 0;
      this.weights[row] = counts ? 1 : 0;
      // A target of <bos> has no legal lemma; any legal one stands in where the weight is zero.
      if (!counts && this.#whole('target.lemma')[row] === BOS_ID) this.#whole('target.lemma')[row] = SPELLED_ID;
    }
  }

  #fillSpellings(text: LadderText, window: Window, b: number): void {
    const { units: width, spellings } = this.#shape;
    const rows = this.#whole('spell.rows');
    const letters = this.#whole('spell.letters');
    const targets = this.#whole('spell.targets');
    const weights = this.feeds['spell.weights'] as Float32Array;
    const base = b * spellings;
    let placed = 0;
    for (let j = 0; j < window.length; j++) {
      const row = b * width + j;
      const at = window.start + j + 1;
      if (this.weights[row] === 0 || text.units.lemma[at] !== SPELLED_ID) continue;
      this.spelled.asked++;
      if (placed === spellings) continue;
      const slot = base + placed++;
      const bytes = bytesFromText(text.units.spellings.get(at)!);
      rows[slot] = row;
      for (let k = 0; k < SPELLER_LENGTH; k++) {
        const cell = slot * SPELLER_LENGTH + k;
        if (k < SPELLER_LENGTH - 1) letters[slot * (SPELLER_LENGTH - 1) + k] = k < bytes.length ? bytes[k] : SPELLER_END;
        targets[cell] = k < bytes.length ? bytes[k] : SPELLER_END;
        weights[cell] = k <= bytes.length ? 1 : 0;
      }
    }
    this.spelled.placed += placed;
    for (let slot = base + placed; slot < base + spellings; slot++) rows[slot] = 0;
  }

  #fillConcepts(text: LadderText, window: Window, b: number, concepts: ConceptTables): void {
    const { units: width } = this.#shape;
    const { sentences } = this.#tables.config.gestalt;
    const { units } = text;
    const { cap, conceptCount } = concepts;
    const inverse = this.feeds['sentence.inverse'] as Float32Array;
    const memberMask = this.feeds['target.memberMask'] as Float32Array;
    const firstRow = b * sentences;
    inverse.fill(0, firstRow, firstRow + sentences);
    let sentence = 0;
    for (let j = 0; j < width; j++) {
      const row = b * width + j;
      const at = window.start + j;
      const real = j < window.length;
      if (real && j > 0 && units.boundary[at] > 0) sentence = Math.min(sentence + 1, sentences - 1);
      const own = real ? sentence : sentences - 1;
      const next = real && units.boundary[at + 1] > 0 ? Math.min(own + 1, sentences - 1) : own;
      const concept = concepts.conceptOf[this.#whole('target.lemma')[row]];
      this.#whole('unit.concept')[row] = concepts.conceptOf[this.#whole('unit.lemma')[row]];
      this.#whole('sentence.unit')[row] = firstRow + own;
      this.#whole('sentence.target')[row] = firstRow + next;
      this.#whole('bag.cells')[row] = (firstRow + next) * conceptCount + concept;
      for (let m = 0; m < cap; m++) {
        this.#whole('target.members')[row * cap + m] = concepts.members[concept * cap + m];
        memberMask[row * cap + m] = concepts.memberMask[concept * cap + m];
      }
      if (real) inverse[firstRow + own]++;
    }
    for (let s = firstRow; s < firstRow + sentences; s++) inverse[s] = inverse[s] > 0 ? 1 / inverse[s] : 0;
  }
}

const FACTORS = ['boundary', 'lemma', 'slot', 'casing', 'gap'] as const;
