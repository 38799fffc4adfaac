// The company a lemma keeps: which units stand within two places before and after it, counted over the text that is given, as one vector.
// Positive pointwise mutual information with smoothed contexts and half-weighted singular values (Levy, Goldberg & Dagan 2015,
// sections 3.1-3.3); singular vectors by a randomised range finder (Halko, Martinsson & Tropp 2011, algorithm 4.4).
import { RandomStream } from '@strata/nn';
import { EigenvalueDecomposition, Matrix, QrDecomposition } from 'ml-matrix';
import type { LemmaEntry } from './lemma.js';
import { unitRows } from './unit-rows.js';

/** How far a unit's company reaches to either side. */
const reach = 2;
/** Contexts count by this power of their frequency, or rare ones would dominate. */
const smoothing = 0.75;
const defaultWidth = 64;
/** Columns beyond those that are kept, and passes over the matrix, which make the range finder all but exact. */
const oversampled = 16;
const passes = 2;

/** A matrix by its entries that are not 0, in order of row. */
interface Sparse {
  readonly rowCount: number;
  readonly columnCount: number;
  readonly rows: Int32Array;
  readonly columns: Int32Array;
  readonly values: Float64Array;
}

/**
 * Unit vectors [L, width] of `lemmas` by what stands beside them in `units`, lemma ids below `vocabularySize` in the order of
 * the text; zero where a lemma stands nowhere. Memory and time are linear in the text; the same input gives the same bits.
 */
export function companyVectors(
  units: Int32Array,
  lemmas: readonly LemmaEntry[],
  vocabularySize: number,
  options: { readonly width?: number; readonly seed?: number } = {},
): { vectors: Float32Array; width: number } {
  const { seed = 1 } = options;
  const information = positiveInformation(units, lemmas, vocabularySize);
  const width = Math.min(options.width ?? defaultWidth, lemmas.length, information.columnCount);
  if (width === 0) return { vectors: new Float32Array(), width };
  const vectors = singularVectors(information, width, seed);
  // Rounding leaves something of a row that is empty, and as a unit vector it would be as long as any.
  const stands = new Set(information.rows);
  for (let row = 0; row < lemmas.length; row++) if (!stands.has(row)) vectors.fill(0, row * width, (row + 1) * width);
  return { vectors: unitRows(vectors, width), width };
}

/** Positive pointwise mutual information [L, 2 V] of lemmas with what stands before and after them. */
function positiveInformation(units: Int32Array, lemmas: readonly LemmaEntry[], vocabularySize: number): Sparse {
  const rowOf = new Int32Array(vocabularySize).fill(-1);
  lemmas.forEach(({ id }, row) => {
    rowOf[id] = row;
  });
  const parts = [-1, 1].map((side) => sideInformation(pairCounts(units, rowOf, side), side < 0 ? 0 : vocabularySize));
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

/** How often each context stands within reach on one side of each row's lemma: -1 before it, 1 after it. */
function pairCounts(units: Int32Array, rowOf: Int32Array, side: number): Counts {
  let occurrences = 0;
  for (const id of units) if (rowOf[id]! >= 0) occurrences++;
  const keys = new Float64Array(occurrences * reach);
  let length = 0;
  for (let unit = 0; unit < units.length; unit++) {
    const row = rowOf[units[unit]!]!;
    if (row < 0) continue;
    for (let step = 1; step <= reach; step++) {
      const context = units[unit + side * step];
      if (context !== undefined) keys[length++] = row * rowOf.length + context;
    }
  }
  const sorted = keys.subarray(0, length).sort();
  let distinct = 0;
  for (let i = 0; i < length; i++) if (i === 0 || sorted[i] !== sorted[i - 1]) distinct++;
  const found = {
    rows: new Int32Array(distinct),
    contexts: new Int32Array(distinct),
    counts: new Float64Array(distinct),
  };
  for (let i = 0, at = -1; i < length; i++) {
    const key = sorted[i]!;
    if (i === 0 || key !== sorted[i - 1]) {
      at++;
      found.rows[at] = Math.floor(key / rowOf.length);
      found.contexts[at] = key % rowOf.length;
    }
    found.counts[at]!++;
  }
  return found;
}

/** The entries above 0 of the mutual information of one side, its contexts' columns beginning at `firstColumn`. */
function sideInformation(
  { rows, contexts, counts }: Counts,
  firstColumn: number,
): Omit<Sparse, 'rowCount' | 'columnCount'> {
  const sum = (indices: Int32Array): Float64Array => {
    const sums = new Float64Array(indices.reduce((most, index) => Math.max(most, index + 1), 0));
    indices.forEach((index, i) => {
      sums[index]! += counts[i]!;
    });
    return sums;
  };
  const rowSums = sum(rows);
  const contextSums = sum(contexts).map((count) => count ** smoothing);
  const contextTotal = contextSums.reduce((total, count) => total + count, 0);
  const values = counts.map((count, i) =>
    Math.max(0, Math.log((count * contextTotal) / (rowSums[rows[i]!]! * contextSums[contexts[i]!]!))),
  );
  const kept = Int32Array.from(values.keys()).filter((i) => values[i]! > 0);
  return {
    rows: Int32Array.from(kept, (i) => rows[i]!),
    columns: Int32Array.from(kept, (i) => firstColumn + contexts[i]!),
    values: Float64Array.from(kept, (i) => values[i]!),
  };
}

/** The first `width` left singular vectors [L, width], each times the root of its singular value. */
function singularVectors(matrix: Sparse, width: number, seed: number): Float32Array {
  const drawn = Math.min(width + oversampled, matrix.rowCount, matrix.columnCount);
  const random = new RandomStream(seed, 'company');
  let range = product(
    matrix,
    Matrix.zeros(matrix.columnCount, drawn).apply(function (this: Matrix, i, j) {
      this.set(i, j, random.normal());
    }),
  );
  for (let pass = 0; pass < passes; pass++)
    range = product(matrix, orthonormal(transposedProduct(matrix, orthonormal(range))));
  const basis = orthonormal(range);
  const core = transposedProduct(matrix, basis);
  const { eigenvectorMatrix, realEigenvalues } = new EigenvalueDecomposition(core.transpose().mmul(core), {
    assumeSymmetric: true,
  });
  const strongest = [...realEigenvalues.keys()]
    .sort((left, right) => realEigenvalues[right]! - realEigenvalues[left]!)
    .slice(0, width);
  const vectors = basis.mmul(eigenvectorMatrix);
  const scales = strongest.map((column) => Math.max(0, realEigenvalues[column]!) ** 0.25);
  return Float32Array.from({ length: matrix.rowCount * width }, (_, i) => {
    const column = i % width;
    return vectors.get(Math.floor(i / width), strongest[column]!) * scales[column]!;
  });
}

function orthonormal(matrix: Matrix): Matrix {
  return new QrDecomposition(matrix).orthogonalMatrix;
}

/** `matrix` times `right`. */
function product(matrix: Sparse, right: Matrix): Matrix {
  return multiplied(matrix.rows, matrix.columns, matrix.values, right, matrix.rowCount);
}

/** `matrix`, transposed, times `right`. */
function transposedProduct(matrix: Sparse, right: Matrix): Matrix {
  return multiplied(matrix.columns, matrix.rows, matrix.values, right, matrix.columnCount);
}

function multiplied(into: Int32Array, from: Int32Array, values: Float64Array, right: Matrix, rowCount: number): Matrix {
  const { columns } = right;
  const source = Float64Array.from(right.to1DArray());
  const sums = new Float64Array(rowCount * columns);
  for (let entry = 0; entry < values.length; entry++) {
    const value = values[entry]!;
    const to = into[entry]! * columns;
    const at = from[entry]! * columns;
    for (let column = 0; column < columns; column++) sums[to + column]! += value * source[at + column]!;
  }
  return Matrix.from1DArray(rowCount, columns, sums);
}
