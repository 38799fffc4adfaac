// Training the stages of a run in their order: what is trained is left alone, what is unfinished is taken up again only
// when asked, and nothing is written before all that can be checked is checked.
import { existsSync } from 'node:fs';
import { join, relative } from 'node:path';
import { CONTROL_NAMES, type Config, isControl, Run, type StageName } from '@strata/hierarchy';
import { LEVEL_NAMES } from '@strata/level';
import { lockFolder } from '@strata/store';
import {
  CheckpointStore,
  createProgress,
  formatCount,
  formatSeconds,
  InterruptedError,
  type Progress,
  STAGES,
  type StageResult,
  settleVoices,
  silentProgress,
  stageNeeds,
  stagesOf,
} from '@strata/train';
import { currentCommit } from './commit.js';
import { RequestError } from './expected-errors.js';
import { listenForInterrupt } from './interruption.js';
import { type Io, printable } from './io.js';
import { loadRunCorpus } from './run-corpus.js';

/** All stages that there can be, in the order in which they are trained. */
export const STAGE_ORDER: readonly StageName[] = [...LEVEL_NAMES, ...CONTROL_NAMES];

/** What is to be trained, and the command that asked for it, for the messages that say how to go on. */
export interface TrainingRequest {
  readonly config: Config;
  /** Folder of all runs; this one is `<runs>/<config.name>`. */
  readonly runs: string;
  readonly stages: readonly StageName[];
  readonly resume: boolean;
  /** Says nothing meanwhile: for --json. */
  readonly quiet: boolean;
  /** The `strata train` command for one stage, or for this very request. */
  readonly commandFor: (stage?: string) => string;
  /** The command that goes on after a stop, where it is another. */
  readonly resumeCommand?: string;
}

/** What became of one stage. */
export type StageOutcome =
  | { readonly stage: StageName; readonly state: 'trained'; readonly result: StageResult }
  | { readonly stage: StageName; readonly state: 'was trained already' };

/** What became of a request. */
export interface TrainingOutcome {
  readonly run: Run;
  readonly stages: readonly StageOutcome[];
}

/** A path as a person would type it from the working directory. */
export function shownPath(path: string): string {
  const near = relative(process.cwd(), path);
  return near === '' || near.startsWith('..') ? path : near;
}

/** How a progress is made for this output. */
export function progressFor(io: Io, quiet: boolean): typeof createProgress {
  return (label, total, unit, options): Progress =>
    quiet ? silentProgress : createProgress(label, total, unit, { ...options, stream: io.stderr });
}

/** The step of a stage's latest checkpoint, or undefined when it has none. */
export function unfinishedStep(run: Run, stage: StageName): number | undefined {
  const folder = join(run.path(stage), 'checkpoints');
  return existsSync(folder) ? new CheckpointStore(folder).steps().at(-1) : undefined;
}

/** Throws RequestError where a configuration's ladder ends below a stage; any control may be trained beside any ladder. */
export function checkStage(config: Config, stage: StageName): void {
  if (isControl(stage) || stagesOf(config).includes(stage)) return;
  throw new RequestError(
    `${config.name} ends at its ${config.top} level. To build it higher: --set name=NAME --set top=${stage}`,
  );
}

/** Throws RequestError when a stage that is to be trained cannot be, before anything is read or written. */
function checkRequest({ config, stages, resume, commandFor }: TrainingRequest, run: Run | undefined): void {
  for (const stage of stages) checkStage(config, stage);
  for (const [i, stage] of stages.entries()) {
    if (run?.has(stage) === true) continue;
    const missing = stageNeeds(config, stage).find(
      (need) => run?.has(need) !== true && !stages.slice(0, i).includes(need),
    );
    if (missing !== undefined)
      throw new RequestError(
        `${stage} stands on ${missing}, which is not trained yet. Run first: ${commandFor(missing)}`,
      );
    const step = run && unfinishedStep(run, stage);
    if (step !== undefined && !resume)
      throw new RequestError(
        `the training of ${stage} was stopped at step ${step}. To go on: ${commandFor()} --resume\n` +
          `To start it anew: delete ${shownPath(run!.path(stage))} first.`,
      );
  }
}

/**
 * Trains the stages that are not trained yet, one after the other. Throws RequestError, InterruptedError after Ctrl-C,
 * and whatever the corpus, the configuration or the disk gives reason to.
 */
export async function trainStages(request: TrainingRequest, io: Io): Promise<TrainingOutcome> {
  const { config, stages, quiet, commandFor } = request;
  const folder = join(request.runs, config.name);
  const say = (message: string): void => {
    if (!quiet) io.stderr.write(`${printable(message)}\n`);
  };
  const existing = existsSync(join(folder, 'run.json')) ? Run.prepare(folder, config) : undefined;
  checkRequest(request, existing);
  const pending = stages.filter((stage) => existing?.has(stage) !== true);
  for (const stage of stages)
    if (!pending.includes(stage))
      say(`${stage} is trained already; delete ${shownPath(existing!.path(stage))} to train it again`);
  const finished = stages.filter((stage) => !pending.includes(stage));
  const before = finished.map((stage) => ({ stage, state: 'was trained already' }) as const);
  if (existing !== undefined && pending.length === 0) return { run: existing, stages: before };

  // Levels below would take hours before the concept stage found out.
  if (pending.includes('concept')) {
    const { missed } = await settleVoices(config);
    if (missed !== undefined) say(`note: ${missed}`);
  }
  say(`reading the corpus ${'declared' in config.corpus ? config.corpus.declared : config.corpus.folder}`);
  const corpus = loadRunCorpus(config);
  const run = existing ?? Run.prepare(folder, config);
  const unlock = lockFolder(run.folder);
  const commit = currentCommit();
  const interruption = listenForInterrupt(io, () =>
    say(
      '\nstopping after this step, with a checkpoint; Ctrl-C again stops at once, and goes back to the checkpoint before',
    ),
  );
  const trained: StageOutcome[] = [];
  try {
    for (const stage of pending) {
      if (interruption.signal.aborted) throw new InterruptedError(`stopped before ${stage}`);
      say(`\n${stage} (${stages.indexOf(stage) + 1} of ${stages.length})`);
      const result = await STAGES[stage]({
        run,
        corpus,
        commit,
        note: say,
        progress: progressFor(io, quiet),
        signal: interruption.signal,
      });
      trained.push({ stage, state: 'trained', result });
    }
  } catch (error) {
    if (!(error instanceof InterruptedError)) throw error;
    const [what] = error.message.split(';');
    throw new InterruptedError(`${what}. To go on: ${request.resumeCommand ?? `${commandFor()} --resume`}`);
  } finally {
    interruption.release();
    unlock();
  }
  return { run, stages: [...before, ...trained] };
}

/** The outcome in words, a line a stage. */
export function describeOutcome({ run, stages }: TrainingOutcome): string {
  const lines = stages.map((outcome) => {
    if (outcome.state !== 'trained') return `${outcome.stage}: ${outcome.state}`;
    const { steps, bytesSeen, seconds, trainFlops } = outcome.result;
    return `${outcome.stage}: ${formatCount(steps)} steps over ${formatCount(bytesSeen)} bytes in ${formatSeconds(seconds)}, ${trainFlops.toExponential(2)} FLOPs`;
  });
  return `${lines.join('\n')}\nin ${shownPath(run.folder)}\n`;
}
