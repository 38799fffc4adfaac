// Models of pieces: the base, and the controls that are matched to the finished ladder.
// From: Strata, DESIGN ("Training, in sequence"), EVALUATION (matched baselines).
import {
  type Config,
  ConfigError,
  type ControlName,
  controlVocabulary,
  isPatched,
  matchParameters,
  matchPatched,
  matchShape,
  type Spent,
  saveStage,
  weightFeeds,
  windowPieces,
} from '@strata/hierarchy';
import { ParameterValues } from '@strata/nn';
import { removeFolder } from '@strata/store';
import type { BpeTokenizer, PieceMemory, SubwordSizes } from '@strata/subword';
import { byteLength, textStart } from '@strata/text';
import { encodedPieces, removeUnneeded } from './encoded-corpus.js';
import { learnedPieces } from './learned-vocabularies.js';
import { trainStage } from './loop.js';
import { type PieceDesign, patchedDesign, subwordDesign } from './piece-design.js';
import type { Stage, StageResult } from './stage.js';
import { openBelow, record, type StageContext, stageOf, stepsFor, validationOf, writeOnnx } from './stage-parts.js';
import { stepFlops } from './step-cost.js';
import { pieceSteps } from './step-data.js';
import { pieceValidation } from './validation-data.js';

/** A model of pieces that is to be trained, and for how long. */
interface PieceModel {
  readonly design: PieceDesign;
  readonly steps: number;
}

/** The window of a control in pieces: as many bytes as the ladder's window of words holds. */
export function controlWindow(config: Config, bytesPerUnit: number, bytesPerPiece: number): number {
  return Math.max(8, Math.round((config.batch.units * bytesPerUnit) / bytesPerPiece / 8) * 8);
}

async function trainPieces(
  context: StageContext,
  name: 'subword' | ControlName,
  tokenizer: BpeTokenizer,
  length: number,
  decide: (bytesPerBatch: number) => PieceModel,
  below?: string,
): Promise<StageResult> {
  const { run } = context;
  const { config } = run;
  const { windows } = config.batch;
  const pieces = await encodedPieces(context, tokenizer);
  const { design, steps } = decide((pieces.bytes / pieces.length) * windows * length);
  const { objective } = design;
  const values = ParameterValues.initialise(design.specs, config.seed);
  let stage: Stage;
  let result: StageResult;
  try {
    const data = design.data(pieceSteps(pieces, tokenizer, windows, length, config.seed, name, design.reach));
    const validation = validationOf(context, name, (documents, limit) =>
      design.validation(pieceValidation(documents, limit, tokenizer, windows, length, design.reach)),
    );
    stage = stageOf(context, name, steps, below, { objective, values, frozen: {}, data, validation });
    result = await trainStage(stage, context);
  } finally {
    pieces.close();
  }
  writeOnnx(run, name, design.onnx(weightFeeds(values)));
  saveStage(run, name, values, {
    config: { ...design.sizes, window: length },
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
  const { training, ...sizes } = config.subword;
  const tokenizer = await learnedPieces(context, 'subword', sizes.vocabularySize);
  const { vocabularySize } = tokenizer;
  const length = windowPieces(config);
  return await trainPieces(context, 'subword', tokenizer, length, (bytesPerBatch) => ({
    design: subwordDesign('subword', { ...sizes, vocabularySize }, length, config),
    steps: stepsFor(training.bytes, bytesPerBatch * training.accumulate),
  }));
}

/** Characters of held-out text on which windows are matched at most. */
const MATCHED_CHARACTERS = 1 << 22;

/** Trains a control that is matched to the finished ladder. */
export async function trainControl(context: StageContext, name: ControlName): Promise<StageResult> {
  const { run, corpus } = context;
  const { config } = run;
  const ladder = openBelow(context, config.top);
  // Of the same corpus and size the base has learned the very same pieces.
  const size = controlVocabulary(config, name);
  const shared = size === config.subword.vocabularySize;
  const tokenizer = shared ? ladder.tokenizer : await learnedPieces(context, name, size);
  // The window is matched on held-out text, where scores are read: there a control's pieces may hold fewer bytes.
  const [heldOut] = corpus.validation;
  const text = textStart(heldOut.chunks(), MATCHED_CHARACTERS);
  const bytes = byteLength(text);
  const units = ladder.words!.encode(text).length - 1;
  const window = controlWindow(config, bytes / units, bytes / tokenizer.encode(text).length);
  const parameters = Object.values(ladder.values).reduce((sum, { flat }) => sum + flat.length, 0);
  const cost = ladderCost(parameters, Object.values(ladder.spent));
  return await trainPieces(
    context,
    name,
    tokenizer,
    window,
    (bytesPerBatch) => controlModel(config, name, cost, tokenizer.vocabularySize, window, bytesPerBatch),
    ladder.checksums[ladder.top],
  );
}

/**
 * The memory of a flat model: over as many bytes as the concept level's, whose window of words is one of `window` pieces. It
 * holds twice as many different ones in proportion, since common pieces are not left out. Throws ConfigError where concepts have none.
 */
export function pieceMemory({ batch, concept }: Config, window: number): PieceMemory {
  const { memory } = concept;
  if (memory === undefined)
    throw new ConfigError(
      'flat-memory is given the memory of the concept level, and concept.memory is not there: set it, as in concept.memory={ units: 4096, concepts: 512 }, or leave flat-memory out of controls',
    );
  const perUnit = window / batch.units;
  return {
    pieces: Math.round(memory.units * perUnit),
    different: Math.round(2 * memory.concepts * perUnit),
    window,
    width: memory.width,
  };
}

/** What controls are matched by: `bytesSeen` is what the stage that read most has read. */
export interface LadderCost extends Spent {
  readonly parameters: number;
  /** What all stages have read together. */
  readonly bytesRead: number;
}

/** What a ladder of so many parameters has cost, by what its stages have. */
export function ladderCost(parameters: number, stages: readonly Spent[]): LadderCost {
  return {
    parameters,
    bytesSeen: Math.max(...stages.map(({ bytesSeen }) => bytesSeen)),
    bytesRead: stages.reduce((sum, { bytesSeen }) => sum + bytesSeen, 0),
    trainFlops: stages.reduce((sum, { trainFlops }) => sum + trainFlops, 0),
  };
}

/**
 * The control that is as large as a ladder or, by the names flat-flops, flat-bytes and flat-memory, that costs as many training FLOPs in all.
 * Where the configuration does not say how much it reads, it reads as much as the stage of the ladder that read most, flat-bytes
 * and flat-memory as much as all stages together; one of equal parameters goes on until it has had as many training FLOPs as all stages.
 */
export function controlModel(
  config: Config,
  name: ControlName,
  ladder: LadderCost,
  vocabularySize: number,
  window: number,
  bytesPerBatch: number,
): PieceModel {
  const { training, vocabularySize: _asked, ...choices } = config.flat;
  const bytesPerStep = bytesPerBatch * training.accumulate;
  const flops = ({ objective, specs }: PieceDesign): number => stepFlops(objective, training, specs);
  const least = (design: PieceDesign): PieceModel => {
    const equalFlops = (ladder.trainFlops / flops(design)) * bytesPerStep;
    return { design, steps: stepsFor(training.bytes ?? Math.max(ladder.bytesSeen, equalFlops), bytesPerStep) };
  };
  if (isPatched(name))
    return least(patchedDesign(matchPatched(ladder.parameters, name, vocabularySize), window, config));
  const flat = (sizes: SubwordSizes): PieceDesign => subwordDesign(name, sizes, window, config);
  if (name !== 'flat-params') {
    const bytes = name === 'flat-flops' ? ladder.bytesSeen : ladder.bytesRead;
    const steps = stepsFor(training.bytes ?? bytes, bytesPerStep);
    const memory = name === 'flat-memory' ? pieceMemory(config, window) : undefined;
    const remembering = (sizes: SubwordSizes): SubwordSizes => ({ ...sizes, ...(memory && { memory }) });
    const cost = (sizes: SubwordSizes): number => flops(flat(remembering(sizes)));
    const sizes = matchShape(ladder.trainFlops / steps, vocabularySize, cost, choices);
    return { design: flat(remembering(sizes)), steps };
  }
  return least(flat(matchParameters(ladder.parameters, vocabularySize, choices)));
}
