// Windows of a text as the arrays a ladder graph is fed with. Arrays are allocated once and refilled.
import { streamSeed } from '@strata/nn';
import type { BpeTokenizer } from '@strata/subword';
import {
  BASE_SLOT,
  BOS_ID,
  CASING_NAMES,
  FIRST_LEMMA_ID,
  SPELLED_ID,
  type WordTokenizer,
  type WordVocabulary,
} from '@strata/word';
import type { Config } from './config.js';
import { BOUNDARY_COUNT, type LadderInventory, spelledWords, type WindowShape } from './ladder-scopes.js';
import type { LadderText } from './ladder-text.js';
import { type SpokenText, SpokenWindows } from './spoken.js';
import { type ConceptTables, tableFeeds } from './table-feeds.js';
import { UnnamedWords } from './unnamed-words.js';
import type { Window } from './windows.js';

/** Arrays by input name. */
export type Feeds = Record<string, Float32Array | Int32Array>;

/** What a session asks for, out of feeds that may hold more; `weights` stands behind them. */
export function feedsFor(
  executable: { readonly inputs: ReadonlyMap<string, unknown> },
  feeds: Feeds,
  weights: Readonly<Record<string, Float32Array>> = {},
): Feeds {
  return Object.fromEntries([...executable.inputs.keys()].map((name) => [name, feeds[name] ?? weights[name]]));
}

/** Sizes that a vocabulary gives the word level. */
export function ladderInventory(
  vocabulary: WordVocabulary,
  concepts?: { readonly size: number; readonly largestConcept: number },
): LadderInventory {
  const word = {
    lemmaCount: vocabulary.size,
    slotCount: vocabulary.slotCount,
    casingCount: CASING_NAMES.length,
    gapCount: vocabulary.gapCount,
    boundaryCount: BOUNDARY_COUNT,
  };
  if (concepts === undefined) return { word };
  return { word, conceptCount: concepts.size, memberWidth: concepts.largestConcept };
}

/** What a batch is made of, besides the text itself. */
export interface BatchTables {
  readonly config: Config;
  readonly words: WordTokenizer;
  readonly tokenizer: BpeTokenizer;
  readonly concepts?: ConceptTables;
}

/** The text as training sees it: some known words of a window are spelled, all of one lemma together. */
interface Reading {
  readonly text: LadderText;
  /** The number of the window in the run; absent where every known word is read as known. */
  readonly sample: number | undefined;
  /** Which lemmas are read as unknown ones, as far as was asked: a memory asks of thousands of units. */
  readonly novel: Map<number, boolean>;
}

/** Refillable feeds for `shape.windows` windows. */
export class LadderBatch {
  readonly feeds: Feeds;
  /** 1 where a target counts, [N]. */
  readonly weights: Float32Array;
  readonly #tables: BatchTables;
  readonly #shape: WindowShape;
  readonly #unnamed: UnnamedWords;
  readonly #spoken: SpokenWindows | undefined;

  constructor(tables: BatchTables, shape: WindowShape) {
    this.#tables = tables;
    this.#shape = shape;
    const rows = shape.windows * shape.units;
    const whole = (length: number): Int32Array => new Int32Array(length);
    this.weights = new Float32Array(rows);
    const { concepts, config, words, tokenizer } = tables;
    this.#unnamed = new UnnamedWords(config.word, words, tokenizer, shape);
    this.feeds = {
      ...tableFeeds(words.vocabulary, concepts),
      ...this.#unnamed.feeds,
      pieces: whole(shape.windows * shape.pieces),
      lastPiece: whole(rows),
      weights: this.weights,
      'target.named': new Float32Array(rows),
    };
    for (const factor of FACTORS) {
      this.feeds[`unit.${factor}`] = whole(rows);
      this.feeds[`target.${factor}`] = whole(rows);
    }
    if (concepts === undefined) return;
    const sentenceRows = shape.windows * config.gestalt.sentences;
    Object.assign(this.feeds, {
      'unit.concept': whole(rows),
      'target.concept': whole(rows),
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
    const { memory } = config.concept;
    if (memory === undefined) return;
    const known = { conceptOf: concepts.conceptOf, logFrequency: this.feeds['concept.logFrequency'] as Float32Array };
    this.#spoken = new SpokenWindows(memory, known, shape, spelledWords(shape), config.batch.units / 2);
    Object.assign(this.feeds, this.#spoken.feeds);
  }

  /**
   * Fills every array from windows of a text; places past a window's length are padding that no score sees. With
   * `firstSample`, the number of the first window in a training run, some known words are read as unknown ones.
   */
  fill(text: LadderText, windows: readonly (Window | undefined)[], firstSample?: number): Feeds {
    this.weights.fill(0);
    for (let b = 0; b < this.#shape.windows; b++) {
      const window = windows[b] ?? { start: 0, length: 0, scoreFrom: 0 };
      const reading = { text, sample: firstSample === undefined ? undefined : firstSample + b, novel: new Map() };
      this.#fillPieces(text, window, b);
      this.#fillUnits(reading, window, b);
      this.#unnamed.fill(
        { text, window, place: b, weights: this.weights, isNovel: (lemma) => this.#isNovel(reading, lemma) },
        this.#whole('unit.lemma'),
        this.#whole('target.lemma'),
      );
      if (this.#tables.concepts !== undefined) this.#fillConcepts(text, window, b, this.#tables.concepts);
      this.#spoken?.fillWindow(this.#spokenText(reading), window.start, window.length, b);
    }
    this.#spoken?.match({
      targetConcept: this.#whole('target.concept'),
      spelledRow: this.#whole('pointer.query'),
      spelledWeight: this.feeds['pointer.weights'] as Float32Array,
      order: this.#whole('shuffle.concept'),
    });
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
    // The last target's own pieces are read too, for the case that it is spelled.
    const lastUnit = Math.min(window.start + window.length, spans.length - 1);
    const end = window.length === 0 ? first : spans.end(lastUnit);
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

  /** True of a lemma that is to be read as an unknown one: of one seen n times, in novelty / n of the windows. */
  #isNovel({ sample, novel }: Reading, lemma: number): boolean {
    if (sample === undefined || lemma < FIRST_LEMMA_ID) return false;
    const known = novel.get(lemma);
    if (known !== undefined) return known;
    const { config, words } = this.#tables;
    const rate = config.word.novelty / Math.max(1, words.vocabulary.count(lemma));
    const isNovel = streamSeed(config.seed, `novel ${sample} ${lemma}`) / 2 ** 32 + 0.5 < rate;
    novel.set(lemma, isNovel);
    return isNovel;
  }

  #factor(reading: Reading, factor: (typeof FACTORS)[number], at: number): number {
    const { units } = reading.text;
    if ((factor === 'lemma' || factor === 'slot') && at < units.length && this.#isNovel(reading, units.lemma[at]))
      return factor === 'lemma' ? SPELLED_ID : BASE_SLOT;
    return units[factor][at];
  }

  #spokenText(reading: Reading): SpokenText {
    return {
      lemma: (at) => this.#factor(reading, 'lemma', at),
      surface: (at) => this.#unnamed.surface(reading.text, at),
    };
  }

  #fillUnits(reading: Reading, window: Window, b: number): void {
    const { units: width } = this.#shape;
    const { units } = reading.text;
    const named = this.feeds['target.named'] as Float32Array;
    for (let j = 0; j < width; j++) {
      const row = b * width + j;
      const at = window.start + j;
      const real = j < window.length;
      for (const factor of FACTORS) {
        this.#whole(`unit.${factor}`)[row] = real ? this.#factor(reading, factor, at) : 0;
        this.#whole(`target.${factor}`)[row] = real ? this.#factor(reading, factor, at + 1) : 0;
      }
      const counts = real && j >= window.scoreFrom && units.lemma[at + 1] !== BOS_ID && this.weights[row] === 0;
      this.weights[row] = counts ? 1 : 0;
      named[row] = this.#whole('target.lemma')[row] === SPELLED_ID ? 0 : 1;
      // A target of <bos> has no legal lemma; any legal one stands in where the weight is zero.
      if (!counts && this.#whole('target.lemma')[row] === BOS_ID) this.#whole('target.lemma')[row] = SPELLED_ID;
    }
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
      this.#whole('target.concept')[row] = concept;
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
