// The subword level: a causal transformer over byte-pair pieces with tied embeddings. Trained first, then frozen;
// the flat baseline is this same model with other sizes.
import {
  embedding,
  feedForwardWidth,
  NORMS,
  normal,
  type ParameterScope,
  POSITIONS,
  transformerStack,
} from '@strata/nn';
import { crossEntropy, input, matmul, type Node, reshape } from '@strata/tensor';
import { z } from 'zod';

/** Sizes of a subword model, as the configuration spells them. */
export const subwordConfigSchema = z.strictObject({
  vocabularySize: z.int().min(257).max(65_536),
  width: z.int().min(8).max(8192),
  depth: z.int().min(1).max(128),
  headCount: z.int().min(1).max(128),
  /** How the stack normalises, and what tells its positions apart; left out, `rms` and `rotary`. */
  norm: z.enum(NORMS).optional(),
  positions: z.enum(POSITIONS).optional(),
});

/** What a subword model's shape is decided by. */
export type SubwordSizes = z.infer<typeof subwordConfigSchema>;

/** Hidden states [B, S, D] after the final norm for pieces int32 [B, S]; state s has seen pieces up to s. */
export function subwordStates(scope: ParameterScope, pieces_BS: Node, config: SubwordSizes): Node {
  const hidden_BSD = embedding(scope, 'embed_tokens', pieces_BS, config.vocabularySize, config.width);
  return transformerStack(scope, hidden_BSD, { ...config, feedForward: feedForwardWidth(config.width) });
}

/** The table [V, D] of pieces, read as input and as output (tied embeddings: Press & Wolf 2017). */
export function subwordPieceTable(scope: ParameterScope, config: SubwordSizes): Node {
  return scope.parameter('embed_tokens.weight', [config.vocabularySize, config.width], normal(0.02));
}

/** Logits [N, V] over the next piece for states [..., D] flattened to N rows. */
export function subwordLogits(scope: ParameterScope, states: Node, config: SubwordSizes): Node {
  const rows = states.shape.slice(0, -1).reduce((product, size) => product * size, 1);
  return matmul(reshape(states, [rows, config.width]), subwordPieceTable(scope, config), { transposeB: true });
}

/** Nats [B*S] that the model pays for each target piece int32 [B*S]. */
export function subwordNats(scope: ParameterScope, pieces_BS: Node, targets_N: Node, config: SubwordSizes): Node {
  return crossEntropy(subwordLogits(scope, subwordStates(scope, pieces_BS, config), config), targets_N);
}

/** The same over inputs of the names that steps, validation and scoring feed. */
export function subwordInputNats(scope: ParameterScope, config: SubwordSizes, windows: number, length: number): Node {
  const pieces = input('pieces', [windows, length], 'int32');
  return subwordNats(scope, pieces, input('targets', [windows * length], 'int32'), config);
}
