// Norms by their definitions, and what proportions promise: linear within the range, ever harder beyond it, no value tied to another.
import { constant, gradients, input, interpret, multiply, sum } from '@strata/tensor';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NORMS, normParameterCount, proportion, stackNorm } from './norms.js';
import { elementCount, ParameterScope, ParameterValues } from './parameters.js';
import { transformerStack } from './transformer.js';

const asProportions = (values: readonly number[]): number[] => {
  const x = input('x', [values.length]);
  return [...interpret({ y: proportion(x, constant(1)) }, { x: values }).y!];
};

describe('layer', () => {
  it('is centred, of unit variance, with a gain and a bias', () => {
    const scope = new ParameterScope('s');
    const y = stackNorm(scope, 'layer')(scope, 'norm', input('x', [2, 4]));
    const x = [1, 2, 3, 6, -1, 0, 0, 9];
    const feeds = { x, 's.norm.weight': [1, 2, 1, 1], 's.norm.bias': [0, 0, 5, 0] };
    const found = interpret({ y }, feeds).y!;
    for (const row of [0, 1]) {
      const own = x.slice(4 * row, 4 * row + 4);
      const mean = own.reduce((a, b) => a + b) / 4;
      const deviation = Math.sqrt(own.reduce((total, value) => total + (value - mean) ** 2, 0) / 4 + 1e-5);
      const expected = own.map((value, i) => ((value - mean) / deviation) * (i === 1 ? 2 : 1) + (i === 2 ? 5 : 0));
      for (const [i, value] of expected.entries()) expect(found[4 * row + i]).toBeCloseTo(value, 6);
    }
  });
});

describe('proportion', () => {
  it('is asinh, and odd, from the least to the greatest of values', () => {
    const value = fc.double({ min: -1e9, max: 1e9, noNaN: true });
    const property = fc.property(fc.array(value, { minLength: 1 }), (values) => {
      const negative = asProportions(values.map((x) => -x));
      for (const [i, found] of asProportions(values).entries()) {
        expect(Math.abs(found - Math.asinh(values[i]!))).toBeLessThanOrEqual(2e-5 * Math.abs(Math.asinh(values[i]!)));
        expect(negative[i]).toBe(-found);
      }
    });
    fc.assert(property);
  });

  it('is nearly linear within half of the range, and a further tenfold adds ever less of itself', () => {
    for (const share of [0.01, 0.1, 0.5]) expect(asProportions([share])[0]! / share).toBeGreaterThan(0.96);
    const [ten, hundred, thousand] = asProportions([10, 100, 1000]) as [number, number, number];
    expect(hundred - ten).toBeCloseTo(Math.LN10, 2);
    expect(thousand - hundred).toBeCloseTo(Math.LN10, 2);
  });

  it('leaves each value to itself', () => {
    const [alone] = asProportions([0.7]);
    expect(asProportions([0.7, 1000, -3])[0]).toBe(alone);
  });

  it('has one range for all places of a stack', () => {
    const scope = new ParameterScope('s');
    const normalise = stackNorm(scope, 'proportion');
    for (const name of ['a', 'b']) normalise(scope.scope(name), 'norm', input(name, [1, 4]));
    expect(scope.specs().map(({ name }) => name)).toEqual(['s.range']);
  });
});

describe.each(NORMS)('%s', (norm) => {
  const sizes = { width: 4, depth: 2, headCount: 2, feedForward: 16, norm };

  it('learns as many numbers as are counted, none of which decay', () => {
    const scope = new ParameterScope('s');
    transformerStack(scope, input('x', [1, 3, 4]), sizes);
    const own = scope.specs().filter(({ name }) => /norm\.|range$/.test(name));
    expect(own.reduce((total, { shape }) => total + elementCount(shape), 0)).toBe(normParameterCount(4, 2, norm));
    expect(own.some(({ decay }) => decay)).toBe(false);
  });

  it('has the derivatives that differences have', () => {
    const scope = new ParameterScope('s');
    const x = input('x', [1, 3, 4]);
    const hidden = transformerStack(scope, x, sizes);
    const weights = constant(
      Float32Array.from({ length: 12 }, (_, i) => Math.cos(i)),
      [1, 3, 4],
    );
    const loss = sum(multiply(hidden, weights));
    const places = [x, ...scope.nodes()];
    const names = ['x', ...scope.specs().map(({ name }) => name)];
    const views = ParameterValues.initialise(scope.specs(), 1).views;
    const feeds: Record<string, number[]> = { x: Array.from({ length: 12 }, (_, i) => 0.3 * Math.sin(3 * i)) };
    for (const [name, view] of views) feeds[name] = [...view];
    const lossAt = (name: string, at: number, step: number): number => {
      const moved = feeds[name]!.with(at, feeds[name]![at]! + step);
      return interpret({ loss }, { ...feeds, [name]: moved }).loss![0]!;
    };
    const derivatives = gradients(loss, places).map((node, i) => [names[i]!, node] as const);
    const found = interpret({ loss, ...Object.fromEntries(derivatives) }, feeds);
    for (const name of names) {
      const at = feeds[name]!.length - 1;
      const difference = (lossAt(name, at, 1e-5) - lossAt(name, at, -1e-5)) / 2e-5;
      expect(Math.abs(found[name]![at]! - difference), name).toBeLessThan(1e-6 * Math.max(1, Math.abs(difference)));
    }
  });
});
