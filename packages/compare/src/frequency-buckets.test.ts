// Buckets promise that every unit is in one, by its count in the training text, and that parts add up to differences.
import { documentOfText, segmentUnits } from '@strata/text';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  BUCKET_NAMES,
  bucketBitsPerByte,
  bucketContributions,
  bucketOf,
  countForms,
  formsOf,
  frequencyBuckets,
} from './frequency-buckets.js';
import { bitsPerByteOf } from './unit-nats.js';

describe('countForms', () => {
  it('counts a form in whatever casing, and no form that was not asked for', () => {
    const training = [documentOfText('a', 'The hare ran. THE hare slept.'), documentOfText('b', 'the end')];
    const counts = countForms(formsOf(['The hare?']), training);
    expect(Object.fromEntries(counts)).toEqual({ the: 3, hare: 2, '?': 0 });
  });
});

it('a count falls into the bucket whose name holds it', () => {
  const found = [0, 1, 9, 10, 99, 100, 999, 1000, 9999, 10_000, 1e9].map((count) => BUCKET_NAMES[bucketOf(count)]);
  expect(found).toEqual(
    ['unseen', '1-9', '1-9', '10-99', '10-99', '100-999', '100-999', '1,000-9,999', '1,000-9,999', '10,000+'].concat(
      '10,000+',
    ),
  );
});

describe('frequencyBuckets', () => {
  it('holds every unit and byte once, and its parts add up to the difference of two models', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', ' ', 'c. '), minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(text, fc.infiniteStream(fc.double({ min: 0, max: 20, noNaN: true })), (scored, costs) => {
        const spans = segmentUnits(scored);
        const draw = (): Float64Array => Float64Array.from(spans, () => costs.next().value!);
        const bytes = Float64Array.from(spans, ({ gapStart, end }) => end - gapStart);
        const [own, other] = [draw(), draw()].map((nats) => ({ nats, bytes }));
        const forms = formsOf([scored]);
        const counts = countForms(forms, [documentOfText('t', 'a b a a b a a a a a a a a')]);
        const found = frequencyBuckets(forms, counts, [
          { model: 'own', units: own! },
          { model: 'other', units: other! },
        ]);
        expect(found.buckets.reduce((sum, { units }) => sum + units, 0)).toBe(spans.length);
        expect(found.buckets.reduce((sum, bucket) => sum + bucket.bytes, 0)).toBe(scored.length);
        const parts = bucketContributions(found, 'own', 'other').reduce((sum, part) => sum + part, 0);
        expect(parts).toBeCloseTo(bitsPerByteOf(own!) - bitsPerByteOf(other!), 9);
      }),
    );
  });

  it('gives bits per byte where a bucket holds something, and nothing where it does not', () => {
    const units = { nats: Float64Array.of(2 * Math.LN2, 6 * Math.LN2), bytes: Float64Array.of(1, 2) };
    const found = frequencyBuckets(
      ['a', 'z'],
      new Map([
        ['a', 12],
        ['z', 0],
      ]),
      [{ model: 'm', units }],
    );
    expect(bucketBitsPerByte(found, 'm')).toEqual([3, undefined, 2, undefined, undefined, undefined]);
  });
});
