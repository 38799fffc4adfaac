// Fewer columns, nearly the same angles: a sparse random projection drawn from a seed.
// Achlioptas (2003), "Database-friendly random projections", section 1: entries sqrt(3) times +1, 0, -1 with odds 1 : 4 : 1.
import { RandomStream } from '@strata/nn';

/** Projects rows [L, P] to [L, K]; returns the rows themselves when P <= K already. */
export function project(
  rows: Float32Array,
  columns: number,
  width: number,
  seed: number,
  stream: string,
): Float32Array {
  if (columns <= width) return rows;
  const count = rows.length / columns;
  const random = new RandomStream(seed, stream);
  // Column p adds to the outputs in plus[p] and takes from those in minus[p]; two thirds of the outputs it leaves alone.
  const plus: number[][] = [];
  const minus: number[][] = [];
  for (let column = 0; column < columns; column++) {
    const added: number[] = [];
    const taken: number[] = [];
    for (let output = 0; output < width; output++) {
      const face = random.below(6);
      if (face === 0) added.push(output);
      else if (face === 1) taken.push(output);
    }
    plus.push(added);
    minus.push(taken);
  }
  const scale = Math.sqrt(3 / width);
  const projected = new Float32Array(count * width);
  const sum = new Float64Array(width);
  for (let row = 0; row < count; row++) {
    sum.fill(0);
    for (let column = 0; column < columns; column++) {
      const value = rows[row * columns + column]!;
      if (value === 0) continue;
      for (const output of plus[column]!) sum[output]! += value;
      for (const output of minus[column]!) sum[output]! -= value;
    }
    for (let output = 0; output < width; output++) projected[row * width + output] = sum[output]! * scale;
  }
  return projected;
}
