// Rows of one length, so that inner products are cosines.
// From: linear algebra; in place, since tables are large.

/** Scales each row of [N, columns] to length 1, in place; a row of zeros stays. */
export function unitRows(rows: Float32Array, columns: number): Float32Array {
  for (let start = 0; start < rows.length; start += columns) {
    let square = 0;
    for (let cell = start; cell < start + columns; cell++) square += rows[cell]! * rows[cell]!;
    if (square === 0) continue;
    const scale = 1 / Math.sqrt(square);
    for (let cell = start; cell < start + columns; cell++) rows[cell]! *= scale;
  }
  return rows;
}
