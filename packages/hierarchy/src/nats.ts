// What is paid outside of the graphs, in nats.
import { byteLength } from '@strata/text';

/** Nats of a gap written out: a uniform choice among 256 bytes and an end, per byte. */
export function escapedGapNats(gap: string): number {
  return (byteLength(gap) + 1) * Math.log(257);
}
