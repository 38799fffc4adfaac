// An engine against the float64 interpreter, op by op: values and gradients of random examples.
import { type CompileOptions, compile } from '@strata/engine';
import { interpret, type OpKind } from '@strata/tensor';
import fc from 'fast-check';
import { expect } from 'vitest';
import { drawExample, lossAndGradients } from './op-cases.js';

/** Fails unless an engine computes what the interpreter computes, within float32's rounding, in so many examples of an op. */
export async function expectAgreement(kind: OpKind, options: CompileOptions, numRuns: number): Promise<void> {
  await fc.assert(
    fc.asyncProperty(fc.gen(), async (gen) => {
      const example = drawExample(kind, gen);
      const outputs = { y: example.y, ...lossAndGradients(kind, example).found };
      // A gradient may be known without looking at some inputs, but y needs them all.
      const executable = await compile(outputs, { threads: 1, ...options });
      const found = await executable.run(example.feeds);
      await executable.dispose();
      for (const [name, wanted] of Object.entries(interpret(outputs, example.feeds))) {
        expect(found[name]).toHaveLength(wanted.length);
        found[name]!.forEach((value, i) => {
          const error = Math.abs(value - wanted[i]!) / (1 + Math.abs(wanted[i]!));
          expect(error, `element ${i} of ${name} is ${value}, not ${wanted[i]}`).toBeLessThan(1e-5);
        });
      }
    }),
    // Shrinking takes longer than reading the first example that fails.
    { seed: 7, numRuns, endOnFailure: true },
  );
}
