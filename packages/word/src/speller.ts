// What an unknown word costs: it is written by the frozen base's pieces, moved by a message of the word level, or it is
// pointed at among the unknown words read before. From: the pointer sentinel mixture of Merity et al. 2017.
import { linear, norm, type ParameterScope, zeroLinear, zeros } from '@strata/nn';
import { add, concat, logSoftmax, matmul, multiply, type Node, reshape, silu } from '@strata/tensor';
import type { WordConfig } from './model.js';

/** Pieces of the word before the next one that the speller sees by themselves, besides what the base makes of them. */
export const SPELLER_MEMORY = 3;

/** What the next piece of an unknown word is predicted from, for M pieces. */
export interface SpellerRows {
  /** The frozen base's state [M, Dbase]. */
  readonly base: Node;
  /** The word's context [M, D], repeated. */
  readonly context: Node;
  /** The base's vectors of the last pieces of the word so far [M, SPELLER_MEMORY * Dbase], the latest first. */
  readonly previous: Node;
  /** Hugely negative where the word cannot end, since what is written so far is a word that has a name [M]. */
  readonly closed: Node;
}

/**
 * Log-probabilities [M, P + 1] of the next piece of an unknown word, or of its end (the last column). The word level
 * does not spell from nothing: a message joins what the frozen base knows at that piece before the base's own piece
 * table turns both into logits, and a small decoder, which has seen no other words than unknown ones, adds its own.
 * Both start at zero.
 */
export function spellerFactors(
  scope: ParameterScope,
  { base, context, previous, closed }: SpellerRows,
  pieceLogits: (states_MD: Node) => Node,
  pieceCount: number,
  config: WordConfig,
): Node {
  const speller = scope.scope('speller');
  const inner = config.speller.width;
  const [count] = base.shape as [number];
  const joined_MI = silu(
    [
      linear(speller, 'base', norm(speller, 'base_norm', base), inner),
      linear(speller, 'context', context, inner),
      linear(speller, 'previous', norm(speller, 'previous_norm', previous), inner),
    ].reduce(add),
  );
  const message_MD = zeroLinear(speller, 'message', joined_MI, base.shape[1]!);
  const own_MP = add(
    zeroLinear(speller, 'own', joined_MI, pieceCount),
    speller.parameter('own.bias', [pieceCount], zeros),
  );
  const end_M1 = add(linear(speller, 'end', joined_MI, 1), reshape(closed, [count, 1]));
  return logSoftmax(concat([add(pieceLogits(add(base, message_MD)), own_MP), end_M1], 1));
}

/** How much likelier writing is than pointing at one word, before anything is learned, in nats. */
const WRITING_FIRST = 3;

/**
 * Log-probabilities [B, T, K + 1] of pointing at each of K unknown words read before, or of writing a new one (the last
 * column), for the T unknown words of each of B windows: contexts [B * T, D] against word states [B * K, D]. `mask`
 * [B, T, K + 1] is hugely negative at what stands later; `age` [B, T, K] is the log of the distance in units.
 */
export function pointerFactors(
  scope: ParameterScope,
  context_TD: Node,
  states_KD: Node,
  mask_BTK: Node,
  age_BTK: Node,
  config: WordConfig,
): Node {
  const pointer = scope.scope('pointer');
  const inner = config.speller.width;
  const [windows, count, keysAndOne] = mask_BTK.shape as [number, number, number];
  const keys = keysAndOne - 1;
  const query_BTI = reshape(linear(pointer, 'query', context_TD, inner), [windows, count, inner]);
  const key_BKI = reshape(linear(pointer, 'key', states_KD, inner), [windows, keys, inner]);
  const alike_BTK = matmul(query_BTI, key_BKI, { transposeB: true, scale: inner ** -0.5 });
  const nearness_BTK = multiply(age_BTK, pointer.parameter('age', [1], zeros));
  const write_BT1 = add(reshape(zeroLinear(pointer, 'write', context_TD, 1), [windows, count, 1]), WRITING_FIRST);
  return logSoftmax(add(concat([add(alike_BTK, nearness_BTK), write_BT1], 2), mask_BTK));
}
