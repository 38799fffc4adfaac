// What a block reads of the residual stream: normalised by RMSNorm (Zhang & Sennrich 2019) or LayerNorm (Ba et al. 2016),
// or as proportions of a range, which is what "Understanding Neural Networks" (Drazdra) asks for in their place.
import { add, divide, exp, log, mean, multiply, type Node, negate, rmsNorm, sqrt, subtract } from '@strata/tensor';
import { ones, type ParameterScope, zeros } from './parameters.js';

/** How a stack normalises; RMSNorm where nothing is said. */
export const NORMS = ['rms', 'layer', 'proportion'] as const;
export type NormName = (typeof NORMS)[number];

const EPSILON = 1e-5;

/** RMSNorm with a learned gain over the last axis. */
export function norm(scope: ParameterScope, name: string, x: Node): Node {
  return rmsNorm(x, scope.parameter(`${name}.weight`, [x.shape.at(-1)!], ones, false), EPSILON);
}

/** LayerNorm over the last axis: centred, over the root of the variance, with a learned gain and bias (Ba et al. 2016, section 3). */
export function layerNorm(scope: ParameterScope, name: string, x: Node): Node {
  // The mean square of what is centred is the variance.
  const scaled = norm(scope, name, subtract(x, mean(x, [-1], true)));
  return add(scaled, scope.parameter(`${name}.bias`, [x.shape.at(-1)!], zeros));
}

/**
 * What counts as one whole range before anything is learned: streams begin as sums of embeddings, well inside of it. A byte
 * model of two layers came to 2.31 nats with 0.1, 2.07 with 0.25, 2.41 with 0.5 (RMSNorm: 2.16; experiments/LOG.md).
 */
const RANGE = 0.25;

/** Keeps the root away from zero, where it has no derivative; asinh(p) is off by less than 2e-5 of itself. */
const SQUARED_FLOOR = 1e-4;

/**
 * asinh(x / range), value by value: linear within the range, then ever harder compressed, each further tenfold adding only
 * ln 10. So the text has it ("normally operate linearly over a broad, common range ... after 100 a much harder compression,
 * then after 1000 even harder, making clipping nearly impossible"); a clip with an end, such as p / (1 + |p|), bends at once
 * and makes large values alike, and a share of the token's total would again tie each value to all others. `perRange` is
 * 1 / range, [1]. No statistics of the token and no numbers of an axis: figures keep their shape, size and skew.
 */
export function proportion(x: Node, perRange: Node): Node {
  const p = multiply(x, perRange);
  const squared = multiply(p, p);
  // asinh is odd: of the magnitude alone no digits cancel below zero.
  const magnitude = sqrt(add(squared, SQUARED_FLOOR));
  const compressed = log(add(magnitude, sqrt(add(squared, 1 + SQUARED_FLOOR))));
  return multiply(p, divide(compressed, magnitude));
}

/** Normalises x [..., D] at a place of a stack; what it learns stands at that place under `name`. */
export type Normalise = (place: ParameterScope, name: string, x: Node) => Node;

/** The normaliser of a stack. Proportions have one learned range in all its places, so that sizes mean the same in each. */
export function stackNorm(scope: ParameterScope, kind: NormName = 'rms'): Normalise {
  if (kind === 'rms') return norm;
  if (kind === 'layer') return layerNorm;
  const perRange = multiply(exp(negate(scope.parameter('range', [1], zeros))), 1 / RANGE);
  return (_place, _name, x) => proportion(x, perRange);
}

/** How many numbers the normalisers of `depth` layers and a final norm learn. */
export function normParameterCount(width: number, depth: number, kind: NormName = 'rms'): number {
  const gains = (2 * depth + 1) * width;
  return { rms: gains, layer: 2 * gains, proportion: 1 }[kind];
}
