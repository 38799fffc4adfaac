// The gestalt level's own likelihood on held-out text, beside a yardstick that knows nothing of the sentence.
// From: Strata, EVALUATION (the ledger): where sentences end is given for free, so this is never part of a total.
import { bagCosts, encodeLadder, type Ladder } from '@strata/hierarchy';
import { type Documents, textStart } from '@strata/text';
import { cutText } from './scored-text.js';

/** Bytes of training text that are counted; more would hardly move a unigram. */
const COUNTED_BYTES = 1 << 20;
const AHEAD = 128;

/** Log-probabilities [C] of concepts, and the bytes of training text they were counted on. */
export interface ConceptUnigram {
  readonly logProbabilities: Float64Array;
  readonly bytes: number;
}

/** What a text's concepts cost in any order: nats a unit under the gestalt's bags and under the unigram of concepts. */
export interface GestaltLikelihood {
  readonly gestalt: number;
  readonly unigram: number;
  /** The gestalt's, in bits per byte of the text. */
  readonly bitsPerByte: number;
  /** Bytes of training text that the unigram was counted on. */
  readonly unigramBytes: number;
}

/** Documents whose beginnings are counted at most, evenly spread where there are more. */
const COUNTED_DOCUMENTS = 1024;

/** Counts concepts in the beginnings of training documents, each to the same share; one is added to each (Laplace). */
export function conceptUnigram(ladder: Ladder, training: Documents): ConceptUnigram {
  const { conceptOf, size } = ladder.concepts!;
  const counts = new Float64Array(size).fill(1);
  const stride = Math.ceil(training.length / COUNTED_DOCUMENTS);
  const share = Math.ceil((COUNTED_BYTES * stride) / training.length);
  let total = size;
  let bytes = 0;
  let nth = 0;
  for (const document of training) {
    if (nth++ % stride !== 0) continue;
    // A UTF-16 unit is at least a byte, and the unit at the cut must be seen whole.
    const units = ladder.words!.encode(cutText(textStart(document.chunks(), share + AHEAD), share));
    for (let unit = 1; unit < units.length; unit++) {
      counts[conceptOf[units.lemma[unit]]]++;
      bytes += units.byteLengths[unit];
      total++;
    }
  }
  return { logProbabilities: counts.map((count) => Math.log(count / total)), bytes };
}

/** Measures the bags of a ladder that reaches the gestalt level, each text on its own; throws BagError below it. */
export async function gestaltLikelihood(
  ladder: Ladder,
  texts: readonly string[],
  training: Documents,
): Promise<GestaltLikelihood> {
  const { conceptOf } = ladder.concepts!;
  const { logProbabilities, bytes: unigramBytes } = conceptUnigram(ladder, training);
  let units = 0;
  let bytes = 0;
  let gestalt = 0;
  let unigram = 0;
  for (const text of texts) {
    const encoded = encodeLadder([text], ladder.words!, ladder.tokenizer);
    await bagCosts(ladder, encoded, (unit, nats) => {
      units++;
      bytes += encoded.units.byteLengths[unit];
      gestalt += nats;
      unigram -= logProbabilities[conceptOf[encoded.units.lemma[unit]]];
    });
  }
  return { gestalt: gestalt / units, unigram: unigram / units, bitsPerByte: gestalt / Math.LN2 / bytes, unigramBytes };
}
