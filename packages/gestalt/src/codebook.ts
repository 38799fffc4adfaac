// The codebook of typical patterns: predicted sentence patterns gathered by k-means (Lloyd 1982, seeded as
// k-means++, Arthur & Vassilvitskii 2007) and named by the sentences nearest to each centre.
import { RandomStream } from '@strata/nn';
import { z } from 'zod';

/** A sentence as it may name a pattern. */
export interface PatternExample {
  readonly text: string;
  /** Squared distance to the centre of its code. */
  readonly distance: number;
}

/** One typical pattern. */
export interface Code {
  readonly centre: readonly number[];
  readonly count: number;
  readonly examples: readonly PatternExample[];
}

export class CodebookError extends Error {
  override name = 'CodebookError';
}

const schema = z.strictObject({
  format: z.literal('strata-codebook'),
  version: z.literal(1),
  width: z.int().min(1).max(8192),
  codes: z
    .array(
      z.strictObject({
        centre: z.array(z.number()),
        count: z.int().min(0),
        examples: z.array(z.strictObject({ text: z.string(), distance: z.number().min(0) })),
      }),
    )
    .max(4096),
});

function squaredDistance(
  a: ArrayLike<number>,
  aStart: number,
  b: ArrayLike<number>,
  bStart: number,
  width: number,
): number {
  let total = 0;
  for (let i = 0; i < width; i++) total += (a[aStart + i] - b[bStart + i]) ** 2;
  return total;
}

/** Named typical patterns of a width. */
export class Codebook {
  constructor(
    readonly width: number,
    readonly codes: readonly Code[],
  ) {}

  get size(): number {
    return this.codes.length;
  }

  /** The code whose centre is nearest to a pattern, and the squared distance. */
  nearest(patterns: Float32Array, row: number): { code: number; distance: number } {
    let best = { code: 0, distance: Number.POSITIVE_INFINITY };
    for (const [code, { centre }] of this.codes.entries()) {
      const distance = squaredDistance(patterns, row * this.width, centre, 0, this.width);
      if (distance < best.distance) best = { code, distance };
    }
    return best;
  }

  /** A code's name: its most typical sentence, shortened. */
  nameOf(code: number): string {
    const text = this.codes[code]?.examples[0]?.text ?? '';
    return text.length > 60 ? `${text.slice(0, 57)}...` : text || `pattern ${code}`;
  }

  toJSON(): z.infer<typeof schema> {
    return {
      format: 'strata-codebook',
      version: 1,
      width: this.width,
      codes: this.codes.map(({ centre, count, examples }) => ({
        centre: [...centre],
        count,
        examples: examples.map((example) => ({ ...example })),
      })),
    };
  }

  /** Reads what `toJSON` wrote; throws CodebookError on anything else. */
  static fromJSON(value: unknown): Codebook {
    const parsed = schema.safeParse(value);
    if (!parsed.success)
      throw new CodebookError(
        `not a codebook of Strata: ${z.prettifyError(parsed.error)}. Train the gestalt level again.`,
      );
    const { width, codes } = parsed.data;
    if (codes.some((code) => code.centre.length !== width))
      throw new CodebookError(
        `a codebook of width ${width} holds a centre of another width. Train the gestalt level again.`,
      );
    return new Codebook(width, codes);
  }
}

const ITERATIONS = 12;
const EXAMPLES = 3;

/** Gathers patterns [count, width] into at most `size` codes; `textOf(i)` is the sentence that pattern i stands for. */
export function distilCodebook(
  patterns: Float32Array,
  width: number,
  size: number,
  seed: number,
  textOf: (index: number) => string,
): Codebook {
  const count = patterns.length / width;
  const random = new RandomStream(seed, 'codebook');
  const centres = plantCentres(patterns, width, Math.min(size, count), random);
  const owner = new Int32Array(count);
  const distance = new Float64Array(count);
  for (let iteration = 0; iteration < ITERATIONS; iteration++) {
    assign(patterns, width, centres, owner, distance);
    recentre(patterns, width, centres, owner);
  }
  assign(patterns, width, centres, owner, distance);
  const codes = Array.from({ length: centres.length / width }, (_, code) => {
    const own = [...owner.keys()].filter((i) => owner[i] === code).sort((a, b) => distance[a] - distance[b] || a - b);
    const examples = own.slice(0, EXAMPLES).map((i) => ({ text: textOf(i), distance: distance[i] }));
    return { centre: [...centres.subarray(code * width, (code + 1) * width)], count: own.length, examples };
  });
  return new Codebook(
    width,
    codes.filter((code) => code.count > 0).sort((a, b) => b.count - a.count),
  );
}

function plantCentres(patterns: Float32Array, width: number, size: number, random: RandomStream): Float32Array {
  const count = patterns.length / width;
  const centres = new Float32Array(size * width);
  const nearest = new Float64Array(count).fill(Number.POSITIVE_INFINITY);
  let chosen = random.below(count);
  for (let c = 0; c < size; c++) {
    centres.set(patterns.subarray(chosen * width, (chosen + 1) * width), c * width);
    let total = 0;
    for (let i = 0; i < count; i++) {
      nearest[i] = Math.min(nearest[i], squaredDistance(patterns, i * width, centres, c * width, width));
      total += nearest[i];
    }
    let threshold = random.uniform() * total;
    for (chosen = 0; chosen < count - 1; chosen++) if ((threshold -= nearest[chosen]) <= 0) break;
  }
  return centres;
}

function assign(
  patterns: Float32Array,
  width: number,
  centres: Float32Array,
  owner: Int32Array,
  distance: Float64Array,
): void {
  for (let i = 0; i < owner.length; i++) {
    distance[i] = Number.POSITIVE_INFINITY;
    for (let c = 0; c < centres.length / width; c++) {
      const found = squaredDistance(patterns, i * width, centres, c * width, width);
      if (found < distance[i]) {
        distance[i] = found;
        owner[i] = c;
      }
    }
  }
}

function recentre(patterns: Float32Array, width: number, centres: Float32Array, owner: Int32Array): void {
  const sums = new Float64Array(centres.length);
  const sizes = new Int32Array(centres.length / width);
  for (let i = 0; i < owner.length; i++) {
    sizes[owner[i]]++;
    for (let k = 0; k < width; k++) sums[owner[i] * width + k] += patterns[i * width + k];
  }
  for (let c = 0; c < sizes.length; c++)
    if (sizes[c] > 0) for (let k = 0; k < width; k++) centres[c * width + k] = sums[c * width + k] / sizes[c];
}
