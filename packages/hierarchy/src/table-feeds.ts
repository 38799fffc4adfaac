// What the vocabularies say of themselves, as inputs of the graphs: what can exist, how often, and what belongs together.
// The same for every step of a run, so that a session may hold it inside.
import { MASKED } from '@strata/nn';
import { BOS_ID, CASING_NAMES, SPELLED_ID, type WordVocabulary } from '@strata/word';

/** Concepts of lemmas, and the members of each concept padded to one width. */
export interface ConceptTables {
  readonly conceptOf: Int32Array;
  /** [C, cap] lemma ids. */
  readonly members: Int32Array;
  /** [C, cap] 1 for a member, 0 for padding. */
  readonly memberMask: Float32Array;
  readonly cap: number;
  readonly conceptCount: number;
}

/** Additive masks of what can exist, from the vocabulary; features start from how often each lemma takes them. */
export function maskFeeds(vocabulary: WordVocabulary): Record<string, Float32Array> {
  const slotCount = vocabulary.slotCount;
  const casingCount = CASING_NAMES.length;
  const slot = new Float32Array(vocabulary.size * slotCount);
  const casing = new Float32Array(vocabulary.size * casingCount);
  const lemma = new Float32Array(vocabulary.size);
  lemma[BOS_ID] = MASKED;
  for (let id = 0; id < vocabulary.size; id++) {
    for (let s = 0; s < slotCount; s++)
      slot[id * slotCount + s] =
        (vocabulary.slotMask(id) & (1 << s)) === 0
          ? MASKED
          : Math.log(((vocabulary.slotForm(id, s)?.count ?? 0) + 0.5) / (vocabulary.count(id) + 1));
    for (let c = 0; c < casingCount; c++)
      if ((vocabulary.casingMask(id) & (1 << c)) === 0) casing[id * casingCount + c] = MASKED;
  }
  return { 'mask.slot': slot, 'mask.casing': casing, 'mask.lemma': lemma };
}

/** All of it, by input name; what concerns concepts only where there are some. */
export function tableFeeds(
  vocabulary: WordVocabulary,
  concepts?: ConceptTables,
): Record<string, Float32Array | Int32Array> {
  if (concepts === undefined) return maskFeeds(vocabulary);
  return {
    ...maskFeeds(vocabulary),
    conceptOfLemma: concepts.conceptOf,
    'mask.concept': conceptMask(concepts),
    'concept.inverseSize': inverseSizes(concepts),
    'concept.logFrequency': logFrequencies(vocabulary, concepts),
  };
}

/** Hugely negative at the concept of `<bos>`, which opens texts and is never meant. */
function conceptMask({ conceptOf, conceptCount }: ConceptTables): Float32Array {
  const mask = new Float32Array(conceptCount);
  mask[conceptOf[BOS_ID]] = MASKED;
  return mask;
}

/** 1 / members of each concept. */
function inverseSizes({ memberMask, cap, conceptCount }: ConceptTables): Float32Array {
  return Float32Array.from({ length: conceptCount }, (_, concept) => {
    const members = memberMask.subarray(concept * cap, (concept + 1) * cap);
    return 1 / members.reduce((sum, one) => sum + one, 0);
  });
}

/**
 * Log of each concept's share of the training text; `<spelled>` counts as often as there are lemmas, the rate at which
 * a text shows new ones (Witten & Bell 1991), and `<bos>` as good as never.
 */
export function logFrequencies(
  vocabulary: WordVocabulary,
  { conceptOf, conceptCount }: Pick<ConceptTables, 'conceptOf' | 'conceptCount'>,
): Float32Array {
  const counts = new Float64Array(conceptCount).fill(1e-3);
  for (let id = 0; id < vocabulary.size; id++)
    counts[conceptOf[id]] += id === SPELLED_ID ? vocabulary.size : vocabulary.count(id);
  const total = counts.reduce((sum, count) => sum + count, 0);
  return Float32Array.from(counts, (count) => Math.log(count / total));
}
