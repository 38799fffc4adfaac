// What a training would cost, from the very graphs that it would run: parameters, FLOPs, memory and an estimated time.
// Nothing is allocated but the graphs; vocabularies are taken as large as the configuration lets them be.
import {
  BOUNDARY_COUNT,
  type Config,
  engineOptions,
  type LadderInventory,
  ladderParameters,
  levelObjective,
  matchParameters,
  matrixFlops,
  type Objective,
  pieceObjective,
  type StageName,
  subwordParameters,
  valueBytes,
  windowPieces,
  windowShape,
} from '@strata/hierarchy';
import { levelsUpTo } from '@strata/level';
import { ParameterScope, type ParameterSpec } from '@strata/nn';
import type { SubwordSizes } from '@strata/subword';
import { flatWindow, optimiserFlops } from '@strata/train';
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
  readonly memory: StageMemory;
  /** Seconds of its steps on this machine, estimated. */
  readonly seconds: number;
}

/** What a training would cost. */
export interface TrainingPlan {
  readonly name: string;
  /** The highest level of the ladder. */
  readonly top: Config['top'];
  readonly rates: TextRates;
  readonly machine: MachineSpeed;
  /** Parameters of all levels together, and the flat model that is matched to them. */
  readonly ladderParameters: number;
  readonly flat: SubwordSizes & { readonly parameters: number; readonly window: number };
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

/** A stage's graph, its parameters and how much text a batch holds. */
interface StageGraph {
  readonly objective: Objective;
  readonly specs: readonly ParameterSpec[];
  readonly bytesPerBatch: number;
}

function costOf(config: Config, stage: StageName, graph: StageGraph, machine: MachineSpeed): StagePlan {
  const { objective, specs } = graph;
  const { bytes: trainBytes, accumulate } = config[stage].training;
  const bytesPerStep = graph.bytesPerBatch * accumulate;
  const parameters = parameterCount(specs);
  const steps = Math.max(1, Math.round(trainBytes / bytesPerStep));
  const flopsPerStep = accumulate * matrixFlops(objective.outputs) + optimiserFlops(config[stage].training, specs);
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
  const ladder = levelsUpTo(config.top).reduce((sum, level) => sum + parameterCount(specs[level]), 0);
  const sizes = matchParameters(ladder, config.flat.vocabularySize);
  const window = flatWindow(config, rates.bytesPerUnit, rates.bytesPerPiece.flat);
  const { windows, units } = config.batch;
  const pieces = (stage: 'subword' | 'flat', model: SubwordSizes, length: number): StageGraph => ({
    objective: pieceObjective(new ParameterScope(stage), model, windows, length, config),
    specs: subwordParameters(stage, model),
    bytesPerBatch: windows * length * rates.bytesPerPiece[stage],
  });
  const graphOf = (stage: StageName): StageGraph => {
    if (stage === 'subword') return pieces(stage, config.subword, windowPieces(config));
    if (stage === 'flat') return pieces(stage, sizes, window);
    return {
      objective: levelObjective(config, inventory, stage, windowShape(config)),
      specs: specs[stage],
      bytesPerBatch: windows * units * rates.bytesPerUnit,
    };
  };
  return {
    name: config.name,
    top: config.top,
    rates,
    machine,
    ladderParameters: ladder,
    flat: { ...sizes, parameters: parameterCount(subwordParameters('flat', sizes)), window },
    stages: stages.map((stage) => costOf(config, stage, graphOf(stage), machine)),
  };
}
