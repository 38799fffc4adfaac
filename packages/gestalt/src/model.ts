// The gestalt level as a network: each sentence's concept states become one pattern; a causal stack over sentences
// predicts the next sentence's pattern from earlier sentences only; it descends by conditioning the concept level.
import {
  feedForwardWidth,
  linear,
  NORMS,
  normal,
  type ParameterScope,
  POSITIONS,
  type StackBuilder,
  transformerStack,
  zeroGate,
  zeroLinear,
  zeros,
} from '@strata/nn';
import {
  add,
  broadcastTo,
  concat,
  logSoftmax,
  matmul,
  multiply,
  type Node,
  negate,
  pick,
  reshape,
  scatterAdd,
  silu,
  slice,
} from '@strata/tensor';
import { z } from 'zod';

/** Sizes of the gestalt level, as the configuration spells them. */
export const gestaltConfigSchema = z.strictObject({
  width: z.int().min(8).max(8192),
  depth: z.int().min(1).max(128),
  headCount: z.int().min(1).max(128),
  /** How the stack normalises, and what tells its positions apart; left out, `rms` and `rotary`. */
  norm: z.enum(NORMS).optional(),
  positions: z.enum(POSITIONS).optional(),
  /** Sentences of one window that are told apart; later ones share the last pattern. */
  sentences: z.int().min(2).max(4096),
  /** Weight of the level's own likelihood (the words of the next sentence in any order) beside the descended one. */
  bagWeight: z.number().min(0).max(10),
  /** Typical patterns that are named after training. */
  codebookSize: z.int().min(2).max(4096),
});

export type GestaltConfig = z.infer<typeof gestaltConfigSchema>;

/** What each unit adds to its sentence: concept states [N, Dc] -> [N, D]; a sentence's mean of them is pooled. */
export function gestaltEncoded(scope: ParameterScope, conceptRows_ND: Node, width: number): Node {
  return silu(linear(scope, 'ascend.inner', conceptRows_ND, width));
}

/** Pooled sentences [G, D] as the stack reads them. */
export function gestaltSentences(scope: ParameterScope, pooled_GD: Node, width: number): Node {
  return linear(scope, 'ascend.outer', pooled_GD, width);
}

/** What the stack reads before the first sentence, [1, 1, D]. */
export function gestaltStart(scope: ParameterScope, width: number): Node {
  return reshape(scope.parameter('start', [width], normal(0.5), false), [1, 1, width]);
}

/** The stack over what it reads of sentences [B, G, D]: position s predicts the pattern of sentence s. */
export function gestaltStack(
  scope: ParameterScope,
  read_BGD: Node,
  config: GestaltConfig,
  stack: StackBuilder = transformerStack,
): Node {
  return stack(scope, read_BGD, { ...config, feedForward: feedForwardWidth(config.width) });
}

/**
 * Predicted patterns [B * G, D]: row b*G+s is what sentences before s of window b say about sentence s.
 * `conceptStates` [B, W, Dc] are pooled over each sentence with `sentenceRows` int32 [B*W] (b*G+s of each unit) and
 * `inverseCounts` [B*G, 1] (1 / units of the sentence, or 0).
 */
export function gestaltPatterns(
  scope: ParameterScope,
  conceptStates_BWD: Node,
  sentenceRows_N: Node,
  inverseCounts_G1: Node,
  config: GestaltConfig,
): Node {
  const [batch, length, below] = conceptStates_BWD.shape;
  const { width, sentences } = config;
  const encoded_ND = gestaltEncoded(scope, reshape(conceptStates_BWD, [batch * length, below]), width);
  const pooled_GD = multiply(scatterAdd(sentenceRows_N, encoded_ND, batch * sentences), inverseCounts_G1);
  const sentences_BGD = reshape(gestaltSentences(scope, pooled_GD, width), [batch, sentences, width]);
  const start_11D = gestaltStart(scope, width);
  const shifted_BGD = concat([broadcastTo(start_11D, [batch, 1, width]), slice(sentences_BGD, 1, 0, sentences - 1)], 1);
  return reshape(gestaltStack(scope, shifted_BGD, config), [batch * sentences, width]);
}

/** What the gestalt says of a sentence to the concept level. */
export interface GestaltMessage {
  /** Addend to the concept level's states where it decides whether the sentence goes on, [N, conceptWidth]; starts at zero. */
  readonly ending: Node;
  /** Addend to the concept level's query, [N, Dword]: what the sentence is expected to hold, through a gate from zero. */
  readonly expectation: Node;
}

/**
 * The message about a sentence, from its predicted pattern: `before_ND` of the sentence being written (does it go
 * on?), `after_ND` of the sentence that the next unit belongs to. The expectation is the query of the level's own
 * likelihood (`gestaltBag`), so that what trains it is what speaks.
 */
export function gestaltMessage(
  scope: ParameterScope,
  before_ND: Node,
  after_ND: Node,
  conceptWidth: number,
  wordWidth: number,
): GestaltMessage {
  return {
    ending: zeroLinear(scope, 'descend.ending', before_ND, conceptWidth),
    expectation: zeroGate(scope, 'descend.gate', bagQuery(scope, after_ND, wordWidth)),
  };
}

/** The query of a pattern [R, D] against what concepts mean to the word level: [R, Dword]; from zero, so that the bag begins as frequency alone. */
function bagQuery(scope: ParameterScope, patterns_RD: Node, wordWidth: number): Node {
  return zeroLinear(scope, 'bag.query', patterns_RD, wordWidth);
}

/**
 * Log-probabilities [R, C] of the concepts that the sentence of each pattern row [R, D] is expected to hold: a query
 * against `conceptTable` [C, Dword], what concepts mean to the levels below, on top of how frequent each is,
 * `logFrequency_C`. Frequency is given, so that a pattern need not say what every sentence holds.
 */
export function gestaltBag(
  scope: ParameterScope,
  patterns_RD: Node,
  conceptTable_CD: Node,
  logFrequency_C: Node,
): Node {
  const [conceptCount, width] = conceptTable_CD.shape;
  const query_RD = bagQuery(scope, patterns_RD, width);
  const bias_C = add(scope.parameter('bag.bias', [conceptCount], zeros), logFrequency_C);
  return logSoftmax(add(matmul(query_RD, conceptTable_CD, { transposeB: true }), bias_C));
}

/**
 * The level's own likelihood: nats [N] of each unit's concept under its sentence's pattern, wherever it stands in the
 * sentence (a unigram of the sentence to come; order and wording are the lower levels' business).
 * `cells` int32 [N] = row of the unit's sentence * conceptCount + its concept.
 */
export function gestaltBagNats(
  scope: ParameterScope,
  patterns_GD: Node,
  cells_N: Node,
  conceptTable_CD: Node,
  logFrequency_C: Node,
): Node {
  const bag_GC = gestaltBag(scope, patterns_GD, conceptTable_CD, logFrequency_C);
  const bag_1 = reshape(bag_GC, [1, bag_GC.shape[0] * bag_GC.shape[1]]);
  const count = cells_N.shape[0];
  return negate(reshape(pick(bag_1, reshape(cells_N, [1, count])), [count]));
}
