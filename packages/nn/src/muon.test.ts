import { compile, type Executable } from '@strata/engine';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AdamW } from './adamw.js';
import { MUON_DEFAULTS, Muon, type MuonSettings, muonGraph } from './muon.js';
import { QUINTIC } from './newton-schulz.js';
import { normal, ones, ParameterError, ParameterValues } from './parameters.js';

const SPECS = [
  { name: 'm.embed.weight', shape: [5, 4], initial: normal(1), decay: true },
  { name: 'm.layers.0.self_attn.q_proj.weight', shape: [4, 4], initial: normal(1), decay: true },
  { name: 'm.layers.0.mlp.up_proj.weight', shape: [6, 4], initial: normal(1), decay: true },
  { name: 'm.layers.0.norm.weight', shape: [4], initial: ones, decay: false },
  { name: 'm.layers.1.self_attn.q_proj.weight', shape: [4, 4], initial: normal(1), decay: true },
  { name: 'm.layers.1.mlp.down_proj.weight', shape: [4, 6], initial: normal(1), decay: true },
];
const HIDDEN = SPECS.filter(({ name }) => /self_attn|mlp/.test(name));

/** Gradients that differ from step to step. */
function gradientsOf(step: number): ParameterValues {
  const gradients = new ParameterValues(SPECS);
  for (const [i] of gradients.flat.entries()) gradients.flat[i] = Math.sin(step * 1.7 + i * (1.1 + 0.3 * step));
  return gradients;
}

/** The orthogonalised matrix in float64, by plain loops. */
function orthogonalised(x: readonly number[], rows: number, columns: number): number[] {
  const [a, b, c] = QUINTIC;
  const norm = Math.hypot(...x);
  let y = x.map((value) => value / norm);
  const product = (left: number[], right: number[], n: number, inner: number, m: number): number[] =>
    Array.from({ length: n * m }, (_, i) => {
      let sum = 0;
      for (let k = 0; k < inner; k++) sum += left[Math.floor(i / m) * inner + k]! * right[k * m + (i % m)]!;
      return sum;
    });
  for (let step = 0; step < 5; step++) {
    const transposed = Array.from({ length: y.length }, (_, i) => y[(i % rows) * columns + Math.floor(i / rows)]!);
    const gram = product(y, transposed, rows, columns, rows);
    const square = product(gram, gram, rows, rows, rows);
    const even = gram.map((value, i) => b * value + c * square[i]!);
    const lifted = product(even, y, rows, rows, columns);
    y = y.map((value, i) => a * value + lifted[i]!);
  }
  return y;
}

/** One matrix under Muon in float64, as its paper writes it; gradients are already clipped. */
function reference(spec: (typeof SPECS)[number], gradients: number[][], rate: number, settings: MuonSettings) {
  const weights = [...ParameterValues.initialise(SPECS, 3).views.get(spec.name)!];
  const buffer = weights.map(() => 0);
  const [rows, columns] = spec.shape as [number, number];
  for (const gradient of gradients) {
    const direction = gradient.map((g, i) => {
      buffer[i] = settings.momentum * buffer[i]! + g;
      return g + settings.momentum * buffer[i]!;
    });
    const orthogonal = orthogonalised(direction, rows, columns);
    const scale = 0.2 * Math.sqrt(Math.max(rows, columns));
    for (const i of weights.keys())
      weights[i] = weights[i]! - rate * (scale * orthogonal[i]! + settings.weightDecay * weights[i]!);
  }
  return weights;
}

describe('Muon', () => {
  let executable: Executable;
  const orthogonalise = (...[feeds, into]: Parameters<Executable['run']>) => executable.run(feeds, into);
  beforeAll(async () => {
    executable = await compile(muonGraph(SPECS), { threads: 1 });
  });
  afterAll(() => executable.dispose());

  it('updates hidden matrices as its definition in float64 does, and all else as AdamW', async () => {
    const settings = { ...MUON_DEFAULTS, clipNorm: 2 };
    const muon = new Muon(ParameterValues.initialise(SPECS, 3), orthogonalise, settings);
    const adamw = new AdamW(ParameterValues.initialise(SPECS, 3), settings);
    const clipped: ParameterValues[] = [];
    for (let step = 1; step <= 4; step++) {
      const gradients = gradientsOf(step);
      const norm = await muon.update(gradients, step, 0.05);
      expect(norm).toBe(adamw.update(gradients, step, 0.05));
      expect(norm).toBeGreaterThan(settings.clipNorm);
      const values = new ParameterValues(SPECS);
      values.flat.set(gradients.flat.map((g) => (g * settings.clipNorm) / norm));
      clipped.push(values);
    }
    for (const spec of HIDDEN) {
      const gradients = clipped.map((values) => [...values.views.get(spec.name)!]);
      const found = muon.parameters.views.get(spec.name)!;
      for (const [i, weight] of reference(spec, gradients, 0.05, settings).entries())
        expect(Math.abs(found[i]! - weight)).toBeLessThan(1e-5);
    }
    for (const { name } of SPECS.filter((spec) => !HIDDEN.includes(spec)))
      expect([...muon.parameters.views.get(name)!]).toEqual([...adamw.parameters.views.get(name)!]);
  });

  it('goes on from its moments as if it had never stopped', async () => {
    const whole = new Muon(ParameterValues.initialise(SPECS, 3), orthogonalise);
    for (let step = 1; step <= 4; step++) await whole.update(gradientsOf(step), step, 0.05);
    const before = new Muon(ParameterValues.initialise(SPECS, 3), orthogonalise);
    for (let step = 1; step <= 2; step++) await before.update(gradientsOf(step), step, 0.05);
    const after = new Muon(new ParameterValues(SPECS), orthogonalise);
    for (const part of ['parameters', 'firstMoment', 'secondMoment'] as const) after[part].load(before[part].tensors());
    for (let step = 3; step <= 4; step++) await after.update(gradientsOf(step), step, 0.05);
    expect([...after.parameters.flat]).toEqual([...whole.parameters.flat]);
    expect(after.secondMoment.specs.map(({ name }) => name)).toEqual(['m.embed.weight', 'm.layers.0.norm.weight']);
  });

  it('takes rates and decays from groups', async () => {
    const groups = [{ match: '*.q_proj.*', learningRate: 0 }];
    const free = new Muon(ParameterValues.initialise(SPECS, 3), orthogonalise);
    const held = new Muon(ParameterValues.initialise(SPECS, 3), orthogonalise, { ...MUON_DEFAULTS, groups });
    for (const muon of [free, held]) await muon.update(gradientsOf(1), 1, 0.05);
    const start = ParameterValues.initialise(SPECS, 3);
    for (const { name } of SPECS)
      expect([...held.parameters.views.get(name)!]).toEqual([
        ...(name.includes('q_proj') ? start : free.parameters).views.get(name)!,
      ]);
  });

  it('changes nothing where the gradient is not finite or the products fail', async () => {
    const start = ParameterValues.initialise(SPECS, 3);
    const muon = new Muon(ParameterValues.initialise(SPECS, 3), orthogonalise);
    const bad = gradientsOf(1);
    bad.flat[7] = Number.POSITIVE_INFINITY;
    expect(await muon.update(bad, 1, 0.05)).toBe(Number.POSITIVE_INFINITY);
    const failing = new Muon(ParameterValues.initialise(SPECS, 3), () => Promise.reject(new RangeError('no memory')));
    await expect(failing.update(gradientsOf(1), 1, 0.05)).rejects.toThrow('no memory');
    for (const { parameters, firstMoment, secondMoment } of [muon, failing]) {
      expect([...parameters.flat]).toEqual([...start.flat]);
      expect([...firstMoment.flat, ...secondMoment.flat].every((moment) => moment === 0)).toBe(true);
    }
  });

  it('refuses patterns that no matrix fits', () => {
    const settings = { ...MUON_DEFAULTS, matrices: ['*.norm.*'] };
    expect(() => muonGraph(SPECS, settings)).toThrow(ParameterError);
    expect(() => muonGraph(SPECS, settings)).toThrow(/\*\.norm\.\*.*m\.embed\.weight/);
  });
});
