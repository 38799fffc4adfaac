// Bits per byte by how often a unit's form stands in the training text: rare words are where sharing lemmas and concepts
// should show first. From: Strata, EVALUATION (more than BPB). Each bucket's share of a difference adds up to the whole.
import { type Documents, segmentUnits, unitBatches } from '@strata/text';
import type { BucketsRecord } from './report-schema.js';
import { total, type UnitNats } from './unit-nats.js';

/** From how many occurrences on a form is in a bucket; each ends where the next begins. */
export const BUCKET_STARTS = [0, 1, 10, 100, 1000, 10_000] as const;

/** What the buckets are called. */
export const BUCKET_NAMES = ['unseen', '1-9', '10-99', '100-999', '1,000-9,999', '10,000+'] as const;

/** A form as it is counted: casing makes no other word. */
function formOf(surface: string): string {
  return surface.toLowerCase();
}

/** The forms of texts, unit by unit in their order. */
export function formsOf(texts: readonly string[]): string[] {
  return texts.flatMap((text) => segmentUnits(text).map(({ start, end }) => formOf(text.slice(start, end))));
}

/**
 * How often each of `forms` stands in documents, told meanwhile how many characters are read. Only these forms are
 * counted, so the counts are exact and memory does not grow with the corpus.
 */
export function countForms(
  forms: Iterable<string>,
  documents: Documents,
  onProgress: (characters: number) => void = () => {},
): Map<string, number> {
  const counts = new Map<string, number>();
  for (const form of forms) counts.set(form, 0);
  let read = 0;
  for (const document of documents)
    for (const batch of unitBatches(document.chunks())) {
      for (const { surface, gap } of batch) {
        const form = formOf(surface);
        const count = counts.get(form);
        if (count !== undefined) counts.set(form, count + 1);
        read += gap.length + surface.length;
      }
      onProgress(read);
    }
  return counts;
}

/** The bucket of a count, counted from 0. */
export function bucketOf(count: number): number {
  return BUCKET_STARTS.findLastIndex((start) => count >= start);
}

/** Puts the units of texts into buckets; every model's `nats` and `bytes` are those of all texts' units in their order. */
export function frequencyBuckets(
  forms: readonly string[],
  counts: ReadonlyMap<string, number>,
  models: readonly { readonly model: string; readonly units: UnitNats }[],
): BucketsRecord {
  const of = forms.map((form) => bucketOf(counts.get(form) ?? 0));
  const sums = (values: ArrayLike<number>): number[] => {
    const sum = new Array<number>(BUCKET_STARTS.length).fill(0);
    of.forEach((bucket, unit) => {
      sum[bucket]! += values[unit]!;
    });
    return sum;
  };
  const units = sums(new Uint8Array(forms.length).fill(1));
  const bytes = sums(models[0]?.units.bytes ?? new Float64Array(forms.length));
  return {
    buckets: BUCKET_NAMES.map((name, i) => ({ name, units: units[i]!, bytes: bytes[i]! })),
    models: models.map(({ model, units: { nats } }) => ({ model, bits: sums(nats).map((sum) => sum / Math.LN2) })),
  };
}

/** Bits per byte of a model in each bucket; undefined where a bucket holds nothing. */
export function bucketBitsPerByte({ buckets, models }: BucketsRecord, model: string): (number | undefined)[] {
  const { bits } = models.find((entry) => entry.model === model)!;
  return buckets.map(({ bytes }, i) => (bytes === 0 ? undefined : bits[i]! / bytes));
}

/** What each bucket adds to the bits per byte of `model` less those of `other`, over the whole text: the parts add up. */
export function bucketContributions({ buckets, models }: BucketsRecord, model: string, other: string): number[] {
  const bitsOf = (name: string): readonly number[] => models.find((entry) => entry.model === name)!.bits;
  const [own, others] = [bitsOf(model), bitsOf(other)];
  const bytes = total(buckets.map((bucket) => bucket.bytes));
  return own.map((bits, i) => (bits - others[i]!) / bytes);
}
