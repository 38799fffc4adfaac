// Models of pieces: the base, and the flat baselines that are matched to the finished ladder.
// From: Strata, DESIGN ("Training, in sequence"), EVALUATION (matched baselines).
import {
  type Config,
  type EncodedPieces,
  type FlatName,
  type Ladder,
  matchParameters,
  matchShape,
  type PieceModelName,
  pieceObjective,
  type Spent,
  saveStage,
  subwordOnnx,
  subwordParameters,
  weightFeeds,
  windowPieces,
} from '@strata/hierarchy';
import { ParameterScope, ParameterValues } from '@strata/nn';
import { removeFolder } from '@strata/store';
import type { BpeTokenizer, SubwordSizes } from '@strata/subword';
import { byteLength, textStart } from '@strata/text';
import { encodedPieces, removeUnneeded } from './encoded-corpus.js';
import { learnedPieces } from './learned-vocabularies.js';
import { trainStage } from './loop.js';
import type { Stage, StageResult } from './stage.js';
import { openBelow, record, type StageContext, stageOf, stepsFor, validationOf, writeOnnx } from './stage-parts.js';
import { stepFlops } from './step-cost.js';
import { pieceSteps } from './step-data.js';
import { pieceValidation } from './validation-data.js';

/** How large a model of pieces is made, and how many steps it takes. */
interface PieceModel {
  readonly sizes: SubwordSizes;
  readonly steps: number;
}

/** The window of a flat model in pieces: as many bytes as the ladder's window of words holds. */
export function flatWindow(config: Config, bytesPerUnit: number, bytesPerPiece: number): number {
  return Math.max(8, Math.round((config.batch.units * bytesPerUnit) / bytesPerPiece / 8) * 8);
}

async function trainPieces(
  context: StageContext,
  name: PieceModelName,
  tokenizer: BpeTokenizer,
  length: number,
  decide: (bytesPerBatch: number) => PieceModel,
  below?: string,
): Promise<StageResult> {
  const { run } = context;
  const { config } = run;
  const { windows } = config.batch;
  const pieces: EncodedPieces = await encodedPieces(context, tokenizer);
  const { sizes, steps } = decide((pieces.bytes / pieces.length) * windows * length);
  const scope = new ParameterScope(name);
  const objective = pieceObjective(scope, sizes, windows, length, config);
  const values = ParameterValues.initialise(scope.specs(), config.seed);
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
  const { training, ...sizes } = config.subword;
  const tokenizer = await learnedPieces(context, 'subword');
  const { vocabularySize } = tokenizer;
  return await trainPieces(context, 'subword', tokenizer, windowPieces(config), (bytesPerBatch) => ({
    sizes: { ...sizes, vocabularySize },
    steps: stepsFor(training.bytes, bytesPerBatch * training.accumulate),
  }));
}

/** Characters of held-out text on which windows are matched at most. */
const MATCHED_CHARACTERS = 1 << 22;

/** Trains a flat baseline that is matched to the finished ladder. */
export async function trainFlat(context: StageContext, name: FlatName): Promise<StageResult> {
  const { run, corpus } = context;
  const { config } = run;
  const ladder = openBelow(context, config.top);
  // Of the same corpus and size the base has learned the very same pieces.
  const shared = config.flat.vocabularySize === config.subword.vocabularySize;
  const tokenizer = shared ? ladder.tokenizer : await learnedPieces(context, name);
  // The window is matched on held-out text, where scores are read: there the flat model's pieces hold fewer bytes.
  const [heldOut] = corpus.validation;
  const text = textStart(heldOut.chunks(), MATCHED_CHARACTERS);
  const bytes = byteLength(text);
  const units = ladder.words!.encode(text).length - 1;
  const window = flatWindow(config, bytes / units, bytes / tokenizer.encode(text).length);
  const below = ladder.checksums[ladder.top];
  return await trainPieces(
    context,
    name,
    tokenizer,
    window,
    (bytesPerBatch) => flatModel(config, name, ladderCost(ladder), tokenizer.vocabularySize, window, bytesPerBatch),
    below,
  );
}

/** What a ladder is matched by. */
export interface LadderCost extends Spent {
  readonly parameters: number;
}

/** The parameters of a ladder; the bytes that the stage that read most has read; the training FLOPs of all. */
export function ladderCost({ values, spent }: Ladder): LadderCost {
  const stages = Object.values(spent);
  return {
    parameters: Object.values(values).reduce((sum, { flat }) => sum + flat.length, 0),
    bytesSeen: Math.max(...stages.map(({ bytesSeen }) => bytesSeen)),
    trainFlops: stages.reduce((sum, { trainFlops }) => sum + trainFlops, 0),
  };
}

/**
 * The flat model that is as large as a ladder, or that costs as many training FLOPs per byte. Where the configuration does
 * not say how much it reads, it reads as much as the stage of the ladder that read most; the one of equal parameters
 * goes on until it has had as many training FLOPs as all stages together.
 */
export function flatModel(
  config: Config,
  name: FlatName,
  ladder: LadderCost,
  vocabularySize: number,
  window: number,
  bytesPerBatch: number,
): PieceModel {
  const { training } = config.flat;
  const { windows } = config.batch;
  const bytesPerStep = bytesPerBatch * training.accumulate;
  const flops = (sizes: SubwordSizes): number =>
    stepFlops(
      pieceObjective(new ParameterScope(name), sizes, windows, window, config),
      training,
      subwordParameters(name, sizes),
    );
  if (name === 'flat-flops') {
    const steps = stepsFor(training.bytes ?? ladder.bytesSeen, bytesPerStep);
    return { sizes: matchShape(ladder.trainFlops / steps, vocabularySize, flops), steps };
  }
  const sizes = matchParameters(ladder.parameters, vocabularySize);
  const equalFlops = (ladder.trainFlops / flops(sizes)) * bytesPerStep;
  return { sizes, steps: stepsFor(training.bytes ?? Math.max(ladder.bytesSeen, equalFlops), bytesPerStep) };
}
