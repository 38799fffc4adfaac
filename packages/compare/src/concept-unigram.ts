// The yardstick for the gestalt's own likelihood: how frequent each concept is in the training text, whatever the sentence.
// From: Strata; counts with one added to each (Laplace), so that a concept never seen still has a probability.
import type { Ladder } from '@strata/hierarchy';
import type { Document } from '@strata/text';
import { cutText } from './scored-text.js';

/** Bytes of training text that are counted; more would hardly move a unigram. */
const COUNTED_BYTES = 1 << 20;

/** Log-probabilities [C] of concepts, and the bytes of training text they were counted on. */
export interface ConceptUnigram {
  readonly logProbabilities: Float64Array;
  readonly bytes: number;
}

/** Counts concepts in the beginnings of all training documents, each to the same share of COUNTED_BYTES. */
export function conceptUnigram(ladder: Ladder, training: readonly Document[]): ConceptUnigram {
  const { conceptOf, size } = ladder.concepts!;
  const counts = new Float64Array(size).fill(1);
  const share = Math.ceil(COUNTED_BYTES / training.length);
  let total = size;
  let bytes = 0;
  for (const document of training) {
    const units = ladder.words!.encode(cutText(document.text, share));
    for (let unit = 1; unit < units.length; unit++) {
      counts[conceptOf[units.lemma[unit]]]++;
      bytes += units.byteLengths[unit];
      total++;
    }
  }
  return { logProbabilities: counts.map((count) => Math.log(count / total)), bytes };
}
