// Which concepts lie near: an HNSW graph (Malkov & Yashunin 2018) over one vector a concept.
// For the CLI's `concepts near`, over whatever vectors it is given (the trained concept embeddings, for one).
import hnswlib from 'hnswlib-node';

/** A concept id and the cosine of its vector with what was asked for. */
export interface NearConcept {
  readonly concept: number;
  readonly cosine: number;
}

/** Vectors that are not [C, D], or hold what is no number; a concept that is not in the index. */
export class ConceptIndexError extends Error {
  override readonly name = 'ConceptIndexError';
}

const graphLinks = 16;
const graphEffort = 100;

/** Nearest concepts by cosine over `vectors` [C, D]; row c belongs to concept c. */
export class ConceptIndex {
  readonly #graph: hnswlib.HierarchicalNSW;
  readonly #vectors: Float32Array;
  readonly #width: number;
  readonly #count: number;

  /** Builds the graph, the same for the same vectors; throws ConceptIndexError when they are not [C, D] finite numbers. */
  constructor(vectors: Float32Array, conceptCount: number, seed = 1) {
    this.#width = conceptCount > 0 ? vectors.length / conceptCount : 0;
    if (!Number.isInteger(conceptCount) || conceptCount < 1 || !Number.isInteger(this.#width) || this.#width < 1) {
      throw new ConceptIndexError(
        `${vectors.length} values for ${conceptCount} concepts found; [C, D] with one row a concept is accepted. Pass the vectors of this vocabulary.`,
      );
    }
    this.#count = conceptCount;
    this.#vectors = vectors;
    this.#graph = new hnswlib.HierarchicalNSW('cosine', this.#width);
    this.#graph.initIndex(conceptCount, graphLinks, graphEffort, seed);
    for (let concept = 0; concept < conceptCount; concept++) this.#graph.addPoint(this.#row(concept), concept);
  }

  /** The `count` concepts nearest to a concept, itself left out, the nearest first; throws ConceptIndexError for an unknown id. */
  near(concept: number, count: number): NearConcept[] {
    if (!Number.isInteger(concept) || concept < 0 || concept >= this.#count) {
      throw new ConceptIndexError(
        `concept id ${concept} found; this index holds ids 0 to ${this.#count - 1}. Pass an id that the vocabulary lists.`,
      );
    }
    return this.#search(this.#row(concept), count + 1)
      .filter((found) => found.concept !== concept)
      .slice(0, count);
  }

  /** The `count` concepts nearest to a vector [D]; throws ConceptIndexError for another width. */
  nearVector(vector: ArrayLike<number>, count: number): NearConcept[] {
    if (vector.length !== this.#width) {
      throw new ConceptIndexError(
        `a vector of width ${vector.length} found; this index holds vectors of width ${this.#width}. Pass a state of the concept level.`,
      );
    }
    return this.#search(Array.from(vector), count);
  }

  #row(concept: number): number[] {
    const row = Array.from(this.#vectors.subarray(concept * this.#width, (concept + 1) * this.#width));
    if (!row.every(Number.isFinite)) {
      throw new ConceptIndexError(
        `the vector of concept ${concept} holds what is no finite number; training may have diverged. Load another checkpoint.`,
      );
    }
    return row;
  }

  #search(query: number[], count: number): NearConcept[] {
    const wanted = Math.min(Math.max(0, count), this.#count);
    if (wanted === 0) return [];
    this.#graph.setEf(Math.max(graphEffort, 2 * wanted));
    return this.#graph
      .searchKnn(query, wanted)
      .neighbors.map((concept) => ({ concept, cosine: cosine(query, this.#row(concept)) }))
      .sort((left, right) => right.cosine - left.cosine || left.concept - right.concept);
  }
}

/** 0 when either vector is zero. */
function cosine(left: readonly number[], right: readonly number[]): number {
  let product = 0;
  let leftSquare = 0;
  let rightSquare = 0;
  for (let index = 0; index < left.length; index++) {
    product += left[index]! * right[index]!;
    leftSquare += left[index]! ** 2;
    rightSquare += right[index]! ** 2;
  }
  const lengths = Math.sqrt(leftSquare * rightSquare);
  return lengths === 0 ? 0 : product / lengths;
}
