// What a training would cost, from the very graphs that it would run: parameters, FLOPs, memory and an estimated time.
// Nothing is allocated but the graphs; vocabularies are taken as large as the configuration lets them be.
import {
  BOUNDARY_COUNT,
  type Config,
  engineOptions,
  FLAT_NAMES,
  type FlatName,
  type LadderInventory,
  ladderInferenceFlops,
  ladderParameters,
  levelObjective,
  type Objective,
  type PieceModelName,
  pieceInferenceFlops,
  pieceObjective,
  type StageName,
  subwordParameters,
  trainingOf,
  valueBytes,
  windowPieces,
  windowShape,
} from '@strata/hierarchy';
import { type LevelName, levelsUpTo } from '@strata/level';
import { ParameterScope, type ParameterSpec } from '@strata/nn';
import type { SubwordSizes } from '@strata/subword';
import { flatModel, flatWindow, stepFlops } from '@strata/train';
import { CASING_NAMES, LANGUAGES } from '@strata/word';
import { type MachineSpeed, measureSpeed } from './machine-speed.js';
import { type ParameterGroup, parameterCount, parameterGroups } from './parameter-groups.js';
import { type TextRates, textRates } from './text-rates.js';

/** Bytes of memory that a stage holds while it trains. */
export interface StageMemory {
  /** The stage's own weights, their gradients and two moments. */
  readonly training: number;
  /** Weights of the frozen levels below. */
  readonly frozen: number;
  /** All values of the graph, as if none were freed: an upper bound. */
  readonly values: number;
}

/** What one stage would cost. */
export interface StagePlan {
  readonly stage: StageName;
  readonly parameters: number;
  readonly groups: readonly ParameterGroup[];
  readonly steps: number;
  readonly bytesPerStep: number;
  readonly trainBytes: number;
  readonly flopsPerStep: number;
  readonly flopsPerByte: number;
  /** FLOPs of reading a byte with the model that ends with this stage, the levels below included. */
  readonly inferenceFlopsPerByte: number;
  readonly memory: StageMemory;
  /** Seconds of its steps on this machine, estimated. */
  readonly seconds: number;
}

/** A flat model matched to the ladder. */
export interface FlatPlan extends SubwordSizes {
  readonly name: FlatName;
  readonly parameters: number;
  readonly window: number;
  readonly trainBytes: number;
}

/** What a training would cost. */
export interface TrainingPlan {
  readonly name: string;
  /** The highest level of the ladder. */
  readonly top: Config['top'];
  readonly rates: TextRates;
  readonly machine: MachineSpeed;
  /** Parameters and training FLOPs of all levels together, and the flat models that are matched to them. */
  readonly ladderParameters: number;
  readonly ladderFlops: number;
  readonly flats: readonly FlatPlan[];
  readonly stages: readonly StagePlan[];
}

/** Gaps that a word vocabulary names unless told otherwise. */
const GAP_COUNT = 32;
/** Passes over memory that AdamW makes for each parameter: weight, gradient and two moments, read and written. */
const OPTIMISER_PASSES = 7;

/** Vocabularies as large as they can become; single lemmas are concepts too, so there are at most as many as lemmas. */
function largestInventory(config: Config): LadderInventory {
  const lemmaCount = config.word.vocabularySize;
  return {
    word: {
      lemmaCount,
      slotCount: LANGUAGES[config.word.language].slots.length,
      casingCount: CASING_NAMES.length,
      gapCount: GAP_COUNT,
      boundaryCount: BOUNDARY_COUNT,
    },
    conceptCount: lemmaCount,
  };
}

/** A stage's graph, its parameters, and how much text a batch holds and the whole stage reads. */
interface StageGraph {
  readonly objective: Objective;
  readonly specs: readonly ParameterSpec[];
  readonly bytesPerBatch: number;
  readonly trainBytes: number;
  /** FLOPs of reading a byte with the finished model. */
  readonly inferenceFlopsPerByte: number;
}

function costOf(config: Config, stage: StageName, graph: StageGraph, machine: MachineSpeed): StagePlan {
  const { objective, specs, trainBytes, inferenceFlopsPerByte } = graph;
  const training = trainingOf(config, stage);
  const { accumulate } = training;
  const bytesPerStep = graph.bytesPerBatch * accumulate;
  const parameters = parameterCount(specs);
  const steps = Math.max(1, Math.round(trainBytes / bytesPerStep));
  const flopsPerStep = stepFlops(objective, training, specs);
  const values = valueBytes(objective.outputs);
  // The measured rate is of bytes written with two reads each, which is what most values cost.
  const passes = accumulate * values + OPTIMISER_PASSES * 4 * parameters;
  return {
    stage,
    parameters,
    groups: parameterGroups(specs),
    steps,
    bytesPerStep,
    trainBytes,
    flopsPerStep,
    flopsPerByte: flopsPerStep / bytesPerStep,
    inferenceFlopsPerByte,
    memory: {
      training: 4 * 4 * parameters,
      frozen: 4 * objective.frozen.reduce((sum, scope) => sum + parameterCount(scope.specs()), 0),
      values,
    },
    seconds: steps * (flopsPerStep / machine.flopsPerSecond + passes / machine.bytesPerSecond),
  };
}

/** Plans the training of some stages; reads a sample of the corpus, and writes nothing. */
export async function planTraining(config: Config, stages: readonly StageName[]): Promise<TrainingPlan> {
  const rates = textRates(config);
  const machine = await measureSpeed(engineOptions(config));
  const inventory = largestInventory(config);
  const specs = ladderParameters(config, inventory);
  const { windows, units } = config.batch;
  const pieces = (stage: PieceModelName, sizes: SubwordSizes, length: number, trainBytes: number): StageGraph => {
    const bytesPerPiece = rates.bytesPerPiece[stage === 'subword' ? stage : 'flat'];
    return {
      objective: pieceObjective(new ParameterScope(stage), sizes, windows, length, config),
      specs: subwordParameters(stage, sizes),
      bytesPerBatch: windows * length * bytesPerPiece,
      trainBytes,
      inferenceFlopsPerByte: pieceInferenceFlops(stage, sizes, length) / (length * bytesPerPiece),
    };
  };
  const level = (name: LevelName): StageGraph => {
    const trainBytes = config[name].training.bytes;
    if (name === 'subword') return pieces(name, config.subword, windowPieces(config), trainBytes);
    return {
      objective: levelObjective(config, inventory, name, windowShape(config)),
      specs: specs[name],
      bytesPerBatch: windows * units * rates.bytesPerUnit,
      trainBytes,
      inferenceFlopsPerByte: ladderInferenceFlops(config, inventory, name) / (units * rates.bytesPerUnit),
    };
  };
  const ladder = levelsUpTo(config.top).map((name) => costOf(config, name, level(name), machine));
  const cost = {
    parameters: ladder.reduce((sum, { parameters }) => sum + parameters, 0),
    bytesSeen: Math.max(...ladder.map(({ trainBytes }) => trainBytes)),
    trainFlops: ladder.reduce((sum, { steps, flopsPerStep }) => sum + steps * flopsPerStep, 0),
  };
  const window = flatWindow(config, rates.bytesPerUnit, rates.bytesPerPiece.flat);
  const bytesPerBatch = windows * window * rates.bytesPerPiece.flat;
  const flats = FLAT_NAMES.filter((name) => stages.includes(name) || config.controls.includes(name)).map((name) => {
    const { sizes, steps } = flatModel(config, name, cost, config.flat.vocabularySize, window, bytesPerBatch);
    const parameters = parameterCount(subwordParameters(name, sizes));
    const trainBytes = steps * bytesPerBatch * config.flat.training.accumulate;
    return { name, ...sizes, parameters, window, trainBytes };
  });
  const planned = (stage: StageName): StagePlan => {
    const flat = flats.find(({ name }) => name === stage);
    if (flat === undefined) return ladder.find((plan) => plan.stage === stage)!;
    return costOf(config, stage, pieces(flat.name, flat, window, flat.trainBytes), machine);
  };
  return {
    name: config.name,
    top: config.top,
    rates,
    machine,
    ladderParameters: cost.parameters,
    ladderFlops: cost.trainFlops,
    flats,
    stages: stages.map(planned),
  };
}
