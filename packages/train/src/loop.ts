// The one training loop: feeds a graph, updates weights, validates, writes metrics and checkpoints, stops cleanly when asked.
import { join } from 'node:path';
import { compile, type Executable } from '@strata/engine';
import { engineOptions, feedsFor, gradientName } from '@strata/hierarchy';
import { learningRateAt, type Optimiser, type ParameterValues } from '@strata/nn';
import { BatchQueue } from './batch-queue.js';
import { CheckpointStore } from './checkpoint.js';
import { DivergedError, InterruptedError, type LoopOptions, type Stage, type StageResult } from './stage.js';
import { stageOptimiser } from './stage-optimiser.js';
import { stepFlops } from './step-cost.js';
import { StepMetrics } from './step-metrics.js';
import { restoreState, saveState, type TrainingState } from './training-state.js';
import { Validator } from './validation.js';

/** Trains a stage to its last step, going on from its latest whole checkpoint if there is one. */
export async function trainStage(stage: Stage, options: LoopOptions = {}): Promise<StageResult> {
  const { config } = stage;
  const engine = engineOptions(config);
  const { optimiser, dispose } = await stageOptimiser(stage, engine);
  let executable: Executable | undefined;
  let validator: Validator | undefined;
  let metrics: StepMetrics | undefined;
  try {
    const checkpoints = new CheckpointStore(stage.checkpointFolder, { keep: config.checkpoints.keep });
    const state = restoreState(stage, optimiser, checkpoints);
    executable = await compile(stage.objective.outputs, engine);
    validator = await Validator.create(stage, engine);
    metrics = new StepMetrics(stage, state, state.step > 0, options);
    return await new Training(stage, optimiser, checkpoints, executable, validator, metrics, state, options).run();
  } finally {
    // Sessions first: closing files may fail where the disk is full.
    await dispose();
    await executable?.dispose();
    await validator?.dispose();
    metrics?.close();
  }
}

/** What one step found, over all of its batches. */
interface StepOutcome {
  readonly loss: number;
  readonly nats: number;
  readonly bytes: number;
  readonly targets: number;
}

/** The training of one stage in this process. */
class Training {
  readonly #started = performance.now();
  readonly #secondsBefore: number;
  readonly #weights: Readonly<Record<string, Float32Array>>;
  readonly #into: Readonly<Record<string, Float32Array>>;
  /** Where gradients of several batches are added up; absent where a step has one. */
  readonly #sum: ParameterValues | undefined;
  readonly #flopsPerStep: number;
  /** Where the weights of the best validation are kept; absent where training does not stop early. */
  readonly #bestWeights: CheckpointStore | undefined;
  #savedAt = performance.now();

  constructor(
    readonly stage: Stage,
    readonly optimiser: Optimiser,
    readonly checkpoints: CheckpointStore,
    readonly executable: Executable,
    readonly validator: Validator | undefined,
    readonly metrics: StepMetrics,
    readonly state: TrainingState,
    readonly options: LoopOptions,
  ) {
    const { values, frozen, objective, training } = stage;
    this.#secondsBefore = state.seconds;
    this.#weights = { ...frozen, ...Object.fromEntries(values.views) };
    const gradients = [...optimiser.gradients.views].map(([name, view]) => [gradientName(name), view] as const);
    this.#into = { loss: new Float32Array(1), nats: new Float32Array(1), ...Object.fromEntries(gradients) };
    this.#sum = training.accumulate > 1 ? values.zerosAlike() : undefined;
    this.#flopsPerStep = stepFlops(objective, training, values.specs);
    const stopsEarly = training.earlyStopping !== undefined && validator !== undefined;
    this.#bestWeights = stopsEarly ? new CheckpointStore(join(stage.checkpointFolder, 'best'), { keep: 1 }) : undefined;
  }

  async run(): Promise<StageResult> {
    const { stage, state, metrics } = this;
    const { accumulate } = stage.training;
    const queue = new BatchQueue(stage.data, state.step * accumulate, stage.steps * accumulate);
    while (state.step < stage.steps && !this.#hasWaitedEnough()) {
      await this.#step(queue);
      metrics.show(state.step);
      const asked = this.options.signal?.aborted === true;
      const seconds = this.options.checkpointSeconds ?? stage.config.checkpoints.seconds;
      const due = performance.now() - this.#savedAt > seconds * 1000;
      if (state.step === stage.steps || !(asked || due)) continue;
      this.#save();
      if (!asked) continue;
      metrics.progress.finish();
      throw new InterruptedError(
        `stopped at step ${state.step} of ${stage.steps} of ${stage.name}; go on with --resume`,
      );
    }
    this.#takeBest();
    metrics.progress.finish();
    // The last weights pass no checkpoint on their way into the level's folder.
    if (!this.optimiser.isFinite()) throw this.#diverged(state.step, 'weights');
    const { step: steps, bytesSeen, best } = state;
    return {
      steps,
      bytesSeen,
      trainFlops: steps * this.#flopsPerStep,
      seconds: this.#elapsed(),
      ...(this.#bestWeights !== undefined &&
        best !== null && { best: { step: best.step, bitsPerByte: best.bitsPerByte } }),
    };
  }

  /** One step of the optimiser, and what is written about it. */
  async #step(queue: BatchQueue): Promise<void> {
    const { stage, state, metrics, optimiser } = this;
    const step = state.step + 1;
    const outcome = await this.#gradients(queue);
    if (!Number.isFinite(outcome.nats) || !Number.isFinite(outcome.loss)) throw this.#diverged(step, 'loss');
    const learningRate = learningRateAt(stage.schedule, step);
    const gradientNorm = await optimiser.update(optimiser.gradients, step, learningRate);
    if (!Number.isFinite(gradientNorm)) throw this.#diverged(step, 'gradient');
    state.step = step;
    state.bytesSeen += outcome.bytes;
    state.targetsSeen += outcome.targets;
    state.window.nats += outcome.nats;
    state.window.bytes += outcome.bytes;
    const { every } = stage.training.validation;
    const validates = this.validator !== undefined && (step % every === 0 || step === stage.steps);
    const validationBitsPerByte = validates ? await this.validator!.bitsPerByte() : undefined;
    if (validationBitsPerByte !== undefined) {
      if (!Number.isFinite(validationBitsPerByte)) throw this.#diverged(step, 'validation loss');
      this.#noteValidation(validationBitsPerByte);
    }
    if (!validates && !metrics.isDue(step)) return;
    metrics.write(
      state,
      { loss: outcome.loss, gradientNorm, learningRate, flops: step * this.#flopsPerStep, validationBitsPerByte },
      { seconds: this.#elapsed(), dataSeconds: queue.takeSeconds() },
    );
  }

  /** Leaves the gradient of a step's mean loss in the optimiser's gradients. */
  async #gradients(queue: BatchQueue): Promise<StepOutcome> {
    const { accumulate } = this.stage.training;
    const { optimiser } = this;
    const sum = this.#sum;
    let total = { loss: 0, nats: 0, bytes: 0, targets: 0 };
    sum?.flat.fill(0);
    for (let i = 0; i < accumulate; i++) {
      const { feeds, bytes, targets } = queue.take()!;
      const mean = { ...feeds, inverseCount: Float32Array.of(1 / targets) };
      const running = this.executable.run(feedsFor(this.executable, mean, this.#weights), this.#into);
      queue.prepare();
      await running;
      total = {
        loss: total.loss + this.#into.loss![0]! * targets,
        nats: total.nats + this.#into.nats![0]!,
        bytes: total.bytes + bytes,
        targets: total.targets + targets,
      };
      // Batches count by their targets, so that a step is what one large batch would be.
      if (sum !== undefined) optimiser.accumulate(sum, optimiser.gradients, targets);
    }
    if (sum !== undefined) {
      optimiser.gradients.flat.fill(0);
      optimiser.accumulate(optimiser.gradients, sum, 1 / total.targets);
    }
    return { ...total, loss: total.loss / total.targets };
  }

  /** Keeps the weights of the best validation, where training may stop early. */
  #noteValidation(bitsPerByte: number): void {
    const { state, stage } = this;
    const least = stage.training.earlyStopping?.minimumDelta ?? 0;
    if (state.best !== null && bitsPerByte >= state.best.bitsPerByte - least) {
      state.best.waited++;
      return;
    }
    state.best = { step: state.step, bitsPerByte, waited: 0 };
    this.#bestWeights?.save({ step: state.step, tensors: stage.values.tensors(), state: stage.identity });
  }

  #hasWaitedEnough(): boolean {
    const { earlyStopping } = this.stage.training;
    return this.#bestWeights !== undefined && (this.state.best?.waited ?? 0) >= earlyStopping!.patience;
  }

  /** Puts the best weights back, where training may stop early. */
  #takeBest(): void {
    const { state, stage, metrics } = this;
    if (this.#bestWeights === undefined || state.best === null || state.best.step === state.step) return;
    const kept = this.#bestWeights.loadLatest();
    if (kept?.step === state.best.step && kept.state === stage.identity) stage.values.load(kept.tensors);
    else {
      metrics.progress.note(
        `${stage.name}: the weights of step ${state.best.step} are damaged; the last ones are kept`,
      );
      state.best = null;
    }
  }

  #elapsed(): number {
    return this.#secondsBefore + (performance.now() - this.#started) / 1000;
  }

  #save(): void {
    const { stage, optimiser, checkpoints, metrics, state } = this;
    // A finite gradient may still have thrown a weight out of range; such weights must not replace good ones.
    if (!optimiser.isFinite()) throw this.#diverged(state.step, 'weights');
    metrics.flush();
    saveState(stage, optimiser, checkpoints, { ...state, seconds: this.#elapsed() });
    this.#savedAt = performance.now();
  }

  #diverged(step: number, what: 'loss' | 'gradient' | 'weights' | 'validation loss'): DivergedError {
    const { stage, checkpoints } = this;
    const kept = checkpoints.steps().at(-1);
    const subject = what === 'weights' ? 'not all weights are numbers' : `the ${what} is no longer a number`;
    return new DivergedError(
      `${stage.name}: ${subject} at step ${step}. ` +
        `${kept === undefined ? 'No checkpoint was taken yet' : `The checkpoint of step ${kept} is kept`}. ` +
        `Start another run with a lower rate, of this group of parameters too if it has its own: --set name=NAME --set ${stage.name}.training.learningRate=${stage.schedule.peak / 3}`,
    );
  }
}
