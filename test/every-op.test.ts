// No op without a check: every table of the project knows the same ops, and every derivative is that of finite differences
// on random shapes. Engines are asked about the same examples in packages/engine.
import { interpret, type Node, type OpKind } from '@strata/tensor';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { emitRules } from '../packages/engine/src/emitRules.js';
import { tfjsRules } from '../packages/engine/src/tfjs/rules.js';
import { gradientRules } from '../packages/tensor/src/gradientRules.js';
import { interpretRules } from '../packages/tensor/src/interpretRules.js';
import { shapeRules } from '../packages/tensor/src/shapeRules.js';
import { drawExample, lossAndGradients, opCases } from './op-cases.js';

const kinds = Object.keys(shapeRules) as OpKind[];

describe('the list of ops', () => {
  it.each(Object.entries({ opCases, gradientRules, interpretRules, emitRules, tfjsRules }))(
    'is that of %s',
    (_, table) => {
      expect(Object.keys(table).sort()).toEqual([...kinds].sort());
    },
  );

  it.each(kinds)('%s: its example has it', (kind) => {
    const found = fc.sample(fc.gen(), { seed: 7, numRuns: 25 }).some((gen) => {
      const visit = (node: Node): boolean => node.op.kind === kind || node.inputs.some(visit);
      return visit(drawExample(kind, gen).y);
    });
    expect(found).toBe(true);
  });
});

/** The derivative of `value` at x by differences over five points, whose error is of the fourth order in the step. */
function fivePointDifference(value: (x: number) => number, x: number): number {
  const step = 3e-5;
  const [a, b, c, d] = [-2, -1, 1, 2].map((times) => value(x + times * step)) as [number, number, number, number];
  return (a - 8 * b + 8 * c - d) / (12 * step);
}

describe('derivatives on random shapes', () => {
  it.each(kinds)('%s', (kind) => {
    fc.assert(
      fc.property(fc.gen(), (gen) => {
        const example = drawExample(kind, gen);
        const { loss, found } = lossAndGradients(kind, example);
        const feeds = Object.fromEntries(
          Object.entries(example.feeds).map(([name, x]) => [name, Float64Array.from(x)]),
        );
        Object.values(interpret({ ...found, loss }, feeds))
          .slice(0, -1)
          .forEach((gradient, operand) => {
            const input = example.inputs[operand]!;
            if (input.op.kind !== 'input') throw new Error('an example has inputs that are no inputs');
            const { name } = input.op;
            const x = feeds[name]!;
            // A few elements of each operand, spread over it.
            const stride = Math.ceil(x.length / 6);
            for (let i = 0; i < x.length; i += stride) {
              const valueAt = (moved: number) => interpret({ loss }, { ...feeds, [name]: x.with(i, moved) }).loss![0]!;
              const difference = fivePointDifference(valueAt, x[i]!);
              expect(
                Math.abs(gradient[i]! - difference),
                `${name}[${i}] is ${gradient[i]}, not ${difference}`,
              ).toBeLessThan(1e-6 * (1 + Math.abs(difference)));
            }
          });
      }),
      { seed: 7, numRuns: 40, endOnFailure: true },
    );
  });
});
