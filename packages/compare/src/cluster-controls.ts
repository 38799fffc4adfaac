// Clusters that a vocabulary has to beat: as many, as large, of the same parts of speech and lemmas, put together by chance
// or by the nearness of vectors. From: Strata; equal sizes, since precision falls and coverage rises with size alone.
import { ConceptIndex, type LemmaEntry } from '@strata/concept';
import type { RandomStream } from '@strata/nn';
import type { Clusters } from './concept-quality.js';

/** The sizes of clusters of two or more by part of speech, the largest first. */
export type ClusterSizes = ReadonlyMap<string, readonly number[]>;

/** Sizes of clusters; a cluster is of one part of speech. */
export function clusterSizes(clusters: Clusters): ClusterSizes {
  const sizes = new Map<string, number[]>();
  for (const cluster of clusters) {
    if (cluster.length < 2) continue;
    const own = sizes.get(cluster[0]!.pos);
    if (own === undefined) sizes.set(cluster[0]!.pos, [cluster.length]);
    else own.push(cluster.length);
  }
  for (const own of sizes.values()) own.sort((a, b) => b - a);
  return sizes;
}

/** Random clusters of given sizes; throws RangeError where there are fewer lemmas than the sizes need. */
export function randomClusters(sizes: ClusterSizes, lemmas: readonly LemmaEntry[], random: RandomStream): Clusters {
  return [...sizes].flatMap(([pos, own]) => {
    const pool = poolOf(lemmas, pos, own);
    const order = random.permutation(pool.length);
    let next = 0;
    return own.map((size) => Array.from({ length: size }, () => pool[order[next++]!]!));
  });
}

/** What stands for a lemma; undefined where nothing does. */
export type VectorOf = (lemma: LemmaEntry) => ArrayLike<number> | undefined;

/** Neighbours of each lemma among which clusters grow. */
const NEIGHBOURS = 24;

/**
 * Clusters of given sizes by the cosine of vectors, greedily: the largest first, each from the nearest pair that is left,
 * growing by the lemma nearest to its members on average. Lemmas without a vector are taken when no others are left.
 * Throws RangeError as `randomClusters` does.
 */
export function nearestClusters(sizes: ClusterSizes, lemmas: readonly LemmaEntry[], vectorOf: VectorOf): Clusters {
  return [...sizes].flatMap(([pos, own]) => new Grower(poolOf(lemmas, pos, own), vectorOf).clusters(own));
}

function poolOf(lemmas: readonly LemmaEntry[], pos: string, sizes: readonly number[]): LemmaEntry[] {
  const pool = lemmas.filter((lemma) => lemma.pos === pos);
  const needed = sizes.reduce((sum, size) => sum + size, 0);
  if (pool.length < needed)
    throw new RangeError(`clusters hold ${needed} lemmas of part of speech ${pos}; only ${pool.length} may be drawn`);
  return pool;
}

/** The lemmas of one part of speech while clusters grow out of them. */
class Grower {
  /** Unit vectors of those that have one [N, D]. */
  readonly #vectors: Float32Array[] = [];
  readonly #rows: LemmaEntry[] = [];
  readonly #rest: LemmaEntry[] = [];
  readonly #free = new Set<number>();
  readonly #near: readonly (readonly number[])[];
  /** Pairs of neighbours, the nearest first. */
  readonly #pairs: { readonly a: number; readonly b: number; readonly cosine: number }[] = [];

  constructor(pool: readonly LemmaEntry[], vectorOf: VectorOf) {
    for (const lemma of pool) {
      const vector = unitVector(vectorOf(lemma));
      if (vector === undefined) this.#rest.push(lemma);
      else {
        this.#free.add(this.#rows.length);
        this.#rows.push(lemma);
        this.#vectors.push(vector);
      }
    }
    const width = this.#vectors[0]?.length ?? 0;
    const table = new Float32Array(width * this.#rows.length);
    for (const [row, vector] of this.#vectors.entries()) table.set(vector, row * width);
    const index = this.#rows.length > 1 ? new ConceptIndex(table, this.#rows.length) : undefined;
    this.#near = this.#rows.map((_, row) =>
      (index?.near(row, NEIGHBOURS) ?? []).map(({ concept, cosine }) => {
        this.#pairs.push({ a: row, b: concept, cosine });
        return concept;
      }),
    );
    this.#pairs.sort((left, right) => right.cosine - left.cosine || left.a - right.a || left.b - right.b);
  }

  clusters(sizes: readonly number[]): LemmaEntry[][] {
    let next = 0;
    return sizes.map((size) => {
      const isFree = (pair: { a: number; b: number }): boolean => this.#free.has(pair.a) && this.#free.has(pair.b);
      while (next < this.#pairs.length && !isFree(this.#pairs[next]!)) next++;
      const [anyFree] = this.#free;
      const members: number[] = [];
      let row: number | undefined = this.#pairs[next]?.a ?? anyFree;
      while (row !== undefined && members.length < size) {
        this.#free.delete(row);
        members.push(row);
        row = this.#nearestTo(members);
      }
      const others = this.#rest.splice(0, size - members.length);
      return [...members.map((row) => this.#rows[row]!), ...others];
    });
  }

  /** The free row nearest to all members together: among their neighbours, or anywhere if these are taken. */
  #nearestTo(members: readonly number[]): number | undefined {
    const neighbours = new Set(members.flatMap((row) => this.#near[row]!).filter((row) => this.#free.has(row)));
    let best: number | undefined;
    let highest = Number.NEGATIVE_INFINITY;
    for (const row of neighbours.size > 0 ? neighbours : this.#free) {
      const sum = members.reduce((total, member) => total + product(this.#vectors[row]!, this.#vectors[member]!), 0);
      if (sum > highest || (sum === highest && row < best!)) [best, highest] = [row, sum];
    }
    return best;
  }
}

function unitVector(vector: ArrayLike<number> | undefined): Float32Array | undefined {
  if (vector === undefined) return undefined;
  const own = Float32Array.from(vector);
  const length = Math.sqrt(product(own, own));
  return length > 0 ? own.map((value) => value / length) : undefined;
}

function product(left: Float32Array, right: Float32Array): number {
  let sum = 0;
  for (let k = 0; k < left.length; k++) sum += left[k]! * right[k]!;
  return sum;
}
