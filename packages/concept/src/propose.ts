// The proposer: which lemmas of one part of speech are among each other's nearest neighbours in the base's own evidence.
// Neighbours come from an HNSW graph (Malkov & Yashunin 2018) over projected vectors and are ranked by exact similarity.
import hnswlib from 'hnswlib-node';
import type { SubstitutionEvidence } from './evidence.js';
import { type Follower, unfollowed } from './follower.js';
import type { Proposal } from './judge.js';
import { type BlockWeights, SubstitutionSpace } from './substitution-space.js';

/** How the proposer searches. */
export interface ProposeOptions {
  /** A pair must be among each other's so many nearest; 12 unless given. */
  readonly neighbours?: number;
  /** Pairs less similar than this are not proposed; 0.1 unless given. */
  readonly minimumSimilarity?: number;
  readonly weights?: BlockWeights;
  /** Seed of projection and graph; 1 unless given. */
  readonly seed?: number;
  readonly follower?: Follower;
}

/** The name of the base's evidence among proposers. */
export const BASE = 'base';

/** Pairs less similar than this are not worth a judge's time. */
export const defaultMinimumSimilarity = 0.1;
/** Columns that each block of the vectors keeps for the search. */
const searchWidth = 128;
/** The graph gives more candidates than wanted, and exact similarity keeps the best: approximation costs no rank. */
const candidateFactor = 2;
const graphLinks = 16;
const graphEffort = 200;
const sharedWords = 5;

/** Pairs of mutual nearest neighbours, the most similar first; the same evidence and options give the same pairs; throws EvidenceError. */
export async function propose(evidence: SubstitutionEvidence, options: ProposeOptions = {}): Promise<Proposal[]> {
  return (await Proposer.create(evidence, options)).proposals();
}

/** A proposer that can also be asked about a single pair. */
export class Proposer {
  readonly #space: SubstitutionSpace;
  readonly #neighbours: number;
  readonly #minimumSimilarity: number;
  readonly #seed: number;
  readonly #follower: Follower;
  readonly #rowOf: ReadonlyMap<number, number>;

  private constructor(space: SubstitutionSpace, options: ProposeOptions) {
    this.#space = space;
    this.#neighbours = options.neighbours ?? 12;
    this.#minimumSimilarity = options.minimumSimilarity ?? defaultMinimumSimilarity;
    this.#seed = options.seed ?? 1;
    this.#follower = options.follower ?? unfollowed;
    this.#rowOf = new Map(space.lemmas.map((lemma, row) => [lemma.id, row]));
  }

  /** Takes the evidence; throws EvidenceError when its arrays do not fit together. */
  static async create(evidence: SubstitutionEvidence, options: ProposeOptions = {}): Promise<Proposer> {
    return new Proposer(await SubstitutionSpace.create(evidence, options.weights, options.follower), options);
  }

  /** Pairs of mutual nearest neighbours of one part of speech, the most similar first. */
  async proposals(): Promise<Proposal[]> {
    const { lemmas } = this.#space;
    // Each row is put into the graph, asked for its nearest, and compared with those.
    this.#follower.begin('nearest lemmas', 3 * lemmas.length, 'steps');
    const ranked = await this.#nearest();
    const pairs: Proposal[] = [];
    for (const [row, near] of ranked.entries()) {
      near.forEach(({ row: other, similarity }, place) => {
        if (lemmas[row]!.id > lemmas[other]!.id || similarity < this.#minimumSimilarity) return;
        const back = ranked[other]!.findIndex((candidate) => candidate.row === row);
        if (back >= 0) pairs.push(this.#proposal(row, other, place + 1, back + 1));
      });
      await this.#follower.reach(2 * lemmas.length + row + 1);
    }
    return pairs.sort(
      (left, right) => right.similarity - left.similarity || left.a.id - right.a.id || left.b.id - right.b.id,
    );
  }

  /** The pair of two lemma ids, with no ranks; undefined when one is not in the evidence, or they differ in part of speech. */
  pair(lemma: number, other: number): Proposal | undefined {
    const row = this.#rowOf.get(Math.min(lemma, other));
    const otherRow = this.#rowOf.get(Math.max(lemma, other));
    const { lemmas } = this.#space;
    if (row === undefined || otherRow === undefined || lemmas[row]!.pos !== lemmas[otherRow]!.pos) return undefined;
    return this.#proposal(row, otherRow, 0, 0);
  }

  #proposal(row: number, other: number, rankAB: number, rankBA: number): Proposal {
    const space = this.#space;
    return {
      a: space.lemmas[row]!,
      b: space.lemmas[other]!,
      similarity: space.similarity(row, other),
      rankAB,
      rankBA,
      liftAB: space.lift(row, other),
      liftBA: space.lift(other, row),
      shared: space.shared(row, other, sharedWords),
    };
  }

  /** For each row its nearest rows of the same part of speech, the nearest first. */
  async #nearest(): Promise<{ row: number; similarity: number }[][]> {
    const { lemmas } = this.#space;
    let done = 0;
    const { vectors, width } = this.#space.vectors(searchWidth, this.#seed);
    const nearest = lemmas.map((): { row: number; similarity: number }[] => []);
    if (width === 0) return nearest;
    const rowsOf = new Map<string, number[]>();
    lemmas.forEach(({ pos }, row) => {
      const rows = rowsOf.get(pos);
      if (rows) rows.push(row);
      else rowsOf.set(pos, [row]);
    });
    for (const rows of rowsOf.values()) {
      const candidates = Math.min(rows.length, this.#neighbours * candidateFactor + 1);
      const graph = new hnswlib.HierarchicalNSW('ip', width);
      graph.initIndex(rows.length, graphLinks, graphEffort, this.#seed);
      graph.setEf(Math.max(graphEffort, candidates));
      const points = rows.map((row) => Array.from(vectors.subarray(row * width, (row + 1) * width)));
      for (const [index, point] of points.entries()) {
        graph.addPoint(point, rows[index]!);
        await this.#follower.reach(++done);
      }
      for (const [index, row] of rows.entries()) {
        nearest[row] = graph
          .searchKnn(points[index]!, candidates)
          .neighbors.filter((other) => other !== row)
          .map((other) => ({ row: other, similarity: this.#space.similarity(row, other) }))
          .sort((left, right) => right.similarity - left.similarity || left.row - right.row)
          .slice(0, this.#neighbours);
        await this.#follower.reach(++done);
      }
    }
    return nearest;
  }
}
