// Measuring a run: everything that its report says, from held-out text, the trained levels and what training recorded.
// From: Strata, EVALUATION (bits per byte, the ledger, validity, matched baselines, is the hierarchy real?).
import {
  CONTROL_NAMES,
  encodeLadder,
  Generator,
  LadderScorer,
  openLadder,
  type Run,
  type StageName,
  windowShape,
} from '@strata/hierarchy';
import { type LevelName, levelsUpTo } from '@strata/level';
import type { Corpus } from '@strata/text';
import { createProgress } from '@strata/train';
import { ladderVocabularyUse } from './channels.js';
import { type GestaltLikelihood, gestaltLikelihood } from './gestalt-likelihood.js';
import { type HeldOut, type MeasuredModels, measureModels, plannedBytes } from './measure-models.js';
import { notesOf } from './measure-notes.js';
import { channelRecords, corpusRecord, curveRecords, levelRecords, measureRecords } from './measure-records.js';
import { measureConcepts, measureSamples } from './measure-samples.js';
import type { ModelRecord, Report, SampleRecord } from './report-schema.js';
import { scoredText } from './scored-text.js';
import { MeasureError, type StageRecord, stageRecordOn } from './stage-record.js';

/** How measuring shows itself. */
export interface MeasureOptions {
  readonly progress?: typeof createProgress | undefined;
  /** Told what is being measured, in words. */
  readonly note?: ((message: string) => void) | undefined;
}

/**
 * Measures a run on its corpus: bits per byte of every model, channels, vocabularies, samples, concepts and curves.
 * Throws MeasureError where there is no word level yet, no text to score, or another corpus than the one trained on,
 * and the errors of opening a run.
 */
export async function measureRun(run: Run, corpus: Corpus, options: MeasureOptions = {}): Promise<Report> {
  const { note = () => {}, progress = createProgress } = options;
  const ladder = openLadder(run);
  if (ladder.top === 'subword')
    throw new MeasureError(`${run.folder} has a base but no word level yet; run: strata train word`);
  const records = trainedRecords(run, ladder.top, corpus);
  const heldOut = heldOutText(run, corpus);
  const { name, seed, evaluation } = run.config;
  note(`measuring ${name} on ${heldOut.validation.bytes} bytes of validation and ${heldOut.test.bytes} of test text`);
  // Messages are shuffled with those of another text, which stands beside it in the batch.
  const shape = windowShape(run.config, Math.max(2, run.config.batch.windows));
  const scorer = await LadderScorer.create(ladder, ladder.top, shape);
  const scoring = progress(
    'measure',
    plannedBytes(ladder.top, heldOut, CONTROL_NAMES.filter((name) => records[name] !== undefined).length),
    'bytes',
  );
  let scored = 0;
  let measured: MeasuredModels;
  try {
    measured = await measureModels(run, scorer, heldOut, records, (bytes) => scoring.update((scored += bytes)));
  } finally {
    scoring.finish();
    await scorer.dispose();
  }
  let bag: GestaltLikelihood | undefined;
  if (ladder.top === 'gestalt') bag = await gestaltLikelihood(ladder, heldOut.validation.texts, corpus.train);
  const text = encodeLadder(heldOut.validation.texts, ladder.words!, ladder.tokenizer);
  const uses = await ladderVocabularyUse(ladder, text);
  note('continuing the prompt from every level');
  const writing = progress('samples', levelsUpTo(ladder.top).length, 'texts');
  const generator = await Generator.create(ladder);
  let samples: SampleRecord[];
  try {
    let written = 0;
    samples = await measureSamples(generator, evaluation.prompt, seed, () => writing.update(++written));
  } finally {
    writing.finish();
    await generator.dispose();
  }
  const { commit } = records[ladder.top]!;
  return {
    format: 'strata-report',
    version: 1,
    run: name,
    createdFrom: { ...(commit !== undefined && { commit }), configHash: run.configHash, seed },
    corpus: corpusRecord(corpus),
    levels: levelRecords(ladder, records, uses, text),
    models: withConditional(measured.models, bag),
    channels: channelRecords(measured, uses),
    curves: curveRecords(run),
    samples,
    concepts: measureConcepts(ladder.concepts),
    measures: measureRecords(uses, bag),
    notes: notesOf(run, ladder, heldOut, records, bag),
  };
}

/** The records of all stages in use; every one must have been trained on this very corpus. */
function trainedRecords(run: Run, top: LevelName, corpus: Corpus): Partial<Record<StageName, StageRecord>> {
  const stages: StageName[] = [...levelsUpTo(top), ...CONTROL_NAMES.filter((name) => run.has(name))];
  const records: Partial<Record<StageName, StageRecord>> = {};
  for (const stage of stages) records[stage] = stageRecordOn(run, stage, corpus);
  return records;
}

function heldOutText(run: Run, corpus: Corpus): HeldOut {
  const { validationBytes, testBytes } = run.config.evaluation;
  const heldOut = {
    validation: scoredText(corpus.validation, validationBytes, 'validation'),
    test: scoredText(corpus.test, testBytes, 'test'),
  };
  for (const split of ['validation', 'test'] as const)
    if (heldOut[split].bytes === 0)
      throw new MeasureError(
        `evaluation.${split}Bytes is ${run.config.evaluation[`${split}Bytes`]}: not even one word of ${corpus.name} fits. ` +
          'Give the run another name and at least some hundred bytes, or 0 for all.',
      );
  return heldOut;
}

/** The gestalt's own likelihood stands beside the ladder's validation total, never in it. */
function withConditional(models: readonly ModelRecord[], bag: GestaltLikelihood | undefined): ModelRecord[] {
  return models.map((model) => {
    if (bag === undefined || model.name !== 'strata') return model;
    const { validation, test } = model.bitsPerByte;
    const conditional = { 'gestalt: bag of concepts': bag.bitsPerByte };
    return { ...model, bitsPerByte: { validation: { ...validation, conditional }, test } };
  });
}
