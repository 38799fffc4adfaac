// The loop on models of a few numbers: what it refuses to hand over, and what thousands of its steps leave in memory.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { gradientName, type Objective, pieceObjective, readConfig } from '@strata/hierarchy';
import { ParameterScope, ParameterValues } from '@strata/nn';
import { gradients, multiply, sum } from '@strata/tensor';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { trainStage } from './loop.js';
import { readMetrics } from './metrics.js';
import { silentProgress } from './progress.js';
import { DivergedError, type Stage, type StepData } from './stage.js';

const TOY = readConfig(fileURLToPath(new URL('../../../configs/toy.yaml', import.meta.url)), ['threads=1']);

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'strata-loop-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function stageOf(objective: Objective, steps: number, peak: number, rest: Partial<Stage>): Stage {
  return {
    name: 'subword',
    runFolder: folder,
    checkpointFolder: join(folder, 'checkpoints'),
    objective,
    values: ParameterValues.initialise(objective.trainable.specs(), 1),
    frozen: {},
    steps,
    schedule: { kind: 'cosine', peak, floor: 0, warmupSteps: 1, totalSteps: steps },
    training: TOY.subword.training,
    config: TOY,
    identity: 'a test',
    data: () => ({ feeds: {}, bytes: 1, targets: 1 }),
    ...rest,
  };
}

/** One matrix of numbers near the largest that float32 holds, and a loss in which they do not show. */
function hugeObjective(): Objective {
  const trainable = new ParameterScope('huge');
  const weight = trainable.parameter('weight', [2, 2], { kind: 'constant', value: 3e38 });
  const loss = sum(multiply(weight, 1e-38));
  const [gradient] = gradients(loss, [weight]);
  return { outputs: { loss, nats: loss, [gradientName('huge.weight')]: gradient! }, trainable, frozen: [] };
}

describe('weights that are no numbers', () => {
  it('are not handed over, even if only the last step made them', async () => {
    // At a rate of 100 the decay alone makes each weight -99 times what it was.
    const training = { ...TOY.subword.training, groups: [{ match: '*', learningRate: 100, weightDecay: 1 }] };
    const work = trainStage(stageOf(hugeObjective(), 1, 1, { training }), { progress: () => silentProgress });
    await expect(work).rejects.toThrow(DivergedError);
    await expect(work).rejects.toThrow(/not all weights are numbers at step 1\. No checkpoint/);
  });
});

const SIZES = { vocabularySize: 260, width: 16, depth: 1, headCount: 2 };
const WINDOWS = 2;
const LENGTH = 32;
const MEGABYTE = 2 ** 20;

/** Batches of made-up pieces in new arrays, with 100 kB that no session asks for, so that one that stayed would weigh. */
function batch(index: number): StepData {
  const count = WINDOWS * LENGTH;
  const ids = (factor: number): Int32Array =>
    Int32Array.from({ length: count }, (_, i) => (i * factor + index) % SIZES.vocabularySize);
  return {
    feeds: {
      pieces: ids(31),
      targets: ids(17),
      weights: new Float32Array(count).fill(1),
      ballast: new Float32Array(25_000).fill(index),
    },
    bytes: count,
    targets: count,
  };
}

describe('memory', () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;

  it('stays flat over 2,000 steps with metrics, validations and checkpoints', async () => {
    const steps = 2500;
    const objective = pieceObjective(new ParameterScope('tiny'), SIZES, WINDOWS, LENGTH);
    const training = { ...TOY.subword.training, validation: { every: 50, bytes: 1000 } };
    const validation = { steps: 3, data: batch };
    const samples: { resident: number; script: number }[] = [];
    const progress = () => ({
      ...silentProgress,
      update(done: number) {
        if (done % 500 !== 0) return;
        collect();
        const { rss, heapUsed, external } = process.memoryUsage();
        samples.push({ resident: rss / MEGABYTE, script: (heapUsed + external) / MEGABYTE });
      },
    });
    const stage = stageOf(objective, steps, 1e-3, { training, data: batch, validation });
    await trainStage(stage, { progress, checkpointSeconds: 0.1 });
    expect(readMetrics(join(folder, 'metrics.jsonl')).filter((line) => 'validationBitsPerByte' in line)).toHaveLength(
      50,
    );
    const [before, after] = [samples[0]!, samples.at(-1)!];
    // Batches that stayed would be 200 MB by now, and gradients 80; how untidy collector and allocator are, a few.
    expect(after.script - before.script).toBeLessThan(20);
    expect(after.resident - before.resident).toBeLessThan(30);
  });
});
