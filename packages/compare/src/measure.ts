// Measuring a run: everything that its report says, from held-out text, the trained levels and what training recorded.
// From: Strata, EVALUATION (bits per byte, the ledger, validity, matched baselines, is the hierarchy real?).
import { join } from 'node:path';
import {
  bagCosts,
  encodeLadder,
  Generator,
  type Ladder,
  LadderScorer,
  type LadderText,
  openLadder,
  type Run,
  type StageName,
} from '@strata/hierarchy';
import { LEVEL_NAMES, LEVEL_UNITS, type LevelName, levelsUpTo } from '@strata/level';
import type { Corpus, Document } from '@strata/text';
import { createProgress, readMetrics } from '@strata/train';
import { CHANNEL_THRESHOLDS, channelVerdict, ladderVocabularyUse, type VocabularyUse } from './channels.js';
import { conceptUnigram } from './concept-unigram.js';
import { type HeldOut, type MeasuredModels, measureModels, plannedBytes } from './measure-models.js';
import { measureConcepts, measureSamples } from './measure-samples.js';
import type {
  ChannelRecord,
  CorpusRecord,
  CurveRecord,
  DocRef,
  LevelRecord,
  MeasureRecord,
  ModelRecord,
  Report,
} from './report-schema.js';
import { scoredText } from './scored-text.js';
import { MeasureError, type StageRecord, stageRecord } from './stage-record.js';

/** How measuring shows itself. */
export interface MeasureOptions {
  readonly progress?: typeof createProgress | undefined;
  /** Told what is being measured, in words. */
  readonly note?: ((message: string) => void) | undefined;
}

/**
 * Measures a run on its corpus: bits per byte of every model, channels, vocabularies, samples, concepts and curves.
 * Throws MeasureError where there is no word level yet or the corpus is another one, and the errors of opening a run.
 */
export async function measureRun(run: Run, corpus: Corpus, options: MeasureOptions = {}): Promise<Report> {
  const { note = () => {}, progress = createProgress } = options;
  const ladder = openLadder(run);
  if (ladder.top === 'subword')
    throw new MeasureError(`${run.folder} has a base but no word level yet; run: strata train word`);
  const records = trainedRecords(run, ladder.top, corpus);
  const { validationBytes, testBytes, prompt } = run.config.evaluation;
  const heldOut: HeldOut = {
    validation: scoredText(corpus.validation, validationBytes, 'validation'),
    test: scoredText(corpus.test, testBytes, 'test'),
  };
  note(
    `measuring ${run.config.name} on ${heldOut.validation.bytes} bytes of validation and ${heldOut.test.bytes} bytes of test text`,
  );
  const scorer = await LadderScorer.create(ladder);
  const bar = progress('measure', plannedBytes(ladder, heldOut, records.flat !== undefined), 'bytes');
  let scored = 0;
  let measured: MeasuredModels;
  let bag: Bag | undefined;
  const text = encodeLadder(heldOut.validation.texts, ladder.words!, ladder.tokenizer);
  try {
    measured = await measureModels(run, scorer, heldOut, records, (bytes) => bar.update((scored += bytes)));
    if (ladder.top === 'gestalt') bag = await measureBag(scorer, text, corpus.train);
  } finally {
    bar.finish();
    await scorer.dispose();
  }
  const uses = await ladderVocabularyUse(ladder, text);
  note('continuing the prompt from every level');
  const generator = await Generator.create(ladder);
  const writing = progress('samples', levelsUpTo(ladder.top).length, 'texts');
  let written = 0;
  const samples = await measureSamples(generator, prompt, run.config.seed, () => writing.update(++written)).finally(
    () => generator.dispose(),
  );
  writing.finish();
  const { commit } = records[ladder.top]!;
  return {
    format: 'strata-report',
    version: 1,
    run: run.config.name,
    createdFrom: { ...(commit !== undefined && { commit }), configHash: run.configHash, seed: run.config.seed },
    corpus: corpusRecord(corpus),
    levels: levelRecords(ladder, records, uses, measured.bytesPerUnit, text),
    models: withBag(measured.models, bag),
    channels: channelRecords(ladder.top, measured, uses),
    curves: curveRecords(run),
    samples,
    concepts: measureConcepts(ladder.concepts),
    measures: measureRecords(uses, bag),
    notes: notesOf(run, ladder, heldOut, records, bag),
  };
}

/** The records of all stages in use; every one must have been trained on this very corpus. */
function trainedRecords(run: Run, top: LevelName, corpus: Corpus): Partial<Record<StageName, StageRecord>> {
  const stages: StageName[] = [...levelsUpTo(top), ...(run.has('flat') ? (['flat'] as const) : [])];
  const records: Partial<Record<StageName, StageRecord>> = {};
  for (const stage of stages) {
    const record = stageRecord(run, stage);
    if (record.corpus !== corpus.hash)
      throw new MeasureError(
        `${run.path(stage)} was trained on a corpus of hash ${record.corpus || '(none)'}; the corpus at hand, ${corpus.name}, ` +
          `has ${corpus.hash}, so what is held out may have been trained on. Bring back the corpus, or delete the run and train again.`,
      );
    records[stage] = record;
  }
  return records;
}

/** The gestalt level's own likelihood on validation text, in nats a unit, beside a unigram of concepts. */
interface Bag {
  readonly gestalt: number;
  readonly unigram: number;
  /** The gestalt's, in bits per byte. */
  readonly bitsPerByte: number;
  /** Bytes of training text that the unigram was counted on. */
  readonly unigramBytes: number;
}

async function measureBag(scorer: LadderScorer, text: LadderText, training: readonly Document[]): Promise<Bag> {
  const { ladder } = scorer;
  const { conceptOf } = ladder.concepts!;
  const unigram = conceptUnigram(ladder, training);
  let units = 0;
  let bytes = 0;
  const nats = { gestalt: 0, unigram: 0 };
  await bagCosts(scorer, text, (unit, cost) => {
    // Where several texts are joined, the start of the next one is no unit of any.
    if (text.units.byteLengths[unit] === 0) return;
    units++;
    bytes += text.units.byteLengths[unit];
    nats.gestalt += cost;
    nats.unigram -= unigram.logProbabilities[conceptOf[text.units.lemma[unit]]];
  });
  return {
    gestalt: nats.gestalt / units,
    unigram: nats.unigram / units,
    bitsPerByte: nats.gestalt / Math.LN2 / bytes,
    unigramBytes: unigram.bytes,
  };
}

/** The bag stands with the ladder's validation ledger as conditional bits: the ends of sentences are given for free. */
function withBag(models: readonly ModelRecord[], bag: Bag | undefined): ModelRecord[] {
  return models.map((model) => {
    if (bag === undefined || model.name !== 'strata') return model;
    const { validation, test } = model.bitsPerByte;
    const conditional = { 'gestalt: bag of concepts given the sentence': bag.bitsPerByte };
    return { ...model, bitsPerByte: { validation: { ...validation, conditional }, test } };
  });
}

function corpusRecord(corpus: Corpus): CorpusRecord {
  const refs = (documents: readonly Document[]): DocRef[] =>
    documents.map(({ name, bytes, sha256 }) => ({ name, bytes, sha256 }));
  const { name, licence, hash, train, validation, test } = corpus;
  return {
    name,
    licence,
    hash,
    trainBytes: train.reduce((sum, document) => sum + document.bytes, 0),
    validation: refs(validation),
    test: refs(test),
    trainDocuments: refs(train),
  };
}

function levelRecords(
  ladder: Ladder,
  records: Partial<Record<StageName, StageRecord>>,
  uses: Partial<Record<LevelName, VocabularyUse>>,
  bytesPerUnit: MeasuredModels['bytesPerUnit'],
  text: LadderText,
): LevelRecord[] {
  const sentences = text.units.boundary.reduce((sum, boundary) => sum + (boundary > 0 ? 1 : 0), 0);
  const bytes = text.units.byteLengths.reduce((sum, length) => sum + length, 0);
  const density: Record<LevelName, number> = {
    subword: 1 / bytesPerUnit.piece,
    word: 1 / bytesPerUnit.word,
    concept: 1 / bytesPerUnit.word,
    gestalt: Math.max(1, sentences) / bytes,
  };
  return levelsUpTo(ladder.top).map((level) => {
    const { trainFlops, seconds, bytesSeen } = records[level]!;
    const { width, depth } = ladder.config[level];
    return {
      name: level,
      unit: LEVEL_UNITS[level],
      parameters: ladder.values[level]!.flat.length,
      vocabularySize: uses[level]?.size ?? 0,
      trainFlops,
      trainSeconds: seconds,
      bytesSeen,
      unitsPerByte: Math.min(1, density[level]),
      width,
      depth,
      frozen: level === 'subword',
    };
  });
}

function channelRecords(
  top: LevelName,
  { models, shuffled }: MeasuredModels,
  uses: Partial<Record<LevelName, VocabularyUse>>,
): ChannelRecord[] {
  const total = (name: string): number => models.find((model) => model.name === name)!.bitsPerByte.validation.total;
  const channels: ChannelRecord[] = [];
  for (const [level, to] of [
    ['gestalt', 'concept'],
    ['concept', 'word'],
  ] as const) {
    const spoilt = shuffled[level];
    const vocabulary = uses[level];
    if (spoilt === undefined || vocabulary === undefined || LEVEL_NAMES.indexOf(level) > LEVEL_NAMES.indexOf(top))
      continue;
    const zeroed = total(to) - total('strata');
    const change = spoilt - total('strata');
    channels.push({ level, to, zeroed, shuffled: change, verdict: channelVerdict(zeroed, change), vocabulary });
  }
  return channels;
}

function curveRecords(run: Run): CurveRecord[] {
  const curves = new Map<
    string,
    { -readonly [K in keyof CurveRecord]: CurveRecord[K] } & { points: CurveRecord['points'][number][] }
  >();
  for (const { step, stage, bytes, flops, bitsPerByte } of readMetrics(join(run.folder, 'metrics.jsonl'))) {
    if (typeof bytes !== 'number' || typeof flops !== 'number' || typeof bitsPerByte !== 'number') continue;
    const curve = curves.get(stage) ?? { stage, model: stage === 'flat' ? 'flat' : 'strata', points: [] };
    curve.points.push({ step, bytes, flops, loss: bitsPerByte });
    curves.set(stage, curve);
  }
  return [...curves.values()];
}

function measureRecords(uses: Partial<Record<LevelName, VocabularyUse>>, bag: Bag | undefined): MeasureRecord[] {
  const levels = LEVEL_NAMES.filter((level) => uses[level] !== undefined);
  const perLevel = (value: (use: VocabularyUse) => number): MeasureRecord['values'] =>
    levels.map((model) => ({ model, value: value(uses[model]!) }));
  const measures: MeasureRecord[] = [
    {
      name: 'vocabulary perplexity',
      unit: 'entries as if equally frequent, validation text',
      better: 'higher',
      values: perLevel((use) => use.perplexity),
    },
    {
      name: 'vocabulary in use',
      unit: 'share of entries that occur, validation text',
      better: 'higher',
      values: perLevel((use) => use.used / use.size),
    },
  ];
  if (bag !== undefined)
    measures.push({
      name: 'which concepts a sentence will hold',
      unit: 'nats a word, validation text',
      better: 'lower',
      values: [
        { model: 'gestalt', value: bag.gestalt },
        { model: 'unigram of concepts', value: bag.unigram },
      ],
      note: 'The gestalt level’s own likelihood, order left out; given where sentences end, so never part of a total.',
    });
  return measures;
}

function notesOf(
  run: Run,
  ladder: Ladder,
  heldOut: HeldOut,
  records: Partial<Record<StageName, StageRecord>>,
  bag: Bag | undefined,
): string[] {
  const missing = LEVEL_NAMES.filter((level) => ladder.values[level] === undefined);
  const seen = Object.entries(records).map(([stage, record]) => `${stage} ${record.bytesSeen}`);
  const { dead, alive } = CHANNEL_THRESHOLDS;
  return [
    heldOut.validation.note,
    heldOut.test.note,
    `One seed (${run.config.seed}) was trained, so no spread is known: a small difference may be chance.`,
    `Bytes of training text read by each stage, repetitions counted: ${seen.join(', ')}. A model is charged the sum over the stages it needs.`,
    'Training FLOPs count matrix products, for the upper stages the forward passes of the frozen levels below too. Seconds and FLOPs leave out tokenizers, lexicon and the distilling of concepts.',
    'Scoring reads each text once from its first byte, no adaptation; each window keeps half of itself as context (its first one has none), and each byte is scored once. Windows are stated with the ledger: equal in bytes as nearly as the training text allowed.',
    `A channel is dead when shuffling its message costs under ${dead} bits per byte, alive when both silencing and shuffling cost ${alive} or more, else weak. Silencing concepts silences the gestalt too, whose message passes through them. Messages are shuffled between positions of one batch, with a fixed seed.`,
    ...(bag === undefined
      ? []
      : [
          `The unigram of concepts was counted on ${bag.unigramBytes} bytes of training text, one added to each count.`,
        ]),
    'Traces leave out factors that were certain; "candidates" lists a concept’s words with the word level’s probabilities and pays nothing, the pick among them does.',
    ...(missing.length === 0 ? [] : [`Not trained yet, and so not part of "strata": ${missing.join(', ')}.`]),
    ...(records.flat === undefined
      ? ['No flat baseline was trained, so nothing here says whether the ladder pays.']
      : []),
  ];
}
