import { NORMS, ParameterScope } from '@strata/nn';
import { subwordNats } from '@strata/subword';
import { gradients, input, sum } from '@strata/tensor';
import { describe, expect, it } from 'vitest';
import { matrixFlops } from './cost.js';
import { matchParameters, subwordParameterCount } from './flat.js';
import { subwordParameters } from './run.js';

describe('matchParameters', () => {
  it('comes within 3% of the ladder, from one million to a hundred', () => {
    for (const parameters of [1e6, 3.3e6, 6.3e6, 1.5e7, 1e8]) {
      const sizes = matchParameters(parameters, parameters > 1e7 ? 8192 : 2048);
      expect(Math.abs(subwordParameterCount(sizes) / parameters - 1)).toBeLessThan(0.03);
      expect((sizes.width / sizes.headCount) % 2).toBe(0);
    }
  });

  it('keeps the choices that it was given', () => {
    const choices = { norm: 'layer', positions: 'alibi' } as const;
    expect(matchParameters(1e6, 2048, choices)).toMatchObject(choices);
  });

  it.each(NORMS)('counts parameters as the graph declares them, with %s norm', (norm) => {
    const sizes = { vocabularySize: 300, width: 64, depth: 3, headCount: 2, norm };
    const declared = subwordParameters('flat-params', sizes).reduce(
      (total, { shape }) => total + shape.reduce((product, size) => product * size, 1),
      0,
    );
    expect(subwordParameterCount(sizes)).toBe(declared);
  });
});

describe('matrixFlops', () => {
  it('is 6 FLOPs a parameter and piece for training, attention aside (Kaplan et al. 2020, section 2.1)', () => {
    const sizes = { vocabularySize: 512, width: 128, depth: 4, headCount: 4 };
    const scope = new ParameterScope('flat-params');
    const [windows, length] = [2, 8];
    const nats = subwordNats(
      scope,
      input('p', [windows, length], 'int32'),
      input('t', [windows * length], 'int32'),
      sizes,
    );
    const outputs = Object.fromEntries(gradients(sum(nats), scope.nodes()).map((node, i) => [`g${i}`, node]));
    const expected = 6 * subwordParameterCount(sizes) * windows * length;
    expect(matrixFlops(outputs) / expected).toBeGreaterThan(0.95);
    expect(matrixFlops(outputs) / expected).toBeLessThan(1.1);
  });
});
