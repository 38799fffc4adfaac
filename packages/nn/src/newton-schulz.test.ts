import { input, interpret, type Node } from '@strata/tensor';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { newtonSchulz, QUINTIC } from './newton-schulz.js';
import { RandomStream } from './random.js';

/** `count` orthonormal vectors of `length` numbers, by Gram-Schmidt. */
function orthonormal(random: RandomStream, count: number, length: number): number[][] {
  const rows: number[][] = [];
  while (rows.length < count) {
    let row = Array.from({ length }, () => random.normal());
    // Twice, as once leaves what rounding has put back.
    for (let pass = 0; pass < 2; pass++)
      for (const other of rows) {
        const along = row.reduce((sum, value, i) => sum + value * other[i]!, 0);
        row = row.map((value, i) => value - along * other[i]!);
      }
    const norm = Math.hypot(...row);
    rows.push(row.map((value) => value / norm));
  }
  return rows;
}

/** The matrix of rank `values.length` with these singular vectors and values, row by row. */
function compose(left: number[][], values: number[], right: number[][]): number[] {
  return left[0]!.flatMap((_, r) =>
    right[0]!.map((_, c) => values.reduce((sum, value, k) => sum + value * left[k]![r]! * right[k]![c]!, 0)),
  );
}

/** What the iteration makes of one singular value, as a share of the norm. */
function iterated(value: number, steps: number): number {
  const [a, b, c] = QUINTIC;
  let s = value;
  for (let step = 0; step < steps; step++) s = a * s + b * s ** 3 + c * s ** 5;
  return s;
}

const run = (x: Node, values: number[], steps: number): Float64Array =>
  interpret({ y: newtonSchulz(x, steps) }, { x: values }).y!;

describe('newtonSchulz', () => {
  it('keeps singular vectors and maps each singular value by the quintic, whatever the shape', () => {
    const sizes = fc.tuple(fc.integer({ min: 1, max: 7 }), fc.integer({ min: 1, max: 7 }));
    const property = fc.property(sizes, fc.nat(), fc.integer({ min: 0, max: 5 }), ([rows, columns], seed, steps) => {
      const random = new RandomStream(seed, 'matrices');
      const rank = Math.min(rows, columns);
      const matrices = [0, 1, 2].map(() => {
        const [left, right] = [orthonormal(random, rank, rows), orthonormal(random, rank, columns)];
        const values = Array.from({ length: rank }, () => 0.01 + 10 * random.uniform());
        const norm = Math.hypot(...values);
        const lifted = values.map((value) => iterated(value / norm, steps));
        return { given: compose(left, values, right), expected: compose(left, lifted, right) };
      });
      const given = matrices.flatMap((matrix) => matrix.given);
      const found = run(input('x', [3, rows, columns]), given, steps);
      for (const [i, value] of matrices.flatMap((matrix) => matrix.expected).entries())
        expect(Math.abs(found[i]! - value)).toBeLessThan(1e-4);
    });
    fc.assert(property, { numRuns: 60 });
  });

  it('brings all shares above a hundredth near 1 in five steps', () => {
    const shares = fc.double({ min: 0.01, max: 1, noNaN: true });
    fc.assert(
      fc.property(shares, (share) => {
        expect(iterated(share, 5)).toBeGreaterThan(0.68);
        expect(iterated(share, 5)).toBeLessThan(1.14);
      }),
      { numRuns: 1000 },
    );
  });

  it('leaves a matrix of zeros alone', () => {
    expect([...run(input('x', [1, 2, 3]), [0, 0, 0, 0, 0, 0], 5)].every((value) => value === 0)).toBe(true);
  });
});
