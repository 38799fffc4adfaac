// The one training loop: feeds a graph, applies AdamW, writes metrics, checkpoints, stops cleanly when asked.
// Everything that decides a step is a function of seed and step, so a resumed run equals one never stopped.
import { join } from 'node:path';
import { compile, type Executable } from '@strata/engine';
import {
  type Config,
  type Feeds,
  feedsFor,
  gradientName,
  matrixFlops,
  type Objective,
  type StageName,
} from '@strata/hierarchy';
import { ADAMW_DEFAULTS, AdamW, learningRateAt, type ParameterValues, type Schedule } from '@strata/nn';
import type { TensorData } from '@strata/store';
import { CheckpointStore } from './checkpoint.js';
import { MetricsWriter } from './metrics.js';
import { createProgress, type Progress } from './progress.js';
import { EventFileWriter, eventFilePath } from './tensorboard.js';

/** One step's input, and how much text its targets are. */
export interface StepData {
  readonly feeds: Feeds;
  /** UTF-8 bytes of the targets that count. */
  readonly bytes: number;
  /** Number of targets that count. */
  readonly targets: number;
}

/** Everything the loop needs to train one stage. */
export interface Stage {
  readonly name: StageName;
  /** Folder of the run, for metrics and event files. */
  readonly runFolder: string;
  /** Folder of the stage's checkpoints. */
  readonly checkpointFolder: string;
  readonly objective: Objective;
  readonly values: ParameterValues;
  /** Weights of the levels below, read only. */
  readonly frozen: Readonly<Record<string, Float32Array>>;
  readonly steps: number;
  readonly schedule: Schedule;
  readonly weightDecay: number;
  readonly config: Config;
  /** Names what is trained on what: a checkpoint of another identity is not gone on from. */
  readonly identity: string;
  /** Fills the feeds of step `step` (from 0) into buffer 0 or 1; the other buffer may be in use meanwhile. */
  data(step: number, buffer: 0 | 1): StepData;
}

/** How a stage is run. */
export interface LoopOptions {
  readonly progress?: typeof createProgress | undefined;
  /** Stops after the current step, with a checkpoint. */
  readonly signal?: AbortSignal | undefined;
  /** Seconds between checkpoints. */
  readonly checkpointSeconds?: number;
}

/** A run was asked to stop; its checkpoint is saved. */
export class InterruptedError extends Error {
  override name = 'InterruptedError';
}

/** The loss stopped being a number. */
export class DivergedError extends Error {
  override name = 'DivergedError';
}

/** A checkpoint belongs to another training than the one that asks for it. */
export class ResumeError extends Error {
  override name = 'ResumeError';
}

/** What a finished stage has to say. */
export interface StageResult {
  readonly steps: number;
  readonly bytesSeen: number;
  readonly trainFlops: number;
  readonly seconds: number;
}

interface LoopState {
  readonly identity: string;
  readonly bytesSeen: number;
  readonly seconds: number;
}

const METRICS_EVERY = 10;
const CHECKPOINT_SECONDS = 30;

function withMoments(stage: Stage, optimiser: AdamW): Map<string, TensorData> {
  const tensors = new Map<string, TensorData>();
  const parts = { weight: stage.values, first: optimiser.firstMoment, second: optimiser.secondMoment };
  for (const [part, values] of Object.entries(parts))
    for (const [name, tensor] of values.tensors()) tensors.set(`${part} ${name}`, tensor);
  return tensors;
}

function restore(stage: Stage, optimiser: AdamW, tensors: ReadonlyMap<string, TensorData>): void {
  const parts = { weight: stage.values, first: optimiser.firstMoment, second: optimiser.secondMoment };
  for (const [part, values] of Object.entries(parts)) {
    const own = [...tensors].filter(([name]) => name.startsWith(`${part} `));
    values.load(new Map(own.map(([name, tensor]) => [name.slice(part.length + 1), tensor])));
  }
}

/** Trains a stage to its last step, going on from its latest whole checkpoint if there is one. */
export async function trainStage(stage: Stage, options: LoopOptions = {}): Promise<StageResult> {
  const { objective, values, steps } = stage;
  const optimiser = new AdamW(values, { ...ADAMW_DEFAULTS, weightDecay: stage.weightDecay });
  const checkpoints = new CheckpointStore(stage.checkpointFolder);
  const found = checkpoints.loadLatest();
  let state: LoopState = { identity: stage.identity, bytesSeen: 0, seconds: 0 };
  if (found !== undefined) {
    state = found.state as unknown as LoopState;
    if (state.identity !== stage.identity)
      throw new ResumeError(
        `${stage.checkpointFolder} holds a training of ${stage.name} on another corpus, configuration or level below. ` +
          `Bring those back, or delete ${stage.checkpointFolder} to train ${stage.name} anew`,
      );
    restore(stage, optimiser, found.tensors);
  }
  const firstStep = found?.step ?? 0;
  const resumeFrom = found === undefined ? {} : { resumeFrom: found.step };
  const executable = await compile(objective.outputs, { threads: stage.config.threads, device: stage.config.device });
  const metrics = new MetricsWriter(join(stage.runFolder, 'metrics.jsonl'), { stage: stage.name, ...resumeFrom });
  const wallTime = Date.now() / 1000;
  const events = new EventFileWriter(eventFilePath(stage.runFolder, wallTime), { wallTime, ...resumeFrom });
  const make = options.progress ?? createProgress;
  const progress = make(`train ${stage.name}`, steps, 'steps', { done: firstStep });
  try {
    return await run(
      stage,
      { optimiser, checkpoints, executable, metrics, events, progress },
      firstStep,
      state,
      options,
    );
  } finally {
    metrics.close();
    events.close();
    await executable.dispose();
  }
}

interface Tools {
  readonly optimiser: AdamW;
  readonly checkpoints: CheckpointStore;
  readonly executable: Executable;
  readonly metrics: MetricsWriter;
  readonly events: EventFileWriter;
  readonly progress: Progress;
}

async function run(
  stage: Stage,
  tools: Tools,
  firstStep: number,
  state: LoopState,
  options: LoopOptions,
): Promise<StageResult> {
  const { objective, values, steps } = stage;
  const { optimiser, checkpoints, executable, metrics, events, progress } = tools;
  const gradients = values.zerosAlike();
  const into: Record<string, Float32Array> = { loss: new Float32Array(1), nats: new Float32Array(1) };
  for (const [name, view] of gradients.views) into[gradientName(name)] = view;
  const flopsPerStep = matrixFlops(objective.outputs);
  const weights = { ...stage.frozen, ...Object.fromEntries(values.views) };
  const started = performance.now();
  const elapsed = (): number => state.seconds + (performance.now() - started) / 1000;
  let { bytesSeen } = state;
  let savedAt = performance.now();
  const save = (step: number): void => {
    metrics.flush();
    checkpoints.save({
      step,
      tensors: withMoments(stage, optimiser),
      state: { ...state, bytesSeen, seconds: elapsed() },
    });
    savedAt = performance.now();
  };
  const window = { nats: 0, bytes: 0 };
  let next = firstStep < steps ? stage.data(firstStep, bufferOf(firstStep)) : undefined;
  for (let step = firstStep; step < steps; step++) {
    const current = next!;
    const feeds = feedsFor(
      executable,
      { ...current.feeds, inverseCount: Float32Array.of(1 / current.targets) },
      weights,
    );
    const running = executable.run(feeds, into);
    // The next step's arrays are filled while this step's session runs.
    if (step + 1 < steps) next = stage.data(step + 1, bufferOf(step + 1));
    await running;
    const done = step + 1;
    const nats = into.nats[0];
    if (!Number.isFinite(nats) || !Number.isFinite(into.loss[0])) throw diverged(stage, done, checkpoints);
    const learningRate = learningRateAt(stage.schedule, done);
    const gradientNorm = optimiser.update(gradients, done, learningRate);
    if (!Number.isFinite(gradientNorm)) throw diverged(stage, done, checkpoints);
    bytesSeen += current.bytes;
    window.nats += nats;
    window.bytes += current.bytes;
    if (done % METRICS_EVERY === 0 || done === steps) {
      const bitsPerByte = window.nats / Math.LN2 / window.bytes;
      const seconds = elapsed();
      metrics.write(
        done,
        { bitsPerByte, loss: into.loss[0], gradientNorm, learningRate, bytes: bytesSeen, flops: done * flopsPerStep },
        { seconds, bytesPerSecond: bytesSeen / seconds },
      );
      const wallTime = Date.now() / 1000;
      events.scalar(`${stage.name}/bits per byte`, done, bitsPerByte, wallTime);
      events.scalar(`${stage.name}/gradient norm`, done, gradientNorm, wallTime);
      events.scalar(`${stage.name}/learning rate`, done, learningRate, wallTime);
      window.nats = 0;
      window.bytes = 0;
      progress.update(done, { bpb: bitsPerByte });
    } else progress.update(done);
    // Metrics windows begin anew after a checkpoint, so checkpoints are taken where a window ends.
    const pause = options.signal?.aborted === true;
    const due = performance.now() - savedAt > (options.checkpointSeconds ?? CHECKPOINT_SECONDS) * 1000;
    if (done < steps && done % METRICS_EVERY === 0 && (pause || due)) save(done);
    if (pause && done < steps && done % METRICS_EVERY === 0) {
      progress.finish();
      throw new InterruptedError(`stopped at step ${done} of ${steps} of ${stage.name}; go on with --resume`);
    }
  }
  progress.finish();
  return { steps, bytesSeen, trainFlops: steps * flopsPerStep, seconds: elapsed() };
}

const bufferOf = (step: number): 0 | 1 => (step % 2 === 0 ? 0 : 1);

function diverged(stage: Stage, step: number, checkpoints: CheckpointStore): DivergedError {
  const kept = checkpoints.steps().at(-1);
  return new DivergedError(
    `the loss of ${stage.name} is no longer a number at step ${step}. ` +
      `${kept === undefined ? 'No checkpoint was taken yet' : `The checkpoint of step ${kept} is kept`}. ` +
      `Try a lower rate: --set ${stage.name}.training.learningRate=${stage.schedule.peak / 3}`,
  );
}
