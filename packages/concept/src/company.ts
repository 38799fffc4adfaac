// The company a lemma keeps: which units stand within two places before and after it, counted over the text that is given, as one vector.
// Positive pointwise mutual information with smoothed contexts and half-weighted singular values (Levy, Goldberg & Dagan 2015,
// sections 3.1-3.3); singular-vectors.ts makes vectors of it.
import { type Follower, unfollowed } from './follower.js';
import type { LemmaEntry } from './lemma.js';
import { type SparseMatrix, singularVectors } from './singular-vectors.js';
import { unitRows } from './unit-rows.js';

/** How far a unit's company reaches to either side. */
const reach = 2;
/** Contexts count by this power of their frequency, or rare ones would dominate. */
const smoothing = 0.75;
const defaultWidth = 64;
/** Units counted between two breaths. */
const stretch = 1 << 16;

/**
 * Unit vectors [L, width] of `lemmas` by what stands beside them in `units`, lemma ids below `vocabularySize` in the order of
 * the text; zero where a lemma stands nowhere. Memory and time are linear in the text; the same input gives the same bits.
 */
export async function companyVectors(
  units: Int32Array,
  lemmas: readonly LemmaEntry[],
  vocabularySize: number,
  options: { readonly width?: number; readonly seed?: number; readonly follower?: Follower } = {},
): Promise<{ vectors: Float32Array; width: number }> {
  const { seed = 1, follower = unfollowed } = options;
  const information = await positiveInformation(units, lemmas, vocabularySize, follower);
  const width = Math.min(options.width ?? defaultWidth, lemmas.length, information.columnCount);
  if (width === 0) return { vectors: new Float32Array(), width };
  const vectors = await singularVectors(information, width, { seed, follower });
  // Rounding leaves something of a row that is empty, and as a unit vector it would be as long as any.
  const stands = new Uint8Array(lemmas.length);
  for (const row of information.rows) stands[row] = 1;
  for (let row = 0; row < lemmas.length; row++) if (stands[row] === 0) vectors.fill(0, row * width, (row + 1) * width);
  return { vectors: unitRows(vectors, width), width };
}

/** Positive pointwise mutual information [L, 2 V] of lemmas with what stands before and after them. */
async function positiveInformation(
  units: Int32Array,
  lemmas: readonly LemmaEntry[],
  vocabularySize: number,
  follower: Follower,
): Promise<SparseMatrix> {
  const rowOf = new Int32Array(vocabularySize).fill(-1);
  lemmas.forEach(({ id }, row) => {
    rowOf[id] = row;
  });
  follower.begin('company is counted', 2 * units.length, 'units');
  const before = await pairCounts(units, rowOf, lemmas.length, -1, (done) => follower.reach(done));
  const after = await pairCounts(units, rowOf, lemmas.length, 1, (done) => follower.reach(units.length + done));
  const breathe = (): Promise<void> => follower.reach(2 * units.length);
  const parts = [await sideInformation(before, 0, breathe), await sideInformation(after, vocabularySize, breathe)];
  const total = parts.reduce((sum, { values }) => sum + values.length, 0);
  const joined = {
    rowCount: lemmas.length,
    columnCount: 2 * vocabularySize,
    rows: new Int32Array(total),
    columns: new Int32Array(total),
    values: new Float64Array(total),
  };
  let at = 0;
  for (const { rows, columns, values } of parts) {
    joined.rows.set(rows, at);
    joined.columns.set(columns, at);
    joined.values.set(values, at);
    at += values.length;
  }
  return joined;
}

interface Counts {
  readonly rows: Int32Array;
  readonly contexts: Int32Array;
  readonly counts: Float64Array;
}

/** How often each context stands within reach on one side of each row's lemma: -1 before it, 1 after it; in order of row, then of context. */
async function pairCounts(
  units: Int32Array,
  rowOf: Int32Array,
  rowCount: number,
  side: number,
  reached: (units: number) => Promise<void>,
): Promise<Counts> {
  // Where the contexts of each row begin; every place in the text has its own, and equal ones are counted afterwards.
  const starts = new Int32Array(rowCount + 1);
  for (const id of units) if (rowOf[id]! >= 0) starts[rowOf[id]! + 1]! += reach;
  for (let row = 0; row < rowCount; row++) starts[row + 1]! += starts[row]!;
  const ends = starts.slice(0, rowCount);
  const contexts = new Int32Array(starts[rowCount]!);
  for (let unit = 0; unit < units.length; unit++) {
    if (unit % stretch === 0) await reached(unit);
    const row = rowOf[units[unit]!]!;
    if (row < 0) continue;
    for (let step = 1; step <= reach; step++) {
      const context = units[unit + side * step];
      if (context !== undefined) contexts[ends[row]!++] = context;
    }
  }
  let distinct = 0;
  for (let row = 0, sorted = 0; row < rowCount; row++) {
    const own = contexts.subarray(starts[row]!, ends[row]!).sort();
    for (let i = 0; i < own.length; i++) if (i === 0 || own[i] !== own[i - 1]) distinct++;
    if ((sorted += own.length) < stretch) continue;
    sorted = 0;
    await reached(units.length);
  }
  const found = {
    rows: new Int32Array(distinct),
    contexts: new Int32Array(distinct),
    counts: new Float64Array(distinct),
  };
  for (let row = 0, at = -1; row < rowCount; row++) {
    if (row % 256 === 0) await reached(units.length);
    for (let i = starts[row]!; i < ends[row]!; i++) {
      if (i === starts[row] || contexts[i] !== contexts[i - 1]) {
        at++;
        found.rows[at] = row;
        found.contexts[at] = contexts[i]!;
      }
      found.counts[at]!++;
    }
  }
  return found;
}

/** The entries above 0 of the mutual information of one side, its contexts' columns beginning at `firstColumn`. */
async function sideInformation(
  { rows, contexts, counts }: Counts,
  firstColumn: number,
  breathe: () => Promise<void>,
): Promise<Pick<SparseMatrix, 'rows' | 'columns' | 'values'>> {
  const sum = async (indices: Int32Array): Promise<Float64Array> => {
    let length = 0;
    for (const index of indices) if (index >= length) length = index + 1;
    const sums = new Float64Array(length);
    for (let i = 0; i < indices.length; i++) {
      sums[indices[i]!]! += counts[i]!;
      if (i % stretch === 0) await breathe();
    }
    return sums;
  };
  const rowSums = await sum(rows);
  const contextSums = (await sum(contexts)).map((count) => count ** smoothing);
  const contextTotal = contextSums.reduce((total, count) => total + count, 0);
  const found = {
    rows: new Int32Array(rows.length),
    columns: new Int32Array(rows.length),
    values: new Float64Array(rows.length),
  };
  let kept = 0;
  for (let i = 0; i < rows.length; i++) {
    if (i % stretch === 0) await breathe();
    const value = Math.log((counts[i]! * contextTotal) / (rowSums[rows[i]!]! * contextSums[contexts[i]!]!));
    if (!(value > 0)) continue;
    found.rows[kept] = rows[i]!;
    found.columns[kept] = firstColumn + contexts[i]!;
    found.values[kept] = value;
    kept++;
  }
  return {
    rows: found.rows.subarray(0, kept),
    columns: found.columns.subarray(0, kept),
    values: found.values.subarray(0, kept),
  };
}
