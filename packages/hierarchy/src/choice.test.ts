import { RandomStream } from '@strata/nn';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { choose } from './choice.js';

const PROBABILITIES = [0.05, 0.5, 0.3, 0.15];

describe('choose', () => {
  it('at temperature 0 takes the most probable that is allowed', () => {
    const random = new RandomStream(1, 'choice');
    expect(choose(PROBABILITIES, { temperature: 0, topP: 1 }, random).id).toBe(1);
    expect(choose(PROBABILITIES, { temperature: 0, topP: 1 }, random, (id) => id !== 1).id).toBe(2);
  });

  it('at temperature 1 draws in proportion', () => {
    const random = new RandomStream(1, 'choice');
    const counts = [0, 0, 0, 0];
    for (let i = 0; i < 20_000; i++) counts[choose(PROBABILITIES, { temperature: 1, topP: 1 }, random).id]++;
    for (const [id, count] of counts.entries()) expect(count / 20_000).toBeCloseTo(PROBABILITIES[id], 1.5);
  });

  it('never leaves the nucleus or what is allowed, and tells the model’s own probability', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0.01, max: 1, noNaN: true }), { minLength: 2, maxLength: 12 }),
        fc.double({ min: 0.05, max: 1, noNaN: true }),
        fc.integer(),
        (weights, topP, seed) => {
          const total = weights.reduce((sum, weight) => sum + weight, 0);
          const probabilities = weights.map((weight) => weight / total);
          const barred = seed & 1;
          const choice = choose(
            probabilities,
            { temperature: 0.7, topP },
            new RandomStream(seed, 'choice'),
            (id) => id !== barred,
          );
          expect(choice.id).not.toBe(barred);
          expect(choice.probability).toBe(probabilities[choice.id]);
          const better = probabilities.filter((p, id) => id !== barred && p > choice.probability);
          const allowed = 1 - probabilities[barred];
          expect(better.reduce((sum, p) => sum + p, 0)).toBeLessThan(topP * allowed + 1e-9);
        },
      ),
    );
  });

  it('is the choice from the whole vocabulary in order, however long and steep it is', () => {
    const exponents = fc.array(fc.double({ min: -22, max: 0, noNaN: true }), { minLength: 1, maxLength: 400 });
    fc.assert(
      fc.property(exponents, fc.double({ min: 0.05, max: 1, noNaN: true }), fc.integer(), (logs, topP, seed) => {
        const probabilities = Float64Array.from(logs, (log) => Math.exp(log));
        const ids = [...probabilities.keys()].filter((id) => probabilities[id]! > 1e-9);
        ids.sort((a, b) => probabilities[b]! - probabilities[a]! || a - b);
        const { id, runnersUp } = choose(probabilities, { temperature: 1, topP }, new RandomStream(seed, 'choice'));
        if (ids.length > 0) expect(runnersUp.map((one) => one.id)).toEqual(ids.filter((one) => one !== id).slice(0, 4));
        const best = choose(probabilities, { temperature: 0, topP }, new RandomStream(seed, 'choice'));
        expect(best.id).toBe(ids[0] ?? 0);
      }),
    );
  });
});
