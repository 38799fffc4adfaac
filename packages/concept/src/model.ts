// The concept level as a network: ascends from word states, thinks over concepts, and descends by adding to the word
// level's logits before they are normalised. All lemmas of a cluster receive the same message, so that
// p(lemma) = p(concept) p(lemma | concept) stays exact and p(lemma | concept) stays the word level's own.
import {
  embedding,
  feedForwardWidth,
  linear,
  norm,
  normal,
  type ParameterScope,
  transformerStack,
  zeroLinear,
} from '@strata/nn';
import { add, gather, type Node } from '@strata/tensor';
import { z } from 'zod';

/** Sizes of the concept level and of its distillation, as the configuration spells them. */
export const conceptConfigSchema = z.strictObject({
  width: z.int().min(8).max(8192),
  depth: z.int().min(1).max(128),
  headCount: z.int().min(1).max(128),
  distil: z.strictObject({
    /** Lemmas rarer than this stay single: their slots say too little. */
    minimumCount: z.int().min(1),
    /** At most this many of the most frequent content lemmas are considered. */
    lemmas: z.int().min(2),
    /** Contexts taken from the corpus for each lemma. */
    contexts: z.int().min(1),
    /** Neighbours of each lemma that the proposer may name. */
    neighbours: z.int().min(1).max(1000),
    /** No cluster grows beyond this many lemmas. */
    maximumSize: z.int().min(2).max(64),
  }),
});

export type ConceptConfig = z.infer<typeof conceptConfigSchema>;

/** A unit as the concept level sees it: its concept and the word's features as flags; int32 nodes of one shape. */
export interface ConceptNodes {
  readonly concept: Node;
  readonly slot: Node;
  readonly boundary: Node;
}

/** Sizes that come from vocabularies rather than from the configuration. */
export interface ConceptInventory {
  readonly conceptCount: number;
  readonly slotCount: number;
  readonly boundaryCount: number;
}

/** Ascend and stack: concepts and flags [B, W] and word states [B, W, Dword] -> states [B, W, D]. */
export function conceptStates(
  scope: ParameterScope,
  units: ConceptNodes,
  wordStates_BWD: Node,
  config: ConceptConfig,
  inventory: ConceptInventory,
): Node {
  const { width } = config;
  const parts = [
    embedding(scope, 'concept', units.concept, inventory.conceptCount, width),
    embedding(scope, 'slot', units.slot, inventory.slotCount, width),
    embedding(scope, 'boundary', units.boundary, inventory.boundaryCount, width),
    linear(scope, 'ascend', wordStates_BWD, width),
  ];
  return transformerStack(scope, parts.reduce(add), { ...config, feedForward: feedForwardWidth(width) });
}

/**
 * The message for the next unit, from rows of concept states [N, D] (already joined by what the gestalt says):
 * addends to the boundary logits, the lemma logits (factored; one vector a concept, spread to its members by
 * `conceptOfLemma` int32 [lemmaCount]) and the feature logits. All of it starts at zero.
 */
export function conceptMessages(
  scope: ParameterScope,
  before_ND: Node,
  after_ND: Node,
  targetBoundary_N: Node,
  conceptOfLemma_V: Node,
  config: ConceptConfig,
  inventory: ConceptInventory,
): { boundary: Node; lemma: { query: Node; table: Node }; slot: Node } {
  const { width } = config;
  const boundary = zeroLinear(
    scope,
    'descend.boundary',
    norm(scope, 'descend.before_norm', before_ND),
    inventory.boundaryCount,
  );
  const chosen_ND = embedding(scope, 'descend.chosen_boundary', targetBoundary_N, inventory.boundaryCount, width);
  const thought_ND = norm(scope, 'descend.norm', add(after_ND, chosen_ND));
  const table_CD = scope.parameter('descend.concept.weight', [inventory.conceptCount, width], normal(width ** -0.5));
  const lemma = {
    query: zeroLinear(scope, 'descend.query', thought_ND, width),
    table: gather(table_CD, conceptOfLemma_V),
  };
  const slot = zeroLinear(scope, 'descend.slot', thought_ND, inventory.slotCount);
  return { boundary, lemma, slot };
}
