// `strata concepts distil`: concepts distilled from a run's trained base and words, with a person's edits, and not yet
// trained on. From: Strata; a trained level is never replaced: a run that has one is distilled beside it, under a new name.
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { conceptEditsPath, Run, readConceptEdits, readConfig, writeConceptEdits } from '@strata/hierarchy';
import { lockFolder } from '@strata/store';
import { adoptStage, distilStage, InterruptedError } from '@strata/train';
import type { Command } from 'commander';
import { RequestError } from './expected-errors.js';
import { listenForInterrupt } from './interruption.js';
import { type Io, oneLine, writeJson } from './io.js';
import { requireLevel } from './open-level.js';
import { collect } from './repeatable.js';
import { loadRunCorpus } from './run-corpus.js';
import { quotedArgument, trainCommandLine } from './train-command-line.js';
import { checkStage, progressFor, shownPath, unfinishedStep } from './training.js';

interface DistilOptions {
  readonly run: string;
  readonly name?: string;
  readonly set: readonly string[];
  readonly json?: true;
}

/** What the new run has of the old one. */
const BELOW = ['subword', 'word'] as const;

/** Throws RequestError where a run has concepts that a training stands on. */
function requireFree(run: Run): void {
  const shown = shownPath(run.folder);
  const step = unfinishedStep(run, 'concept');
  if (!run.has('concept') && step === undefined) return;
  const state = step === undefined ? 'has a concept level trained' : `is training its concept level (step ${step})`;
  const others = run.has('gestalt') ? `, and ${shownPath(run.path('gestalt'))} which stands on it` : '';
  throw new RequestError(
    `${shown} ${state} on its concepts, which would not fit others; it is left as it is. ` +
      `To distil beside it: strata concepts distil --run ${quotedArgument(shown)} --name NAME\n` +
      `To give it up: delete ${shownPath(run.path('concept'))}${others}, and distil again`,
  );
}

/** The run that is distilled for: the one asked for, or a new one beside it with its base, words and edits. */
function targetOf(source: Run, { name, set }: DistilOptions): Run {
  if (name === undefined) {
    if (set.length > 0)
      throw new RequestError('a run keeps its configuration; --set needs a run of its own: add --name NAME');
    requireFree(source);
    return source;
  }
  const other = set.find((assignment) => !assignment.startsWith('concept.'));
  if (other !== undefined)
    throw new RequestError(
      `--set ${other} found; base and words are trained, so only keys of concept can change, as in: --set concept.distil.maximumSize=6`,
    );
  const config = readConfig(join(source.folder, 'config.yaml'), [...set, `name=${JSON.stringify(name)}`]);
  const folder = join(dirname(source.folder), config.name);
  if (folder === source.folder) throw new RequestError(`--name ${name} is the run itself; give another, or none`);
  if (existsSync(join(folder, 'run.json'))) requireFree(Run.open(folder));
  const edits = readConceptEdits(source.folder);
  if (existsSync(conceptEditsPath(folder)) && JSON.stringify(readConceptEdits(folder)) !== JSON.stringify(edits))
    throw new RequestError(
      `${shownPath(conceptEditsPath(folder))} holds other edits than ${shownPath(source.folder)}. ` +
        `To distil with those: strata concepts distil --run ${quotedArgument(shownPath(folder))}`,
    );
  const run = Run.prepare(folder, config);
  for (const stage of BELOW) adoptStage(source, run, stage);
  if (edits.length > 0) writeConceptEdits(run.folder, edits);
  return run;
}

async function distil(options: DistilOptions, io: Io): Promise<void> {
  const source = Run.open(options.run);
  checkStage(source.config, 'concept');
  for (const stage of BELOW) requireLevel(source, stage);
  const quiet = options.json === true;
  const say = (message: string): void => {
    if (!quiet) io.stderr.write(`${oneLine(message)}\n`);
  };
  const corpus = loadRunCorpus(source.config);
  const run = targetOf(source, options);
  const unlock = lockFolder(run.folder);
  const interruption = listenForInterrupt(io, () => say('stopping; nothing of this distillation is kept'));
  try {
    const { signal } = interruption;
    const concepts = await distilStage({ run, corpus, note: say, progress: progressFor(io, quiet), signal });
    const clusters = concepts.concepts.filter(({ members }) => members.length > 1).length;
    const edits = concepts.distillation?.edits ?? 0;
    const shown = shownPath(run.folder);
    const next = trainCommandLine('concept', {
      config: join(shown, 'config.yaml'),
      set: [],
      runs: shownPath(dirname(run.folder)),
    });
    if (quiet) {
      writeJson(io, { run: shown, concepts: concepts.size, lemmas: concepts.lemmaCount, clusters, edits, next });
      return;
    }
    io.stdout.write(
      `  ${concepts.lemmaCount} lemmas in ${concepts.size} concepts; ${clusters} hold two lemmas or more; ${edits} edits of a person applied\n` +
        `  To look at them: strata concepts list --run ${quotedArgument(shown)}\n  To train on them: ${next}\n`,
    );
  } catch (error) {
    if (!(error instanceof InterruptedError)) throw error;
    const [what] = error.message.split(';');
    throw new InterruptedError(`${what}. To distil anew: ${distilCommandLine(options)}`);
  } finally {
    interruption.release();
    unlock();
  }
}

/** The command that was asked for, as a person would type it. */
function distilCommandLine({ run, name, set, json }: DistilOptions): string {
  return [
    `strata concepts distil --run ${quotedArgument(run)}`,
    ...(name === undefined ? [] : [`--name ${quotedArgument(name)}`]),
    ...set.map((assignment) => `--set ${quotedArgument(assignment)}`),
    ...(json === true ? ['--json'] : []),
  ].join(' ');
}

/** Adds `distil` to `concepts`; `question` makes a sub-command that reads a run. */
export function addDistilCommand(question: (name: string, description: string) => Command, io: Io): void {
  question('distil', 'distil the concepts anew, as edits bid; where a concept level is trained, for a run beside it')
    .option('--name <name>', 'a new run beside this one, with its base, words and edits')
    .option('--set <key=value>', 'with --name, override a key of concept (repeatable)', collect, [])
    .action((options: DistilOptions) => distil(options, io));
}
