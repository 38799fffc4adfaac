// Two engines that share no arithmetic train the same model: the same loss at every step, in a loop and in a run.
import { join } from 'node:path';
import { type CompileOptions, compile } from '@strata/engine';
import { checkConfig, gradientName, pieceObjective, Run } from '@strata/hierarchy';
import { ADAMW_DEFAULTS, AdamW, learningRateAt, ParameterScope, ParameterValues } from '@strata/nn';
import { type MetricsLine, readMetrics, STAGES, silentProgress } from '@strata/train';
import { afterAll, describe, expect, it } from 'vitest';
import { freshFolder, removeFolders, smallConfig, smallCorpus } from './small-run.js';

afterAll(removeFolders);

const STEPS = 50;
const [WINDOWS, LENGTH] = [4, 32] as const;
const SIZES = { vocabularySize: 257, width: 32, depth: 2, headCount: 2 };

const text = [...smallCorpus().train][0]!.text;
const bytes = new TextEncoder().encode(text);

/** Pieces of a step, one a byte, and the pieces that come after each of them. */
function batch(step: number): { pieces: Int32Array; targets: Int32Array } {
  const count = WINDOWS * LENGTH;
  const start = (step * count) % (bytes.length - count - 1);
  return {
    pieces: Int32Array.from(bytes.subarray(start, start + count)),
    targets: Int32Array.from(bytes.subarray(start + 1, start + count + 1)),
  };
}

/** The loss of every step of a training, from the same weights and batches whatever the engine. */
async function losses(options: CompileOptions): Promise<number[]> {
  const scope = new ParameterScope('subword');
  const { outputs } = pieceObjective(scope, SIZES, WINDOWS, LENGTH);
  const values = ParameterValues.initialise(scope.specs(), 3);
  const optimiser = new AdamW(values, ADAMW_DEFAULTS);
  const executable = await compile(outputs, options);
  const count = WINDOWS * LENGTH;
  const loss = new Float32Array(1);
  const into = {
    loss,
    ...Object.fromEntries([...optimiser.gradients.views].map(([name, view]) => [gradientName(name), view])),
  };
  const found: number[] = [];
  for (let step = 1; step <= STEPS; step++) {
    const given = { weights: new Float32Array(count).fill(1), inverseCount: Float32Array.of(1 / count) };
    await executable.run({ ...batch(step), ...given, ...Object.fromEntries(values.views) }, into);
    found.push(loss[0]!);
    const schedule = { kind: 'cosine', peak: 3e-3, floor: 3e-4, warmupSteps: 5, totalSteps: STEPS } as const;
    await optimiser.update(optimiser.gradients, step, learningRateAt(schedule, step));
  }
  await executable.dispose();
  return found;
}

describe('a training of 50 steps', () => {
  it('has the same losses on onnxruntime and on TensorFlow.js, in JavaScript and in WebAssembly', async () => {
    const reference = await losses({ threads: 1 });
    expect(reference.at(-1)).toBeLessThan(0.7 * reference[0]!);
    for (const tfjsBackend of ['cpu', 'wasm'] as const) {
      const other = await losses({ engine: 'tfjs', tfjsBackend });
      for (const [i, loss] of reference.entries())
        expect(Math.abs(other[i]! - loss), `step ${i + 1} on ${tfjsBackend}`).toBeLessThan(1e-4);
    }
  });
});

describe('engine: tfjs in a configuration', () => {
  it('trains a stage to the metrics that onnxruntime gives', async () => {
    const corpus = smallCorpus();
    const trained: MetricsLine[][] = [];
    for (const engine of ['onnxruntime', 'tfjs'] as const) {
      const { subword, ...rest } = smallConfig();
      const training = { ...subword.training, bytes: 5000, validation: { every: 5, bytes: 1000 } };
      const config = checkConfig({ ...rest, subword: { ...subword, training }, engine }, 'the test');
      const run = Run.prepare(freshFolder(), config);
      await STAGES.subword({ run, corpus, note: () => {}, progress: () => silentProgress });
      trained.push(readMetrics(join(run.folder, 'metrics.jsonl')));
    }
    const [expected, found] = trained as [MetricsLine[], MetricsLine[]];
    expect(found.map(({ step }) => step)).toEqual(expected.map(({ step }) => step));
    expect(expected.length).toBeGreaterThan(1);
    for (const [i, line] of expected.entries()) {
      expect(found[i]!.loss).toBeCloseTo(line.loss as number, 4);
      if (line.validationBitsPerByte !== undefined)
        expect(found[i]!.validationBitsPerByte).toBeCloseTo(line.validationBitsPerByte as number, 4);
    }
  });
});
