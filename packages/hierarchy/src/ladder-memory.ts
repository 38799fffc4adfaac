// The concept level's memory in the graph: what is remembered becomes a distribution, which is mixed into the next
// concept's; a word without a name may be meant again as well. From: Merity et al. 2017, section 2.
import type { ConceptMemoryConfig } from '@strata/concept';
import {
  embedding,
  logSum,
  MASKED,
  MEMORY_FEATURES,
  type MemoryMessage,
  memoryMessage,
  memoryShares,
} from '@strata/nn';
import {
  add,
  concat,
  constant,
  exp,
  gather,
  log,
  multiply,
  type Node,
  reshape,
  scatterAdd,
  subtract,
  transpose,
} from '@strata/tensor';
import type { Config } from './config.js';
import { LOG_SHARE } from './far-memory.js';
import { conceptTable } from './ladder-graph.js';
import type { LadderInventory, LadderScopes } from './ladder-scopes.js';
import { LEAST_SHARE } from './nats.js';

/** Places that look back, Q in each of B windows, and the T units of the window that they look at. */
export interface LookingBack {
  /** The concept level's states [B * Q, D], and the boundary chosen after each, int32 [B * Q]. */
  readonly states: Node;
  readonly boundary: Node;
  /** States [B, T, D] and concepts int32 [B, T] of the window's units. */
  readonly nearStates: Node;
  readonly nearConcepts: Node;
  /** Hugely negative at what stands later, and log of the distance: broadcast to [B, Q, T]. */
  readonly nearMask: Node;
  readonly nearAge: Node;
}

/** Log-probabilities [N, F + T + 1] of meaning again what is remembered, or none of it; the memory is configured. */
export function ladderMemory(
  scopes: LadderScopes,
  config: Config,
  inventory: LadderInventory,
  { states, boundary, nearStates, nearConcepts, nearMask, nearAge }: LookingBack,
): Node {
  const memory = config.concept.memory!;
  const { inputs, concept } = scopes;
  const [windows, units, width] = nearStates.shape as [number, number, number];
  const places = states.shape[0]! / windows;
  const means_CD = conceptTable(scopes, config, inventory);
  const far = inputs.get('memory.concept', [windows * memory.concepts], 'int32');
  const meaning = (ids: Node, count: number): Node =>
    reshape(gather(means_CD, ids), [windows, count, config.word.width]);
  const logShare_C = inputs.get('concept.logFrequency', [inventory.conceptCount!]);
  const share_C = multiply(add(logShare_C, -LOG_SHARE.middle), 1 / LOG_SHARE.spread);
  const nearShare_BT1 = reshape(gather(share_C, nearConcepts), [windows, units, 1]);
  const mask_C = inputs.get('mask.concept', [inventory.conceptCount!]);
  const nearThere_B1T = reshape(gather(mask_C, nearConcepts), [windows, 1, units]);
  const nothing = constant(new Float32Array(windows * units * (MEMORY_FEATURES - 1)), [
    windows,
    units,
    MEMORY_FEATURES - 1,
  ]);
  const shaped = (rows: Node): Node => reshape(rows, [windows, places, width]);
  const chosen_ND = embedding(concept, 'memory.chosen_boundary', boundary, inventory.word.boundaryCount, width);
  const log_BQS = memoryShares(
    concept,
    shaped(add(states, chosen_ND)),
    {
      farMeans: meaning(far, memory.concepts),
      nearMeans: meaning(reshape(nearConcepts, [windows * units]), units),
      farFeatures: inputs.get('memory.features', [windows, memory.concepts, MEMORY_FEATURES]),
      nearFeatures: concat([nothing, nearShare_BT1], 2),
      nearStates,
      farMask: inputs.get('memory.mask', [windows, 1, memory.concepts]),
      nearMask: add(nearThere_B1T, nearMask),
      nearAge,
    },
    { width: memory.width, mostSlots: slotCount(memory, config.batch.units) },
  );
  return reshape(log_BQS, [windows * places, slotCount(memory, units) + 1]);
}

/** How much may be pointed at: what was before, and the window's units. */
export function slotCount(memory: ConceptMemoryConfig, units: number): number {
  return memory.concepts + units;
}

/** A message that a gate [1], 1 or 0, may silence. */
export function gated({ anew, again }: MemoryMessage, gate: Node): MemoryMessage {
  return { anew: multiply(anew, gate), again: add(again, multiply(subtract(1, gate), MASKED)) };
}

/**
 * Log-probabilities [N, V] of lemmas with what is remembered at the places of one window, and the share `again` [N, F + T] of
 * each remembered thing: each concept's probability is mixed, and shared among its members as the word level has it.
 */
export function recalledLemmas(
  scopes: LadderScopes,
  config: Config,
  inventory: LadderInventory,
  looking: LookingBack,
  lemma_NV: Node,
): { lemma: Node; again: Node } {
  const { inputs } = scopes;
  const { concepts } = config.concept.memory!;
  const log_NS = ladderMemory(scopes, config, inventory, looking);
  const { anew, again } = gated(memoryMessage(log_NS), inputs.get('gate.concept', [1]));
  const near_T = reshape(looking.nearConcepts, [looking.nearConcepts.shape[1]!]);
  const slots_S = concat([inputs.get('memory.concept', [concepts], 'int32'), near_T], 0);
  const conceptOfLemma_V = inputs.get('conceptOfLemma', [inventory.word.lemmaCount], 'int32');
  const byConcept = (rows_NK: Node, ids_K: Node): Node =>
    transpose(scatterAdd(ids_K, transpose(rows_NK, [1, 0]), inventory.conceptCount!), [1, 0]);
  const own_NC = byConcept(exp(lemma_NV), conceptOfLemma_V);
  const mixed_NC = add(multiply(exp(anew), own_NC), byConcept(exp(again), slots_S));
  const change_NC = subtract(log(add(mixed_NC, LEAST_SHARE)), log(add(own_NC, LEAST_SHARE)));
  const change_NV = transpose(gather(transpose(change_NC, [1, 0]), conceptOfLemma_V), [1, 0]);
  return { lemma: add(lemma_NV, change_NV), again: exp(again) };
}

/**
 * Nats [S, 1] of a spelled word given that its like comes: written or pointed at as the word level would, or meant again;
 * `same` [S, K] is 0 at the slots of the very word, hugely negative at all others.
 */
export function recalledSpelling(
  { again }: MemoryMessage,
  { nats, anew }: { readonly nats: Node; readonly anew: Node },
  row_S: Node,
  spelling_S1: Node,
  same_SK: Node,
  gap_S1: Node,
): Node {
  const again_SK = add(add(gather(again, row_S), subtract(gather(nats, row_S), gap_S1)), same_SK);
  return subtract(0, logSum([again_SK, subtract(gather(anew, row_S), spelling_S1)], 1));
}
