// The strongest directions of a sparse matrix are those that a full decomposition finds, where it has fewer of them too.
import { RandomStream } from '@strata/nn';
import fc from 'fast-check';
import { Matrix, SVD } from 'ml-matrix';
import { describe, expect, it } from 'vitest';
import { type SparseMatrix, singularVectors } from './singular-vectors.js';

/** A matrix of so many directions, each half as strong as the one before, with its entries in order of row. */
function ofRank(rank: number, rowCount: number, columnCount: number, seed: number): Matrix {
  const random = new RandomStream(seed, 'factors');
  const factor = (rows: number, columns: number): Matrix =>
    Matrix.from1DArray(
      rows,
      columns,
      Array.from({ length: rows * columns }, () => random.normal()),
    );
  const right = factor(rank, columnCount);
  for (let k = 0; k < rank; k++) right.mulRow(k, 0.5 ** k);
  return factor(rowCount, rank).mmul(right);
}

function sparse(dense: Matrix): SparseMatrix {
  const { rows: rowCount, columns: columnCount } = dense;
  const entries = [...dense.to1DArray().entries()].filter(([, value]) => value !== 0);
  return {
    rowCount,
    columnCount,
    rows: Int32Array.from(entries, ([i]) => Math.floor(i / columnCount)),
    columns: Int32Array.from(entries, ([i]) => i % columnCount),
    values: Float64Array.from(entries, ([, value]) => value),
  };
}

describe('singularVectors', () => {
  it('have the inner products of the exact ones', async () => {
    const sizes = fc.record({
      rank: fc.integer({ min: 1, max: 6 }),
      rowCount: fc.integer({ min: 6, max: 60 }),
      columnCount: fc.integer({ min: 6, max: 60 }),
      seed: fc.integer({ min: 1, max: 1000 }),
    });
    await fc.assert(
      fc.asyncProperty(sizes, async ({ rank, rowCount, columnCount, seed }) => {
        const width = 6;
        const dense = ofRank(rank, rowCount, columnCount, seed);
        const found = await singularVectors(sparse(dense), width);
        const { leftSingularVectors, diagonal } = new SVD(dense, { autoTranspose: true });
        const exact = leftSingularVectors.clone();
        diagonal.forEach((value, column) => {
          exact.mulColumn(column, Math.sqrt(Math.max(0, value)));
        });
        const wanted = exact.subMatrix(0, rowCount - 1, 0, width - 1);
        const products = (vectors: Matrix): number[] => vectors.mmul(vectors.transpose()).to1DArray();
        const own = products(Matrix.from1DArray(rowCount, width, [...found]));
        products(wanted).forEach((value, i) => {
          expect(Math.abs(own[i]! - value)).toBeLessThan(1e-4 * diagonal[0]!);
        });
      }),
      { numRuns: 40, seed: 5 },
    );
  });
});
