// Probes promise to ask every model of a run the same things, and answers that add up and come out the same again.
import {
  echoTest,
  generationPace,
  openProbedModel,
  type ProbedModel,
  parseReport,
  probedNames,
  probeMeasures,
  probeRun,
  scoredText,
} from '@strata/compare';
import { isControl, LadderScorer, loadPieces, openLadder, pieceScorer, type Run } from '@strata/hierarchy';
import type { Corpus } from '@strata/text';
import { byteLength, segmentUnits } from '@strata/text';
import { silentProgress } from '@strata/train';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { REPORT_FIXTURE } from '../packages/compare/fixtures/report-fixture.js';
import { ALL_STAGES, freshFolder, removeFolders, smallCorpus, trainSmall } from './small-run.js';

let run: Run;
let corpus: Corpus;
const opened: ProbedModel[] = [];

beforeAll(async () => {
  corpus = smallCorpus();
  run = await trainSmall(freshFolder(), corpus, [...ALL_STAGES, 'spacebyte']);
});
afterAll(async () => {
  for (const model of opened) await model.dispose();
  removeFolders();
});

function open(name: string): ProbedModel {
  const model = openProbedModel(run, name);
  opened.push(model);
  return model;
}

/** Nats of a text as `score` has them. */
async function scored(name: string, text: string): Promise<number> {
  const isPieces = name === 'subword' || isControl(name);
  const top = name === 'strata' ? 'gestalt' : (name as 'word' | 'concept');
  const scorer = isPieces
    ? await pieceScorer(loadPieces(run, name), run)
    : await LadderScorer.create(openLadder(run, top), top);
  const { total, bytes } = await scorer.score([text]);
  await scorer.dispose();
  return total * bytes * Math.LN2;
}

it('a run has its whole ladder, its lower ends, its base and its controls', () => {
  expect(probedNames(run)).toEqual(['strata', 'concept', 'word', 'subword', 'flat-params', 'spacebyte']);
  expect(() => openProbedModel(run, 'flat-flops')).toThrow(/no model flat-flops.*strata, concept/);
});

describe('the nats of units', () => {
  it.each(['strata', 'concept', 'word', 'subword', 'flat-params', 'spacebyte'])(
    'add up to the score: %s',
    async (name) => {
      const text = [...corpus.validation][0]!.text.slice(0, 2500);
      const { nats, bytes } = await open(name).unitNats(text);
      const spans = segmentUnits(text);
      expect([...bytes]).toEqual(spans.map(({ gapStart, end }) => byteLength(text.slice(gapStart, end))));
      const sum = nats.reduce((before, value) => before + value, 0);
      const whole = await scored(name, text);
      expect(Math.abs(sum - whole)).toBeLessThan(1e-9 * whole);
      expect(Math.min(...nats)).toBeGreaterThan(0);
    },
  );

  it.each(['strata', 'flat-params'])('are those of short texts: %s', async (name) => {
    const texts = ['The bear ran.', 'The bear ran. He was glad'];
    const nats = await open(name).textNats(texts);
    for (const [i, text] of texts.entries()) {
      const units = await open(name).unitNats(text);
      expect(nats[i]).toBeCloseTo(
        units.nats.reduce((before, value) => before + value, 0),
        3,
      );
    }
  });
});

describe('the echo test', () => {
  it.each(['strata', 'word', 'subword', 'flat-params'])(
    'writes as much for every model, the same again: %s',
    async (name) => {
      const first = await echoTest(open(name), 3, { bytes: 120 });
      expect(await echoTest(open(name), 3, { bytes: 120 })).toEqual(first);
      expect(first.map(({ copies }) => copies)).toEqual([1, 2, 4, 8]);
      for (const { copies, probability, greedy, sampled } of first) {
        expect(probability).toBeGreaterThan(0);
        expect(probability).toBeLessThan(1);
        if (copies > 2) continue;
        for (const { text } of [greedy!, sampled!]) expect(byteLength(text)).toBeGreaterThanOrEqual(120);
      }
    },
  );

  it('scores the copy that comes, gap included, after the copies before it', async () => {
    const model = open('word');
    const [once] = await echoTest(model, 3, { bytes: 1 });
    const [before, after] = await model.textNats(['The', 'The\n\nThe']);
    expect(once!.probability).toBeCloseTo(Math.exp(before! - after!), 6);
  });
});

it('a model that cannot write is asked what it scores, and nothing else', async () => {
  const model = open('spacebyte');
  expect((await echoTest(model, 1)).map(({ greedy }) => greedy)).toEqual([undefined, undefined, undefined, undefined]);
  await expect(model.write('The', { temperature: 1, topP: 1, seed: 1, bytes: 5 })).rejects.toThrow(
    'spacebyte has no step',
  );
  const found = await probeRun(run, corpus, {
    only: ['echo', 'pace'],
    models: ['spacebyte'],
    progress: () => silentProgress,
  });
  expect(found.pace).toEqual([]);
  expect(probeMeasures(found).map(({ name }) => name)).toEqual(['echo after one', 'echo after two']);
  expect(probeMeasures(found).every(({ values }) => values.every(({ value }) => Number.isFinite(value)))).toBe(true);
});

it('pace is measured with memory, for any model', async () => {
  for (const name of ['strata', 'flat-params']) {
    const pace = await generationPace(() => open(name), 'The bear', 1);
    expect(pace.bytesPerSecond).toBeGreaterThan(0);
    expect(pace.memory).toBeGreaterThanOrEqual(0);
  }
});

describe('probeRun', () => {
  const models = ['strata', 'flat-params'];

  it('finds the same again, its parts add up, and a report takes what it found', async () => {
    const options = { only: ['buckets', 'typos', 'hare'], models, progress: () => silentProgress } as const;
    const found = await probeRun(run, corpus, options);
    expect(await probeRun(run, corpus, options)).toEqual(found);
    const { buckets, typos, hare, ...none } = found;
    expect(none).toEqual({});
    // The text that is scored in a report, whole, and as the report scores it.
    const { texts, bytes } = scoredText(corpus.test, run.config.evaluation.testBytes, 'test');
    expect(buckets!.buckets.reduce((sum, bucket) => sum + bucket.bytes, 0)).toBe(bytes);
    for (const { model, bits } of buckets!.models) {
      const whole = (await Promise.all(texts.map((text) => scored(model, text)))).reduce((sum, nats) => sum + nats, 0);
      expect(bits.reduce((sum, own) => sum + own, 0) * Math.LN2).toBeCloseTo(whole, 5);
      expect(typos!.models.find((entry) => entry.model === model)!.clean).toBeCloseTo(whole / Math.LN2 / bytes, 9);
    }
    expect(typos!.slips).toBeGreaterThan(0);
    expect(hare?.models.map(({ model }) => model) ?? models).toEqual(models);
    const measures = probeMeasures(found);
    expect(measures.length).toBeGreaterThanOrEqual(3);
    for (const { values } of measures) expect(values.map(({ model }) => model)).toEqual(models);
    expect(parseReport({ ...REPORT_FIXTURE, measures, buckets }).buckets).toEqual(buckets);
  });

  it('refuses a corpus that the run was not trained on, and a model that it has not', async () => {
    const other = { ...corpus, hash: 'another' };
    await expect(probeRun(run, other, { models })).rejects.toThrow(/trained on a corpus of hash/);
    await expect(probeRun(run, corpus, { models: ['flat-flops'] })).rejects.toThrow(/no model flat-flops/);
  });
});
