// Memory: a pointer over the units that a text has had so far, those of the window with their states and those long
// before it as a list, to be mixed into the next unit's probability.
// From: Merity et al. 2017, section 2 (pointer sentinel mixture); Grave et al. 2017 (a cache beyond the window).
import { add, concat, constant, logSoftmax, matmul, multiply, type Node, pad, slice, subtract } from '@strata/tensor';
import { MASKED } from './attention.js';
import { norm } from './norms.js';
import { type ParameterScope, zeros } from './parameters.js';
import { linear, zeroLinear } from './transformer.js';

/** What is known of a remembered unit besides what it means: how often and how long ago, how frequent, and whether it lies before the window. */
export const MEMORY_FEATURES = 4;

/** What may be pointed at from Q places of each of B windows: F different units from before, and the window's own T units. */
export interface Remembered {
  /** What each means: [B, F, M] and [B, T, M]. */
  readonly farMeans: Node;
  readonly nearMeans: Node;
  /** [B, F, MEMORY_FEATURES] and [B, T, MEMORY_FEATURES]. */
  readonly farFeatures: Node;
  readonly nearFeatures: Node;
  /** The model's states [B, T, D]. */
  readonly nearStates: Node;
  /** Hugely negative at what is not there, broadcast to [B, Q, F] and to [B, Q, T]. */
  readonly farMask: Node;
  readonly nearMask: Node;
  /** Log of the distance in units, broadcast to [B, Q, T]. */
  readonly nearAge: Node;
}

/** In how many dimensions what is thought is compared with what is remembered, and how much may be remembered in training. */
export interface MemorySizes {
  readonly width: number;
  /** Slots of a window in training, whatever this one has room for: a text must not cost more in another shape. */
  readonly mostSlots: number;
}

/** How much likelier the model's own prediction is than all that may be remembered, before anything is learned, in nats. */
const ANEW_FIRST = 4;

/**
 * Log-probabilities [B, Q, F + T + 1] of meaning again each of what is remembered, or (the last column) of going by the
 * model's own prediction, from states [B, Q, D] that look back.
 */
export function memoryShares(
  scope: ParameterScope,
  states_BQD: Node,
  remembered: Remembered,
  { width, mostSlots }: MemorySizes,
): Node {
  const memory = scope.scope('memory');
  const { farMeans, nearMeans, farFeatures, nearFeatures, nearStates, farMask, nearMask, nearAge } = remembered;
  const [far, near] = [farMeans.shape[1]!, nearMeans.shape[1]!];
  const thought_BQD = norm(memory, 'norm', states_BQD);
  const key = (means: Node): Node => linear(memory, 'meaning', means, width);
  const near_BTD = norm(memory, 'state_norm', nearStates);
  // The state before a unit expected it, the state after has read it: a unit comes again where either is like what is thought.
  const before_BTD = slice(pad(near_BTD, 1, 1, 0), 1, 0, near);
  const state_BTI = add(linear(memory, 'state', near_BTD, width), linear(memory, 'before', before_BTD, width));
  const keys_BSI = concat([key(farMeans), add(key(nearMeans), state_BTI)], 1);
  const features_BSI = concat([farFeatures, nearFeatures], 1);
  const query_BQI = linear(memory, 'query', thought_BQD, width);
  const tastes = zeroLinear(memory, 'tastes', thought_BQD, MEMORY_FEATURES + 1);
  const taste = add(tastes, memory.parameter('taste', [MEMORY_FEATURES + 1], zeros));
  const alike_BQS = add(
    matmul(query_BQI, keys_BSI, { transposeB: true, scale: width ** -0.5 }),
    matmul(slice(taste, 2, 0, MEMORY_FEATURES), features_BSI, { transposeB: true }),
  );
  const age_BQ1 = slice(taste, 2, MEMORY_FEATURES, MEMORY_FEATURES + 1);
  const far_BQF = add(slice(alike_BQS, 2, 0, far), farMask);
  const near_BQT = add(add(slice(alike_BQS, 2, far, far + near), multiply(age_BQ1, nearAge)), nearMask);
  const anew_BQ1 = add(
    zeroLinear(memory, 'anew', thought_BQD, 1),
    add(memory.parameter('anew_bias', [1], zeros), ANEW_FIRST + Math.log(mostSlots)),
  );
  return logSoftmax(concat([far_BQF, near_BQT, anew_BQ1], 2));
}

/** Log-probabilities of `memoryShares` in two: of the model's own prediction [N, 1], and of each slot [N, S]. */
export interface MemoryMessage {
  readonly anew: Node;
  readonly again: Node;
}

/** Log-probabilities [N, S + 1] of `memoryShares`, its places as rows, in two. */
export function memoryMessage(log_NS: Node): MemoryMessage {
  const slots = log_NS.shape[1]! - 1;
  return { anew: slice(log_NS, 1, slots, slots + 1), again: slice(log_NS, 1, 0, slots) };
}

/**
 * Nats [N, 1] of a target from its nats by the model's own prediction, and log [N, 1] of that prediction's part in them;
 * `match` [N, S] is 0 at the slots that mean the target, hugely negative at all others.
 */
export function recalled({ anew, again }: MemoryMessage, own_N1: Node, match_NS: Node): { nats: Node; anew: Node } {
  const own = subtract(anew, own_N1);
  const all = logSum([add(again, match_NS), own], 1);
  return { nats: subtract(0, all), anew: subtract(own, all) };
}

/**
 * log [N, 1] of the sum of what the logs of all parts [N, any] stand for, taken against the part numbered `against` [N, 1], which
 * is never hugely negative: no exponent is taken of what may be any number of nats.
 */
export function logSum(parts: readonly Node[], against: number): Node {
  const before = parts.slice(0, against).reduce((sum, part) => sum + part.shape[1]!, 0);
  return subtract(parts[against]!, slice(logSoftmax(concat(parts, 1)), 1, before, before + 1));
}

/** Mask and log distance [T, T] of a window's units, each seen from itself on. */
export function nearTables(units: number): { nearMask: Node; nearAge: Node } {
  const mask = new Float32Array(units * units);
  const age = new Float32Array(units * units);
  for (let q = 0; q < units; q++)
    for (let j = 0; j < units; j++) {
      mask[q * units + j] = j > q ? MASKED : 0;
      age[q * units + j] = j > q ? 0 : Math.log(1 + q - j);
    }
  return { nearMask: constant(mask, [units, units]), nearAge: constant(age, [units, units]) };
}
