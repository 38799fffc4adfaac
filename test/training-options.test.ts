// What the settings of a training promise: batches add up to larger ones, held-out text is scored as everywhere else,
// training that stops early keeps its best weights, and weights that are no numbers are never saved.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Config, checkConfig, loadPieces, pieceScorer, Run } from '@strata/hierarchy';
import { readSafetensors } from '@strata/store';
import type { Corpus } from '@strata/text';
import { DivergedError, firstTexts, type MetricsLine, readMetrics, STAGES, silentProgress } from '@strata/train';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freshFolder, removeFolders, smallConfig, smallCorpus } from './small-run.js';

let corpus: Corpus;

beforeAll(() => {
  corpus = smallCorpus();
});
afterAll(removeFolders);

type Training = Partial<Config['subword']['training']>;

/** The base of the small run, trained with settings of its own. */
async function trainBase(training: Training, rest: Partial<Config> = {}): Promise<Run> {
  const config = smallConfig();
  const whole = {
    ...config,
    ...rest,
    subword: { ...config.subword, training: { ...config.subword.training, ...training } },
  };
  const run = Run.prepare(freshFolder(), checkConfig(whole, 'the test'));
  await STAGES.subword({ run, corpus, note: () => {}, progress: () => silentProgress });
  return run;
}

function weightsOf(run: Run): Float32Array {
  const { tensors } = readSafetensors(join(run.path('subword'), 'model.safetensors'));
  return Float32Array.from([...tensors.values()].flatMap(({ data }) => [...data]));
}

const linesOf = (run: Run): MetricsLine[] => readMetrics(join(run.folder, 'metrics.jsonl'));
const validated = (run: Run): [number, number][] =>
  linesOf(run)
    .filter((line) => line.validationBitsPerByte !== undefined)
    .map((line) => [line.step, line.validationBitsPerByte as number]);

describe('gradient accumulation', () => {
  it('takes the steps that one large batch would', async () => {
    const batch = smallConfig().batch;
    const large = await trainBase({ bytes: 3000 }, { batch: { ...batch, windows: 4 } });
    const summed = await trainBase({ bytes: 3000, accumulate: 2 }, { batch: { ...batch, windows: 2 } });
    const [steps, other] = [large, summed].map((run) => linesOf(run).at(-1)!);
    expect(other!.step).toBe(steps!.step);
    expect(other!.bytes).toBe(steps!.bytes);
    expect(other!.loss).toBeCloseTo(steps!.loss as number, 4);
    const expected = weightsOf(large);
    // Sums are taken in another order, so bits may differ; a learning rate of 0.01 moves weights by about that a step.
    for (const [i, weight] of weightsOf(summed).entries()) expect(Math.abs(weight - expected[i]!)).toBeLessThan(2e-3);
  });
});

describe('validation at intervals', () => {
  it('gives what scoring the same text gives', async () => {
    const run = await trainBase({ bytes: 6000, validation: { every: 7, bytes: 2000 } });
    const { step } = linesOf(run).at(-1)!;
    const steps = validated(run).map(([at]) => at);
    expect(steps).toEqual([
      ...Array.from({ length: Math.floor(step / 7) }, (_, i) => 7 * (i + 1)),
      ...(step % 7 === 0 ? [] : [step]),
    ]);
    const scorer = await pieceScorer(loadPieces(run, 'subword'), run);
    try {
      const { total } = await scorer.score(firstTexts(corpus.validation, 2000));
      expect(validated(run).at(-1)![1]).toBeCloseTo(total, 4);
    } finally {
      await scorer.dispose();
    }
  });

  it('changes nothing of the training', async () => {
    const often = await trainBase({ bytes: 3000, validation: { every: 1, bytes: 1000 } });
    const never = await trainBase({ bytes: 3000, validation: { every: 0, bytes: 1000 } });
    expect(validated(never)).toEqual([]);
    expect(weightsOf(often)).toEqual(weightsOf(never));
  });
});

describe('early stopping', () => {
  it('ends after validations that are no better, with the weights of the best', async () => {
    // Two windows of text again and again at a high rate: held-out text soon gets worse.
    const settings = { bytes: 40_000, learningRate: 0.05, validation: { every: 2, bytes: 1000 } };
    const stopped = await trainBase({ ...settings, earlyStopping: { patience: 3, minimumDelta: 0 } });
    const figures = validated(stopped);
    const best = figures.reduce((least, figure) => (figure[1] < least[1] ? figure : least));
    expect(figures.at(-1)![0]).toBe(best[0] + 6);
    const { extra } = JSON.parse(readFileSync(join(stopped.path('subword'), 'manifest.json'), 'utf8')) as {
      extra: { steps: number; best: { step: number; bitsPerByte: number } };
    };
    expect(extra.best).toEqual({ step: best[0], bitsPerByte: best[1] });
    expect(extra.steps).toBe(best[0] + 6);
    const scorer = await pieceScorer(loadPieces(stopped, 'subword'), stopped);
    try {
      const { total } = await scorer.score(firstTexts(corpus.validation, 1000));
      expect(total).toBeCloseTo(best[1], 4);
    } finally {
      await scorer.dispose();
    }
  });

  it('is refused where there are no validations', () => {
    const config = smallConfig();
    const training = { ...config.word.training, validation: { every: 0, bytes: 1000 }, earlyStopping: { patience: 1 } };
    expect(() => checkConfig({ ...config, word: { ...config.word, training } }, 'the test')).toThrow(
      /word.*validation\.every/,
    );
  });
});

describe('groups of parameters', () => {
  it('that fit nothing are refused by name', async () => {
    await expect(trainBase({ bytes: 2000, groups: [{ match: 'concept.*' }] })).rejects.toThrow(/concept\.\*/);
  });
});

describe('Muon', () => {
  it('trains otherwise than AdamW, and stopped after every step it goes on as if it had not been', async () => {
    const training = { bytes: 4000, optimiser: 'muon', weightDecay: 0.05, accumulate: 2 } as const;
    const whole = await trainBase(training);
    expect(weightsOf(await trainBase({ ...training, optimiser: 'adamw' }))).not.toEqual(weightsOf(whole));
    const stop = new AbortController();
    stop.abort();
    const folder = freshFolder();
    const run = Run.prepare(folder, whole.config);
    const options = { run, corpus, note: () => {}, progress: () => silentProgress, signal: stop.signal };
    const { step: steps } = linesOf(whole).at(-1)!;
    for (let step = 1; step < steps; step++)
      await expect(STAGES.subword(options)).rejects.toThrow(`stopped at step ${step} of ${steps}`);
    await STAGES.subword(options);
    expect(weightsOf(run)).toEqual(weightsOf(whole));
  });
});

describe('a training that diverges', () => {
  it('stops at the step it names, and no checkpoint holds what is no number', async () => {
    // A decay of 100 times the rate of 1 multiplies each weight by -99 at every step.
    const groups = [{ match: '*', learningRate: 100, weightDecay: 1 }];
    const folder = freshFolder();
    const config = smallConfig();
    const training = { ...config.subword.training, bytes: 40_000, learningRate: 1, warmup: 0, groups };
    const whole = { ...config, subword: { ...config.subword, training }, checkpoints: { seconds: 0, keep: 3 } };
    const run = Run.prepare(folder, checkConfig(whole, 'the test'));
    const work = STAGES.subword({ run, corpus, note: () => {}, progress: () => silentProgress });
    const error: unknown = await work.then(
      () => undefined,
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(DivergedError);
    const [, step, kept] = /at step (\d+)\..*checkpoint of step (\d+) is kept/.exec((error as Error).message)!;
    expect(Number(step) - Number(kept)).toBeLessThanOrEqual(1);
    const path = join(run.path('subword'), 'checkpoints', `step-${kept!.padStart(8, '0')}.safetensors`);
    for (const [name, { data }] of readSafetensors(path).tensors) expect(data.every(Number.isFinite), name).toBe(true);
  });
});
