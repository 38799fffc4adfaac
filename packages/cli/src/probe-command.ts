// `strata probe`: what the models of a run do beyond bits per byte: rare words, typos, adjectives, echoes, pace.
// From: Strata, EVALUATION (more than BPB).
import { asProse, PROBES, type ProbeName, parsePairs, probedNames, probeRun } from '@strata/compare';
import { Run } from '@strata/hierarchy';
import { readDocument } from '@strata/text';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { helpText } from './help-text.js';
import { type Io, writeJson } from './io.js';
import { paceProcess } from './pace-process.js';
import { probeText } from './probe-text.js';
import { loadRunCorpus } from './run-corpus.js';
import { progressFor } from './training.js';

const AFTER = `
Probes:
  buckets  bits per byte of the test text by how often each word stands in the training text
  typos    the same text with one slip in a twentieth of its longer words; with --pairs, grammar pairs damaged alike
  hare     adjectives in held-out text swapped for others that the noun is known with: what comes next (English)
  echo     "The" and a blank line fed once and twice: how likely they come again, and when what is written loops
  pace     bytes a second and memory when writing, each model in a process of its own
Models: strata is the whole ladder; gestalt, concept and word are the ladder up to that level, subword is the base alone.
All but pace come out the same for the same run.

Examples:
  strata probe --run runs/demo
  strata probe --run runs/demo --only echo,pace --model strata flat-params
  strata probe --run runs/demo --only typos --pairs zorro/agreement.txt --json`;

interface ProbeFlags {
  readonly run: string;
  readonly only: readonly ProbeName[];
  readonly model?: readonly string[];
  readonly pairs?: readonly string[];
  readonly json?: true;
}

async function probe({ run: folder, only, model, pairs, json }: ProbeFlags, io: Io): Promise<void> {
  const read = (pairs ?? []).flatMap((path) =>
    parsePairs(readDocument(path).text, path).map(({ good, bad }) => ({ good: asProse(good), bad: asProse(bad) })),
  );
  const run = Run.open(folder);
  const quiet = json === true;
  const models = model ?? probedNames(run);
  const results = await probeRun(run, loadRunCorpus(run.config), {
    only,
    models,
    pairs: read,
    // One model has this process to itself.
    paceOf: models.length > 1 ? paceProcess(folder) : undefined,
    progress: progressFor(io, quiet),
    note: (message) => {
      if (!quiet) io.stderr.write(`${message}\n`);
    },
  });
  if (quiet) writeJson(io, { run: folder, seed: run.config.seed, ...results });
  else io.stdout.write(probeText(results));
}

/** Reads names of probes with commas between; throws InvalidArgumentError. */
export function probesOf(value: string): readonly ProbeName[] {
  return value.split(',').map((entry) => {
    const probe = PROBES.find((name) => name === entry.trim());
    if (probe === undefined) throw new InvalidArgumentError(`Allowed are ${PROBES.join(', ')}, with commas between.`);
    return probe;
  });
}

/** Adds `strata probe` to the program. */
export function addProbeCommand(program: Command, io: Io): void {
  program
    .command('probe')
    .description('beyond bits per byte: rare words, typos, adjectives, echoes, pace; the ladder beside flat models')
    .requiredOption('--run <folder>', 'a run made by strata train')
    .addOption(
      new Option('--only <probes>', `some of ${PROBES.join(',')}`).argParser(probesOf).default(PROBES, 'all of them'),
    )
    .option('--model <names...>', 'models to probe (default: all that the run has)')
    .option('--pairs <files...>', 'grammar pairs as strata pairs reads them, for typos')
    .option('--json', 'print one JSON document')
    .addHelpText('after', helpText(AFTER))
    .action((flags: ProbeFlags) => probe(flags, io));
}
