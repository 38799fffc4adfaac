// What is paid, in nats: by the graphs for what they predict, and outside of them for gaps written out.
import { concat, logSoftmax, type Node, negate, pick, reshape, slice, subtract } from '@strata/tensor';
import { byteLength } from '@strata/text';

/** Nats [N] of targets int32 [N] under log-probabilities [N, V]. */
export function paid(logProbabilities_NV: Node, target_N: Node): Node {
  const count = target_N.shape[0];
  return negate(reshape(pick(logProbabilities_NV, reshape(target_N, [count, 1])), [count]));
}

/** log(a + b) of log a and log b [N, 1]: log a - log(a / (a + b)), so that no exponent is taken of what may be any number of nats. */
export function logEither(a_N1: Node, b_N1: Node): Node {
  return subtract(a_N1, slice(logSoftmax(concat([a_N1, b_N1], 1)), 1, 0, 1));
}

/** Nats of a gap written out: a uniform choice among 256 bytes and an end, per byte. */
export function escapedGapNats(gap: string): number {
  return (byteLength(gap) + 1) * Math.log(257);
}
