// The space that concepts live in: what lies near a concept or a mixture of them, and what the descend layers say there.
// It is the one in which the concept level speaks (packages/concept/src/model.ts): its query meets what each concept means
// to the word level. What the level reads, its embedding, knows much less after as much training.
import { conceptVectors } from '@strata/concept';
import { type Ladder, logFrequencies } from '@strata/hierarchy';
import { greatestPlaces } from '@strata/nn';
import { LEMMA_PARAMETER } from '@strata/word';

/** A row and the cosine of its vector with what was asked for. */
export interface Near {
  readonly id: number;
  readonly cosine: number;
}

/** A part of a mixture. */
export interface Part {
  readonly concept: number;
  readonly weight: number;
}

/** Parameters of the concept level that are read here. */
const DESCEND = {
  query: 'concept.descend.query.weight',
  norm: 'concept.descend.norm.weight',
  bias: 'concept.descend.bias',
};

/** The trained level has no such parameter. */
export class ConceptSpaceError extends Error {
  override readonly name = 'ConceptSpaceError';
}

/** Vectors of lemmas [V, D] and of concepts [C, D], the mean of their members', and how the concept level speaks of them. */
export class ConceptSpace {
  readonly #lemmas: Rows;
  readonly #means: Rows;
  readonly #bias: Float32Array;
  readonly #queryLength: number;

  /** Takes a ladder with a concept level; throws ConceptSpaceError. */
  constructor(ladder: Ladder) {
    const concepts = ladder.concepts!;
    const read = (level: 'word' | 'concept', name: string): Float32Array => {
      const found = ladder.values[level]?.views.get(name);
      if (found === undefined)
        throw new ConceptSpaceError(
          `the ${level} level has no parameter ${name}. Train it again: strata train ${level}`,
        );
      return found;
    };
    const { width } = ladder.config.word;
    this.#lemmas = new Rows(read('word', LEMMA_PARAMETER), width);
    this.#means = new Rows(conceptVectors(concepts.members, this.#lemmas.values, width), width);
    const { conceptOf, size: conceptCount } = concepts;
    const logFrequency = logFrequencies(ladder.words!.vocabulary, { conceptOf, conceptCount });
    this.#bias = read('concept', DESCEND.bias).map((value, concept) => value + logFrequency[concept]!);
    const gain = ladder.values.concept!.views.get(DESCEND.norm);
    this.#queryLength = typicalLength(read('concept', DESCEND.query), ladder.config.concept.width, gain);
  }

  /** Vectors of all concepts [C, D], for the map. */
  get vectors(): Float32Array {
    return this.#means.values;
  }

  /** The concepts nearest to a concept, itself left out. */
  near(concept: number, count: number): Near[] {
    return this.#means
      .nearest(this.#means.row(concept), count + 1)
      .filter(({ id }) => id !== concept)
      .slice(0, count);
  }

  /**
   * A mixture of concepts: the concepts and the lemmas near it, and the distribution that the descend layers give where their query points that way at the length that their weights give it on average.
   */
  place(
    mixture: readonly Part[],
    count: number,
  ): { near: Near[]; lemmas: Near[]; says: { id: number; probability: number }[] } {
    const meaning = this.#means.mixed(mixture);
    const length = Math.sqrt(meaning.reduce((sum, value) => sum + value * value, 0));
    const scale = length > 0 ? this.#queryLength / length : 0;
    const logits = this.#bias.map((bias, concept) => bias + scale * this.#means.product(concept, meaning));
    const most = logits.reduce((greatest, value) => Math.max(greatest, value), Number.NEGATIVE_INFINITY);
    const total = logits.reduce((sum, value) => sum + Math.exp(value - most), 0);
    return {
      near: this.#means.nearest(meaning, count),
      lemmas: this.#lemmas.nearest(meaning, count),
      says: greatestPlaces(logits, count).map((id) => ({ id, probability: Math.exp(logits[id]! - most) / total })),
    };
  }
}

/**
 * A table of vectors, searched by looking at every one: exact, 10 ms for 50,000 of 192 numbers; a graph over them would
 * take a minute to build before the page could ask its first question.
 */
class Rows {
  readonly count: number;
  readonly #lengths: Float64Array;

  constructor(
    readonly values: Float32Array,
    readonly width: number,
  ) {
    this.count = values.length / width;
    this.#lengths = Float64Array.from({ length: this.count }, (_, id) => Math.sqrt(this.product(id, this.row(id))));
  }

  row(id: number): Float32Array {
    return this.values.subarray(id * this.width, (id + 1) * this.width);
  }

  product(id: number, vector: ArrayLike<number>): number {
    let sum = 0;
    for (let i = 0, at = id * this.width; i < this.width; i++, at++) sum += this.values[at]! * vector[i]!;
    return sum;
  }

  /** The weighed sum of rows, each brought to length one, so that no frequent word's long vector drowns the others. */
  mixed(mixture: readonly Part[]): Float64Array {
    const sum = new Float64Array(this.width);
    for (const { concept, weight } of mixture) {
      const share = this.#lengths[concept]! > 0 ? weight / this.#lengths[concept]! : 0;
      const row = this.row(concept);
      for (let i = 0; i < this.width; i++) sum[i]! += share * row[i]!;
    }
    return sum;
  }

  nearest(vector: ArrayLike<number>, count: number): Near[] {
    let square = 0;
    for (let i = 0; i < this.width; i++) square += vector[i]! ** 2;
    const length = Math.sqrt(square);
    const cosines = new Float64Array(this.count);
    for (let id = 0; id < this.count; id++) {
      const lengths = length * this.#lengths[id]!;
      cosines[id] = lengths > 0 ? this.product(id, vector) / lengths : 0;
    }
    return greatestPlaces(cosines, count).map((id) => ({ id, cosine: cosines[id]! }));
  }
}

/** Root mean square length of `weight` x, for x of independent entries of variance one after a gain: the Frobenius norm. */
function typicalLength(weight: Float32Array, width: number, gain: Float32Array | undefined): number {
  return Math.sqrt(weight.reduce((sum, value, at) => sum + (value * (gain?.[at % width] ?? 1)) ** 2, 0));
}
