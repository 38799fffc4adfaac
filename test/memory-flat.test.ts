// Memory stays flat: thousands of steps leak no tensors, and sessions give back what they took.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { compile } from '@strata/engine';
import { gradientName, pieceObjective } from '@strata/hierarchy';
import { AdamW, ParameterScope, ParameterValues } from '@strata/nn';
import { describe, expect, it } from 'vitest';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

const SIZES = { vocabularySize: 260, width: 16, depth: 1, headCount: 2 };
const WINDOWS = 2;
const LENGTH = 32;
const MEGABYTE = 2 ** 20;

/** Memory of the process in megabytes, after what is unused has been given back. */
async function memory(): Promise<{ resident: number; script: number }> {
  for (let i = 0; i < 3; i++) {
    collect();
    await new Promise((resolve) => setImmediate(resolve));
  }
  const { rss, heapUsed, external } = process.memoryUsage();
  return { resident: rss / MEGABYTE, script: (heapUsed + external) / MEGABYTE };
}

function tinyObjective() {
  const scope = new ParameterScope('tiny');
  const { outputs } = pieceObjective(scope, SIZES, WINDOWS, LENGTH);
  const values = ParameterValues.initialise(scope.specs(), 1);
  const count = WINDOWS * LENGTH;
  const feeds = {
    pieces: Int32Array.from({ length: count }, (_, i) => (i * 31) % SIZES.vocabularySize),
    targets: Int32Array.from({ length: count }, (_, i) => (i * 17) % SIZES.vocabularySize),
    weights: new Float32Array(count).fill(1),
    inverseCount: Float32Array.of(1 / count),
    ...Object.fromEntries(values.views),
  };
  return { outputs, values, feeds };
}

describe('memory', () => {
  it('stays flat over 2,000 steps', async () => {
    const { outputs, values, feeds } = tinyObjective();
    const optimiser = new AdamW(values);
    const executable = await compile(outputs, { threads: 1 });
    const gradients = [...optimiser.gradients.views].map(([name, view]) => [gradientName(name), view] as const);
    const into = { loss: new Float32Array(1), ...Object.fromEntries(gradients) };
    const steps = async (first: number, last: number): Promise<void> => {
      for (let step = first; step <= last; step++) {
        await executable.run(feeds, into);
        optimiser.update(optimiser.gradients, step, 1e-3);
      }
    };
    try {
      await steps(1, 500);
      const before = await memory();
      await steps(501, 2500);
      const after = await memory();
      // Objects and arrays of a step that stayed, at a kilobyte each, would be 2 MB by now.
      expect(after.script - before.script).toBeLessThan(1);
      // The allocator still settles, by a few megabytes over tens of thousands of steps; one set of gradients that stayed
      // at each step would be 80.
      expect(after.resident - before.resident).toBeLessThan(20);
    } finally {
      await executable.dispose();
    }
  });

  it('comes back when sessions are disposed', async () => {
    const { outputs, feeds } = tinyObjective();
    const sessions = async (count: number): Promise<void> => {
      for (let i = 0; i < count; i++) {
        const executable = await compile(outputs, { threads: 1 });
        await executable.run(feeds);
        await executable.dispose();
      }
    };
    await sessions(20);
    const before = await memory();
    await sessions(200);
    const after = await memory();
    // A session of this model takes more than half a megabyte; 200 that stayed would take 100.
    expect(after.resident - before.resident).toBeLessThan(15);
    expect(after.script - before.script).toBeLessThan(2);
  });
});
