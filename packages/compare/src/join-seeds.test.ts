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

  it('takes the mean of what channels cost on the test text, and says nothing where a seed was not asked', () => {
    const costing = (seed: number, zeroed: number, shuffled: number): Report => ({
      ...seeded(seed, 1),
      channels: REPORT_FIXTURE.channels.map((channel) => ({ ...channel, test: { zeroed, shuffled } })),
    });
    const { channels } = joinSeeds([costing(1, 0.25, 0.5), costing(2, 0.75, 1)], 'both');
    expect(channels.map(({ test }) => test)).toEqual(channels.map(() => ({ zeroed: 0.5, shuffled: 0.75 })));
    const unasked = seeded(2, 1).channels.map(({ test: _, ...channel }) => channel);
    const joined = joinSeeds([costing(1, 0.25, 0.5), { ...seeded(2, 1), channels: unasked }], 'both');
    expect(joined.channels.every((channel) => !('test' in channel))).toBe(true);
  });

  it('keeps every seed of every model', () => {
    const { models } = joinSeeds([seeded(1, 1), seeded(2, 1)], 'both');
    expect(models.every(({ seeds }) => seeds?.length === 2)).toBe(true);
  });
});
