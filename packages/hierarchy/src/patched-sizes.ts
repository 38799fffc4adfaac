// How large a patched control is made: the shape of as many parameters as asked for, in the proportions of its paper.
// Counted as the graph of patched.ts declares them (a test compares).
import { feedForwardWidth } from '@strata/nn';
import { ASPECT, HEAD_WIDTH, headsOf } from './flat.js';
import type { PatchedSizes } from './patched.js';
import { BLOCK_LENGTH, type PatchedKind } from './patches.js';

/**
 * The width of local layers as a part of that of the global ones: a half in SpaceByte (Slagle 2024, section 6 and
 * appendix B.3), the same in the Block Transformer (Ho et al. 2024), and what is allowed to meet a count of parameters.
 */
const LOCAL_WIDTH: Readonly<Record<PatchedKind, { least: number; most: number; ideal: number }>> = {
  spacebyte: { least: 0.4, most: 0.6, ideal: 0.5 },
  blocks: { least: 0.8, most: 1.25, ideal: 1 },
};
const WIDTH_STEP = 8;
const MAXIMUM_WIDTH = 8192;
/** Local layers: as many as global ones in both papers (SpaceByte's largest model has 26 to 28), one less or more to meet a count. */
const LOCAL_DEPTHS = [0, -1, 1];
/** SpaceByte needs a local layer on either side. */
const LEAST_DEPTH: Readonly<Record<PatchedKind, number>> = { spacebyte: 2, blocks: 1 };
const MAXIMUM_DEPTH = 64;
/** Counts that differ by no more than this part are equal enough to choose by proportions. */
const MATCHED = 0.009;

function layerParameters(width: number): number {
  return 4 * width * width + 3 * width * feedForwardWidth(width) + 2 * width;
}

/** Parameters of a patched model with tied embeddings. */
export function patchedParameterCount(sizes: PatchedSizes): number {
  const { kind, vocabularySize, width, globalWidth } = sizes;
  const layers =
    (sizes.depthBefore + sizes.depthAfter) * layerParameters(width) + sizes.globalDepth * layerParameters(globalWidth);
  const embedder =
    kind === 'blocks' ? (vocabularySize * globalWidth) / BLOCK_LENGTH + globalWidth + globalWidth * width : 0;
  return vocabularySize * width + embedder + layers + width;
}

/** A patched model of given widths with `globalDepth` global layers and `more` than as many local ones. */
function patchedSizes(
  kind: PatchedKind,
  vocabularySize: number,
  width: number,
  globalWidth: number,
  globalDepth: number,
  more: number,
): PatchedSizes {
  const depth = Math.max(LEAST_DEPTH[kind], globalDepth + more);
  const depthBefore = kind === 'spacebyte' ? Math.floor(depth / 2) : 0;
  return {
    kind,
    vocabularySize,
    width,
    headCount: headsOf(width),
    depthBefore,
    depthAfter: depth - depthBefore,
    globalWidth,
    globalHeadCount: headsOf(globalWidth),
    globalDepth,
  };
}

/** The depth at which a model of these widths comes nearest to a count of parameters. */
function nearestDepth(parameters: number, kind: PatchedKind, shape: (depth: number) => PatchedSizes): number {
  // From three layers on every further one costs the same.
  const three = patchedParameterCount(shape(3));
  const more = patchedParameterCount(shape(4)) - three;
  const depth = Math.round((parameters - three) / more) + 3;
  return Math.min(MAXIMUM_DEPTH, Math.max(LEAST_DEPTH[kind], depth));
}

const multiplesOf = (step: number, from: number, to: number): number[] =>
  Array.from(
    { length: Math.floor(to / step) - Math.ceil(from / step) + 1 },
    (_, i) => (Math.ceil(from / step) + i) * step,
  );

/** How far proportions are from what is usual: width to all layers, local to global width, local to global layers. */
function strangeness({ kind, width, globalWidth, depthBefore, depthAfter, globalDepth }: PatchedSizes): number {
  const depth = depthBefore + depthAfter;
  const off = (found: number, ideal: number): number => Math.abs(Math.log(found / ideal));
  return (
    off(globalWidth / (depth + globalDepth), ASPECT.ideal) +
    2 * off(width / globalWidth, LOCAL_WIDTH[kind].ideal) +
    off(depth, globalDepth)
  );
}

/** The shape of a patched model with as many parameters as asked for, of the most usual proportions among those. */
export function matchPatched(parameters: number, kind: PatchedKind, vocabularySize: number): PatchedSizes {
  const { least, most } = LOCAL_WIDTH[kind];
  const cramped = (width: number): boolean => width / headsOf(width) > HEAD_WIDTH.most;
  let best: { sizes: PatchedSizes; penalty: number } | undefined;
  for (let globalWidth = 2 * WIDTH_STEP; globalWidth <= MAXIMUM_WIDTH; globalWidth += WIDTH_STEP) {
    if (cramped(globalWidth)) continue;
    if (LEAST_DEPTH[kind] * layerParameters(globalWidth) > 2 * parameters) break;
    for (const width of multiplesOf(WIDTH_STEP, least * globalWidth, Math.min(most * globalWidth, MAXIMUM_WIDTH))) {
      if (cramped(width)) continue;
      for (const more of LOCAL_DEPTHS) {
        const shape = (depth: number) => patchedSizes(kind, vocabularySize, width, globalWidth, depth, more);
        const sizes = shape(nearestDepth(parameters, kind, shape));
        const miss = Math.abs(patchedParameterCount(sizes) / parameters - 1);
        const penalty = 1000 * Math.max(0, miss - MATCHED) + strangeness(sizes);
        if (best === undefined || penalty < best.penalty) best = { sizes, penalty };
      }
    }
  }
  return best!.sizes;
}
