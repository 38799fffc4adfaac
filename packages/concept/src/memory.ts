// What has been spoken of: a pointer over the concepts that a text has named so far, those of the window with their
// states and those long before it as a list, mixed into the next concept's probability.
// From: Merity et al. 2017, section 2 (pointer sentinel mixture); Grave et al. 2017 (a cache beyond the window).
import { linear, norm, type ParameterScope, zeroLinear, zeros } from '@strata/nn';
import { add, concat, logSoftmax, matmul, multiply, type Node, slice } from '@strata/tensor';
import { z } from 'zod';

export const conceptMemorySchema = z.strictObject({
  /** Units before the window that are remembered, within their document. */
  units: z.int().min(1).max(65_536),
  /** At most this many different concepts of them, those named last. */
  concepts: z.int().min(1).max(8192),
  /** Width in which what is meant is compared with what is remembered. */
  width: z.int().min(8).max(1024).default(64),
});

export type ConceptMemoryConfig = z.infer<typeof conceptMemorySchema>;

/** What is known of a remembered concept besides what it means: how often and how long ago, how frequent, and whether it lies before the window. */
export const MEMORY_FEATURES = 4;

/** What may be pointed at from Q places of each of B windows: F concepts from before, and the window's own T units. */
export interface Remembered {
  /** What each means to the word level: [B, F, Dword] and [B, T, Dword]. */
  readonly farMeans: Node;
  readonly nearMeans: Node;
  /** [B, F, MEMORY_FEATURES] and [B, T, MEMORY_FEATURES]. */
  readonly farFeatures: Node;
  readonly nearFeatures: Node;
  /** The level's states [B, T, D]. */
  readonly nearStates: Node;
  /** Hugely negative at what is not there, broadcast to [B, Q, F] and to [B, Q, T]. */
  readonly farMask: Node;
  readonly nearMask: Node;
  /** Log of the distance in units, broadcast to [B, Q, T]. */
  readonly nearAge: Node;
}

/** How much likelier the level's own prediction is than all that may be remembered, before anything is learned, in nats. */
const ANEW_FIRST = 4;

/**
 * Log-probabilities [B, Q, F + T + 1] of meaning again each of what is remembered, or (the last column) of going by the
 * levels' own prediction, from states [B, Q, D] and what the boundary chosen adds to them. `mostSlots` is how much may be
 * remembered in the windows of training, whatever this one has room for: a text must not cost more in another shape.
 */
export function conceptMemory(
  scope: ParameterScope,
  states_BQD: Node,
  chosen_BQD: Node,
  remembered: Remembered,
  config: ConceptMemoryConfig,
  mostSlots: number,
): Node {
  const memory = scope.scope('memory');
  const { width } = config;
  const { farMeans, nearMeans, farFeatures, nearFeatures, nearStates, farMask, nearMask, nearAge } = remembered;
  const [far, near] = [farMeans.shape[1]!, nearMeans.shape[1]!];
  const thought_BQD = norm(memory, 'norm', add(states_BQD, chosen_BQD));
  const key = (means: Node): Node => linear(memory, 'meaning', means, width);
  const state_BTI = linear(memory, 'state', norm(memory, 'state_norm', nearStates), width);
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
