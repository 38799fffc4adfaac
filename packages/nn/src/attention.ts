// Causal attention that leaves out most of what no position may see: queries in blocks, each against the keys up to its
// own end. Long windows pay for a little more than half of the T x T scores, in time and in memory.
import { add, concat, constant, matmul, type Node, pad, reshape, slice, softmax } from '@strata/tensor';
import { alibiBias } from './positions.js';

/** Added to a score that must not count; exp of it is 0 in float32. */
export const MASKED = -1e9;

/**
 * Queries in one block. Measured on the reference GPT (6x256, 2,048 tokens a step): at T = 256 smaller blocks gain
 * nothing, since slicing costs what the scores save; at T = 1024 blocks of 256 take 0.79 of the time of the whole.
 */
const BLOCK = 256;

/** Additive mask [end - start, end - first] for queries start..end-1 and keys first..end-1: each sees `span` up to itself. */
export function causalMask(start: number, end: number, first = 0, span = Number.POSITIVE_INFINITY): Node {
  const width = end - first;
  const mask = new Float32Array((end - start) * width);
  for (let t = start; t < end; t++) {
    const row = (t - start) * width;
    mask.fill(MASKED, row, row + Math.max(0, t - span + 1 - first));
    mask.fill(MASKED, row + t + 1 - first, row + width);
  }
  return constant(mask, [end - start, width]);
}

/** What attention leaves out, and what it adds to scores. */
export interface AttentionOptions {
  /** Queries that are computed together. */
  readonly block?: number;
  /** A position sees so many up to itself (Child et al. 2019). */
  readonly span?: number;
  /** What each head takes off a score per position of distance (Press et al. 2022). */
  readonly slopes?: Float32Array;
}

/**
 * softmax(q k^T / sqrt(K)) v, where position t sees positions up to t only: all three [B, H, T, K] -> [B, H, T, K]
 * (Vaswani et al. 2017, section 3.2.1).
 */
export function causalAttention(
  query_BHTK: Node,
  key_BHTK: Node,
  value_BHTK: Node,
  { block = BLOCK, span = Number.POSITIVE_INFINITY, slopes }: AttentionOptions = {},
): Node {
  const [, , length, headWidth] = query_BHTK.shape;
  const part = (x: Node, start: number, end: number): Node =>
    start === 0 && end === length ? x : slice(x, 2, start, end);
  const mixed: Node[] = [];
  for (let start = 0; start < length; start += block) {
    const end = Math.min(length, start + block);
    const first = Math.max(0, start - span + 1);
    const scores = matmul(part(query_BHTK, start, end), part(key_BHTK, first, end), {
      transposeB: true,
      scale: headWidth ** -0.5,
    });
    // Mask and biases are added apart: together they would be as wide as the scores of a window.
    const near = slopes === undefined ? scores : add(scores, alibiBias(slopes, first - end + 1, 1));
    mixed.push(matmul(softmax(add(near, causalMask(start, end, first, span))), part(value_BHTK, first, end)));
  }
  return mixed.length === 1 ? mixed[0] : concat(mixed, 2);
}

/**
 * The same within groups of `size` neighbours only, [B, H, T, K] -> [B, H, T, K]. The first group holds `size - before`
 * positions of the window, and `before` of zeros that stand for what came earlier.
 */
export function groupAttention(query_BHTK: Node, key_BHTK: Node, value_BHTK: Node, size: number, before: number): Node {
  const [batch, headCount, length, headWidth] = query_BHTK.shape;
  const groups = Math.ceil((before + length) / size);
  const grouped = (x: Node): Node =>
    reshape(pad(x, 2, before, groups * size - before - length), [batch, headCount * groups, size, headWidth]);
  const mixed = causalAttention(grouped(query_BHTK), grouped(key_BHTK), grouped(value_BHTK));
  return slice(reshape(mixed, [batch, headCount, groups * size, headWidth]), 2, before, before + length);
}
