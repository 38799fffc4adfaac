// The words of a window that have no name, as feeds: their letters as they arrive, their pieces as they are to be spelled,
// and which of those read before each may be pointed at. From: Strata, WORDS (unknown words).
import { MASKED } from '@strata/nn';
import { BOS_PIECE, type BpeTokenizer } from '@strata/subword';
import { textFromBytes } from '@strata/text';
import {
  emptyGrams,
  FIRST_LEMMA_ID,
  type GramFeeds,
  letterGrams,
  OTHER_GAP_ID,
  SPELLED_ID,
  SPELLER_MEMORY,
  setGrams,
  type WordConfig,
  type WordTokenizer,
} from '@strata/word';
import type { Feeds } from './ladder-batch.js';
import { spelledWords, type WindowShape } from './ladder-scopes.js';
import type { LadderText } from './ladder-text.js';
import { escapedGapNats } from './nats.js';
import { UnitCache } from './unit-cache.js';
import type { Window } from './windows.js';

/** What is read of one window besides its text. */
export interface UnnamedReading {
  readonly text: LadderText;
  readonly window: Window;
  /** The window's number in the batch. */
  readonly place: number;
  /** 1 at targets that count, by row of the batch. */
  readonly weights: Float32Array;
  /** True of a lemma that is read as unknown in this window, though it has a name. */
  readonly isNovel: (lemma: number) => boolean;
}

/** What is known of a word's pieces, whatever stands around it. */
interface SpelledWord {
  readonly gap: string;
  readonly surface: string;
  readonly grams: Int32Array;
  /** The lemma that the first k pieces would be, or `SPELLED_ID`: where it has a name, the word cannot end there. */
  readonly prefixLemmas: Int32Array;
}

/** The gap and the surface of a unit's pieces. */
export function gapAndSurface(tokenizer: BpeTokenizer, pieces: ArrayLike<number>): { gap: string; surface: string } {
  const text = textFromBytes(tokenizer.decode(Array.from(pieces)));
  // White space alone is an excess of it, a unit without a gap.
  const surface = text.trimStart() || text;
  return { gap: text.slice(0, text.length - surface.length), surface };
}

/** The last pieces of a word that begins at `start`, before piece `next`, the latest first. */
export function setPrevious(
  previous: Int32Array,
  row: number,
  pieces: ArrayLike<number>,
  start: number,
  next: number,
): void {
  for (let k = 0; k < SPELLER_MEMORY; k++)
    previous[row * SPELLER_MEMORY + k] = next - 1 - k >= start ? pieces[next - 1 - k]! : BOS_PIECE;
}

/** Feeds of unnamed words for `shape.windows` windows. */
export class UnnamedWords {
  readonly feeds: Feeds;
  /** Words that may be said, and words that may have been read, in a window. */
  readonly #words: number;
  readonly #keys: number;
  readonly #grams: GramFeeds;
  readonly #cache = new UnitCache<SpelledWord>();

  constructor(
    readonly config: WordConfig,
    readonly words: WordTokenizer,
    readonly tokenizer: BpeTokenizer,
    readonly shape: WindowShape,
  ) {
    this.#words = spelledWords(shape);
    this.#keys = shape.units;
    const count = shape.windows * this.#words;
    this.#grams = emptyGrams(shape.windows * this.#keys);
    const pieces = shape.windows * shape.spelledPieces;
    const whole = (length: number): Int32Array => new Int32Array(length);
    const real = (length: number): Float32Array => new Float32Array(length);
    this.feeds = {
      'unit.letters': whole(shape.windows * shape.units),
      'letters.grams': this.#grams.grams,
      'letters.shares': this.#grams.shares,
      'spell.base': whole(pieces),
      'spell.rows': whole(pieces),
      'spell.targets': whole(pieces),
      'spell.weights': real(pieces),
      'spell.closed': real(pieces),
      'spell.previous': whole(pieces * SPELLER_MEMORY),
      'spell.word': whole(pieces),
      'pointer.query': whole(count),
      'pointer.key': whole(shape.windows * this.#keys),
      'pointer.mask': real(count * (this.#keys + 1)),
      'pointer.age': real(count * this.#keys),
      'pointer.match': real(count * this.#keys),
      'pointer.matches': real(count),
      'pointer.escaped': real(count),
      'pointer.weights': real(count),
    };
  }

  /** Fills all that concerns one window; `unit.lemma` and `target.lemma` are those of the batch, as it is read. */
  fill(reading: UnnamedReading, unitLemmas: Int32Array, targetLemmas: Int32Array): void {
    const { window, place } = reading;
    const first = place * this.#keys;
    const { units } = this.shape;
    const inputs: { word: SpelledWord; at: number }[] = [];
    this.#whole('unit.letters').fill(0, place * units, (place + 1) * units);
    for (let j = 0; j < window.length; j++) {
      const row = place * units + j;
      if (unitLemmas[row] !== SPELLED_ID) continue;
      const word = this.#spelled(reading.text, window.start + j);
      const slot = first + inputs.length;
      setGrams(this.#grams, slot, word.grams);
      this.#whole('unit.letters')[row] = slot + 1;
      this.#whole('pointer.key')[slot] = row;
      inputs.push({ word, at: j });
    }
    for (let slot = first + inputs.length; slot < first + this.#keys; slot++) {
      setGrams(this.#grams, slot, undefined);
      this.#whole('pointer.key')[slot] = place * units;
    }
    this.#fillTargets(reading, targetLemmas, inputs);
  }

  /** The surface of a unit. */
  surface(text: LadderText, unit: number): string {
    return this.#spelled(text, unit).surface;
  }

  /** Pieces of spelled targets, each word's end after them; what finds no room is not learned from. */
  #fillTargets(
    reading: UnnamedReading,
    lemmas: Int32Array,
    inputs: readonly { word: SpelledWord; at: number }[],
  ): void {
    const { text, window, place, weights } = reading;
    const { spans } = text;
    const { spelledPieces, pieces, units } = this.shape;
    const firstPiece = spans.start(window.start);
    let at = place * spelledPieces;
    const end = at + spelledPieces;
    let slot = place * this.#words;
    for (const [name, value] of [
      ['base', place * pieces],
      ['rows', place * units],
      ['targets', 0],
      ['word', slot],
    ] as const)
      this.#whole(`spell.${name}`).fill(value, at, end);
    this.#real('spell.weights').fill(0, at, end);
    this.#real('spell.closed').fill(0, at, end);
    this.#clearPointer(place);
    for (let j = 0; j < window.length; j++) {
      const row = place * units + j;
      const unit = window.start + j + 1;
      if (weights[row] === 0 || lemmas[row] !== SPELLED_ID) continue;
      const length = spans.end(unit) - spans.start(unit);
      if (at + length + 1 > end || spans.end(unit) - firstPiece > pieces) continue;
      const word = this.#spelled(text, unit);
      for (let k = 0; k <= length; k++, at++) {
        const piece = spans.start(unit) + k;
        const prefix = word.prefixLemmas[k]!;
        this.#whole('spell.base')[at] = place * pieces + piece - 1 - firstPiece;
        this.#whole('spell.rows')[at] = row;
        this.#whole('spell.targets')[at] = k < length ? text.pieces[piece]! : this.tokenizer.vocabularySize;
        this.#whole('spell.word')[at] = slot;
        this.#real('spell.weights')[at] = 1;
        setPrevious(this.#whole('spell.previous'), at, text.pieces, spans.start(unit), piece);
        this.#real('spell.closed')[at] = prefix >= FIRST_LEMMA_ID && !reading.isNovel(prefix) ? MASKED : 0;
      }
      this.#point(slot++, row, j, word, inputs);
    }
  }

  #clearPointer(place: number): void {
    const [first, last] = [place * this.#words, (place + 1) * this.#words];
    this.#whole('pointer.query').fill(place * this.shape.units, first, last);
    for (const name of ['matches', 'escaped', 'weights'] as const) this.#real(`pointer.${name}`).fill(0, first, last);
    this.#real('pointer.match').fill(0, first * this.#keys, last * this.#keys);
  }

  /** What the word at target `j` may point at: the unnamed words among inputs 0..j, and which of them are this word. */
  #point(
    slot: number,
    row: number,
    j: number,
    word: SpelledWord,
    inputs: readonly { word: SpelledWord; at: number }[],
  ): void {
    const width = this.#keys;
    this.#whole('pointer.query')[slot] = row;
    this.#real('pointer.weights')[slot] = 1;
    const mask = this.#real('pointer.mask').subarray(slot * (width + 1), (slot + 1) * (width + 1));
    mask.fill(MASKED);
    mask[width] = 0;
    for (const [k, { word: earlier, at }] of inputs.entries()) {
      if (at > j) break;
      mask[k] = 0;
      this.#real('pointer.age')[slot * width + k] = Math.log(1 + j - at);
      if (earlier.surface !== word.surface) continue;
      this.#real('pointer.match')[slot * width + k] = 1;
      this.#real('pointer.matches')[slot] = 1;
    }
    if (this.words.vocabulary.gapIdOf(word.gap) === OTHER_GAP_ID)
      this.#real('pointer.escaped')[slot] = escapedGapNats(word.gap);
  }

  #spelled({ pieces, spans }: LadderText, unit: number): SpelledWord {
    const own = pieces.subarray(spans.start(unit), spans.end(unit));
    return this.#cache.get('', own.join(), () => this.#make(own));
  }

  #make(own: Int32Array): SpelledWord {
    const { gap, surface } = gapAndSurface(this.tokenizer, own);
    return {
      gap,
      surface,
      grams: letterGrams(surface, this.config.letters.buckets),
      prefixLemmas: Int32Array.from({ length: own.length + 1 }, (_, k) =>
        k === 0
          ? SPELLED_ID
          : this.words.encodeSurface(gapAndSurface(this.tokenizer, own.subarray(0, k)).surface).lemma,
      ),
    };
  }

  #whole(name: string): Int32Array {
    return this.feeds[name] as Int32Array;
  }

  #real(name: string): Float32Array {
    return this.feeds[name] as Float32Array;
  }
}
