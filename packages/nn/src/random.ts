// Seeded randomness: named streams, so that adding one consumer never shifts what another draws.
// Generator: xoroshiro128+ (Blackman & Vigna 2018) from pure-rand; normals by Box & Muller (1958).
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/** Mixes a seed and a stream's name into one 32-bit seed (FNV-1a, Fowler, Noll & Vo). */
export function streamSeed(seed: number, stream: string): number {
  let hash = (0x811c9dc5 ^ seed) >>> 0;
  for (let i = 0; i < stream.length; i++) hash = Math.imul(hash ^ stream.charCodeAt(i), 0x01000193) >>> 0;
  return hash | 0;
}

/** A stream of random numbers, fully determined by a seed and the stream's name. */
export class RandomStream {
  readonly #generator: ReturnType<typeof xoroshiro128plus>;

  constructor(seed: number, stream: string) {
    this.#generator = xoroshiro128plus(streamSeed(seed, stream));
  }

  /** A number in [0, 1). */
  uniform(): number {
    return uniformFloat64(this.#generator);
  }

  /** A whole number in [0, limit). */
  below(limit: number): number {
    return uniformInt(this.#generator, 0, limit - 1);
  }

  /** A standard normal number. */
  normal(): number {
    const radius = Math.sqrt(-2 * Math.log(1 - this.uniform()));
    return radius * Math.cos(2 * Math.PI * this.uniform());
  }

  /** A random order of 0..length-1 (Fisher & Yates). */
  permutation(length: number): Int32Array {
    const order = Int32Array.from({ length }, (_, i) => i);
    for (let i = length - 1; i > 0; i--) {
      const j = this.below(i + 1);
      const kept = order[i];
      order[i] = order[j];
      order[j] = kept;
    }
    return order;
  }
}
