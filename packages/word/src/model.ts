// The word level as a network: ascends from the frozen base's states, predicts the next unit factor by factor:
// boundary, lemma, features, casing, gap, each conditioned on the ones before and masked to what can exist.
import { embedding, feedForwardWidth, linear, normal, type ParameterScope, transformerStack } from '@strata/nn';
import { add, concat, gather, logSoftmax, matmul, type Node, reshape, silu } from '@strata/tensor';
import { z } from 'zod';

/** Sizes of the word level, as the configuration spells them. */
export const wordConfigSchema = z.strictObject({
  vocabularySize: z.int().min(8).max(1_000_000),
  width: z.int().min(8).max(8192),
  depth: z.int().min(1).max(128),
  headCount: z.int().min(1).max(128),
  speller: z.strictObject({
    width: z.int().min(8).max(2048),
    depth: z.int().min(1).max(32),
    headCount: z.int().min(1).max(64),
  }),
});

export type WordConfig = z.infer<typeof wordConfigSchema>;

/** Sizes that come from the vocabulary rather than from the configuration. */
export interface WordInventory {
  readonly lemmaCount: number;
  readonly slotCount: number;
  readonly casingCount: number;
  readonly gapCount: number;
  readonly boundaryCount: number;
}

/** One unit's factors as int32 nodes of one shape ([B, W] as input, [N] as targets). */
export interface UnitNodes {
  readonly boundary: Node;
  readonly lemma: Node;
  readonly slot: Node;
  readonly casing: Node;
  readonly gap: Node;
}

/** Additive masks (0 or a large negative number) of what can exist: rows are looked up by lemma or boundary. */
export interface WordMasks {
  /** Slots a lemma can take: [lemmaCount, slotCount]. */
  readonly slotByLemma: Node;
  /** Casings a lemma can take: [lemmaCount, casingCount]. */
  readonly casingByLemma: Node;
  /** Lemmas that can be predicted at all (never <bos>): [lemmaCount]. */
  readonly lemma: Node;
}

/** What the levels above add to the word level's own logits before they are normalised. */
export interface WordMessages {
  readonly boundary?: Node;
  readonly lemma?: Node;
  readonly slot?: Node;
}

/** Log-probabilities of each factor given the ones before, over N rows. */
export interface WordFactors {
  readonly boundary: Node;
  readonly lemma: Node;
  readonly slot: Node;
  readonly casing: Node;
  readonly gap: Node;
}

/** Ascend and stack: unit factors [B, W] and base states [B, W, Dbase] at each unit's last piece -> states [B, W, D]. */
export function wordStates(
  scope: ParameterScope,
  units: UnitNodes,
  ascended_BWD: Node,
  config: WordConfig,
  inventory: WordInventory,
): Node {
  const { width } = config;
  const parts = [
    embedding(scope, 'lemma', units.lemma, inventory.lemmaCount, width),
    embedding(scope, 'slot', units.slot, inventory.slotCount, width),
    embedding(scope, 'casing', units.casing, inventory.casingCount, width),
    embedding(scope, 'gap', units.gap, inventory.gapCount, width),
    embedding(scope, 'boundary', units.boundary, inventory.boundaryCount, width),
    linear(scope, 'ascend', ascended_BWD, width, normal(0.5 * ascended_BWD.shape[2] ** -0.5)),
  ];
  return transformerStack(scope, parts.reduce(add), { ...config, feedForward: feedForwardWidth(width) });
}

/** What a target's lemma and spelling are read from: states [N, D] joined by the boundary chosen, int32 [N]. */
export function wordContext(
  scope: ParameterScope,
  states_ND: Node,
  boundary_N: Node,
  config: WordConfig,
  inventory: WordInventory,
): Node {
  return add(states_ND, embedding(scope, 'descend.boundary', boundary_N, inventory.boundaryCount, config.width));
}

/**
 * Log-probabilities of the next unit's factors for rows of states [N, D]; `target` [N] gives, for each factor,
 * the values of the factors before it. Tied lemma embeddings (Press & Wolf 2017).
 */
export function wordFactors(
  scope: ParameterScope,
  states_ND: Node,
  target: Omit<UnitNodes, 'gap'>,
  config: WordConfig,
  inventory: WordInventory,
  masks: WordMasks,
  messages: WordMessages,
): WordFactors {
  const { width } = config;
  const joined = (own: Node, message: Node | undefined): Node => (message === undefined ? own : add(own, message));
  const boundary = logSoftmax(
    joined(linear(scope, 'boundary_head', states_ND, inventory.boundaryCount), messages.boundary),
  );
  const context_ND = wordContext(scope, states_ND, target.boundary, config, inventory);
  const lemmaTable_VD = scope.parameter('lemma.weight', [inventory.lemmaCount, width], normal(0.02));
  const bias_V = add(
    scope.parameter('lemma_bias', [inventory.lemmaCount], { kind: 'constant', value: 0 }),
    masks.lemma,
  );
  const lemma = logSoftmax(
    joined(add(matmul(context_ND, lemmaTable_VD, { transposeB: true }), bias_V), messages.lemma),
  );

  const inner = Math.max(32, Math.ceil(width / 4));
  const named = (name: string, indices: Node, count: number): Node =>
    embedding(scope, `descend.${name}`, indices, count, inner, normal(0.1));
  const known_NI = add(
    linear(scope, 'descend.context', context_ND, inner),
    named('lemma', target.lemma, inventory.lemmaCount),
  );
  const slot = logSoftmax(
    add(
      joined(linear(scope, 'slot_head', silu(known_NI), inventory.slotCount), messages.slot),
      gather(masks.slotByLemma, target.lemma),
    ),
  );
  const withSlot_NI = add(known_NI, named('slot', target.slot, inventory.slotCount));
  const casing = logSoftmax(
    add(
      linear(scope, 'casing_head', silu(withSlot_NI), inventory.casingCount),
      gather(masks.casingByLemma, target.lemma),
    ),
  );
  const withCasing_NI = add(withSlot_NI, named('casing', target.casing, inventory.casingCount));
  const gap = logSoftmax(linear(scope, 'gap_head', silu(withCasing_NI), inventory.gapCount));
  return { boundary, lemma, slot, casing, gap };
}

/** Symbols of the speller: 256 bytes and the end. */
export const SPELLER_END = 256;
export const SPELLER_SYMBOLS = 257;
/** Units hold at most 16 bytes of surface (see `segmentUnits`), and one more symbol ends them. */
export const SPELLER_LENGTH = 17;

/**
 * Log-probabilities [U * 17, 257] of unknown words' bytes: a small causal transformer whose first input is the word
 * level's context [U, D]; `bytes` int32 [U, 16] are the letters, so that row t is predicted from letters before t.
 */
export function spellerFactors(scope: ParameterScope, contexts_UD: Node, bytes_UL: Node, config: WordConfig): Node {
  const sizes = config.speller;
  const count = contexts_UD.shape[0];
  const speller = scope.scope('speller');
  const start_U1D = reshape(linear(speller, 'start', contexts_UD, sizes.width), [count, 1, sizes.width]);
  const letters_ULD = embedding(speller, 'letter', bytes_UL, SPELLER_SYMBOLS, sizes.width, normal(0.1));
  const states_ULD = transformerStack(speller, concat([start_U1D, letters_ULD], 1), {
    ...sizes,
    feedForward: feedForwardWidth(sizes.width),
  });
  return logSoftmax(
    linear(speller, 'head', reshape(states_ULD, [count * SPELLER_LENGTH, sizes.width]), SPELLER_SYMBOLS),
  );
}
