// Misspelled words and the lemmas they stand for, as feeds: what the letter patterns learn to come near. Every lemma is
// drawn as often as any other, since it is the rare ones that nobody's text misspells often enough.
import { RandomStream } from '@strata/nn';
import { FIRST_LEMMA_ID, GRAM_LIMIT, letterGrams, misspell, setGrams, type WordVocabulary } from '@strata/word';
import type { Config } from './config.js';
import type { Feeds } from './ladder-batch.js';

/** Words a window of a batch. */
const WORDS_A_WINDOW = 32;

/** Words that a batch of so many windows learns to recognise. */
export function recognitionCount(windows: number): number {
  return windows * WORDS_A_WINDOW;
}

/** Feeds `recognise.*` of a batch. */
export class RecognitionSamples {
  readonly feeds: Feeds;
  readonly #count: number;

  constructor(
    readonly config: Config,
    readonly vocabulary: WordVocabulary,
    windows: number,
  ) {
    this.#count = recognitionCount(windows);
    this.feeds = {
      'recognise.grams': new Int32Array(this.#count * GRAM_LIMIT),
      'recognise.shares': new Float32Array(this.#count * GRAM_LIMIT),
      'recognise.lemma': new Int32Array(this.#count).fill(FIRST_LEMMA_ID),
    };
  }

  /** Draws the words of the batch that begins with window `sample` of a run; outside of a run they stay as they are. */
  fill(sample: number | undefined): void {
    const named = this.vocabulary.size - FIRST_LEMMA_ID;
    if (sample === undefined || named === 0) return;
    const random = new RandomStream(this.config.seed, `misspell ${sample}`);
    const grams = {
      grams: this.feeds['recognise.grams'] as Int32Array,
      shares: this.feeds['recognise.shares'] as Float32Array,
    };
    for (let row = 0; row < this.#count; row++) {
      const lemma = FIRST_LEMMA_ID + random.below(named);
      const slots = this.vocabulary.language.slots.flatMap((_, slot) =>
        (this.vocabulary.slotMask(lemma) & (1 << slot)) === 0 ? [] : [slot],
      );
      const { form } = this.vocabulary.slotForm(lemma, slots[random.below(slots.length)]!)!;
      setGrams(grams, row, letterGrams(misspell(form, random), this.config.word.letters.buckets));
      (this.feeds['recognise.lemma'] as Int32Array)[row] = lemma;
    }
  }
}
