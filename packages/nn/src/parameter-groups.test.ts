import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AdamW } from './adamw.js';
import { groupSettings, nameFits } from './parameter-groups.js';
import { normal, ParameterError, ParameterValues, zeros } from './parameters.js';

const SPECS = [
  { name: 'word.embed.weight', shape: [3, 2], initial: normal(1), decay: true },
  { name: 'word.layers.0.q.weight', shape: [2, 2], initial: normal(1), decay: true },
  { name: 'word.norm.weight', shape: [2], initial: zeros, decay: false },
];

const GENERAL = { weightDecay: 0.3, beta2: 0.95 };

describe('nameFits', () => {
  it('is what a regular expression with .* for each star is', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', '.', '*'), maxLength: 7 });
    const name = fc.string({ unit: fc.constantFrom('a', 'b', '.'), maxLength: 9 });
    const property = fc.property(text, name, (match, full) => {
      const expression = new RegExp(`^${match.replaceAll('.', '\\.').replaceAll('*', '.*')}$`);
      expect(nameFits(match)(full)).toBe(expression.test(full));
    });
    fc.assert(property, { numRuns: 3000 });
  });

  it('does not slow down on many stars', () => {
    expect(nameFits(`${'*a'.repeat(90)}b`)('a'.repeat(200))).toBe(false);
  });
});

describe('groupSettings', () => {
  it('takes the first group that fits, else decay on matrices only', () => {
    const groups = [
      { match: '*embed*', learningRate: 0.1, weightDecay: 0, beta2: 0.99 },
      { match: 'word.*.weight', learningRate: 2 },
    ];
    expect(groupSettings(SPECS, groups, GENERAL)).toEqual([
      { learningRate: 0.1, weightDecay: 0, beta2: 0.99 },
      { learningRate: 2, weightDecay: 0.3, beta2: 0.95 },
      { learningRate: 2, weightDecay: 0, beta2: 0.95 },
    ]);
    expect(groupSettings(SPECS, [], GENERAL).map(({ weightDecay }) => weightDecay)).toEqual([0.3, 0.3, 0]);
  });

  it('takes a dot for a dot and refuses a group that fits nothing', () => {
    expect(() => groupSettings(SPECS, [{ match: 'word.embed-weight' }], GENERAL)).toThrow(ParameterError);
    expect(() => groupSettings(SPECS, [{ match: 'word.*xweight' }], GENERAL)).toThrow(/word\.embed\.weight/);
  });
});

describe('AdamW with groups', () => {
  it('freezes a group of rate 0 and moves the others as without it', () => {
    const run = (groups: { match: string; learningRate: number }[]): ParameterValues => {
      const values = ParameterValues.initialise(SPECS, 1);
      const optimiser = new AdamW(values, {
        beta1: 0.9,
        beta2: 0.9,
        epsilon: 1e-8,
        weightDecay: 0.1,
        clipNorm: 1,
        groups,
      });
      optimiser.gradients.flat.forEach((_, i, flat) => {
        flat[i] = Math.cos(i);
      });
      optimiser.update(optimiser.gradients, 1, 0.1);
      return values;
    };
    const start = ParameterValues.initialise(SPECS, 1);
    const frozen = run([{ match: '*.embed.*', learningRate: 0 }]);
    const free = run([]);
    expect([...frozen.views.get('word.embed.weight')!]).toEqual([...start.views.get('word.embed.weight')!]);
    expect([...free.views.get('word.embed.weight')!]).not.toEqual([...start.views.get('word.embed.weight')!]);
    for (const name of ['word.layers.0.q.weight', 'word.norm.weight'])
      expect([...frozen.views.get(name)!]).toEqual([...free.views.get(name)!]);
  });

  it('changes nothing when the gradient is not finite', () => {
    const values = ParameterValues.initialise(SPECS, 1);
    const before = [...values.flat];
    const optimiser = new AdamW(values);
    optimiser.gradients.flat[4] = Number.NaN;
    expect(optimiser.update(optimiser.gradients, 1, 0.1)).toBeNaN();
    expect([...values.flat]).toEqual(before);
    expect(optimiser.firstMoment.flat.every((moment) => moment === 0)).toBe(true);
  });
});
