// What stands for a lemma at each level as one vector, so that levels can be asked the same questions about meaning.
// From: Strata; tables of the levels as they were trained, nothing is fitted here.
import { conceptVectors, type LemmaEntry } from '@strata/concept';
import type { Ladder } from '@strata/hierarchy';
import { BASE_SLOT, LEMMA_PARAMETER } from '@strata/word';
import type { VectorOf } from './cluster-controls.js';
import { MeasureError } from './stage-record.js';

/** A ladder's vectors of a lemma. */
export interface LemmaVectors {
  /** Of its concept, the mean of its members' in the word level's table; members of one concept have the same. */
  readonly concept: VectorOf;
  /** In the word level's table of lemmas. */
  readonly word: VectorOf;
  /** The mean of its pieces in the frozen base's table of inputs. */
  readonly base: VectorOf;
}

/** Vectors out of a ladder that reaches concepts; throws MeasureError where a table is missing. */
export function lemmaVectors(ladder: Ladder): LemmaVectors {
  const { config, concepts, words, tokenizer } = ladder;
  const table = (level: 'subword' | 'word', name: string): Float32Array => {
    const values = ladder.values[level]?.views.get(name);
    if (values === undefined) throw new MeasureError(`the ${level} level has no parameter ${name}; train it again`);
    return values;
  };
  const rowsOf =
    (values: Float32Array, width: number) =>
    (row: number): Float32Array =>
      values.subarray(row * width, (row + 1) * width);
  const lemmas = table('word', LEMMA_PARAMETER);
  const { width } = config.word;
  const concept = rowsOf(conceptVectors(concepts!.members, lemmas, width), width);
  const word = rowsOf(lemmas, width);
  const piece = rowsOf(table('subword', 'subword.embed_tokens.weight'), config.subword.width);
  return {
    concept: ({ id }: LemmaEntry) => concept(concepts!.conceptOf[id]!),
    word: ({ id }) => word(id),
    base: ({ id, name }) => {
      const form = words!.vocabulary.slotForm(id, BASE_SLOT)?.form ?? name;
      const pieces = tokenizer.encodeUnit(' ', form);
      const mean = new Float32Array(config.subword.width);
      for (const own of pieces) {
        const row = piece(own);
        for (let k = 0; k < mean.length; k++) mean[k]! += row[k]! / pieces.length;
      }
      return mean;
    },
  };
}
