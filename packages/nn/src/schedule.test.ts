import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RandomStream } from './random.js';
import { learningRateAt, type Schedule } from './schedule.js';

const BASE: Omit<Schedule, 'kind'> = { peak: 1, floor: 0.1, warmupSteps: 10, totalSteps: 100 };

describe('learningRateAt', () => {
  it.each(['cosine', 'warmup-stable-decay'] as const)('%s rises to the peak, then falls to the floor', (kind) => {
    const rates = Array.from({ length: 100 }, (_, i) => learningRateAt({ kind, ...BASE }, i + 1));
    expect(rates[0]).toBeCloseTo(0.1);
    expect(rates[9]).toBe(1);
    expect(rates[99]).toBeCloseTo(0.1);
    for (let i = 10; i < 100; i++) expect(rates[i]).toBeLessThanOrEqual(rates[i - 1] + 1e-12);
  });

  it('warmup-stable-decay stays at the peak until the last fifth', () => {
    expect(learningRateAt({ kind: 'warmup-stable-decay', ...BASE }, 80)).toBe(1);
    expect(learningRateAt({ kind: 'warmup-stable-decay', ...BASE }, 81)).toBeLessThan(1);
  });
});

describe('learningRateAt, whatever the sizes', () => {
  const schedules = fc
    .record({
      kind: fc.constantFrom('cosine', 'warmup-stable-decay'),
      peak: fc.double({ min: 1e-6, max: 1, noNaN: true }),
      share: fc.double({ min: 0, max: 1, noNaN: true }),
      warmupSteps: fc.integer({ min: 0, max: 300 }),
      more: fc.integer({ min: 1, max: 1000 }),
    })
    .map(({ share, more, ...rest }): Schedule => {
      return { ...rest, floor: rest.peak * share, totalSteps: rest.warmupSteps + more };
    });
  const ratesOf = (schedule: Schedule): number[] =>
    Array.from({ length: schedule.totalSteps }, (_, i) => learningRateAt(schedule, i + 1));
  const holds = (check: (rates: number[], schedule: Schedule) => void): void =>
    fc.assert(
      fc.property(schedules, (schedule) => check(ratesOf(schedule), schedule)),
      { numRuns: 150 },
    );

  it('warms up in equal steps to exactly the peak', () =>
    holds((rates, { peak, warmupSteps }) => {
      const off = rates.slice(0, warmupSteps).map((rate, i) => Math.abs(rate - ((i + 1) / warmupSteps) * peak));
      expect(Math.max(0, ...off)).toBeLessThanOrEqual(1e-15);
      if (warmupSteps > 0) expect(rates[warmupSteps - 1]).toBe(peak);
    }));

  it('then never rises, never leaves [floor, peak], and ends at the floor', () =>
    holds((rates, schedule) => {
      const after = [schedule.peak, ...rates.slice(schedule.warmupSteps)];
      const rises = after.slice(1).map((rate, i) => rate - after[i]!);
      expect(Math.max(...rises)).toBeLessThanOrEqual(1e-15);
      expect(Math.min(...after)).toBeGreaterThanOrEqual(schedule.floor * (1 - 1e-12));
      expect(rates.at(-1)).toBe(schedule.floor);
      expect(learningRateAt(schedule, schedule.totalSteps + 1)).toBe(schedule.floor);
    }));

  it('has no jumps: no step falls further than its curve at its steepest', () =>
    holds((rates, { kind, peak, floor, warmupSteps, totalSteps }) => {
      const stable = Math.max(warmupSteps, 0.8 * totalSteps);
      const steepest = kind === 'cosine' ? Math.PI / 2 / (totalSteps - warmupSteps) : 1 / (totalSteps - stable);
      const after = [peak, ...rates.slice(warmupSteps)];
      const falls = after.slice(1).map((rate, i) => after[i]! - rate);
      expect(Math.max(...falls)).toBeLessThanOrEqual((peak - floor) * steepest * (1 + 1e-9) + 1e-15);
    }));

  it('is the same curve at any height', () =>
    holds((rates, schedule) => {
      const half = ratesOf({ ...schedule, peak: schedule.peak / 2, floor: schedule.floor / 2 });
      expect(half).toEqual(rates.map((rate) => rate / 2));
    }));
});

describe('RandomStream', () => {
  it('repeats for one seed and name, and differs for another name', () => {
    const draw = (seed: number, name: string): number[] => {
      const stream = new RandomStream(seed, name);
      return Array.from({ length: 5 }, () => stream.uniform());
    };
    expect(draw(3, 'a')).toEqual(draw(3, 'a'));
    expect(draw(3, 'a')).not.toEqual(draw(3, 'b'));
    expect(draw(3, 'a')).not.toEqual(draw(4, 'a'));
  });

  it('permutes: every index once', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 200 }), fc.integer(), (length, seed) => {
        const order = new RandomStream(seed, 'order').permutation(length);
        expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length }, (_, i) => i));
      }),
    );
  });

  it('draws normals of mean 0 and deviation 1', () => {
    const stream = new RandomStream(1, 'normals');
    const drawn = Array.from({ length: 20_000 }, () => stream.normal());
    const mean = drawn.reduce((sum, x) => sum + x, 0) / drawn.length;
    const variance = drawn.reduce((sum, x) => sum + (x - mean) ** 2, 0) / drawn.length;
    expect(Math.abs(mean)).toBeLessThan(0.03);
    expect(Math.abs(variance - 1)).toBeLessThan(0.05);
  });
});
