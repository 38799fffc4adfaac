// What a checkpoint holds besides weights, and how a training is put into one and taken out again. Random numbers and the
// place in the data are functions of the step number, so the number is all there is to keep of them.
import type { Optimiser } from '@strata/nn';
import type { JsonValue, TensorData } from '@strata/store';
import type { CheckpointStore } from './checkpoint.js';
import { ResumeError, type Stage } from './stage.js';

/** Sums since the last line of metrics. */
export interface MetricsWindow {
  nats: number;
  bytes: number;
}

/** The best validation so far, and how many have passed since without a better one. */
export interface BestSoFar {
  step: number;
  bitsPerByte: number;
  waited: number;
}

/** How far a stage is. */
export interface TrainingState {
  /** Steps done. */
  step: number;
  bytesSeen: number;
  targetsSeen: number;
  /** Time spent before this process. */
  seconds: number;
  window: MetricsWindow;
  best: BestSoFar | null;
}

interface StoredState extends Omit<TrainingState, 'step'> {
  readonly identity: string;
}

function partsOf(stage: Stage, optimiser: Optimiser) {
  return { weight: stage.values, first: optimiser.firstMoment, second: optimiser.secondMoment };
}

/** Saves a checkpoint of the state. Throws WriteError; the checkpoints before it stay whole. */
export function saveState(
  stage: Stage,
  optimiser: Optimiser,
  checkpoints: CheckpointStore,
  state: TrainingState,
): void {
  const tensors = new Map<string, TensorData>();
  for (const [part, values] of Object.entries(partsOf(stage, optimiser)))
    for (const [name, tensor] of values.tensors()) tensors.set(`${part} ${name}`, tensor);
  const { step, ...rest } = state;
  const stored: StoredState = { identity: stage.identity, ...rest };
  checkpoints.save({ step, tensors, state: stored as unknown as JsonValue });
}

/** Goes on from the latest whole checkpoint, or starts. Throws ResumeError for a checkpoint of another training. */
export function restoreState(stage: Stage, optimiser: Optimiser, checkpoints: CheckpointStore): TrainingState {
  const found = checkpoints.loadLatest();
  if (found === undefined)
    return { step: 0, bytesSeen: 0, targetsSeen: 0, seconds: 0, window: { nats: 0, bytes: 0 }, best: null };
  const { identity, ...rest } = found.state as unknown as StoredState;
  if (identity !== stage.identity)
    throw new ResumeError(
      `${stage.checkpointFolder} holds a training of ${stage.name} on another corpus, configuration or level below. ` +
        `Bring those back, or delete ${stage.checkpointFolder} to train ${stage.name} anew`,
    );
  for (const [part, values] of Object.entries(partsOf(stage, optimiser))) {
    const own = [...found.tensors].filter(([name]) => name.startsWith(`${part} `));
    values.load(new Map(own.map(([name, tensor]) => [name.slice(part.length + 1), tensor])));
  }
  return { ...rest, step: found.step };
}
