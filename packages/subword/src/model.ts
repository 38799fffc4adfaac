// The subword level: a causal transformer over byte-pair pieces with tied embeddings. Trained first, then frozen;
// the flat baseline is this same model with other sizes.
import {
  embedding,
  feedForwardWidth,
  MEMORY_FEATURES,
  type MemoryMessage,
  memoryMessage,
  memoryShares,
  NORMS,
  nearTables,
  normal,
  type ParameterScope,
  POSITIONS,
  recalled,
  transformerStack,
} from '@strata/nn';
import { constant, crossEntropy, gather, input, matmul, type Node, reshape } from '@strata/tensor';
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

/** How far a model of pieces looks back beyond its window: by so many pieces, on so many different ones of them. */
export interface PieceMemory {
  readonly pieces: number;
  readonly different: number;
  /** Pieces of the window that it is trained with. */
  readonly window: number;
  /** Width in which what is predicted is compared with what is remembered. */
  readonly width: number;
}

/** What a subword model's shape is decided by. */
export interface SubwordSizes extends Readonly<z.infer<typeof subwordConfigSchema>> {
  /** A flat baseline may be given the memory that a ladder's concept level has. */
  readonly memory?: PieceMemory | undefined;
}

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

/** What a model of pieces would say again. */
export interface RememberedPieces {
  /** In logs: the share of its own prediction [N, 1] and of each slot [N, F + S], F before the window and S in it. */
  readonly message: MemoryMessage;
  /** The pieces [B, F] before the window. */
  readonly far: Node;
}

/** What is remembered at each of the states [B, S, D]. */
export function subwordMemory(
  scope: ParameterScope,
  states_BSD: Node,
  pieces_BS: Node,
  config: SubwordSizes,
): RememberedPieces {
  const { different, width, window } = config.memory!;
  const [windows, length] = pieces_BS.shape as [number, number];
  const meaning = (pieces: Node): Node => gather(subwordPieceTable(scope, config), pieces);
  const far = input('memory.piece', [windows, different], 'int32');
  const shares = memoryShares(
    scope,
    states_BSD,
    {
      farMeans: meaning(far),
      nearMeans: meaning(pieces_BS),
      farFeatures: input('memory.features', [windows, different, MEMORY_FEATURES]),
      nearFeatures: constant(new Float32Array(windows * length * MEMORY_FEATURES), [windows, length, MEMORY_FEATURES]),
      nearStates: states_BSD,
      farMask: input('memory.mask', [windows, 1, different]),
      ...nearTables(length),
    },
    { width, mostSlots: different + window },
  );
  return { message: memoryMessage(reshape(shares, [windows * length, different + length + 1])), far };
}

/** Nats [B*S] that the model pays for each target piece int32 [B*S]. */
export function subwordNats(scope: ParameterScope, pieces_BS: Node, targets_N: Node, config: SubwordSizes): Node {
  const states_BSD = subwordStates(scope, pieces_BS, config);
  const own_N = crossEntropy(subwordLogits(scope, states_BSD, config), targets_N);
  if (config.memory === undefined) return own_N;
  const { message } = subwordMemory(scope, states_BSD, pieces_BS, config);
  const match_NS = input('memory.match', message.again.shape);
  const count = targets_N.shape[0]!;
  return reshape(recalled(message, reshape(own_N, [count, 1]), match_NS).nats, [count]);
}

/** The same over inputs of the names that steps, validation and scoring feed. */
export function subwordInputNats(scope: ParameterScope, config: SubwordSizes, windows: number, length: number): Node {
  const pieces = input('pieces', [windows, length], 'int32');
  return subwordNats(scope, pieces, input('targets', [windows * length], 'int32'), config);
}
