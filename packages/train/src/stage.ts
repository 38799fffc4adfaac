// What the training loop is given and what it answers: one stage, its data as a function of a number, and its errors.
// Everything that decides a step follows from seed and step number, so a resumed run equals one never stopped.
import type { Config, Feeds, Objective, StageName, TrainingConfig } from '@strata/hierarchy';
import type { ParameterValues, Schedule } from '@strata/nn';
import type { createProgress } from './progress.js';

/** One batch's input, and how much text its targets are. */
export interface StepData {
  readonly feeds: Feeds;
  /** UTF-8 bytes of the targets that count. */
  readonly bytes: number;
  /** Number of targets that count. */
  readonly targets: number;
  /** Of pieces: what stood before each window, as far as was asked for. */
  readonly before?: readonly Int32Array[];
}

/** Fills the feeds of a batch into buffer 0 or 1; the other buffer may be in use meanwhile. */
export type BatchData = (batch: number, buffer: 0 | 1) => StepData;

/** Held-out text that is read at intervals: always the same batches. */
export interface ValidationData {
  readonly steps: number;
  readonly data: BatchData;
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
  /** Steps of the optimiser. */
  readonly steps: number;
  readonly schedule: Schedule;
  readonly training: Omit<TrainingConfig, 'bytes'>;
  readonly config: Config;
  /** Names what is trained on what: a checkpoint of another identity is not gone on from. */
  readonly identity: string;
  /** Batches are numbered over the whole stage; a step takes `training.accumulate` of them. */
  readonly data: BatchData;
  readonly validation?: ValidationData | undefined;
}

/** How a stage is run. */
export interface LoopOptions {
  readonly progress?: typeof createProgress | undefined;
  /** Stops after the current step, with a checkpoint. */
  readonly signal?: AbortSignal | undefined;
  /** Seconds between checkpoints, instead of what the configuration says. */
  readonly checkpointSeconds?: number | undefined;
}

/** What a finished stage has to say. */
export interface StageResult {
  /** Steps taken: fewer than planned where training stopped early. */
  readonly steps: number;
  readonly bytesSeen: number;
  readonly trainFlops: number;
  readonly seconds: number;
  /** The step whose weights were kept, and its bits per byte on validation text; only with early stopping. */
  readonly best?: { readonly step: number; readonly bitsPerByte: number };
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
