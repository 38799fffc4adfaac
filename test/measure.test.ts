// What a report promises about the run it was made from: every model on the same bytes, parts that add up, costs summed,
// channels that mean what they say, samples and reasons that are the run's own, and files that can be read again.
import { readFileSync } from 'node:fs';
import {
  MeasureError,
  measureRun,
  parseReport,
  type Report,
  renderReportText,
  scoredText,
  writeReport,
} from '@strata/compare';
import {
  encodeLadder,
  type Ladder,
  LadderScorer,
  type Ledger,
  openLadder,
  type Run,
  windowShape,
} from '@strata/hierarchy';
import { bytesFromText, type Corpus } from '@strata/text';
import { silentProgress } from '@strata/train';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ALL_STAGES, freshFolder, removeFolders, smallCorpus, trainSmall } from './small-run.js';

let corpus: Corpus;
let run: Run;
let ladder: Ladder;
let report: Report;
const quiet = { progress: () => silentProgress };

afterAll(removeFolders);

beforeAll(async () => {
  corpus = smallCorpus();
  run = await trainSmall(freshFolder(), corpus);
  ladder = openLadder(run);
  report = await measureRun(run, corpus, quiet);
});

const modelOf = (name: string) => report.models.find((model) => model.name === name)!;

describe('bits per byte', () => {
  it('are measured for the ladder, the ladder without its upper levels, the base and the flat model', () => {
    expect(report.models.map((model) => model.name)).toEqual(['strata', 'concept', 'word', 'subword', 'flat-params']);
  });

  it('have parts that add up to their total, none of them below zero', () => {
    for (const { name, bitsPerByte } of report.models)
      for (const ledger of Object.values(bitsPerByte)) {
        const sum = Object.values(ledger.parts).reduce((total, part) => total + part, 0);
        expect(Math.abs(sum - ledger.total), name).toBeLessThan(1e-9);
        for (const part of Object.values(ledger.parts)) expect(part, name).toBeGreaterThan(-1e-6);
      }
    expect(Object.keys(modelOf('strata').bitsPerByte.test.parts).sort()).toEqual([
      'boundary',
      'case',
      'concept',
      'features',
      'gap',
      'lemma',
      'spelling',
    ]);
  });

  it('are over the same bytes for every model, as many as the notes and the configuration say', () => {
    const { validationBytes, testBytes } = run.config.evaluation;
    const limits = { validation: validationBytes, test: testBytes };
    for (const split of ['validation', 'test'] as const) {
      const { bytes } = report.models[0].bitsPerByte[split];
      expect(bytes).toBeLessThanOrEqual(limits[split]);
      expect(bytes).toBeGreaterThan(limits[split] - 64);
      for (const model of report.models) expect(model.bitsPerByte[split].bytes, model.name).toBe(bytes);
      expect(report.notes.join()).toContain(
        `the first ${bytes} of ${[...corpus[split]][0]!.bytes} bytes of ${[...corpus[split]][0]!.name}`,
      );
      const start = bytesFromText([...corpus[split]][0]!.text).subarray(0, bytes + 1);
      // The cut is where a word ends: what follows is a gap or a mark.
      expect(String.fromCharCode(start[bytes])).toMatch(/[\s.,;:!?"'()-]/);
    }
  });

  it('charge a model for all the stages that it stands on', () => {
    const level = (name: string) => report.levels.find((entry) => entry.name === name)!;
    const upTo = (count: number) => ['subword', 'word', 'concept', 'gestalt'].slice(0, count).map(level);
    for (const [name, count] of [
      ['subword', 1],
      ['word', 2],
      ['concept', 3],
      ['strata', 4],
    ] as const) {
      const { parameters, trainFlops, bytesSeen } = modelOf(name);
      expect(parameters).toBe(upTo(count).reduce((sum, entry) => sum + entry.parameters, 0));
      expect(trainFlops).toBe(upTo(count).reduce((sum, entry) => sum + entry.trainFlops, 0));
      expect(bytesSeen).toBe(upTo(count).reduce((sum, entry) => sum + entry.bytesSeen, 0));
    }
    const [flat, strata] = [modelOf('flat-params').parameters, modelOf('strata').parameters];
    // The small flat model has few shapes to choose from; the ladder's size is still in sight.
    expect(Math.abs(flat / strata - 1)).toBeLessThan(0.5);
  });

  it('come with the window and stride that they were scored with', () => {
    const { units } = run.config.batch;
    expect(modelOf('strata').bitsPerByte.test.context).toMatchObject({
      window: units,
      stride: units / 2,
      unit: 'words',
    });
    for (const model of report.models) {
      const { window, stride, windowBytes } = model.bitsPerByte.test.context;
      expect(stride).toBe(Math.floor(window / 2));
      expect(windowBytes).toBeGreaterThan(window * 0.5);
    }
  });
});

describe('channels', () => {
  it('a silent gestalt is exactly the ladder that ends at concepts', async () => {
    const concept = await LadderScorer.create(ladder, 'concept');
    const text = [...corpus.validation][0]!.text.slice(0, 1500);
    const whole = await LadderScorer.create(ladder);
    expect(difference(await whole.score([text], { silent: 'gestalt' }), await concept.score([text]))).toBeLessThan(
      1e-6,
    );
    await concept.dispose();
    await whole.dispose();
  });

  it('silent concepts leave exactly the word level', async () => {
    const word = await LadderScorer.create(ladder, 'word');
    const whole = await LadderScorer.create(ladder);
    const text = [...corpus.validation][0]!.text.slice(0, 1500);
    const silent = await whole.score([text], { silent: 'concept' });
    const { concept, lemma, ...others } = silent.parts;
    const joined = { ...silent, parts: { ...others, lemma: lemma + concept } };
    expect(difference(joined, await word.score([text]))).toBeLessThan(1e-6);
    await word.dispose();
    await whole.dispose();
  });

  it('spoiling a message that is zero changes nothing', async () => {
    const mute = openLadder(run);
    for (const level of ['concept', 'gestalt'] as const)
      for (const [name, view] of mute.values[level]!.views) if (name.includes('descend')) view.fill(0);
    // Nothing is remembered: the share of the levels' own prediction is all there is.
    mute.values.concept!.views.get('concept.memory.anew_bias')!.fill(1e4);
    const scorer = await LadderScorer.create(mute);
    const text = [...corpus.validation][0]!.text.slice(0, 1500);
    const spoken = await scorer.score([text]);
    const from = encodeLadder([[...corpus.test][0]!.text.slice(0, 1500)], mute.words!, mute.tokenizer);
    for (const spoilt of [
      { silent: 'gestalt' },
      { shuffled: 'gestalt', from },
      { silent: 'concept' },
      { shuffled: 'concept', from },
    ] as const)
      expect(difference(await scorer.score([text], spoilt), spoken)).toBeLessThan(1e-7);
    await scorer.dispose();
  });

  it('report the change against the ladder as it stands, level by level', () => {
    const total = (name: string): number => modelOf(name).bitsPerByte.validation.total;
    expect(report.channels.map(({ level, to }) => `${level} to ${to}`)).toEqual([
      'gestalt to concept',
      'concept to word',
    ]);
    expect(report.channels[0].zeroed).toBeCloseTo(total('concept') - total('strata'), 12);
    expect(report.channels[1].zeroed).toBeCloseTo(total('word') - total('strata'), 12);
    const onTest = (name: string): number => modelOf(name).bitsPerByte.test.total;
    expect(report.channels[0].test!.zeroed).toBeCloseTo(onTest('concept') - onTest('strata'), 12);
    expect(report.channels[1].test!.zeroed).toBeCloseTo(onTest('word') - onTest('strata'), 12);
    expect(report.channels[0].vocabulary.size).toBe(ladder.codebook!.size);
    for (const { vocabulary } of report.channels) {
      expect(vocabulary.used).toBeGreaterThan(0);
      expect(vocabulary.used).toBeLessThanOrEqual(vocabulary.size);
      expect(vocabulary.perplexity).toBeLessThanOrEqual(vocabulary.used + 1e-9);
    }
  });

  it('tries messages for the other held-out text on each of the two', async () => {
    const shape = windowShape(run.config, Math.max(2, run.config.batch.windows));
    const scorer = await LadderScorer.create(ladder, ladder.top, shape);
    const { validationBytes, testBytes } = run.config.evaluation;
    const [tried, other] = [
      scoredText(corpus.test, testBytes, 'test').texts,
      scoredText(corpus.validation, validationBytes, 'validation').texts,
    ];
    const from = encodeLadder(other, ladder.words!, ladder.tokenizer);
    const { total } = await scorer.score(tried, { shuffled: 'concept', from });
    const { test, shuffled } = report.channels.find(({ level }) => level === 'concept')!;
    expect(test!.shuffled).toBeCloseTo(total - modelOf('strata').bitsPerByte.test.total, 12);
    expect(test!.shuffled).not.toBe(shuffled);
    await scorer.dispose();
  });

  function difference(a: Ledger, b: Ledger): number {
    const parts = new Set([...Object.keys(a.parts), ...Object.keys(b.parts)]);
    return Math.max(...[...parts].map((part) => Math.abs((a.parts[part] ?? 0) - (b.parts[part] ?? 0))));
  }
});

describe('the rest of the report', () => {
  it('keeps the gestalt’s own likelihood beside the total, with a unigram to compare', () => {
    const { validation } = modelOf('strata').bitsPerByte;
    const [own] = Object.values(validation.conditional!);
    expect(own).toBeGreaterThan(0);
    const bag = report.measures!.find((measure) => measure.name === 'which concepts a sentence holds')!;
    expect(bag.values.map((entry) => entry.model)).toEqual(['gestalt', 'unigram of concepts']);
    // A bag over C concepts that knows nothing pays log C; both must know something.
    for (const { value } of bag.values) expect(value).toBeLessThan(Math.log(ladder.concepts!.size));
  });

  it('continues the prompt from every level, and the trace joins to the text', () => {
    expect(report.samples.map((sample) => sample.from)).toEqual(['gestalt', 'concept', 'word', 'subword']);
    for (const sample of report.samples) {
      expect(sample.prompt).toBe(run.config.evaluation.prompt);
      expect(sample.trace!.map((step) => step.text).join('')).toBe(sample.text);
    }
  });

  it('shows the best concepts with a reason for every member', () => {
    expect(report.concepts.count).toBe(ladder.concepts!.size);
    expect(report.concepts.clustered).toBeGreaterThan(0);
    for (const { members } of report.concepts.best) {
      expect(members.length).toBeGreaterThan(1);
      for (const { evidence } of members) expect(evidence).toMatch(/^(with .+: .+|no single pair)/);
    }
  });

  it('has a curve for every stage, ending at the bytes that the stage has seen', () => {
    expect(report.curves.map(({ stage, model }) => [stage, model])).toEqual(
      ALL_STAGES.map((stage) => [stage, stage === 'flat-params' ? stage : 'strata']),
    );
    for (const { stage, points } of report.curves) {
      const seen =
        stage === 'flat-params' ? modelOf('flat-params') : report.levels.find((level) => level.name === stage)!;
      expect(points.at(-1)!.bytes).toBe(seen.bytesSeen);
      expect(points.at(-1)!.flops).toBeCloseTo(seen.trainFlops, -1);
      // Every stage is validated when it ends.
      expect(points.at(-1)!.validation).toBeGreaterThan(0);
    }
  });

  it('pins the run: configuration, seed, corpus and its documents', () => {
    expect(report.createdFrom).toEqual({ configHash: run.configHash, seed: 1 });
    expect(report.corpus.hash).toBe(corpus.hash);
    expect(report.corpus.test.map((entry) => entry.sha256)).toEqual([...corpus.test].map((entry) => entry.sha256));
    expect(report.notes.join(' ')).toContain('no spread is known');
  });

  it('is the same report when it is measured again', async () => {
    expect(await measureRun(run, corpus, quiet)).toEqual(report);
  });

  it('is written whole and read back as it was', () => {
    const { html, json } = writeReport(run, report);
    expect(parseReport(JSON.parse(readFileSync(json, 'utf8')))).toEqual(report);
    expect(readFileSync(html, 'utf8')).toContain('</html>');
    expect(renderReportText(report)).toContain('bits per byte on the test text');
  });

  it('is not written when it claims what does not add up', () => {
    const { json } = writeReport(run, report);
    const before = readFileSync(json, 'utf8');
    const [strata, ...others] = report.models;
    const { spelling: _, ...parts } = strata.bitsPerByte.test.parts;
    const test = { ...strata.bitsPerByte.test, parts };
    const cheating = { ...report, models: [{ ...strata, bitsPerByte: { ...strata.bitsPerByte, test } }, ...others] };
    expect(() => writeReport(run, cheating)).toThrow(/parts add up to/);
    expect(readFileSync(json, 'utf8')).toBe(before);
  });
});

describe('a run that cannot be measured', () => {
  it('says which stage to train when there are no words yet', async () => {
    const bare = await trainSmall(freshFolder(), corpus, ['subword']);
    await expect(measureRun(bare, corpus, quiet)).rejects.toThrow(/run: strata train word/);
  });

  it('is refused on another corpus, whose test text it may have been trained on', async () => {
    const other = { ...corpus, hash: 'f'.repeat(64) };
    await expect(measureRun(run, other, quiet)).rejects.toThrow(MeasureError);
    await expect(measureRun(run, other, quiet)).rejects.toThrow(/may have been trained on/);
  });

  it('is measured as far as it goes, and says what is missing', async () => {
    const early = await measureRun(await trainSmall(freshFolder(), corpus, ['subword', 'word']), corpus, quiet);
    expect(early.models.map((model) => model.name)).toEqual(['strata', 'subword']);
    expect(early.channels).toEqual([]);
    expect(early.notes.join(' ')).toContain('Not trained yet, and so not part of "strata": concept, gestalt.');
    expect(parseReport(early)).toEqual(early);
  });
});
