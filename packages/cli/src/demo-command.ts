// `strata demo`: the whole project in one go, by the steps that anyone can call: train all, compare, look.
// From: Strata; the run script is the table of contents.
import { join } from 'node:path';
import { type Report, renderReportText } from '@strata/compare';
import { readConfig } from '@strata/hierarchy';
import { LEVEL_NAMES } from '@strata/level';
import { stagesOf } from '@strata/train';
import type { Command } from 'commander';
import { projectFolder } from './commit.js';
import { helpText } from './help-text.js';
import { type Io, printable, writeJson } from './io.js';
import { freshReport, reportRun } from './reporting.js';
import { traceLines } from './trace-text.js';
import { trainCommandLine } from './train-command-line.js';
import { shownPath, trainStages } from './training.js';

const AFTER = `
The same as: strata train all --config FILE --resume, then strata compare. What is done already is not done again.

Examples:
  strata demo
  strata demo --config configs/toy.yaml --runs scratch`;

const TRACED_UNITS = 4;
const BEST_CLUSTERS = 5;

interface DemoOptions {
  readonly config: string;
  readonly runs: string;
  readonly json?: true;
}

/** What lies behind the highest level's sample. */
function traceBlock(report: Report): string {
  const [highest] = LEVEL_NAMES.toReversed().flatMap((level) => report.samples.filter(({ from }) => from === level));
  if (highest === undefined) return '';
  const lines = traceLines(highest, TRACED_UNITS);
  return [`How it was chosen, from ${highest.from}, the first ${TRACED_UNITS} units`, ...lines].join('\n');
}

function clusterBlock(report: Report): string {
  const best = report.concepts.best.slice(0, BEST_CLUSTERS);
  if (best.length === 0) return 'Concepts: no two lemmas were found to mean the same.';
  const lines = best.flatMap(({ name, pos, score, members }) => [
    `  ${printable(name)} (${pos}, coherence ${score.toFixed(3)})`,
    ...members.map(({ lemma, count, evidence }) => `    ${printable(lemma)} (${count}) ${printable(evidence)}`),
  ]);
  return [`The ${best.length} best concepts, and why`, ...lines].join('\n');
}

async function demo(options: DemoOptions, io: Io): Promise<void> {
  const quiet = options.json === true;
  const config = readConfig(options.config);
  const source = { config: shownPath(options.config), set: [], runs: options.runs };
  const { run } = await trainStages(
    {
      config,
      runs: options.runs,
      stages: stagesOf(config),
      resume: true,
      quiet,
      commandFor: (stage = 'all') => trainCommandLine(stage, source),
    },
    io,
  );
  const { report, html, json } = freshReport(run) ?? (await reportRun(run, io, quiet));
  if (quiet) {
    writeJson(io, { run: shownPath(run.folder), html: shownPath(html), json: shownPath(json), report });
    return;
  }
  const folder = shownPath(run.folder);
  io.stdout.write(`\n${renderReportText(report)}\n${traceBlock(report)}\n\n${clusterBlock(report)}\n`);
  io.stdout.write(`
What to try next (in a checkout, strata is called as: npm run strata --)
  strata generate --run ${folder} --prompt "The king" --from concept --trace ${join(folder, 'trace.json')}
  strata concepts list --run ${folder}
  strata score --run ${folder} README.md
The report for your browser: ${shownPath(html)}
`);
}

/** Adds `demo` to the program. */
export function addDemoCommand(program: Command, io: Io): void {
  program
    .command('demo')
    .description('train a small ladder and its flat baseline, measure both, and show what came of it')
    .option('--config <file>', 'the configuration', join(projectFolder, 'configs', 'demo.yaml'))
    .option('--runs <folder>', 'where runs are kept', 'runs')
    .option('--json', 'print one JSON document')
    .addHelpText('after', helpText(AFTER))
    .action((options: DemoOptions) => demo(options, io));
}
