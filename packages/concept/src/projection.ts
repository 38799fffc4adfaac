// Fewer columns, nearly the same angles: a sparse random projection drawn from a seed.
// Achlioptas (2003), "Database-friendly random projections", section 1: entries +1, 0, -1 with odds 1 : 2s-2 : 1, s = 3;
// with s = sqrt(P), as here, it costs a fraction and keeps the angles nearly as well (Li, Hastie & Church 2006, section 3).
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
  const sparsity = Math.max(3, Math.sqrt(columns));
  const random = new RandomStream(seed, stream);
  // The entries that are not 0, in order of column: value times sign goes to an output.
  const sources: number[] = [];
  const outputs: number[] = [];
  const signs: number[] = [];
  for (let column = 0; column < columns; column++) {
    for (let output = 0; output < width; output++) {
      const drawn = random.uniform() * sparsity;
      if (drawn >= 1) continue;
      sources.push(column);
      outputs.push(output);
      signs.push(drawn < 0.5 ? 1 : -1);
    }
  }
  const entries = {
    sources: Int32Array.from(sources),
    outputs: Int32Array.from(outputs),
    signs: Float64Array.from(signs),
  };
  const scale = Math.sqrt(sparsity / width);
  const count = rows.length / columns;
  const projected = new Float32Array(count * width);
  const sum = new Float64Array(width);
  for (let row = 0; row < count; row++) {
    sum.fill(0);
    const start = row * columns;
    for (let entry = 0; entry < sources.length; entry++) {
      sum[entries.outputs[entry]!]! += rows[start + entries.sources[entry]!]! * entries.signs[entry]!;
    }
    for (let output = 0; output < width; output++) projected[row * width + output] = sum[output]! * scale;
  }
  return projected;
}
