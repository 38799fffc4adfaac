// The upper levels: words, concepts and gestalts, each trained on the frozen levels below.
// From: Strata, DESIGN ("Training, in sequence").
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
  type Run,
  readConceptEdits,
  saveStage,
  type UpperLevel,
  weightFeeds,
  windowShape,
} from '@strata/hierarchy';
import { ParameterValues } from '@strata/nn';
import { removeFolder, sha256 } from '@strata/store';
import { WordTokenizer } from '@strata/word';
import { CheckpointStore } from './checkpoint.js';
import { distilConcepts } from './distil.js';
import { encodedLadder, removeUnneeded } from './encoded-corpus.js';
import { kept, keptValue } from './kept.js';
import { learnedWords } from './learned-vocabularies.js';
import { trainStage } from './loop.js';
import { ResumeError, type StageResult } from './stage.js';
import { openBelow, record, type StageContext, stageOf, stepsFor, validationOf, writeOnnx } from './stage-parts.js';
import { unitSteps } from './step-data.js';
import { unitValidation } from './validation-data.js';
import { type SettledVoices, settleVoices } from './voices.js';

const DISTILLED = 'distilled.json';

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
  const { bytes, accumulate } = config[level].training;
  const bytesPerBatch = (text.bytes / text.length) * shape.windows * shape.units;
  const steps = stepsFor(bytes, bytesPerBatch * accumulate);
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
async function conceptsOf(
  context: StageContext,
  below: Ladder,
  text: EncodedLadder,
  voices: SettledVoices,
): Promise<ConceptVocabulary> {
  const { run, note } = context;
  const { proposers, judges } = voices;
  const folder = join(run.path('concept'), 'checkpoints');
  const edits = readConceptEdits(run.folder);
  const word = below.checksums.word!;
  return kept(
    folder,
    DISTILLED,
    sha256(JSON.stringify({ word, edits, proposers, judges })),
    (json, path) => ConceptVocabulary.fromJSON(json, path),
    () => distilConcepts(context, below, text.sample(), note, voices, edits),
    () => {
      if (new CheckpointStore(folder).steps().length === 0) {
        note(
          `concept: the concepts kept here were distilled from other levels, by others than ${voicesText(voices)}, or with other edits; they are distilled anew`,
        );
        return;
      }
      throw new ResumeError(
        `${folder} holds a training on other concepts: the levels below, the run's concept-edits.json or who proposes and judges ` +
          `(${voicesText(voices)} now, with WordNet where it is installed) have changed since it began. Bring them back, or delete ${folder} to distil and train anew`,
      );
    },
  );
}

function voicesText({ proposers, judges }: SettledVoices): string {
  return `${proposers.join(' and ')} as proposers, ${judges.join(' and ')} as judges`;
}

/** Who will distil, settled before any text is read; says who is missed. */
async function settled({ run, note }: StageContext): Promise<SettledVoices> {
  const voices = await settleVoices(run.config);
  if (voices.missed !== undefined) note(`concept: ${voices.missed}`);
  return voices;
}

/** Distils the concept vocabulary of a run whose base and words are trained, and keeps it for `trainConcept`. */
export async function distilStage(context: StageContext): Promise<ConceptVocabulary> {
  const voices = await settled(context);
  const below = openBelow(context, 'word');
  return withText(context, below, (text) => conceptsOf(context, below, text, voices));
}

/** The concepts that were distilled for a run and not trained on yet; undefined where there are none. */
export function distilledConcepts(run: Run): ConceptVocabulary | undefined {
  const folder = join(run.path('concept'), 'checkpoints');
  const value = keptValue(folder, DISTILLED);
  return value === undefined ? undefined : ConceptVocabulary.fromJSON(value, join(folder, DISTILLED));
}

/** Distils the concept vocabulary from base and word level, then trains the concept level on both. */
export async function trainConcept(context: StageContext): Promise<StageResult> {
  const voices = await settled(context);
  const below = openBelow(context, 'word');
  const { ladder, concepts, trained } = await withText(context, below, async (text) => {
    const concepts = await conceptsOf(context, below, text, voices);
    const inventory = ladderInventory(below.words!.vocabulary, concepts);
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
