// Where a step's figures go: metrics.jsonl, TensorBoard event files and the progress line.
import { join } from 'node:path';
import { makeFolder } from '@strata/store';
import { MetricsWriter } from './metrics.js';
import { createProgress, formatCount, type Progress } from './progress.js';
import type { LoopOptions, Stage } from './stage.js';
import { EventFileWriter, eventFilePath } from './tensorboard.js';
import type { TrainingState } from './training-state.js';

/** Steps between two lines of metrics. */
const EVERY = 10;

/** The figures of one step that do not depend on the clock. */
export interface StepFigures {
  readonly loss: number;
  readonly gradientNorm: number;
  readonly learningRate: number;
  /** Training operations so far. */
  readonly flops: number;
  readonly validationBitsPerByte?: number | undefined;
}

/** What the clock says of the training so far. */
export interface StepTiming {
  /** Seconds since the stage began, over all processes. */
  readonly seconds: number;
  /** Seconds that steps have waited for their batches since the last line. */
  readonly dataSeconds: number;
}

/** Writes what there is to say about steps. */
export class StepMetrics {
  readonly progress: Progress;
  readonly #stage: Stage;
  readonly #file: MetricsWriter;
  readonly #events: EventFileWriter;
  readonly #firstStep: number;
  readonly #before: { readonly bytes: number; readonly targets: number; readonly seconds: number };
  #shown: Record<string, number | string> = {};

  constructor(stage: Stage, state: TrainingState, resumed: boolean, options: LoopOptions) {
    this.#stage = stage;
    this.#firstStep = state.step;
    this.#before = { bytes: state.bytesSeen, targets: state.targetsSeen, seconds: state.seconds };
    const resumeFrom = resumed ? { resumeFrom: state.step } : {};
    this.#file = new MetricsWriter(join(stage.runFolder, 'metrics.jsonl'), { stage: stage.name, ...resumeFrom });
    // A folder a stage: TensorBoard forgets the later steps of a whole folder when a training in it goes on.
    const folder = join(stage.runFolder, 'tensorboard', stage.name);
    makeFolder(folder);
    const wallTime = Date.now() / 1000;
    this.#events = new EventFileWriter(eventFilePath(folder, wallTime), { wallTime, resumeFrom: state.step });
    const make = options.progress ?? createProgress;
    this.progress = make(`train ${stage.name}`, stage.steps, 'steps', { done: state.step });
  }

  /** True where a line is due whatever happened: every so many steps, and at the last. */
  isDue(step: number): boolean {
    return step % EVERY === 0 || step === this.#stage.steps;
  }

  /** Writes a line for the steps since the last one, and empties the window. */
  write(state: TrainingState, figures: StepFigures, timing: StepTiming): void {
    const { step, window, bytesSeen, targetsSeen } = state;
    const { validationBitsPerByte, flops, ...rest } = figures;
    const bitsPerByte = window.nats / Math.LN2 / window.bytes;
    const validated: Record<string, number> = validationBitsPerByte === undefined ? {} : { validationBitsPerByte };
    // Rates are of this process: a run may go on on another machine.
    const seconds = timing.seconds - this.#before.seconds;
    const bytesPerSecond = (bytesSeen - this.#before.bytes) / seconds;
    const targetsPerSecond = (targetsSeen - this.#before.targets) / seconds;
    const secondsLeft = ((this.#stage.steps - step) * seconds) / (step - this.#firstStep);
    this.#file.write(
      step,
      { bitsPerByte, ...rest, bytes: bytesSeen, targets: targetsSeen, flops, ...validated },
      {
        seconds: timing.seconds,
        bytesPerSecond,
        targetsPerSecond,
        dataSeconds: timing.dataSeconds,
        secondsLeft,
      },
    );
    const wallTime = Date.now() / 1000;
    const scalars = {
      'bits per byte': bitsPerByte,
      ...(validationBitsPerByte === undefined ? {} : { 'validation bits per byte': validationBitsPerByte }),
      'gradient norm': rest.gradientNorm,
      'learning rate': rest.learningRate,
      'bytes per second': bytesPerSecond,
      'targets per second': targetsPerSecond,
    };
    for (const [name, value] of Object.entries(scalars)) this.#events.scalar(name, step, value, wallTime);
    state.window = { nats: 0, bytes: 0 };
    this.#shown = {
      ...this.#shown,
      bpb: bitsPerByte,
      ...(validationBitsPerByte === undefined ? {} : { validation: validationBitsPerByte }),
      'bytes/s': formatCount(bytesPerSecond),
    };
  }

  /** Moves the progress line on. */
  show(step: number): void {
    this.progress.update(step, this.#shown);
  }

  /** Waits until all lines are on the disk; call it before a checkpoint of the same step. */
  flush(): void {
    this.#file.flush();
    this.#events.flush();
  }

  close(): void {
    this.#file.close();
    this.#events.close();
  }
}
