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
