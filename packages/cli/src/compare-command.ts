// `strata compare`: measures a run against its flat baseline and writes the report.
// From: Strata, EVALUATION (matched baselines, is the hierarchy real?).
import { renderReportText } from '@strata/compare';
import { Run } from '@strata/hierarchy';
import type { Command } from 'commander';
import { type Io, writeJson } from './io.js';
import { reportRun } from './reporting.js';
import { shownPath } from './training.js';

const AFTER = `
Reads the run's corpus again: a corpus that is a folder counts from the working directory.

Examples:
  strata compare --run runs/demo
  strata compare --run runs/demo --json > report.json`;

async function compare(options: { run: string; json?: true }, io: Io): Promise<void> {
  const { report, html, json } = await reportRun(Run.open(options.run), io, options.json === true);
  if (options.json === true) {
    writeJson(io, report);
    return;
  }
  io.stdout.write(`${renderReportText(report)}\nThe report: ${shownPath(html)}\nIts figures: ${shownPath(json)}\n`);
}

/** Adds `compare` to the program. */
export function addCompareCommand(program: Command, io: Io): void {
  program
    .command('compare')
    .description('measure a run against its flat baseline; write report.html and report.json')
    .requiredOption('--run <folder>', 'a run made by strata train')
    .option('--json', 'print the report as one JSON document')
    .addHelpText('after', AFTER)
    .action((options: { run: string; json?: true }) => compare(options, io));
}
