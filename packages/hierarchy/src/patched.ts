// Two published hierarchies without named units, as controls beside the ladder: local layers over pieces, wider global
// layers over patches of them (patches.ts), whose states come back to the pieces. One graph serves both.
//
// spacebyte: Slagle 2024. Bytes; local layers half before and half after the global ones, as many as these, half as wide,
//   with a sliding window of attention as long as they are wide (section 4.1); states are padded with zeros on the way
//   up and cut on the way down (section 2, "Important Details").
// blocks: Ho et al. 2024. Blocks of four pieces, read as the concatenation of their rows in a table of their own ("lookup"
//   embedder); as many global layers as local ones after them, equally wide, with attention within a block only. A block's
//   global state is added at its last piece, and the next block is decoded from there (their "prefix" decoder).
import {
  type Attend,
  causalAttention,
  embedding,
  feedForwardWidth,
  groupAttention,
  linear,
  norm,
  normal,
  type ParameterScope,
  rotaryTables,
  type StackSizes,
  transformerBlocks,
} from '@strata/nn';
import { subwordLogits } from '@strata/subword';
import { add, crossEntropy, gather, input, type Node, pad, reshape, rotary, slice } from '@strata/tensor';
import { z } from 'zod';
import { type Objective, targetsObjective } from './objective.js';
import { BLOCK_LENGTH, PATCHED_KINDS, patchCapacity, placesPerPatch } from './patches.js';

const width = z.int().min(8).max(8192);
const depth = z.int().min(0).max(128);

/** Sizes of a patched model, as its level folder spells them. */
export const patchedSizesSchema = z.strictObject({
  kind: z.enum(PATCHED_KINDS),
  vocabularySize: z.int().min(257).max(65_536),
  width,
  headCount: z.int().min(1).max(128),
  /** Local layers before the global ones, and after them. */
  depthBefore: depth,
  depthAfter: depth,
  globalWidth: width,
  globalHeadCount: z.int().min(1).max(128),
  globalDepth: depth,
});
export type PatchedSizes = z.infer<typeof patchedSizesSchema>;

/** Deviation of embeddings at the start, which is also that of what is added to them. */
const EMBEDDED = 0.02;

type Attention = (query: Node, key: Node, value: Node) => Node;

/** Attention over heads turned by their positions in a sequence of `length`. */
function rotaryAttend(length: number, { width, headCount }: StackSizes, attention: Attention): Attend {
  const { cos, sin } = rotaryTables(length, width / headCount);
  return ({ query, key, value }) => attention(rotary(query, cos, sin), rotary(key, cos, sin), value);
}

/** Some of the local layers, [B, T, D] -> [B, T, D]; a position sees the last D bytes, or what stands from the end of a block on. */
function localLayers(scope: ParameterScope, x_BTD: Node, sizes: PatchedSizes, depth: number): Node {
  const stack = { ...sizes, depth, feedForward: feedForwardWidth(sizes.width) };
  const attention: Attention =
    sizes.kind === 'blocks'
      ? (query, key, value) => groupAttention(query, key, value, BLOCK_LENGTH, 1)
      : (query, key, value) => causalAttention(query, key, value, { span: sizes.width });
  return transformerBlocks(scope, x_BTD, stack, rotaryAttend(x_BTD.shape[1]!, stack, attention));
}

/** What the global layers read of each patch, [B, P, Dg]. */
function patchInputs(
  scope: ParameterScope,
  pieces_BT: Node,
  local_BTD: Node,
  places: Node,
  { kind, vocabularySize, width, globalWidth }: PatchedSizes,
): Node {
  const [windows, length] = pieces_BT.shape as [number, number];
  const capacity = patchCapacity(kind, length);
  if (kind === 'spacebyte') {
    const rows_ND = reshape(local_BTD, [windows * length, width]);
    return pad(reshape(gather(rows_ND, places), [windows, capacity, width]), 2, globalWidth - width, 0);
  }
  const read = globalWidth / placesPerPatch(kind);
  const table_BTR = embedding(scope, 'embed_blocks', pieces_BT, vocabularySize, read, normal(EMBEDDED));
  return reshape(gather(reshape(table_BTR, [windows * length, read]), places), [windows, capacity, globalWidth]);
}

/** What the global states [B, P, Dg] say to the pieces, [B, P, D]. */
function patchMessages(scope: ParameterScope, states_BPG: Node, { kind, width, globalWidth }: PatchedSizes): Node {
  if (kind === 'spacebyte') return slice(states_BPG, 2, globalWidth - width, globalWidth);
  return linear(
    scope,
    'context',
    norm(scope, 'context_norm', states_BPG),
    width,
    normal(EMBEDDED * globalWidth ** -0.5),
  );
}

/** Nothing, for positions where no patch stands, and each patch's message: [B, P, D] -> [B * (P + 1), D]. */
function messageRows(message_BPD: Node): Node {
  const [windows, capacity, width] = message_BPD.shape as [number, number, number];
  return reshape(pad(message_BPD, 1, 1, 0), [windows * (capacity + 1), width]);
}

/** Logits [B*T, V] over the next piece; position t of `pieces` int32 [B, T] has seen pieces up to t. Feeds as in `PatchFeeds`. */
export function patchedLogits(
  scope: ParameterScope,
  pieces_BT: Node,
  patchPlaces: Node,
  patchOf_N: Node,
  sizes: PatchedSizes,
): Node {
  const embedded_BTD = embedding(scope, 'embed_tokens', pieces_BT, sizes.vocabularySize, sizes.width, normal(EMBEDDED));
  const before_BTD = localLayers(scope.scope('before'), embedded_BTD, sizes, sizes.depthBefore);
  const global: StackSizes = {
    width: sizes.globalWidth,
    depth: sizes.globalDepth,
    headCount: sizes.globalHeadCount,
    feedForward: feedForwardWidth(sizes.globalWidth),
  };
  const patches_BPG = patchInputs(scope, pieces_BT, before_BTD, patchPlaces, sizes);
  const attend = rotaryAttend(patches_BPG.shape[1]!, global, (query, key, value) => causalAttention(query, key, value));
  const states_BPG = transformerBlocks(scope.scope('global'), patches_BPG, global, attend);
  const rows = messageRows(patchMessages(scope, states_BPG, sizes));
  const told_BTD = add(before_BTD, reshape(gather(rows, patchOf_N), before_BTD.shape));
  const after_BTD = localLayers(scope.scope('after'), told_BTD, sizes, sizes.depthAfter);
  return subwordLogits(scope, norm(scope, 'norm', after_BTD), { ...sizes, depth: sizes.depthAfter });
}

/** Nats [B*T] that the model pays for each target piece int32 [B*T]. */
export function patchedNats(
  scope: ParameterScope,
  pieces_BT: Node,
  targets_N: Node,
  patchPlaces: Node,
  patchOf_N: Node,
  sizes: PatchedSizes,
): Node {
  return crossEntropy(patchedLogits(scope, pieces_BT, patchPlaces, patchOf_N, sizes), targets_N);
}

/** The same over inputs of the names that steps, validation and scoring feed. */
export function patchedInputNats(scope: ParameterScope, sizes: PatchedSizes, windows: number, length: number): Node {
  const places = windows * patchCapacity(sizes.kind, length) * placesPerPatch(sizes.kind);
  return patchedNats(
    scope,
    input('pieces', [windows, length], 'int32'),
    input('targets', [windows * length], 'int32'),
    input('patchPlaces', [places], 'int32'),
    input('patchOf', [windows * length], 'int32'),
    sizes,
  );
}

/** Training a patched model: mean nats of a piece. */
export function patchedObjective(
  scope: ParameterScope,
  sizes: PatchedSizes,
  windows: number,
  length: number,
  options: { readonly recompute?: boolean } = {},
): Objective {
  return targetsObjective(scope, patchedInputNats(scope, sizes, windows, length), options);
}
