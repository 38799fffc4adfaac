// What all stages have in common: their context, steps and schedule, what they check below them and record of themselves.
import { join } from 'node:path';
import { type Config, type Ladder, openLadder, type Run, type StageName, trainingOf } from '@strata/hierarchy';
import type { LevelName } from '@strata/level';
import type { Schedule } from '@strata/nn';
import { type JsonValue, makeFolder, sha256, writeFileAtomic } from '@strata/store';
import type { Corpus, Documents } from '@strata/text';
import { type LoopOptions, ResumeError, type Stage, type StageResult, type ValidationData } from './stage.js';

/** What every stage is given. */
export interface StageContext extends LoopOptions {
  readonly run: Run;
  readonly corpus: Corpus;
  /** The commit that trains, for the record; absent outside a checkout. */
  readonly commit?: string | undefined;
  /** Told what is being prepared, in words. */
  readonly note: (message: string) => void;
}

function scheduleOf(config: Config, stage: StageName, steps: number): Schedule {
  const { learningRate, schedule, warmup } = trainingOf(config, stage);
  return {
    kind: schedule,
    peak: learningRate,
    floor: learningRate / 20,
    warmupSteps: Math.max(1, Math.round(steps * warmup)),
    totalSteps: steps,
  };
}

/** Steps that see so many bytes where a step reads `bytesPerStep` on average. */
export function stepsFor(bytes: number, bytesPerStep: number): number {
  return Math.max(1, Math.round(bytes / bytesPerStep));
}

/** What a stage reads of its held-out text while it trains; undefined where it is to read none. */
export function validationOf(
  context: StageContext,
  stage: StageName,
  make: (documents: Documents, bytes: number) => ValidationData | undefined,
): ValidationData | undefined {
  const { every, bytes } = trainingOf(context.run.config, stage).validation;
  return every === 0 ? undefined : make(context.corpus.validation, bytes);
}

/** A stage of `steps` steps on what lies `below`, given by its checksum. */
export function stageOf(
  context: StageContext,
  name: StageName,
  steps: number,
  below: string | undefined,
  rest: Pick<Stage, 'objective' | 'values' | 'frozen' | 'data' | 'validation'>,
): Stage {
  const { run, corpus } = context;
  const identity = sha256(JSON.stringify([corpus.hash, run.configHash, below ?? null, steps]));
  return {
    name,
    identity,
    runFolder: run.folder,
    checkpointFolder: join(run.path(name), 'checkpoints'),
    steps,
    schedule: scheduleOf(run.config, name, steps),
    training: trainingOf(run.config, name),
    config: run.config,
    ...rest,
  };
}

/** Writes a stage's ONNX file into its folder. */
export function writeOnnx(run: Run, stage: StageName, bytes: Uint8Array): void {
  const folder = join(run.path(stage), 'onnx');
  makeFolder(folder);
  writeFileAtomic(join(folder, 'model.onnx'), bytes);
}

/** What a finished stage records of itself. */
export function record(context: StageContext, result: StageResult): Record<string, JsonValue> {
  const { commit, corpus } = context;
  return { ...result, corpus: corpus.hash, ...(commit === undefined ? {} : { commit }) };
}

/** Opens the levels below and checks that they learned from the corpus at hand. */
export function openBelow(context: StageContext, upTo: LevelName): Ladder {
  const { run, corpus } = context;
  const ladder = openLadder(run, upTo);
  for (const [level, hash] of Object.entries(ladder.corpora))
    if (hash !== corpus.hash)
      throw new ResumeError(
        `${run.path(level as LevelName)} was trained on another corpus than ${corpus.name} is now. ` +
          'Bring its files back, or train under another name: --set name=...',
      );
  return ladder;
}
