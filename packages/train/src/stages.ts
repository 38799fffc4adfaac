// The stages in their order: base, words, concepts, gestalts, and the flat baseline. Each reads what lies below it in
// the run folder, trains, and saves its own level folder; nothing below is written again.
import { join } from 'node:path';
import { ConceptVocabulary } from '@strata/concept';
import {
  batchTables,
  type Config,
  type EncodedLadder,
  engineOptions,
  gestaltCodebook,
  type Ladder,
  ladderInventory,
  ladderParameters,
  levelObjective,
  levelOnnx,
  matchParameters,
  openLadder,
  pieceObjective,
  type Run,
  type StageName,
  saveStage,
  subwordOnnx,
  type UpperLevel,
  weightFeeds,
  windowPieces,
  windowShape,
} from '@strata/hierarchy';
import { type LevelName, levelsUpTo } from '@strata/level';
import { ParameterScope, ParameterValues, type Schedule } from '@strata/nn';
import { type JsonValue, makeFolder, removeFolder, sha256, writeFileAtomic } from '@strata/store';
import type { BpeTokenizer, SubwordSizes } from '@strata/subword';
import { byteLength, type Corpus, type Documents, textStart } from '@strata/text';
import { WordTokenizer } from '@strata/word';
import { distilConcepts } from './distil.js';
import { encodedLadder, encodedPieces, removeUnneeded } from './encoded-corpus.js';
import { kept } from './kept.js';
import { learnedPieces, learnedWords } from './learned-vocabularies.js';
import { trainStage } from './loop.js';
import { type LoopOptions, ResumeError, type Stage, type StageResult, type ValidationData } from './stage.js';
import { pieceSteps, unitSteps } from './step-data.js';
import { pieceValidation, unitValidation } from './validation-data.js';

/** What every stage is given. */
export interface StageContext extends LoopOptions {
  readonly run: Run;
  readonly corpus: Corpus;
  /** The commit that trains, for the record; absent outside a checkout. */
  readonly commit?: string | undefined;
  /** Told what is being prepared, in words. */
  readonly note: (message: string) => void;
}

function scheduleOf(config: Config, stage: StageName, steps: number): Schedule {
  const { learningRate, schedule, warmup } = config[stage].training;
  return {
    kind: schedule,
    peak: learningRate,
    floor: learningRate / 20,
    warmupSteps: Math.max(1, Math.round(steps * warmup)),
    totalSteps: steps,
  };
}

/** Steps that see a stage's bytes: text of `bytes` holds `items` targets, a batch reads `perBatch` of them. */
function stepsFor(config: Config, stage: StageName, bytes: number, items: number, perBatch: number): number {
  const { training } = config[stage];
  return Math.max(1, Math.round(training.bytes / ((bytes / items) * perBatch * training.accumulate)));
}

/** What a stage reads of its held-out text while it trains; undefined where it is to read none. */
function validationOf(
  context: StageContext,
  stage: StageName,
  make: (documents: Documents, bytes: number) => ValidationData | undefined,
): ValidationData | undefined {
  const { every, bytes } = context.run.config[stage].training.validation;
  return every === 0 ? undefined : make(context.corpus.validation, bytes);
}

function stageOf(
  context: StageContext,
  name: StageName,
  steps: number,
  below: string | undefined,
  rest: Pick<Stage, 'objective' | 'values' | 'frozen' | 'data' | 'validation'>,
): Stage {
  const { run, corpus } = context;
  const identity = sha256(JSON.stringify([corpus.hash, run.configHash, below ?? null, steps]));
  return {
    name,
    identity,
    runFolder: run.folder,
    checkpointFolder: join(run.path(name), 'checkpoints'),
    steps,
    schedule: scheduleOf(run.config, name, steps),
    training: run.config[name].training,
    config: run.config,
    ...rest,
  };
}

function writeOnnx(run: Run, stage: StageName, bytes: Uint8Array): void {
  const folder = join(run.path(stage), 'onnx');
  makeFolder(folder);
  writeFileAtomic(join(folder, 'model.onnx'), bytes);
}

/** What a finished stage records of itself. */
function record(context: StageContext, result: StageResult): Record<string, JsonValue> {
  const { commit, corpus } = context;
  return { ...result, corpus: corpus.hash, ...(commit === undefined ? {} : { commit }) };
}

/** The window of the flat model in pieces: as many bytes as the ladder's window of words holds. */
export function flatWindow(config: Config, bytesPerUnit: number, bytesPerPiece: number): number {
  return Math.max(8, Math.round((config.batch.units * bytesPerUnit) / bytesPerPiece / 8) * 8);
}

async function trainPieces(
  context: StageContext,
  name: 'subword' | 'flat',
  tokenizer: BpeTokenizer,
  sizes: SubwordSizes,
  length: number,
  below?: string,
): Promise<StageResult> {
  const { run } = context;
  const { config } = run;
  const scope = new ParameterScope(name);
  const { windows } = config.batch;
  const objective = pieceObjective(scope, sizes, windows, length, config);
  const values = ParameterValues.initialise(scope.specs(), config.seed);
  const pieces = await encodedPieces(context, tokenizer);
  const steps = stepsFor(config, name, pieces.bytes, pieces.length, windows * length);
  let stage: Stage;
  let result: StageResult;
  try {
    const data = pieceSteps(pieces, tokenizer, windows, length, config.seed, name);
    const validation = validationOf(context, name, (documents, limit) =>
      pieceValidation(documents, limit, tokenizer, windows, length),
    );
    stage = stageOf(context, name, steps, below, { objective, values, frozen: {}, data, validation });
    result = await trainStage(stage, context);
  } finally {
    pieces.close();
  }
  writeOnnx(run, name, subwordOnnx(name, sizes, length, weightFeeds(values)));
  saveStage(run, name, values, {
    config: { ...sizes, window: length },
    vocabulary: tokenizer.toJSON(),
    extra: record(context, result),
  });
  removeFolder(stage.checkpointFolder);
  removeUnneeded(run);
  return result;
}

/** Trains the base, the frozen floor. */
export async function trainSubword(context: StageContext): Promise<StageResult> {
  const { config } = context.run;
  const { training: _, ...sizes } = config.subword;
  const tokenizer = await learnedPieces(context, 'subword');
  const { vocabularySize } = tokenizer;
  return await trainPieces(context, 'subword', tokenizer, { ...sizes, vocabularySize }, windowPieces(config));
}

/** Characters of held-out text on which windows are matched at most. */
const MATCHED_CHARACTERS = 1 << 22;

/** Trains the flat baseline of as many parameters as the finished ladder has, all levels counted. */
export async function trainFlat(context: StageContext): Promise<StageResult> {
  const { run, corpus } = context;
  const { config } = run;
  const ladder = openBelow(context, config.top);
  const parameters = Object.values(ladder.values).reduce((sum, values) => sum + values.flat.length, 0);
  // Of the same corpus and size the base has learned the very same pieces.
  const shared = config.flat.vocabularySize === config.subword.vocabularySize;
  const tokenizer = shared ? ladder.tokenizer : await learnedPieces(context, 'flat');
  // The window is matched on held-out text, where scores are read: there the flat model's pieces hold fewer bytes.
  const [heldOut] = corpus.validation;
  const text = textStart(heldOut.chunks(), MATCHED_CHARACTERS);
  const bytes = byteLength(text);
  const units = ladder.words!.encode(text).length - 1;
  const window = flatWindow(config, bytes / units, bytes / tokenizer.encode(text).length);
  const sizes = matchParameters(parameters, tokenizer.vocabularySize);
  return await trainPieces(context, 'flat', tokenizer, sizes, window, ladder.checksums[ladder.top]);
}

/** Opens the levels below and checks that they learned from the corpus at hand. */
function openBelow(context: StageContext, upTo: LevelName): Ladder {
  const { run, corpus } = context;
  const ladder = openLadder(run, upTo);
  for (const [level, hash] of Object.entries(ladder.corpora))
    if (hash !== corpus.hash)
      throw new ResumeError(
        `${run.path(level as LevelName)} was trained on another corpus than ${corpus.name} is now. ` +
          'Bring its files back, or train under another name: --set name=...',
      );
  return ladder;
}

/** The step of all upper levels: the objective on the frozen levels below, over windows of units. */
async function trainUpper(
  context: StageContext,
  level: UpperLevel,
  ladder: Ladder,
  text: EncodedLadder,
): Promise<{ values: ParameterValues; result: StageResult }> {
  const { config } = ladder;
  const shape = windowShape(config);
  const objective = levelObjective(config, ladder.inventory!, level, shape);
  const specs = ladderParameters(config, ladder.inventory!)[level];
  const values = ParameterValues.initialise(specs, config.seed);
  const steps = stepsFor(config, level, text.bytes, text.length, shape.windows * shape.units);
  const tables = batchTables(ladder);
  const data = unitSteps(text, tables, shape, config.seed, level);
  const frozen = weightFeeds(...Object.values(ladder.values));
  const validation = validationOf(context, level, (documents, limit) =>
    unitValidation(documents, limit, tables, shape),
  );
  const below = ladder.checksums[ladder.top];
  const stage = stageOf(context, level, steps, below, { objective, values, frozen, data, validation });
  return { values, result: await trainStage(stage, context) };
}

function finish(
  context: StageContext,
  level: UpperLevel,
  ladder: Ladder,
  trained: { values: ParameterValues; result: StageResult },
  vocabulary: unknown,
): void {
  const { run } = context;
  // The manifest that saving writes last makes the level count as trained, so all else comes before it.
  const whole = { ...ladder, values: { ...ladder.values, [level]: trained.values } };
  writeOnnx(run, level, levelOnnx(whole, level));
  saveStage(run, level, trained.values, {
    config: run.config[level],
    vocabulary,
    below: ladder.checksums[ladder.top]!,
    extra: record(context, trained.result),
  });
  removeFolder(join(run.path(level), 'checkpoints'));
  removeUnneeded(run);
}

/** Says so when windows hold fewer units than configured, because these have more pieces than there is room for. */
function noteCutWindows(config: Config, text: EncodedLadder, note: (message: string) => void): void {
  const piecesPerUnit = text.pieceCount / text.length;
  if (piecesPerUnit > config.batch.piecesPerUnit)
    note(
      `word: a unit has ${piecesPerUnit.toFixed(2)} pieces here and batch.piecesPerUnit is ${config.batch.piecesPerUnit}: ` +
        `the ends of windows are not learned from; --set batch.piecesPerUnit=${(piecesPerUnit * 1.15).toFixed(1)} would hold them`,
    );
}

/** Gives `use` the training text on all levels, and closes it. */
async function withText<T>(
  context: StageContext,
  ladder: Ladder,
  use: (text: EncodedLadder) => Promise<T>,
): Promise<T> {
  const text = await encodedLadder(context, ladder.words!, ladder.tokenizer);
  try {
    return await use(text);
  } finally {
    text.close();
  }
}

/** Trains the word level on the frozen base. */
export async function trainWord(context: StageContext): Promise<StageResult> {
  const { run, note } = context;
  const base = openBelow(context, 'subword');
  const vocabulary = await learnedWords(context);
  const ladder: Ladder = { ...base, words: new WordTokenizer(vocabulary), inventory: ladderInventory(vocabulary) };
  const trained = await withText(context, ladder, async (text) => {
    noteCutWindows(run.config, text, note);
    return await trainUpper(context, 'word', ladder, text);
  });
  finish(context, 'word', ladder, trained, vocabulary.toJSON());
  return trained.result;
}

/** The distilled concepts of a run, from a sample of its text. */
function conceptsOf(context: StageContext, below: Ladder, text: EncodedLadder): Promise<ConceptVocabulary> {
  return kept(
    join(context.run.path('concept'), 'checkpoints'),
    'distilled.json',
    below.checksums.word!,
    (json, path) => ConceptVocabulary.fromJSON(json, path),
    () => distilConcepts(context, below, text.sample(), context.note),
  );
}

/** Distils the concept vocabulary from base and word level, then trains the concept level on both. */
export async function trainConcept(context: StageContext): Promise<StageResult> {
  const below = openBelow(context, 'word');
  const { ladder, concepts, trained } = await withText(context, below, async (text) => {
    const concepts = await conceptsOf(context, below, text);
    const inventory = ladderInventory(below.words!.vocabulary, concepts.size);
    const ladder: Ladder = { ...below, concepts, inventory };
    return { ladder, concepts, trained: await trainUpper(context, 'concept', ladder, text) };
  });
  finish(context, 'concept', ladder, trained, concepts.toJSON());
  return trained.result;
}

/** Trains the gestalt level on sentences, then names its typical patterns. */
export async function trainGestalt(context: StageContext): Promise<StageResult> {
  const { run, note } = context;
  const ladder = openBelow(context, 'concept');
  const { trained, codebook } = await withText(context, ladder, async (text) => {
    const trained = await trainUpper(context, 'gestalt', ladder, text);
    note('gestalt: naming typical patterns');
    const whole = { ...ladder, values: { ...ladder.values, gestalt: trained.values } };
    return { trained, codebook: await gestaltCodebook(whole, text.sample(), engineOptions(run.config)) };
  });
  finish(context, 'gestalt', ladder, trained, codebook.toJSON());
  return trained.result;
}

/** The stages of a configuration in the order in which they are trained: its levels, and the flat baseline. */
export function stagesOf({ top }: Config): readonly StageName[] {
  return [...levelsUpTo(top), 'flat'];
}

/** What a stage stands on, in a configuration that has it: it can be trained once these are. */
export function stageNeeds(config: Config, stage: StageName): readonly StageName[] {
  const stages = stagesOf(config);
  return stages.slice(0, stages.indexOf(stage));
}

/** The function that trains each stage. */
export const STAGES: Readonly<Record<StageName, (context: StageContext) => Promise<StageResult>>> = {
  subword: trainSubword,
  word: trainWord,
  concept: trainConcept,
  gestalt: trainGestalt,
  flat: trainFlat,
};
