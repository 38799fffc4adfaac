// The matched flat baselines: a subword transformer with as many parameters as the whole ladder, the frozen base
// included, or with as many training FLOPs per byte. From: Strata, EVALUATION (matched baselines).
import { feedForwardWidth, normParameterCount, type StackChoices } from '@strata/nn';
import type { SubwordSizes } from '@strata/subword';

/** Parameters of a subword model with tied embeddings: counted as its graph declares them (a test compares). */
export function subwordParameterCount(sizes: SubwordSizes): number {
  const { width, depth, vocabularySize, norm } = sizes;
  const block = 4 * width * width + 3 * width * feedForwardWidth(width);
  return vocabularySize * width + depth * block + normParameterCount(width, depth, norm);
}

/** Widths considered are multiples of this. */
const WIDTH_STEP = 8;
const MAXIMUM_WIDTH = 8192;
/** A head serves so much width; widths that cannot be divided so are passed over. */
export const HEAD_WIDTH = { least: 24, most: 64 };
/** Width per layer that small language models of this kind settle on: between 24 and 96 (Kaplan et al. 2020, figure 5). */
export const ASPECT = { least: 24, most: 96, ideal: 48 };

/** The most heads that divide a width into even parts of at least HEAD_WIDTH.least. */
export function headsOf(width: number): number {
  let heads = Math.max(1, Math.floor(width / HEAD_WIDTH.least));
  while (width % heads !== 0 || (width / heads) % 2 !== 0) heads--;
  return heads;
}

/** Costs that differ by no more than this part are equal enough to choose by aspect. */
const MATCHED = 0.01;

/**
 * The shape of a flat model that costs as much as asked for, of the most usual aspect among those. `cost` grows with the
 * width, and by the same amount with every layer, as parameters and FLOPs do.
 */
export function matchShape(
  target: number,
  vocabularySize: number,
  cost: (sizes: SubwordSizes) => number,
  choices: StackChoices = {},
): SubwordSizes {
  let best: { sizes: SubwordSizes; penalty: number } | undefined;
  for (let width = WIDTH_STEP; width <= MAXIMUM_WIDTH; width += WIDTH_STEP) {
    const headCount = headsOf(width);
    const [shallowest, deepest] = [Math.ceil(width / ASPECT.most), Math.floor(width / ASPECT.least)];
    if (width / headCount > HEAD_WIDTH.most || deepest < 1) continue;
    const sizesAt = (depth: number): SubwordSizes => ({ ...choices, vocabularySize, width, depth, headCount });
    const one = cost(sizesAt(1));
    const layer = cost(sizesAt(2)) - one;
    for (let depth = shallowest; depth <= deepest; depth++) {
      const miss = Math.abs((one + (depth - 1) * layer) / target - 1);
      const penalty = Math.max(0, miss - MATCHED) + 0.005 * Math.abs(Math.log(width / depth / ASPECT.ideal));
      if (best === undefined || penalty < best.penalty) best = { sizes: sizesAt(depth), penalty };
    }
    if (one > target && best !== undefined) break;
  }
  return best!.sizes;
}

/** The shape of a flat model with as many parameters as asked for. */
export function matchParameters(parameters: number, vocabularySize: number, choices?: StackChoices): SubwordSizes {
  return matchShape(parameters, vocabularySize, subwordParameterCount, choices);
}
