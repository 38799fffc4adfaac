// A random order of any number of windows in constant memory: where a window comes is computed, not looked up.
// From: Luby & Rackoff 1988 (Feistel networks as permutations); Black & Rogaway 2002, section 3 (cycle walking).
import type { RandomStream } from '@strata/nn';

const ROUNDS = 8;
const KEY_LIMIT = 2 ** 31 - 1;
/** Halves of at most 26 bits keep every number below 2^53. */
const LONGEST = 2 ** 52;

/** A permutation of 0..length-1, drawn by a stream of random numbers; throws RangeError for a length it cannot have. */
export class Permutation {
  readonly #half: number;
  readonly #keys: readonly number[];

  constructor(
    readonly length: number,
    random: RandomStream,
  ) {
    if (!Number.isSafeInteger(length) || length < 1 || length > LONGEST)
      throw new RangeError(`a permutation of ${length} items was asked for; accepted is a whole number from 1 to 2^52`);
    let bits = 1;
    while (2 ** (2 * bits) < length) bits++;
    this.#half = 2 ** bits;
    this.#keys = Array.from({ length: ROUNDS }, () => random.below(KEY_LIMIT));
  }

  /** The item at place `index`; the network's domain is less than four times too large, so a few walks find one inside. */
  at(index: number): number {
    let item = index;
    do item = this.#scramble(item);
    while (item >= this.length);
    return item;
  }

  #scramble(item: number): number {
    let left = Math.floor(item / this.#half);
    let right = item % this.#half;
    for (const key of this.#keys) [left, right] = [right, left ^ (mixed(right ^ key) & (this.#half - 1))];
    return left * this.#half + right;
  }
}

// The finaliser of MurmurHash3 (Appleby 2011): every bit of the input moves every bit of the output.
function mixed(value: number): number {
  let bits = value;
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return bits ^ (bits >>> 16);
}
