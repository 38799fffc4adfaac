// Lemmas as vectors of what the frozen base says of their slots: which words fit, and its states before and after them.
// Common directions are removed first, since hidden states share a few that say nothing (Mu & Viswanath 2018, "All-but-the-top").
import { checkEvidence, type SubstitutionEvidence } from './evidence.js';
import { type Follower, unfollowed } from './follower.js';
import type { LemmaEntry } from './lemma.js';
import { project } from './projection.js';
import { unitRows } from './unit-rows.js';

/** How much each kind of evidence counts in the similarity; only the proportions matter. */
export interface BlockWeights {
  readonly profile: number;
  readonly before: number;
  readonly after: number;
}

/** Unless told otherwise, what fits the slots counts as much as both states together. */
export const defaultWeights: BlockWeights = { profile: 0.5, before: 0.25, after: 0.25 };

interface Block {
  /** [L, columns], rows of unit length or zero. */
  readonly rows: Float32Array;
  readonly columns: number;
  /** Part of the similarity, all blocks summing to 1. */
  readonly weight: number;
}

/** Lemmas that are fewer than this lean on their part of speech's mean only in part: the mean of two points is no direction. */
const meanShrinkage = 20;

/** The vector space of the evidence: similarities, lifts and shared substitutes of its lemmas, by row. */
export class SubstitutionSpace {
  readonly lemmas: readonly LemmaEntry[];
  readonly #evidence: SubstitutionEvidence;
  readonly #columns: number;
  readonly #blocks: readonly Block[];
  readonly #columnsOf: ReadonlyMap<number, number[]>;

  private constructor(
    evidence: SubstitutionEvidence,
    columns: number,
    columnsOf: ReadonlyMap<number, number[]>,
    blocks: readonly Block[],
  ) {
    this.lemmas = evidence.lemmas;
    this.#evidence = evidence;
    this.#columns = columns;
    this.#columnsOf = columnsOf;
    this.#blocks = blocks;
  }

  /** Checks the evidence (EvidenceError) and makes unit vectors of it. */
  static async create(
    evidence: SubstitutionEvidence,
    weights: BlockWeights = defaultWeights,
    follower: Follower = unfollowed,
  ): Promise<SubstitutionSpace> {
    const { columns, width } = checkEvidence(evidence);
    const { lemmas } = evidence;
    const columnsOf = new Map<number, number[]>();
    evidence.columnLemma.forEach((lemma, column) => {
      const held = columnsOf.get(lemma);
      if (held) held.push(column);
      else columnsOf.set(lemma, [column]);
    });
    const total = weights.profile + weights.before + weights.after;
    // Lifts are made positive; then three times the mean of each part of speech is taken, and taken away.
    follower.begin('lemmas become vectors', 7 * lemmas.length, 'rows');
    let done = 0;
    const rowDone = (): Promise<void> => follower.reach(++done);
    const unit = async (rows: Float32Array, size: number): Promise<Float32Array> =>
      unitRows(await centred(rows, size, lemmas, rowDone), size);
    return new SubstitutionSpace(evidence, columns, columnsOf, [
      {
        rows: await unit(await positiveProfile(evidence, columns, columnsOf, rowDone), columns),
        columns,
        weight: weights.profile / total,
      },
      { rows: await unit(evidence.before.slice(), width), columns: width, weight: weights.before / total },
      { rows: await unit(evidence.after.slice(), width), columns: width, weight: weights.after / total },
    ]);
  }

  /** Weighted mean of the blocks' cosines between two rows, -1 to 1. */
  similarity(row: number, other: number): number {
    let total = 0;
    for (const { rows, columns, weight } of this.#blocks) {
      let product = 0;
      const start = row * columns;
      const otherStart = other * columns;
      for (let column = 0; column < columns; column++) product += rows[start + column]! * rows[otherStart + column]!;
      total += weight * product;
    }
    return total;
  }

  /** All rows as [L, width] vectors whose inner products approximate `similarity`: each block projected to at most `blockWidth`. */
  vectors(blockWidth: number, seed: number): { vectors: Float32Array; width: number } {
    const parts = this.#blocks.map(({ rows, columns, weight }, index) => ({
      values: project(rows, columns, blockWidth, seed, `block ${index}`),
      width: Math.min(columns, blockWidth),
      scale: Math.sqrt(weight),
    }));
    const width = parts.reduce((sum, part) => sum + part.width, 0);
    const vectors = new Float32Array(this.lemmas.length * width);
    let offset = 0;
    for (const part of parts) {
      for (let row = 0; row < this.lemmas.length; row++) {
        for (let column = 0; column < part.width; column++) {
          vectors[row * width + offset + column] = part.values[row * part.width + column]! * part.scale;
        }
      }
      offset += part.width;
    }
    return { vectors, width };
  }

  /** Lift in nats of the other lemma's best form in this row's slots; undefined when that lemma has no column. */
  lift(row: number, other: number): number | undefined {
    const columns = this.#columnsOf.get(this.lemmas[other]!.id);
    if (columns === undefined) return undefined;
    return Math.max(...columns.map((column) => this.#evidence.profile[row * this.#columns + column]!));
  }

  /** Lemma ids of at most `count` other words that fit the slots of both rows, by the lesser of their two lifts. */
  shared(row: number, other: number, count: number): number[] {
    const { profile, columnLemma } = this.#evidence;
    const own = this.lemmas[row]!.id;
    const others = this.lemmas[other]!.id;
    // A short list kept in order; nearly every column fails its last entry, so this is one pass over the row.
    const best: { lemma: number; lift: number }[] = [];
    for (let column = 0; column < this.#columns; column++) {
      const lift = Math.min(profile[row * this.#columns + column]!, profile[other * this.#columns + column]!);
      if (lift <= 0 || (best.length === count && lift <= best[count - 1]!.lift)) continue;
      const lemma = columnLemma[column]!;
      if (lemma === own || lemma === others) continue;
      const held = best.findIndex((entry) => entry.lemma === lemma);
      if (held >= 0) {
        if (best[held]!.lift >= lift) continue;
        best.splice(held, 1);
      }
      const place = best.findIndex((entry) => entry.lift < lift);
      best.splice(place < 0 ? best.length : place, 0, { lemma, lift });
      best.length = Math.min(best.length, count);
    }
    return best.map((entry) => entry.lemma);
  }
}

/**
 * Positive lifts (Bullinaria & Levy 2007: what does not fit says little). A lemma's own forms fit its slots best by far; left
 * so, they would be the one thing no two lemmas share, so they count as much as the best substitute.
 */
async function positiveProfile(
  { profile, lemmas }: SubstitutionEvidence,
  columns: number,
  columnsOf: ReadonlyMap<number, number[]>,
  rowDone: () => Promise<void>,
): Promise<Float32Array> {
  const rows = new Float32Array(profile.length);
  for (const [row, lemma] of lemmas.entries()) {
    const own = columnsOf.get(lemma.id) ?? [];
    const start = row * columns;
    let best = 0;
    for (let column = 0; column < columns; column++) {
      const lift = profile[start + column]!;
      if (!(lift > 0)) continue;
      rows[start + column] = lift;
      if (lift > best && !own.includes(column)) best = lift;
    }
    for (const column of own) rows[start + column] = best;
    await rowDone();
  }
  return rows;
}

/** Takes from each row, in place, the mean row of its part of speech: what all nouns share tells no two nouns apart. */
async function centred(
  rows: Float32Array,
  columns: number,
  lemmas: readonly LemmaEntry[],
  rowDone: () => Promise<void>,
): Promise<Float32Array> {
  const sums = new Map<string, { sum: Float64Array; count: number }>();
  for (const [row, lemma] of lemmas.entries()) {
    let entry = sums.get(lemma.pos);
    if (entry === undefined) {
      entry = { sum: new Float64Array(columns), count: 0 };
      sums.set(lemma.pos, entry);
    }
    entry.count++;
    for (let column = 0; column < columns; column++) entry.sum[column]! += rows[row * columns + column]!;
    await rowDone();
  }
  for (const [row, lemma] of lemmas.entries()) {
    const { sum, count } = sums.get(lemma.pos)!;
    const scale = 1 / (count + meanShrinkage);
    for (let column = 0; column < columns; column++) rows[row * columns + column]! -= sum[column]! * scale;
    await rowDone();
  }
  return rows;
}
