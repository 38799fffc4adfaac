// The first singular vectors of a large sparse matrix, by a randomised range finder (Halko, Martinsson & Tropp 2011, algorithm 4.4).
// Tall matrices are made orthonormal by the eigenvectors of their small Gram matrix (Stathopoulos & Wu 2002, "SVQB"), which takes
// whole passes over rows, so that a breath can be drawn between any two of them.
import { RandomStream } from '@strata/nn';
import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import { type Follower, unfollowed } from './follower.js';

/** A matrix [rowCount, columnCount] by its entries that are not 0. */
export interface SparseMatrix {
  readonly rowCount: number;
  readonly columnCount: number;
  readonly rows: Int32Array;
  readonly columns: Int32Array;
  readonly values: Float64Array;
}

/** Columns beyond those that are kept, and passes over the matrix, which make the range finder all but exact. */
const oversampled = 16;
const passes = 2;
/** Multiplications between two breaths: some milliseconds. */
const stretch = 1 << 20;
/** A direction that has less than this part of the strongest one's square is rounding. */
const leastPart = 1e-13;

/** A dense matrix [rowCount, width], row by row. */
interface Tall {
  readonly rowCount: number;
  readonly width: number;
  readonly values: Float64Array;
}

/**
 * The first `width` left singular vectors [rowCount, width], each times the root of its singular value; `width` is at most
 * either side. Time and memory are linear in entries and sides; the same input gives the same bits.
 */
export async function singularVectors(
  matrix: SparseMatrix,
  width: number,
  options: { readonly seed?: number; readonly follower?: Follower } = {},
): Promise<Float32Array> {
  const { seed = 1, follower = unfollowed } = options;
  const drawn = Math.min(width + oversampled, matrix.rowCount, matrix.columnCount);
  follower.begin('company becomes vectors', work(matrix, drawn), 'multiplications');
  const breath = new Breath(follower);
  const random = new RandomStream(seed, 'company');
  const start = new Float64Array(matrix.columnCount * drawn);
  for (let i = 0; i < start.length; i++) {
    start[i] = random.normal();
    if (i % (1 << 14) === 0) await follower.reach(0);
  }
  let range = await product(matrix, { rowCount: matrix.columnCount, width: drawn, values: start }, breath);
  for (let pass = 0; pass < passes; pass++)
    range = await product(
      matrix,
      await orthonormal(await product(transposed(matrix), await orthonormal(range, breath), breath), breath),
      breath,
    );
  const basis = await orthonormal(range, breath);
  const core = await product(transposed(matrix), basis, breath);
  const { values, vectors } = strongestFirst(await gram(core, breath));
  const turned = await timesSmall(basis, vectors, breath);
  await breath.draw();
  return Float32Array.from({ length: matrix.rowCount * width }, (_, i) => {
    const column = i % width;
    return turned.values[Math.floor(i / width) * drawn + column]! * Math.max(0, values[column]!) ** 0.25;
  });
}

/** Multiplications that all passes take. */
function work({ rowCount, columnCount, values }: SparseMatrix, drawn: number): number {
  const products = (2 + 2 * passes) * values.length * drawn;
  const orthonormalised = (passes + 1) * rowCount + passes * columnCount;
  return products + (4 * orthonormalised + rowCount + columnCount) * drawn * drawn;
}

/** Counts multiplications, and lets the follower in after each stretch of them. */
class Breath {
  #done = 0;
  #told = 0;

  constructor(readonly follower: Follower) {}

  /** Counts so many more; true where `draw` is due. */
  isDue(multiplications: number): boolean {
    this.#done += multiplications;
    return this.#done - this.#told >= stretch;
  }

  async draw(): Promise<void> {
    this.#told = this.#done;
    await this.follower.reach(this.#done);
  }
}

function transposed({ rowCount, columnCount, rows, columns, values }: SparseMatrix): SparseMatrix {
  return { rowCount: columnCount, columnCount: rowCount, rows: columns, columns: rows, values };
}

/** `matrix` [R, C] times `right` [C, W]. */
async function product(matrix: SparseMatrix, right: Tall, breath: Breath): Promise<Tall> {
  const { width } = right;
  const sums = new Float64Array(matrix.rowCount * width);
  for (let entry = 0; entry < matrix.values.length; entry++) {
    const value = matrix.values[entry]!;
    const to = matrix.rows[entry]! * width;
    const from = matrix.columns[entry]! * width;
    for (let column = 0; column < width; column++) sums[to + column]! += value * right.values[from + column]!;
    if (breath.isDue(width)) await breath.draw();
  }
  return { rowCount: matrix.rowCount, width, values: sums };
}

/** The same range with columns of length one that stand at right angles; a column of zeros for each direction that is missing. */
async function orthonormal(tall: Tall, breath: Breath): Promise<Tall> {
  // The square loses half of the digits of weak directions: the second time finds all of them nearly at right angles.
  return orthonormalOnce(await orthonormalOnce(tall, breath), breath);
}

async function orthonormalOnce(tall: Tall, breath: Breath): Promise<Tall> {
  const { values, vectors } = strongestFirst(await gram(tall, breath));
  const least = leastPart * values[0]!;
  const scaled = vectors.clone();
  values.forEach((value, column) => {
    scaled.mulColumn(column, value > least ? 1 / Math.sqrt(value) : 0);
  });
  return timesSmall(tall, scaled, breath);
}

/** `tall`, transposed, times itself [W, W]. */
async function gram({ rowCount, width, values }: Tall, breath: Breath): Promise<Matrix> {
  const sums = new Float64Array(width * width);
  for (let row = 0; row < rowCount; row++) {
    const start = row * width;
    for (let i = 0; i < width; i++) {
      const value = values[start + i]!;
      if (value === 0) continue;
      for (let j = 0; j <= i; j++) sums[i * width + j]! += value * values[start + j]!;
    }
    if (breath.isDue(width * width)) await breath.draw();
  }
  for (let i = 0; i < width; i++) for (let j = 0; j < i; j++) sums[j * width + i] = sums[i * width + j]!;
  return Matrix.from1DArray(width, width, sums);
}

/** `tall` [R, W] times `small` [W, W]. */
async function timesSmall({ rowCount, width, values }: Tall, small: Matrix, breath: Breath): Promise<Tall> {
  const factors = Float64Array.from(small.to1DArray());
  const sums = new Float64Array(values.length);
  for (let row = 0; row < rowCount; row++) {
    const start = row * width;
    for (let i = 0; i < width; i++) {
      const value = values[start + i]!;
      if (value === 0) continue;
      for (let j = 0; j < width; j++) sums[start + j]! += value * factors[i * width + j]!;
    }
    if (breath.isDue(width * width)) await breath.draw();
  }
  return { rowCount, width, values: sums };
}

/** Eigenvalues and -vectors (as columns) of a symmetric matrix, the greatest first. */
function strongestFirst(symmetric: Matrix): { values: number[]; vectors: Matrix } {
  const { eigenvectorMatrix, realEigenvalues } = new EigenvalueDecomposition(symmetric, { assumeSymmetric: true });
  const order = [...realEigenvalues.keys()].sort((left, right) => realEigenvalues[right]! - realEigenvalues[left]!);
  return {
    values: order.map((column) => realEigenvalues[column]!),
    vectors: eigenvectorMatrix.subMatrixColumn(order),
  };
}
