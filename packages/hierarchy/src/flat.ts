// The matched flat baseline: a subword transformer with as many parameters as the whole ladder, the frozen base
// included, and the ladder's context in bytes. From: Strata, EVALUATION (matched baselines).
import { feedForwardWidth } from '@strata/nn';
import type { SubwordSizes } from '@strata/subword';

/** Parameters of a subword model with tied embeddings: counted as its graph declares them (a test compares). */
export function subwordParameterCount(sizes: SubwordSizes): number {
  const { width, depth, vocabularySize } = sizes;
  const block = 4 * width * width + 3 * width * feedForwardWidth(width) + 2 * width;
  return vocabularySize * width + depth * block + width;
}

/** Widths considered are multiples of this. */
const WIDTH_STEP = 8;
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

/** Counts that differ by no more than this part are equal enough to choose by aspect. */
const MATCHED = 0.01;

/** The shape of a flat model with as many parameters as asked for, of the most usual aspect among those. */
export function matchParameters(parameters: number, vocabularySize: number): SubwordSizes {
  let best: { sizes: SubwordSizes; penalty: number } | undefined;
  for (let width = WIDTH_STEP; width <= 8192; width += WIDTH_STEP)
    for (let depth = 1; depth <= 128; depth++) {
      const aspect = width / depth;
      const headCount = headsOf(width);
      if (aspect < ASPECT.least || aspect > ASPECT.most || width / headCount > HEAD_WIDTH.most) continue;
      const sizes = { vocabularySize, width, depth, headCount };
      const miss = Math.abs(subwordParameterCount(sizes) / parameters - 1);
      const penalty = Math.max(0, miss - MATCHED) + 0.005 * Math.abs(Math.log(aspect / ASPECT.ideal));
      if (best === undefined || penalty < best.penalty) best = { sizes, penalty };
    }
  return best!.sizes;
}
