import { describe, expect, it } from 'vitest';
import { AdamW } from './adamw.js';
import { normal, ParameterError, ParameterValues, zeros } from './parameters.js';

const SPECS = [
  { name: 'matrix', shape: [2, 2], initial: normal(1), decay: true },
  { name: 'gain', shape: [2], initial: zeros, decay: false },
];

function filled(value: number): ParameterValues {
  const values = new ParameterValues(SPECS);
  values.flat.fill(value);
  return values;
}

describe('AdamW', () => {
  it('moves by the learning rate at the first step, whatever the gradient, and decays matrices only', () => {
    const values = filled(1);
    const optimiser = new AdamW(values, { beta1: 0.9, beta2: 0.95, epsilon: 0, weightDecay: 0.5, clipNorm: 1e9 });
    optimiser.update(filled(7), 1, 0.1);
    // Bias-corrected m / sqrt(v) is the gradient's sign at step 1 (Kingma & Ba 2015, section 3).
    for (const weight of values.views.get('matrix')!) expect(weight).toBeCloseTo(1 * (1 - 0.1 * 0.5) - 0.1, 6);
    for (const weight of values.views.get('gain')!) expect(weight).toBeCloseTo(1 - 0.1, 6);
  });

  it('counts updates from 1, and wants a gradient for each parameter', () => {
    const settings = { beta1: 0.9, beta2: 0.95, epsilon: 1e-8, weightDecay: 0, clipNorm: 1 };
    const values = filled(1);
    const optimiser = new AdamW(values, settings);
    expect(() => optimiser.update(filled(1), 0, 0.1)).toThrow('counted from 1');
    expect(() => optimiser.update(new ParameterValues(SPECS.slice(1)), 1, 0.1)).toThrow(ParameterError);
    expect([...values.flat]).toEqual([1, 1, 1, 1, 1, 1]);
  });

  it('refuses more parameters than an array can hold', () => {
    const specs = [{ name: 'wide', shape: [1 << 20, 1 << 14], initial: zeros, decay: true }];
    expect(() => new ParameterValues(specs)).toThrow(ParameterError);
  });

  it('clips by the norm over all parameters and reports the norm before', () => {
    const settings = { beta1: 0.9, beta2: 0.95, epsilon: 1e-8, weightDecay: 0, clipNorm: 1 };
    const clipped = new AdamW(filled(0), settings);
    const norm = clipped.update(filled(10), 1, 0.1);
    expect(norm).toBeCloseTo(10 * Math.sqrt(6), 4);
    expect(clipped.firstMoment.flat[0]).toBeCloseTo(0.1 / Math.sqrt(6), 5);
  });

  it('follows the definition in float64 over many steps, with clipping, decay and groups', () => {
    const groups = [{ match: 'gain', learningRate: 3, weightDecay: 0.2, beta2: 0.8 }];
    const settings = { beta1: 0.9, beta2: 0.95, epsilon: 1e-8, weightDecay: 0.1, clipNorm: 1, groups };
    const values = ParameterValues.initialise(SPECS, 4);
    const optimiser = new AdamW(values, settings);
    const weights = [...values.flat];
    const [first, second] = [weights.map(() => 0), weights.map(() => 0)];
    for (let step = 1; step <= 50; step++) {
      for (const i of weights.keys()) optimiser.gradients.flat[i] = Math.sin(step + i * i);
      const norm = optimiser.update(optimiser.gradients, step, 0.01);
      expect(norm).toBeCloseTo(Math.hypot(...optimiser.gradients.flat), 12);
      for (const i of weights.keys()) {
        const gain = i >= 4;
        const beta2 = gain ? 0.8 : 0.95;
        const rate = gain ? 0.03 : 0.01;
        const g = optimiser.gradients.flat[i]! / Math.max(1, norm);
        first[i] = 0.9 * first[i]! + (1 - 0.9) * g;
        second[i] = beta2 * second[i]! + (1 - beta2) * g * g;
        const mean = first[i]! / (1 - 0.9 ** step);
        const square = second[i]! / (1 - beta2 ** step);
        weights[i] = weights[i]! * (1 - rate * (gain ? 0.2 : 0.1)) - (rate * mean) / (Math.sqrt(square) + 1e-8);
      }
    }
    for (const [i, weight] of weights.entries()) expect(Math.abs(values.flat[i]! - weight)).toBeLessThan(2e-6);
  });

  it('finds the minimum of a quadratic', () => {
    const values = filled(3);
    const optimiser = new AdamW(values, { beta1: 0.9, beta2: 0.95, epsilon: 1e-8, weightDecay: 0, clipNorm: 1e9 });
    for (let step = 1; step <= 400; step++) {
      const gradients = values.zerosAlike();
      for (let i = 0; i < values.flat.length; i++) gradients.flat[i] = 2 * (values.flat[i] - 1);
      optimiser.update(gradients, step, 0.05 * (1 - step / 401));
    }
    for (const weight of values.flat) expect(weight).toBeCloseTo(1, 2);
  });
});

describe('ParameterValues', () => {
  it('starts from seed and name alone: another parameter before it changes nothing', () => {
    const alone = ParameterValues.initialise([SPECS[0]], 5);
    const second = ParameterValues.initialise([SPECS[1], SPECS[0]], 5);
    expect([...second.views.get('matrix')!]).toEqual([...alone.views.get('matrix')!]);
    const other = ParameterValues.initialise([SPECS[0]], 6);
    expect([...other.views.get('matrix')!]).not.toEqual([...alone.views.get('matrix')!]);
  });

  it('loads exactly what it declares: nothing missing, nothing more, no other shape', () => {
    const values = new ParameterValues(SPECS);
    const matrix = { shape: [2, 2], data: Float32Array.of(1, 2, 3, 4) };
    const gain = { shape: [2], data: Float32Array.of(5, 6) };
    values.load(new Map(Object.entries({ matrix, gain })));
    expect([...values.flat]).toEqual([1, 2, 3, 4, 5, 6]);
    expect(() => values.load(new Map(Object.entries({ matrix })))).toThrow(ParameterError);
    expect(() => values.load(new Map(Object.entries({ matrix, gain, more: gain })))).toThrow(/more/);
    expect(() => values.load(new Map(Object.entries({ matrix: { ...matrix, shape: [4, 1] }, gain })))).toThrow(/2,2/);
  });
});
