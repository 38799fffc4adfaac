// `strata compare`: measures a run against its controls and writes the report; several seeds of it become one report.
// From: Strata, EVALUATION (matched baselines, is the hierarchy real?, three seeds or more).
import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { joinSeeds, PROBES, type ProbeName, type Report, renderReportText, writeReport } from '@strata/compare';
import { type Config, Run } from '@strata/hierarchy';
import { makeFolder } from '@strata/store';
import type { Command } from 'commander';
import { RequestError } from './expected-errors.js';
import { helpText } from './help-text.js';
import { type Io, writeJson } from './io.js';
import { probesOf } from './probe-command.js';
import { collect } from './repeatable.js';
import { type PlacedReport, reportRun } from './reporting.js';
import { shownPath } from './training.js';

const AFTER = `
Reads the run's corpus again: a corpus that is a folder counts from the working directory. Several runs must be the same but
for name and seed: their report has every model with all its seeds, their means and spread, and calls a difference under
twice the spread a tie. --probe asks what strata probe asks, and puts the answers into the report.

Examples:
  strata compare --run runs/demo
  strata compare --run runs/demo --probe buckets,typos
  strata compare --run runs/demo-1 --run runs/demo-2 --run runs/demo-3
  strata compare --run runs/demo --json > report.json`;

interface CompareFlags {
  readonly run: readonly string[];
  readonly probe?: readonly ProbeName[] | true;
  readonly out?: string;
  readonly json?: true;
}

async function compare(flags: CompareFlags, io: Io): Promise<void> {
  const quiet = flags.json === true;
  const probes = flags.probe === true ? PROBES : (flags.probe ?? []);
  const runs = flags.run.map((folder) => Run.open(folder));
  checkAlike(runs);
  const single = runs.length === 1;
  if (single && flags.out !== undefined)
    throw new RequestError('--out is for the report of several runs; that of one run goes into its folder');
  const place = single ? undefined : joinedPlace(runs, flags.out);
  const reports: PlacedReport[] = [];
  for (const run of runs) reports.push(await reportRun(run, io, quiet, probes));
  const { report, html, json } =
    place === undefined
      ? reports[0]!
      : joined(
          reports.map((placed) => placed.report),
          place,
        );
  if (quiet) {
    writeJson(io, report);
    return;
  }
  io.stdout.write(`${renderReportText(report)}\nThe report: ${shownPath(html)}\nIts figures: ${shownPath(json)}\n`);
}

/** Where the report of several seeds goes, and its name. */
interface JoinedPlace {
  readonly name: string;
  readonly folder: string;
}

/** A folder of its own beside the runs unless told otherwise; throws RequestError where that is a run itself. */
function joinedPlace(runs: readonly Run[], out: string | undefined): JoinedPlace {
  const [first, last] = [runs[0]!, runs.at(-1)!];
  const name = `${basename(first.folder)}-to-${basename(last.folder)}`;
  const folder = out ?? join(dirname(first.folder), name);
  if (existsSync(join(folder, 'run.json')))
    throw new RequestError(`${shownPath(folder)} is a run with a report of its own. Name another folder with --out.`);
  return { name, folder };
}

function joined(reports: readonly Report[], { name, folder }: JoinedPlace): PlacedReport {
  const report = joinSeeds(reports, name);
  makeFolder(folder);
  return { report, ...writeReport({ folder }, report) };
}

/** Throws RequestError unless runs differ in name and seed only. */
function checkAlike([first, ...others]: readonly Run[]): void {
  const shared = ({ name: _, seed: __, ...config }: Config): string => JSON.stringify(config);
  const other = others.find(({ config }) => shared(config) !== shared(first!.config));
  if (other === undefined) return;
  const keys = Object.keys(other.config) as (keyof Config)[];
  const different = keys.filter(
    (key) =>
      key !== 'name' && key !== 'seed' && JSON.stringify(other.config[key]) !== JSON.stringify(first!.config[key]),
  );
  throw new RequestError(
    `${shownPath(first!.folder)} and ${shownPath(other.folder)} differ in ${different.join(', ')}: seeds of one thing differ in name ` +
      'and seed only. For different settings side by side: strata study',
  );
}

/** Adds `compare` to the program. */
export function addCompareCommand(program: Command, io: Io): void {
  program
    .command('compare')
    .description('measure a run against its controls; write report.html and report.json')
    .requiredOption('--run <folder>', 'a run made by strata train (repeatable: seeds of one configuration)', collect)
    .option('--probe [probes]', `ask some of ${PROBES.join(',')} as well (all of them, unless named)`, probesOf)
    .option('--out <folder>', 'where the report of several runs goes')
    .option('--json', 'print the report as one JSON document')
    .addHelpText('after', helpText(AFTER))
    .action((flags: CompareFlags) => compare(flags, io));
}
