// How attention knows where a key stands: queries and keys turned by their positions (Su et al. 2021), scores lowered in
// proportion to the distance (Press et al. 2022), or by causality alone, which tells how much came before (Haviv et al. 2022).
import { constant, type Node } from '@strata/tensor';

/** What tells positions apart; rotary where nothing is said. */
export const POSITIONS = ['rotary', 'alibi', 'none'] as const;
export type PositionsName = (typeof POSITIONS)[number];

/** cos and sin [T, K/2] of rotary positions with base 10,000 (Su et al. 2021, section 3.2.2). */
export function rotaryTables(length: number, headWidth: number): { cos: Node; sin: Node } {
  const half = headWidth / 2;
  const cos = new Float32Array(length * half);
  const sin = new Float32Array(length * half);
  for (let t = 0; t < length; t++)
    for (let i = 0; i < half; i++) {
      const angle = t * 10_000 ** (-i / half);
      cos[t * half + i] = Math.cos(angle);
      sin[t * half + i] = Math.sin(angle);
    }
  return { cos: constant(cos, [length, half]), sin: constant(sin, [length, half]) };
}

/** What each of H heads takes off a score per position of distance: 2^(-8i/H) for i from 1 (Press et al. 2022, section 3). */
export function alibiSlopes(headCount: number): Float32Array {
  return Float32Array.from({ length: headCount }, (_, i) => 2 ** ((-8 * (i + 1)) / headCount));
}

/**
 * Linear biases [H, 1, keys] of the keys that stand `from` to `to - 1` after a common place. Softmax does not change when a
 * whole row is shifted, so one row serves all queries; the place lies near them, since far from it digits are lost.
 */
export function alibiBias(slopes: Float32Array, from: number, to: number): Node {
  const bias = Array.from(slopes, (slope) => Array.from({ length: to - from }, (_, i) => slope * (from + i)));
  return constant(Float32Array.from(bias.flat()), [slopes.length, 1, to - from]);
}
