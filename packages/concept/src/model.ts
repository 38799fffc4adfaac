// The concept level as a network: ascends from word states, thinks over concepts, and descends by adding to the word
// level's logits before they are normalised. All lemmas of a cluster receive the same message, so that
// p(lemma) = p(concept) p(lemma | concept) stays exact and p(lemma | concept) stays the word level's own.
import {
  embedding,
  feedForwardWidth,
  linear,
  NORMS,
  norm,
  type ParameterScope,
  POSITIONS,
  type StackBuilder,
  transformerStack,
  zeroGate,
  zeroLinear,
  zeros,
} from '@strata/nn';
import { add, gather, logSoftmax, matmul, multiply, type Node, scatterAdd, subtract } from '@strata/tensor';
import { z } from 'zod';
import { conceptMemorySchema } from './memory.js';

/** What ascends to concepts. */
export const CONCEPT_INPUTS = ['words', 'concepts'] as const;

/** Who may propose pairs of lemmas, and who may judge them. */
export const PROPOSERS = ['base', 'wordnet'] as const;
export const JUDGES = ['wordnet', 'company', 'word'] as const;

/** Each of these names once: a judge that is asked twice would only say the same again. */
const eachOnce = <Name extends string>(names: readonly [Name, ...Name[]]) =>
  z
    .array(z.enum(names))
    .min(1, `name one at least, of ${names.join(', ')}, or leave the key out`)
    .refine((found) => new Set(found).size === found.length, 'name each once');

const isAlone = (names: readonly string[] | undefined): boolean => names?.length === 1 && names[0] === 'wordnet';

/** Sizes of the concept level and of its distillation, as the configuration spells them. */
export const conceptConfigSchema = z.strictObject({
  width: z.int().min(8).max(8192),
  depth: z.int().min(1).max(128),
  headCount: z.int().min(1).max(128),
  /**
   * What it reads of a unit beside its concept and flags: the word level's state, or only the letters of a word that has no
   * name, so that whichever member of a concept was said, it thinks the same; left out, `words`.
   */
  input: z.enum(CONCEPT_INPUTS).optional(),
  /** How the stack normalises, and what tells its positions apart; left out, `rms` and `rotary`. */
  norm: z.enum(NORMS).optional(),
  positions: z.enum(POSITIONS).optional(),
  /** What the level remembers of the text besides its states; left out, nothing. */
  memory: conceptMemorySchema.optional(),
  /** Weight of the level's own likelihood (the next concept from this level alone) beside the joint one. */
  ownWeight: z.number().min(0).max(10).default(1),
  distil: z
    .strictObject({
      /** Lemmas rarer than this stay single: their slots say too little. */
      minimumCount: z.int().min(1),
      /** At most this many of the most frequent content lemmas are considered. */
      lemmas: z.int().min(2),
      /** Contexts taken from the corpus for each lemma. */
      contexts: z.int().min(1),
      /** Neighbours of each lemma that the proposer may name. */
      neighbours: z.int().min(1).max(1000),
      /** Who proposes pairs: the base's own evidence, and WordNet its synonyms, where it is installed; left out, both. */
      proposers: eachOnce(PROPOSERS).optional(),
      /**
       * Who judges pairs, in this order: WordNet, where it is installed; the company they keep in the corpus; what their exchange
       * costs the word level. Left out, the first two.
       */
      judges: eachOnce(JUDGES).optional(),
      /** No cluster grows beyond this many lemmas. */
      maximumSize: z.int().min(2).max(64),
    })
    .refine(
      ({ proposers, judges }) => !isAlone(proposers) || !isAlone(judges),
      'who proposes a pair has no voice in accepting it, so that WordNet alone would accept none; add base to proposers, or company to judges',
    ),
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

/** Ascend and stack: concepts and flags [B, W], and what ascends from the word level [B, W, Dword] if anything does -> states [B, W, D]. */
export function conceptStates(
  scope: ParameterScope,
  units: ConceptNodes,
  ascended_BWD: Node | undefined,
  config: ConceptConfig,
  inventory: ConceptInventory,
  stack: StackBuilder = transformerStack,
): Node {
  const { width } = config;
  const parts = [
    embedding(scope, 'concept', units.concept, inventory.conceptCount, width),
    embedding(scope, 'slot', units.slot, inventory.slotCount, width),
    embedding(scope, 'boundary', units.boundary, inventory.boundaryCount, width),
    ...(ascended_BWD === undefined ? [] : [linear(scope, 'ascend', ascended_BWD, width)]),
  ];
  return stack(scope, parts.reduce(add), { ...config, feedForward: feedForwardWidth(width) });
}

/** How lemmas fall into concepts, as nodes: the concept of each lemma int32 [V], and 1 / members of each concept [C, 1]. */
export interface ConceptMembership {
  readonly conceptOfLemma: Node;
  readonly inverseSizes: Node;
  /** Log of each concept's share of the training text [C]. */
  readonly logFrequency: Node;
}

/** What a concept means to the word level: the mean of its members' vectors in `lemmaTable` [V, D] -> [C, D]. */
export function conceptMeans(lemmaTable_VD: Node, membership: ConceptMembership, conceptCount: number): Node {
  return multiply(scatterAdd(membership.conceptOfLemma, lemmaTable_VD, conceptCount), membership.inverseSizes);
}

/** What the concept level says of the next unit. */
export interface ConceptMessages {
  /** Addends to the boundary logits [N, boundaryCount] and the feature logits [N, slotCount]. */
  readonly boundary: Node;
  readonly slot: Node;
  /** Addend to the lemma logits, factored: one value a concept, the same for all its members. */
  readonly lemma: { readonly query: Node; readonly table: Node };
  /** Log-probabilities [N, C] of the next concept by this level alone. */
  readonly own: Node;
}

/**
 * The message for the next unit, from rows of concept states: `before_ND` decides the boundary, `after_ND` the concept,
 * joined by what the gestalt expects of the sentence, `expectation_ND` [N, Dword]. The level forms a query of its own against each concept's mean in the word level's `lemmaTable` [V, Dword]; what goes
 * down is how it differs from the word level's query `wordContext` [N, Dword], axis by axis through a gate that starts
 * at zero, as do the addends to boundary and features. At a gate of one the concept level decides alone.
 */
export function conceptMessages(
  scope: ParameterScope,
  before_ND: Node,
  after_ND: Node,
  targetBoundary_N: Node,
  expectation_ND: Node | undefined,
  wordContext_ND: Node,
  lemmaTable_VD: Node,
  membership: ConceptMembership,
  config: ConceptConfig,
  inventory: ConceptInventory,
): ConceptMessages {
  const { boundaryCount, conceptCount, slotCount } = inventory;
  const wordWidth = lemmaTable_VD.shape[1];
  const boundary = zeroLinear(scope, 'descend.boundary', norm(scope, 'descend.before_norm', before_ND), boundaryCount);
  const chosen_ND = embedding(scope, 'descend.chosen_boundary', targetBoundary_N, boundaryCount, config.width);
  const thought_ND = norm(scope, 'descend.norm', add(after_ND, chosen_ND));
  const slot = zeroLinear(scope, 'descend.slot', thought_ND, slotCount);
  const means_CD = conceptMeans(lemmaTable_VD, membership, conceptCount);
  const thought = linear(scope, 'descend.query', thought_ND, wordWidth);
  const query_ND = expectation_ND === undefined ? thought : add(thought, expectation_ND);
  const bias_C = add(scope.parameter('descend.bias', [conceptCount], zeros), membership.logFrequency);
  return {
    boundary,
    slot,
    lemma: {
      query: zeroGate(scope, 'descend.gate', subtract(query_ND, wordContext_ND)),
      table: gather(means_CD, membership.conceptOfLemma),
    },
    own: logSoftmax(add(matmul(query_ND, means_CD, { transposeB: true }), bias_C)),
  };
}
