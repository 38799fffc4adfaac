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

/** Width that one head serves; the shapes considered keep it. */
const HEAD_WIDTH = 32;
/** Width per layer that small language models of this kind settle on: between 24 and 96 (Kaplan et al. 2020, figure 5). */
const ASPECT = { least: 24, most: 96, ideal: 48 };

/** The shape of a flat model whose parameters come nearest to `parameters`; ties go to the more usual aspect. */
export function matchParameters(parameters: number, vocabularySize: number): SubwordSizes {
  let best: { sizes: SubwordSizes; penalty: number } | undefined;
  for (let heads = 1; heads <= 256; heads++)
    for (let depth = 1; depth <= 96; depth++) {
      const width = heads * HEAD_WIDTH;
      const aspect = width / depth;
      if (aspect < ASPECT.least || aspect > ASPECT.most) continue;
      const sizes = { vocabularySize, width, depth, headCount: heads };
      const miss = Math.abs(subwordParameterCount(sizes) / parameters - 1);
      const penalty = miss + 0.01 * Math.abs(Math.log(aspect / ASPECT.ideal));
      if (best === undefined || penalty < best.penalty) best = { sizes, penalty };
    }
  return best!.sizes;
}
