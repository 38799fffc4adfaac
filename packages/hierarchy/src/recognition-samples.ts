// Misspelled words beside their right spellings, as feeds: what the letter patterns learn to bring together. Every lemma is
// drawn as often as any other, since it is the rare ones that nobody's text misspells often enough.
import { RandomStream } from '@strata/nn';
import {
  emptyGrams,
  FIRST_LEMMA_ID,
  type GramFeeds,
  letterGrams,
  misspell,
  setGrams,
  type WordVocabulary,
} from '@strata/word';
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
  readonly #wrong: GramFeeds;
  readonly #right: GramFeeds;

  constructor(
    readonly config: Config,
    readonly vocabulary: WordVocabulary,
    windows: number,
  ) {
    this.#count = recognitionCount(windows);
    this.#wrong = emptyGrams(this.#count);
    this.#right = emptyGrams(this.#count);
    this.feeds = {
      'recognise.wrong.grams': this.#wrong.grams,
      'recognise.wrong.shares': this.#wrong.shares,
      'recognise.right.grams': this.#right.grams,
      'recognise.right.shares': this.#right.shares,
    };
  }

  /** Draws the words of the batch that begins with window `sample` of a run. */
  fill(sample: number): Feeds {
    const named = this.vocabulary.size - FIRST_LEMMA_ID;
    if (named === 0) return this.feeds;
    const random = new RandomStream(this.config.seed, `misspell ${sample}`);
    const { buckets } = this.config.word.letters;
    for (let row = 0; row < this.#count; row++) {
      const lemma = FIRST_LEMMA_ID + random.below(named);
      const slots = this.vocabulary.language.slots.flatMap((_, slot) =>
        (this.vocabulary.slotMask(lemma) & (1 << slot)) === 0 ? [] : [slot],
      );
      const { form } = this.vocabulary.slotForm(lemma, slots[random.below(slots.length)]!)!;
      setGrams(this.#wrong, row, letterGrams(misspell(form, random), buckets));
      setGrams(this.#right, row, letterGrams(form, buckets));
    }
    return this.feeds;
  }
}
