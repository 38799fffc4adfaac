import { fileURLToPath } from 'node:url';
import { readConfig } from '@strata/hierarchy';
import { normal, ParameterScope } from '@strata/nn';
import { describe, expect, it } from 'vitest';
import { parameterCount, parameterGroups } from './parameter-groups.js';
import { planTraining } from './plan.js';
import { prosePiecesPerUnit, textRates } from './text-rates.js';
import { formatBytes, formatFixed, formatFlops, formatTime, textTable } from './text-table.js';

const configFile = (name: string): string => fileURLToPath(new URL(`../../../configs/${name}.yaml`, import.meta.url));
const [toy, small] = [configFile('toy'), configFile('small')];

describe('parameter groups', () => {
  it('put each matrix where a reader looks for it, and lose none', () => {
    const scope = new ParameterScope('word');
    const names = ['lemma.weight', 'layers.0.self_attn.q_proj.weight', 'layers.0.mlp.up_proj.weight', 'norm.weight'];
    for (const [i, name] of [...names, 'speller.base.weight', 'slot_head.weight', 'unheard.of'].entries())
      scope.parameter(name, [i + 1, 2], normal(1));
    expect(parameterGroups(scope.specs())).toEqual([
      { group: 'embeddings', parameters: 2 },
      { group: 'attention', parameters: 4 },
      { group: 'feed-forward', parameters: 6 },
      { group: 'norms', parameters: 8 },
      { group: 'heads', parameters: 12 },
      { group: 'speller', parameters: 10 },
      { group: 'other', parameters: 14 },
    ]);
    expect(parameterCount(scope.specs())).toBe(56);
  });
});

describe('estimated times', () => {
  // As recorded at the size of configs/small.yaml on the two cores whose products `strata bench` has timed for README.
  // Concepts with their memory: experiments/2026-11-25_memory-at-small-size, the least of its three seeds.
  const SECONDS_A_STEP = { subword: 0.374, concept: 0.64, gestalt: 0.43 };
  const machine = { device: 'cpu', flopsPerSecond: 188e9, bytesPerSecond: 5e9 } as const;
  const rates = { bytesPerUnit: 4.556, bytesPerPiece: { subword: 3.656, flat: 4.011 }, source: 'those of prose' };

  it('are what was recorded, to less than a half', async () => {
    const config = readConfig(small);
    const { stages } = await planTraining(config, ['subword', 'concept', 'gestalt'], { machine, rates });
    for (const { stage, seconds, steps } of stages) {
      const factor = seconds / steps / SECONDS_A_STEP[stage as keyof typeof SECONDS_A_STEP];
      expect(factor, stage).toBeGreaterThan(2 / 3);
      expect(factor, stage).toBeLessThan(3 / 2);
    }
  });
});

describe('text rates', () => {
  it('are measured where the corpus can be read', () => {
    const rates = textRates(readConfig(toy));
    expect(rates.source).toContain('measured on');
    expect(rates.bytesPerUnit).toBeGreaterThan(3);
    expect(rates.bytesPerUnit).toBeLessThan(6);
    // 400 pieces spell most words in several.
    expect(rates.bytesPerPiece.subword).toBeLessThan(rates.bytesPerUnit);
  });

  it('are those of prose where it cannot, with the reason', () => {
    const rates = textRates(readConfig(toy, ['corpus={ folder: no/such/folder }']));
    expect(rates.source).toContain('no such folder');
    expect(rates.trainBytes).toBeUndefined();
  });

  it('fall from one byte a piece towards one unit a piece as the vocabulary grows', () => {
    const sizes = [257, 300, 400, 1500, 8192, 32768, 65536];
    const pieces = sizes.map(prosePiecesPerUnit);
    expect(pieces).toEqual(pieces.toSorted((a, b) => b - a));
    expect(prosePiecesPerUnit(8192)).toBeCloseTo(1.136);
    expect(prosePiecesPerUnit(1_000_000)).toBeGreaterThan(1);
  });
});

describe('figures', () => {
  it('read as a person says them', () => {
    expect([0, 999, 1000, 123_456, 7.2e9].map(formatBytes)).toEqual([
      '0 bytes',
      '999 bytes',
      '1.00 kB',
      '123 kB',
      '7.20 GB',
    ]);
    expect([12, 2.5e6, 3.1e13].map(formatFlops)).toEqual(['12 FLOP', '2.50 MFLOP', '31.0 TFLOP']);
    expect([75, 86_400 * 12].map(formatTime)).toEqual(['1m15s', '12 days']);
    expect([-0.00001, -0.5, 1.23456].map((value) => formatFixed(value, 3))).toEqual(['0.000', '-0.500', '1.235']);
  });

  it('stand in columns', () => {
    expect(
      textTable([
        ['a', 'bb'],
        ['ccc', 'd'],
      ]),
    ).toBe('  a    bb\n  ccc   d');
  });
});
