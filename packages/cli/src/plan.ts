// What a training would cost, from the very graphs that it would run: parameters, FLOPs, memory and an estimated time.
// Nothing is allocated but the graphs; vocabularies are taken as large as the configuration lets them be.
import {
  BOUNDARY_COUNT,
  CONTROL_NAMES,
  type Config,
  type ControlName,
  controlVocabulary,
  engineOptions,
  type LadderInventory,
  ladderInferenceFlops,
  ladderParameters,
  levelObjective,
  type Objective,
  passBytes,
  type StageName,
  trainingOf,
  valueBytes,
  windowPieces,
  windowShape,
} from '@strata/hierarchy';
import { type LevelName, levelsUpTo } from '@strata/level';
import type { ParameterSpec } from '@strata/nn';
import type { JsonObject } from '@strata/store';
import { controlModel, controlWindow, ladderCost, stepFlops, subwordDesign } from '@strata/train';
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

/** A control matched to the ladder. */
export interface ControlPlan {
  readonly name: ControlName;
  readonly sizes: JsonObject;
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
  /** Parameters and training FLOPs of all levels together, and the controls that are matched to them. */
  readonly ladderParameters: number;
  readonly ladderFlops: number;
  readonly controls: readonly ControlPlan[];
  readonly stages: readonly StagePlan[];
}

/** Gaps that a word vocabulary names unless told otherwise. */
const GAP_COUNT = 32;
/**
 * Results that AdamW writes for each parameter, as the measured rate has them, with two reads each: weight, gradient and two
 * moments are read, and all but the gradient written.
 */
const OPTIMISER_RESULTS = 7 / 3;

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
    memberWidth: config.concept.distil.maximumSize,
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
  // The measured rate is of bytes written with two reads each, which is what most values cost.
  const passes = accumulate * passBytes(objective.outputs) + OPTIMISER_RESULTS * 4 * parameters;
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
      values: valueBytes(objective.outputs),
    },
    seconds: steps * (flopsPerStep / machine.flopsPerSecond + passes / machine.bytesPerSecond),
  };
}

/** Plans the training of some stages; reads a sample of the corpus, and writes nothing. Text and machine are measured unless they were. */
export async function planTraining(
  config: Config,
  stages: readonly StageName[],
  measured: Partial<Pick<TrainingPlan, 'rates' | 'machine'>> = {},
): Promise<TrainingPlan> {
  const { rates = textRates(config), machine = await measureSpeed(engineOptions(config)) } = measured;
  const inventory = largestInventory(config);
  const specs = ladderParameters(config, inventory);
  const { windows, units } = config.batch;
  const levelGraph = (name: LevelName): StageGraph => {
    const trainBytes = config[name].training.bytes;
    if (name === 'subword') {
      const length = windowPieces(config);
      const { objective, specs: own, inferenceFlops } = subwordDesign(name, config.subword, length, config);
      const windowBytes = length * rates.bytesPerPiece.subword;
      const inferenceFlopsPerByte = inferenceFlops() / windowBytes;
      return { objective, specs: own, bytesPerBatch: windows * windowBytes, trainBytes, inferenceFlopsPerByte };
    }
    return {
      objective: levelObjective(config, inventory, name, windowShape(config)),
      specs: specs[name],
      bytesPerBatch: windows * units * rates.bytesPerUnit,
      trainBytes,
      inferenceFlopsPerByte: ladderInferenceFlops(config, inventory, name) / (units * rates.bytesPerUnit),
    };
  };
  const ladder = levelsUpTo(config.top).map((name) => costOf(config, name, levelGraph(name), machine));
  const cost = ladderCost(
    ladder.reduce((sum, { parameters }) => sum + parameters, 0),
    ladder.map(({ trainBytes, steps, flopsPerStep }) => ({ bytesSeen: trainBytes, trainFlops: steps * flopsPerStep })),
  );
  const planned = CONTROL_NAMES.filter((name) => stages.includes(name)).map((name) => {
    const vocabularySize = controlVocabulary(config, name);
    // A vocabulary of 257 has a piece a byte.
    const bytesPerPiece = name === 'spacebyte' ? 1 : rates.bytesPerPiece.flat;
    const window = controlWindow(config, rates.bytesPerUnit, bytesPerPiece);
    const bytesPerBatch = windows * window * bytesPerPiece;
    const { design, steps } = controlModel(config, name, cost, vocabularySize, window, bytesPerBatch);
    const trainBytes = steps * bytesPerBatch * config.flat.training.accumulate;
    const inferenceFlopsPerByte = design.inferenceFlops() / (window * bytesPerPiece);
    const { objective, specs: own, sizes } = design;
    const plan = costOf(
      config,
      name,
      { objective, specs: own, bytesPerBatch, trainBytes, inferenceFlopsPerByte },
      machine,
    );
    return { plan, control: { name, sizes, parameters: plan.parameters, window, trainBytes } };
  });
  return {
    name: config.name,
    top: config.top,
    rates,
    machine,
    ladderParameters: cost.parameters,
    ladderFlops: cost.trainFlops,
    controls: planned.map(({ control }) => control),
    stages: stages.map(
      (stage) => [...ladder, ...planned.map(({ plan }) => plan)].find((plan) => plan.stage === stage)!,
    ),
  };
}
