// The stages in their order: base, words, concepts, gestalts, and the flat baseline. Each reads what lies below it in
// the run folder, trains, and saves its own level folder; nothing below is written again.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ConceptVocabulary } from '@strata/concept';
import {
  type Config,
  conceptTables,
  encodeLadder,
  encodePieces,
  engineOptions,
  gestaltCodebook,
  type Ladder,
  type LadderText,
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
import type { LevelName } from '@strata/level';
import { ParameterScope, ParameterValues, type Schedule } from '@strata/nn';
import {
  type JsonValue,
  makeFolder,
  readJsonFile,
  removeFolder,
  sha256,
  writeFileAtomic,
  writeJsonFile,
} from '@strata/store';
import { type BpeTokenizer, countPreTokens, type SubwordSizes, trainBpe } from '@strata/subword';
import { bytesOfDocuments, type Corpus, type Documents } from '@strata/text';
import { buildLexicon, WordTokenizer, WordVocabulary } from '@strata/word';
import { distilConcepts } from './distil.js';
import { type LoopOptions, ResumeError, type Stage, type StageResult, trainStage } from './loop.js';
import { pieceSteps, unitSteps } from './step-data.js';

const MAXIMUM_VOCABULARY_BYTES = 256 * 1024 * 1024;

/** What every stage is given. */
export interface StageContext extends LoopOptions {
  readonly run: Run;
  readonly corpus: Corpus;
  /** The commit that trains, for the record; absent outside a checkout. */
  readonly commit?: string | undefined;
  /** Told what is being prepared, in words. */
  readonly note: (message: string) => void;
}

function texts(documents: Documents): string[] {
  return Array.from(documents, (document) => document.text);
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

/** Steps that see a stage's bytes: text of `bytes` holds `items` targets, a step reads `perStep` of them. */
function stepsFor(config: Config, stage: StageName, bytes: number, items: number, perStep: number): number {
  return Math.max(1, Math.round(config[stage].training.bytes / ((bytes / items) * perStep)));
}

function stageOf(
  context: StageContext,
  name: StageName,
  steps: number,
  below: string | undefined,
  rest: Pick<Stage, 'objective' | 'values' | 'frozen' | 'data'>,
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
    weightDecay: run.config[name].training.weightDecay,
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
  sizesFor: (vocabularySize: number) => SubwordSizes,
  windowFor: (tokenizer: BpeTokenizer) => number,
  below?: string,
): Promise<StageResult> {
  const { run, corpus, note } = context;
  const { config } = run;
  note(`${name}: learning a byte-pair vocabulary of ${config[name].vocabularySize}`);
  const training = texts(corpus.train);
  const counts = new Map<string, number>();
  for (const text of training) countPreTokens(text, counts);
  const { tokenizer, exhausted } = trainBpe(counts, config[name].vocabularySize);
  if (exhausted) note(`${name}: the corpus has pairs for ${tokenizer.vocabularySize} pieces only`);
  const sizes = sizesFor(tokenizer.vocabularySize);
  const pieces = encodePieces(training, tokenizer);
  const bytes = bytesOfDocuments(corpus.train);
  const length = windowFor(tokenizer);
  const scope = new ParameterScope(name);
  const { windows } = config.batch;
  const objective = pieceObjective(scope, sizes, windows, length, config);
  const values = ParameterValues.initialise(scope.specs(), config.seed);
  const steps = stepsFor(config, name, bytes, pieces.length, windows * length);
  const data = pieceSteps(pieces, tokenizer, windows, length, config.seed, name);
  const stage = stageOf(context, name, steps, below, { objective, values, frozen: {}, data });
  const result = await trainStage(stage, context);
  writeOnnx(run, name, subwordOnnx(name, sizes, length, weightFeeds(values)));
  saveStage(run, name, values, {
    config: { ...sizes, window: length },
    vocabulary: tokenizer.toJSON(),
    extra: record(context, result),
  });
  removeFolder(stage.checkpointFolder);
  return result;
}

/** Trains the base, the frozen floor. */
export function trainSubword(context: StageContext): Promise<StageResult> {
  const { config } = context.run;
  const { training: _, ...sizes } = config.subword;
  return trainPieces(
    context,
    'subword',
    (vocabularySize) => ({ ...sizes, vocabularySize }),
    () => windowPieces(config),
  );
}

/** Trains the flat baseline of as many parameters as the finished ladder has, all levels counted. */
export function trainFlat(context: StageContext): Promise<StageResult> {
  const { run, corpus } = context;
  const ladder = openBelow(context, 'gestalt');
  const parameters = Object.values(ladder.values).reduce((sum, values) => sum + values.flat.length, 0);
  // The window is matched on held-out text, where scores are read: there the flat model's pieces hold fewer bytes.
  const { text, bytes } = [...corpus.validation][0];
  const units = ladder.words!.encode(text).length - 1;
  return trainPieces(
    context,
    'flat',
    (vocabularySize) => matchParameters(parameters, vocabularySize),
    (tokenizer) => flatWindow(run.config, bytes / units, bytes / tokenizer.encode(text).length),
    ladder.checksums[ladder.top],
  );
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
  text: LadderText,
): Promise<{ values: ParameterValues; result: StageResult }> {
  const { config } = ladder;
  const shape = windowShape(config);
  const objective = levelObjective(config, ladder.inventory!, level, shape);
  const specs = ladderParameters(config, ladder.inventory!)[level];
  const values = ParameterValues.initialise(specs, config.seed);
  const bytes = text.units.byteLengths.reduce((sum, length) => sum + length, 0);
  const steps = stepsFor(config, level, bytes, text.units.length, shape.windows * shape.units);
  const tables = {
    config,
    vocabulary: ladder.words!.vocabulary,
    ...(ladder.concepts && { concepts: conceptTables(ladder.concepts) }),
  };
  const data = unitSteps(text, tables, shape, config.seed, level);
  const frozen = weightFeeds(...Object.values(ladder.values));
  const result = await trainStage(
    stageOf(context, level, steps, ladder.checksums[ladder.top], { objective, values, frozen, data }),
    context,
  );
  return { values, result };
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
}

/** Says so when windows hold fewer units than configured, because these have more pieces than there is room for. */
function noteCutWindows(config: Config, text: LadderText, note: (message: string) => void): void {
  const piecesPerUnit = text.pieces.length / text.units.length;
  if (piecesPerUnit > config.batch.piecesPerUnit)
    note(
      `word: a unit has ${piecesPerUnit.toFixed(2)} pieces here and batch.piecesPerUnit is ${config.batch.piecesPerUnit}: ` +
        `the ends of windows are not learned from; --set batch.piecesPerUnit=${(piecesPerUnit * 1.15).toFixed(1)} would hold them`,
    );
}

/** Trains the word level on the frozen base. */
export async function trainWord(context: StageContext): Promise<StageResult> {
  const { run, corpus, note } = context;
  const { config } = run;
  const base = openBelow(context, 'subword');
  note('word: reading lemmas and features from the corpus');
  const training = texts(corpus.train);
  const vocabulary = WordVocabulary.fromLexicon(buildLexicon(training), { size: config.word.vocabularySize });
  const words = new WordTokenizer(vocabulary);
  const ladder: Ladder = { ...base, words, inventory: ladderInventory(vocabulary) };
  const text = encodeLadder(training, words, base.tokenizer);
  noteCutWindows(config, text, note);
  const trained = await trainUpper(context, 'word', ladder, text);
  finish(context, 'word', ladder, trained, vocabulary.toJSON());
  return trained.result;
}

/** The distilled concepts of a run; kept beside the checkpoints, so that a resumed stage need not distil again. */
async function conceptsOf(context: StageContext, below: Ladder, text: LadderText): Promise<ConceptVocabulary> {
  const folder = join(context.run.path('concept'), 'checkpoints');
  const path = join(folder, 'distilled.json');
  const checksum = below.checksums.word!;
  if (existsSync(path)) {
    const kept = readJsonFile(path, MAXIMUM_VOCABULARY_BYTES) as { below?: JsonValue; concepts?: JsonValue } | null;
    if (kept?.below === checksum) return ConceptVocabulary.fromJSON(kept.concepts, path);
  }
  const concepts = await distilConcepts(context, below, text, context.note);
  makeFolder(folder);
  writeJsonFile(path, { below: checksum, concepts: concepts.toJSON() }, 0);
  return concepts;
}

/** Distils the concept vocabulary from base and word level, then trains the concept level on both. */
export async function trainConcept(context: StageContext): Promise<StageResult> {
  const { corpus } = context;
  const below = openBelow(context, 'word');
  const text = encodeLadder(texts(corpus.train), below.words!, below.tokenizer);
  const concepts = await conceptsOf(context, below, text);
  const ladder: Ladder = { ...below, concepts, inventory: ladderInventory(below.words!.vocabulary, concepts.size) };
  const trained = await trainUpper(context, 'concept', ladder, text);
  finish(context, 'concept', ladder, trained, concepts.toJSON());
  return trained.result;
}

/** Trains the gestalt level on sentences, then names its typical patterns. */
export async function trainGestalt(context: StageContext): Promise<StageResult> {
  const { run, corpus, note } = context;
  const ladder = openBelow(context, 'concept');
  const text = encodeLadder(texts(corpus.train), ladder.words!, ladder.tokenizer);
  const trained = await trainUpper(context, 'gestalt', ladder, text);
  note('gestalt: naming typical patterns');
  const whole = { ...ladder, values: { ...ladder.values, gestalt: trained.values } };
  const codebook = await gestaltCodebook(whole, text, engineOptions(run.config));
  finish(context, 'gestalt', ladder, trained, codebook.toJSON());
  return trained.result;
}

/** What each stage stands on: a stage can be trained once these are. */
export const STAGE_NEEDS: Readonly<Record<StageName, readonly StageName[]>> = {
  subword: [],
  word: ['subword'],
  concept: ['subword', 'word'],
  gestalt: ['subword', 'word', 'concept'],
  flat: ['subword', 'word', 'concept', 'gestalt'],
};

/** The function that trains each stage. */
export const STAGES: Readonly<Record<StageName, (context: StageContext) => Promise<StageResult>>> = {
  subword: trainSubword,
  word: trainWord,
  concept: trainConcept,
  gestalt: trainGestalt,
  flat: trainFlat,
};
