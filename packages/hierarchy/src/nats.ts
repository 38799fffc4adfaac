// What is paid, in nats: by the graphs for what they predict, and outside of them for gaps written out.
import { type Node, negate, pick, reshape } from '@strata/tensor';
import { byteLength } from '@strata/text';

/** Nats [N] of targets int32 [N] under log-probabilities [N, V]. */
export function paid(logProbabilities_NV: Node, target_N: Node): Node {
  const count = target_N.shape[0];
  return negate(reshape(pick(logProbabilities_NV, reshape(target_N, [count, 1])), [count]));
}

/** Keeps the log of a share that is zero in float32 finite; far below what a sum of float32 can tell from nothing. */
export const LEAST_SHARE = 1e-30;

/** Nats of a gap written out: a uniform choice among 256 bytes and an end, per byte. */
export function escapedGapNats(gap: string): number {
  return (byteLength(gap) + 1) * Math.log(257);
}
