// The word level as a network: ascends from the frozen base's states, predicts the next unit factor by factor:
// boundary, lemma, features, casing, gap, each conditioned on the ones before and masked to what can exist.
import {
  embedding,
  feedForwardWidth,
  linear,
  NORMS,
  normal,
  type ParameterScope,
  POSITIONS,
  type StackBuilder,
  transformerStack,
  zeros,
} from '@strata/nn';
import { add, concat, constant, gather, logSoftmax, matmul, multiply, type Node, reshape, silu } from '@strata/tensor';
import { z } from 'zod';
import { LANGUAGE_NAMES } from './languages.js';
import { lettersConfigSchema } from './letters.js';
import { SPELLED_ID } from './vocabulary.js';

/** Sizes of the word level, as the configuration spells them. */
export const wordConfigSchema = z.strictObject({
  /** Whose morphology names the words. */
  language: z.enum(LANGUAGE_NAMES).default('english'),
  vocabularySize: z.int().min(8).max(1_000_000),
  /** What a unit is read from: its factors or, without them, the base at every unit; and letters beside. */
  input: z
    .strictObject({
      /** Its own factors: lemma, features, casing, gap and boundary. */
      factors: z.boolean().default(true),
      /** The frozen base's state at its last piece: of every unit, of those only that have no name, or of none. */
      base: z.enum(['every', 'unnamed', 'none']).default('none'),
      /** The pattern of its letters, where it has no name. */
      letters: z.boolean().default(true),
    })
    .prefault({})
    .refine(
      ({ factors, base }) => factors || base === 'every',
      'without factors, the base has to be read at every unit',
    ),
  width: z.int().min(8).max(8192),
  depth: z.int().min(1).max(128),
  headCount: z.int().min(1).max(128),
  /** How the stack normalises, and what tells its positions apart; left out, `rms` and `rotary`. */
  norm: z.enum(NORMS).optional(),
  positions: z.enum(POSITIONS).optional(),
  /**
   * How many known words are spelled while training, as multiples of one occurrence per lemma: a corpus shows a new
   * lemma as often as it has lemmas (Witten & Bell 1991, method C), which its own vocabulary would hide.
   */
  novelty: z.number().min(0).max(100).default(1),
  /** The speller of unknown words: the inner width of what the word level adds to the base's states. */
  speller: z.strictObject({ width: z.int().min(8).max(8192) }),
  letters: lettersConfigSchema.prefault({}),
  /** How much naming a misspelled word from its letters alone counts beside a unit of text; 0 to leave it unlearned. */
  recogniseWeight: z.number().min(0).max(100).default(0.5),
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

/** Additive masks of what can exist; rows are looked up by lemma. */
export interface WordMasks {
  /** Log of how often a lemma takes each slot, hugely negative where it cannot: [lemmaCount, slotCount]. */
  readonly slotByLemma: Node;
  /** Casings a lemma can take: [lemmaCount, casingCount]. */
  readonly casingByLemma: Node;
  /** Lemmas that can be predicted at all (never <bos>): [lemmaCount]. */
  readonly lemma: Node;
}

/** Addends to lemma logits in factored form: query [N, K] times table [lemmaCount, K], transposed. */
export interface LemmaAddend {
  readonly query: Node;
  readonly table: Node;
}

/** What the levels above add to the word level's own logits before they are normalised. */
export interface WordMessages {
  readonly boundary?: Node;
  readonly lemma?: LemmaAddend;
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

/** What is known of units besides their factors. */
export interface Ascended {
  /** The base's state at each unit's last piece [B, W, Dbase]. */
  readonly base?: Node;
  /** The pattern of each unnamed unit's letters, zero elsewhere [B, W, D]. */
  readonly letters?: Node;
}

/** Ascend and stack: unit factors [B, W] and what ascends from below -> states [B, W, D]. */
export function wordStates(
  scope: ParameterScope,
  units: UnitNodes,
  ascended: Ascended,
  config: WordConfig,
  inventory: WordInventory,
  stack: StackBuilder = transformerStack,
): Node {
  const { width, input } = config;
  const parts: Node[] = [];
  if (input.factors)
    parts.push(
      embedding(scope, 'lemma', units.lemma, inventory.lemmaCount, width),
      embedding(scope, 'slot', units.slot, inventory.slotCount, width),
      embedding(scope, 'casing', units.casing, inventory.casingCount, width),
      embedding(scope, 'gap', units.gap, inventory.gapCount, width),
      embedding(scope, 'boundary', units.boundary, inventory.boundaryCount, width),
    );
  if (ascended.letters !== undefined) parts.push(ascended.letters);
  if (ascended.base !== undefined) {
    const { base } = ascended;
    // Beside the factors the base's state is one part among several; alone it has the unit of variance that a stack expects.
    const share = input.factors ? 0.5 : 1;
    const pattern_BWD = linear(scope, 'ascend', base, width, normal(share * base.shape[2] ** -0.5));
    parts.push(input.base === 'every' ? pattern_BWD : multiply(pattern_BWD, unnamed(units.lemma, inventory)));
  }
  return stack(scope, parts.reduce(add), { ...config, feedForward: feedForwardWidth(width) });
}

/** 1 where a unit has no name, else 0: [B, W, 1]. */
function unnamed(lemma_BW: Node, { lemmaCount }: WordInventory): Node {
  const isUnnamed = new Float32Array(lemmaCount);
  isUnnamed[SPELLED_ID] = 1;
  return gather(constant(isUnnamed, [lemmaCount, 1]), lemma_BW);
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

/** The parameter [V, D] that holds `lemmaTable`, by the name under which a level's file has it. */
export const LEMMA_PARAMETER = 'word.lemma.weight';

/** The vectors of lemmas [V, D], read as input and as output. */
export function lemmaTable(scope: ParameterScope, inventory: WordInventory, width: number): Node {
  return scope.parameter('lemma.weight', [inventory.lemmaCount, width], normal(0.02));
}

/** Logits [N, V] over lemmas: the context against the lemma table, plus what is said from above. */
function lemmaLogits(
  scope: ParameterScope,
  context_ND: Node,
  mask_V: Node,
  message: LemmaAddend | undefined,
  inventory: WordInventory,
): Node {
  const { lemmaCount } = inventory;
  const [rowCount, width] = context_ND.shape;
  const bias_V1 = reshape(add(scope.parameter('lemma_bias', [lemmaCount], zeros), mask_V), [lemmaCount, 1]);
  const ones_N1 = constant(new Float32Array(rowCount).fill(1), [rowCount, 1]);
  // The bias rides along in the product: [N, V] is the widest value of the ladder, and each pass over it costs.
  const query = concat([context_ND, ones_N1], 1);
  const table = concat([lemmaTable(scope, inventory, width), bias_V1], 1);
  const own_NV = matmul(query, table, { transposeB: true });
  return message === undefined ? own_NV : add(own_NV, matmul(message.query, message.table, { transposeB: true }));
}

/**
 * Log-probabilities of the next unit's factors for rows of states [N, D]; `target` [N] gives, for each factor,
 * the values of the factors before it.
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
  const lemma = logSoftmax(lemmaLogits(scope, context_ND, masks.lemma, messages.lemma, inventory));

  const inner = Math.max(32, Math.ceil(width / 4));
  // A lemma seen rarely starts as any other: its vector is zero, and the heads' biases speak for it.
  const named = (name: string, indices: Node, count: number): Node =>
    embedding(scope, `descend.${name}`, indices, count, inner, zeros);
  const head = (name: string, known_NI: Node, count: number): Node =>
    add(linear(scope, `${name}_head`, silu(known_NI), count), scope.parameter(`${name}_head.bias`, [count], zeros));
  const known_NI = add(
    linear(scope, 'descend.context', context_ND, inner),
    named('lemma', target.lemma, inventory.lemmaCount),
  );
  const slot = logSoftmax(
    add(joined(head('slot', known_NI, inventory.slotCount), messages.slot), gather(masks.slotByLemma, target.lemma)),
  );
  const withSlot_NI = add(known_NI, named('slot', target.slot, inventory.slotCount));
  const casing = logSoftmax(
    add(head('casing', withSlot_NI, inventory.casingCount), gather(masks.casingByLemma, target.lemma)),
  );
  const withCasing_NI = add(withSlot_NI, named('casing', target.casing, inventory.casingCount));
  const gap = logSoftmax(head('gap', withCasing_NI, inventory.gapCount));
  return { boundary, lemma, slot, casing, gap };
}
