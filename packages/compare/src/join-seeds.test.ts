// What a joined report is promised: buckets as means over seeds, and none where the seeds were not probed alike.
import { describe, expect, it } from 'vitest';
import { REPORT_FIXTURE } from '../fixtures/report-fixture.js';
import { joinSeeds } from './join-seeds.js';
import type { Report } from './report-schema.js';

function seeded(seed: number, factor: number): Report {
  const found = REPORT_FIXTURE.buckets!;
  return {
    ...REPORT_FIXTURE,
    createdFrom: { ...REPORT_FIXTURE.createdFrom, seed },
    buckets: {
      ...found,
      models: found.models.map(({ model, bits }) => ({ model, bits: bits.map((value) => factor * value) })),
    },
  };
}

describe('joinSeeds', () => {
  it('takes the mean of every bucket', () => {
    const { buckets } = joinSeeds([seeded(1, 1), seeded(2, 3)], 'both');
    expect(buckets!.buckets).toEqual(REPORT_FIXTURE.buckets!.buckets);
    for (const [at, { bits }] of buckets!.models.entries())
      expect(bits).toEqual(REPORT_FIXTURE.buckets!.models[at]!.bits.map((value) => 2 * value));
  });

  it('joins no buckets where a seed has none, or others', () => {
    const { buckets: _, ...without } = seeded(2, 1);
    expect(joinSeeds([seeded(1, 1), without], 'both').buckets).toBeUndefined();
    const found = seeded(2, 1);
    const [first, ...rest] = found.buckets!.buckets;
    const other = { ...found, buckets: { ...found.buckets!, buckets: [{ ...first!, units: 7 }, ...rest] } };
    expect(joinSeeds([seeded(1, 1), other], 'both').buckets).toBeUndefined();
  });

  it('keeps every seed of every model', () => {
    const { models } = joinSeeds([seeded(1, 1), seeded(2, 1)], 'both');
    expect(models.every(({ seeds }) => seeds?.length === 2)).toBe(true);
  });
});
