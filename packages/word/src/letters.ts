// How an unknown word arrives: as a pattern of its letters, the mean of vectors of its letter n-grams, so that "recieve"
// lands near "receive". From: Bojanowski et al. 2017 (fastText), hashed as there; what is near is learned by contrast.
import { embedding, linear, normal, type ParameterScope } from '@strata/nn';
import {
  constant,
  crossEntropy,
  gather,
  inverseRms,
  matmul,
  multiply,
  type Node,
  pad,
  reshape,
  sum,
} from '@strata/tensor';
import { z } from 'zod';

/** Sizes of the letter patterns. */
export const lettersConfigSchema = z.strictObject({
  /** Rows that n-grams are hashed to. */
  buckets: z.int().min(64).max(4_000_000).default(4096),
  width: z.int().min(8).max(8192).default(64),
});

export type LettersConfig = z.infer<typeof lettersConfigSchema>;

/** Letters in an n-gram. */
const SHORTEST = 2;
const LONGEST = 4;
/** N-grams of a word at most: a surface has 16 letters at most, and a mark on either side. */
export const GRAM_LIMIT = 48;
const START_MARK = '\u0002';
const END_MARK = '\u0003';

/** Buckets of the n-grams of a surface, casing aside; at most `GRAM_LIMIT`, at least one. */
export function letterGrams(surface: string, buckets: number): Int32Array {
  const letters = [START_MARK, ...surface.toLowerCase(), END_MARK];
  const grams: number[] = [];
  for (let size = SHORTEST; size <= LONGEST; size++)
    for (let from = 0; from + size <= letters.length; from++) grams.push(bucketOf(letters, from, size, buckets));
  return Int32Array.from(grams.slice(0, GRAM_LIMIT));
}

/** FNV-1a (Fowler, Noll & Vo) over the code points. */
function bucketOf(letters: readonly string[], from: number, size: number, buckets: number): number {
  let hash = 0x811c9dc5;
  for (let i = from; i < from + size; i++) {
    const point = letters[i]!.codePointAt(0)!;
    for (let shift = 0; shift < 24; shift += 8) hash = Math.imul(hash ^ ((point >>> shift) & 255), 0x01000193);
  }
  return (hash >>> 0) % buckets;
}

/** N-grams of several words, as a graph is fed with them. */
export interface GramFeeds {
  /** [S * GRAM_LIMIT] buckets. */
  readonly grams: Int32Array;
  /** [S * GRAM_LIMIT] 1 / number of n-grams of the word, or 0 past them. */
  readonly shares: Float32Array;
}

/** Room for the n-grams of `count` words. */
export function emptyGrams(count: number): GramFeeds {
  return { grams: new Int32Array(count * GRAM_LIMIT), shares: new Float32Array(count * GRAM_LIMIT) };
}

/** Puts the n-grams of one word into its place, or takes those there away. */
export function setGrams({ grams, shares }: GramFeeds, place: number, own: Int32Array | undefined): void {
  const at = place * GRAM_LIMIT;
  shares.fill(0, at, at + GRAM_LIMIT);
  if (own === undefined) return;
  grams.set(own, at);
  shares.fill(1 / own.length, at, at + own.length);
}

/** N-grams as nodes: buckets int32 [S, GRAM_LIMIT] and shares [S, GRAM_LIMIT]. */
export interface GramNodes {
  readonly grams: Node;
  readonly shares: Node;
}

/** The patterns [S, D] of words from their n-grams, each of unit mean square. */
export function letterPatterns(scope: ParameterScope, nodes: GramNodes, config: LettersConfig, width: number): Node {
  const letters = scope.scope('letters');
  const [count, limit] = nodes.grams.shape;
  const each_SGE = embedding(letters, 'gram', nodes.grams, config.buckets, config.width, normal(0.1));
  const mean_SE = sum(multiply(each_SGE, reshape(nodes.shares, [count!, limit!, 1])), [1]);
  const pattern_SD = linear(letters, 'pattern', mean_SE, width);
  return multiply(pattern_SD, inverseRms(pattern_SD, EPSILON));
}

const EPSILON = 1e-6;

/**
 * What the word level reads: each place's pattern out of patterns [S, D], about as large as the vector of a lemma;
 * `places` int32 [...] is 0 for none, else one more than its row.
 */
export function patternsAt(scope: ParameterScope, patterns_SD: Node, places: Node): Node {
  const gain_D = scope.scope('letters').parameter('gain', [patterns_SD.shape[1]!], { kind: 'constant', value: 0.1 });
  return gather(pad(multiply(patterns_SD, gain_D), 0, 1, 0), places);
}

/** How sharply patterns tell words apart: the logit of a word whose pattern is the same. */
export const LIKENESS = 20;

/**
 * Nats [R] of finding each misspelled word's own right spelling among all R, patterns [R, D] both (contrastive: van den
 * Oord et al. 2018, InfoNCE).
 */
export function recognitionNats(wrong_RD: Node, right_RD: Node): Node {
  const [count, width] = wrong_RD.shape as [number, number];
  const alike_RR = matmul(wrong_RD, right_RD, { transposeB: true, scale: LIKENESS / width });
  return crossEntropy(alike_RR, constant(Int32Array.from({ length: count }, (_, row) => row)));
}
