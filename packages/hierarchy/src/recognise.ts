// Which named word an unnamed one stands for: by its letters, as they ascend to the word level, and by what the context
// lets expect there. From: the noisy channel of Kernighan, Church & Gale 1990, with both factors learned.
import { compile, type Executable } from '@strata/engine';
import { gather } from '@strata/tensor';
import { emptyGrams, FIRST_LEMMA_ID, LIKENESS, letterGrams, setGrams } from '@strata/word';
import { type Feeds, feedsFor, LadderBatch } from './ladder-batch.js';
import { ladderFactors, ladderStates } from './ladder-graph.js';
import { ladderScopes, type WindowShape, windowShape } from './ladder-scopes.js';
import type { LadderText } from './ladder-text.js';
import { ladderPatterns } from './ladder-unnamed.js';
import { batchTables, type Ladder, weightFeeds } from './run.js';
import { engineOptions } from './score.js';

/** A ladder whose words are not read by their letters. */
export class RecognitionError extends Error {
  override readonly name = 'RecognitionError';
}

/** Words in one pass. */
const ROWS = 256;

/** Reads letters, and contexts, as distributions over lemmas. */
export class Recogniser {
  readonly #batch: LadderBatch;

  private constructor(
    readonly ladder: Ladder,
    readonly shape: WindowShape,
    readonly letters: Executable,
    readonly context: Executable,
  ) {
    this.#batch = new LadderBatch(batchTables(ladder), shape);
  }

  /** Compiles the graphs of a ladder; throws RecognitionError where its words are not read by their letters. */
  static async create(ladder: Ladder): Promise<Recogniser> {
    const { config } = ladder;
    if (!config.word.input.letters || config.word.recogniseWeight === 0)
      throw new RecognitionError(
        'this word level does not read letters; train one with word.input.letters=true and word.recogniseWeight above 0',
      );
    const inventory = ladder.inventory!;
    const options = engineOptions(config);
    const patterns = ladderPatterns(ladderScopes(), config, 'recognise', ROWS);
    const shape = windowShape(config);
    const scopes = ladderScopes();
    const { word } = ladderStates(scopes, config, inventory, 'word', shape);
    const ends = scopes.inputs.get('context.end', [shape.windows], 'int32');
    const { factors } = ladderFactors(scopes, config, inventory, { word: gather(word, ends) });
    return new Recogniser(
      ladder,
      shape,
      await compile({ patterns }, options),
      await compile({ lemma: factors.lemma }, options),
    );
  }

  /**
   * The logit of each lemma [V] for each word by its letters: how like the word's pattern is to that of the likest form
   * of the lemma. Forms are read a few hundred at a time, so memory grows with the words asked about alone.
   */
  async byLetters(words: readonly string[]): Promise<Float32Array[]> {
    const { vocabulary } = this.ladder.words!;
    const asked = await this.#patterns(words);
    const found = words.map(() => new Float32Array(vocabulary.size).fill(Number.NEGATIVE_INFINITY));
    let forms: { form: string; lemma: number }[] = [];
    const compareForms = async (): Promise<void> => {
      const known = await this.#patterns(forms.map(({ form }) => form));
      for (const [i, pattern] of asked.entries())
        for (const [j, { lemma }] of forms.entries())
          found[i]![lemma] = Math.max(found[i]![lemma]!, likeness(pattern, known[j]!));
      forms = [];
    };
    for (let lemma = FIRST_LEMMA_ID; lemma < vocabulary.size; lemma++) {
      for (let slot = 0; slot < vocabulary.slotCount; slot++) {
        const form = vocabulary.slotForm(lemma, slot)?.form;
        if (form !== undefined) forms.push({ form, lemma });
      }
      if (forms.length >= ROWS || lemma === vocabulary.size - 1) await compareForms();
    }
    return found;
  }

  /** The patterns of words' letters. */
  #patterns(words: readonly string[]): Promise<Float32Array[]> {
    const { buckets } = this.ladder.config.word.letters;
    const grams = emptyGrams(ROWS);
    const feeds: Feeds = { 'recognise.grams': grams.grams, 'recognise.shares': grams.shares };
    return this.#run(words, ROWS, this.letters, 'patterns', feeds, (group) => {
      for (let row = 0; row < ROWS; row++) {
        const word = group[row];
        setGrams(grams, row, word === undefined ? undefined : letterGrams(word, buckets));
      }
    });
  }

  /** log p(lemma | what stands before) for units of a text, each with the window that ends before it: [V] each. */
  async byContext(text: LadderText, units: readonly number[]): Promise<Float32Array[]> {
    const { windows, units: width, pieces } = this.shape;
    const ends = new Int32Array(windows);
    const boundary = new Int32Array(windows);
    const zeros = new Int32Array(windows);
    const own: Feeds = { 'context.end': ends, 'target.boundary': boundary };
    for (const factor of ['lemma', 'slot', 'casing', 'gap']) own[`target.${factor}`] = zeros;
    const feeds: Feeds = {};
    return await this.#run(units, windows, this.context, 'lemma', feeds, (group) => {
      const read = group.map((unit) => {
        let start = Math.max(0, unit - width);
        while (text.spans.end(unit) - text.spans.start(start) > pieces) start++;
        return { start, length: unit - start, scoreFrom: 0 };
      });
      Object.assign(feeds, this.#batch.fill(text, read), own);
      for (const [b, { start, length }] of read.entries()) {
        ends[b] = b * width + length - 1;
        boundary[b] = text.units.boundary[start + length]!;
      }
    });
  }

  async #run<T>(
    items: readonly T[],
    rows: number,
    executable: Executable,
    output: string,
    feeds: Feeds,
    fill: (group: readonly T[]) => void,
  ): Promise<Float32Array[]> {
    const weights = weightFeeds(...Object.values(this.ladder.values));
    const found: Float32Array[] = [];
    for (let first = 0; first < items.length; first += rows) {
      const group = items.slice(first, first + rows);
      fill(group);
      const values = (await executable.run(feedsFor(executable, feeds, weights)))[output]!;
      const width = values.length / rows;
      for (const row of group.keys()) found.push(values.slice(row * width, (row + 1) * width));
    }
    return found;
  }

  async dispose(): Promise<void> {
    await this.letters.dispose();
    await this.context.dispose();
  }
}

/** The logit of two patterns that are alike, as training has it. */
function likeness(a: Float32Array, b: Float32Array): number {
  let product = 0;
  for (let i = 0; i < a.length; i++) product += a[i]! * b[i]!;
  return (LIKENESS * product) / a.length;
}
