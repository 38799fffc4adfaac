// `strata study`: one question, asked of several models, seeds and settings; what came of it as tables and a report.
// From: Strata, EVALUATION (matched baselines; every claim is repeatable from one file).
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import {
  type Cell,
  type PlacedStudy,
  readStudy,
  renderStudyMarkdown,
  renderStudyText,
  writeReport,
} from '@strata/compare';
import { Run } from '@strata/hierarchy';
import { makeFolder, writeFileAtomic, writeJsonFile } from '@strata/store';
import { formatCount, settleVoices } from '@strata/train';
import type { Command } from 'commander';
import { RequestError } from './expected-errors.js';
import { helpText } from './help-text.js';
import { type Io, writeJson } from './io.js';
import { realFrom } from './numbers.js';
import { machineText } from './plan-text.js';
import { collect } from './repeatable.js';
import { carryOut } from './study.js';
import { type Budget, costOfAll, everyCell, fitBudget, keepBudget, planStudy, type StudyPlan } from './study-budget.js';
import { studyCommandLine } from './study-command-line.js';
import { formatFlops, formatTime, textTable } from './text-table.js';
import { shownPath } from './training.js';

const AFTER = `
FILE is YAML: name, question and prediction (write it down before), config (beside the file), and optionally set (overrides),
seeds, sweeps (stage, key, values: the best by validation text goes into all that follows), variants (a name and overrides,
each a column of its own), probes (as strata probe has them) and scales (shares of the text, to see how much more the flat
models need). The controls are those of the configuration, or what --set or the file's set has:
controls=[flat-params, flat-flops, flat-bytes, spacebyte, blocks].
Each cell is a run in <runs>/study-<name>/ that can be opened like any other; cells share the stages that they have in common.
Ctrl-C stops after a step; the same command goes on. A budget shortens every training by the same share.

Examples:
  strata study studies/demo.yaml --dry-run
  strata study studies/demo.yaml
  strata study studies/small.yaml --minutes 150 --dry-run
  strata study studies/small.yaml --minutes 150
  strata study studies/small.yaml --runs runs/mine --set 'corpus={ folder: my-books }'
  strata study studies/demo.yaml --json > result.json`;

interface StudyFlags extends Budget {
  readonly runs: string;
  readonly set: readonly string[];
  readonly dryRun?: true;
  readonly json?: true;
}

function planText({ stages, measured }: StudyPlan, share: number): string {
  const { flops, seconds } = costOfAll(stages);
  const table = textTable([
    ['cell', 'stage', 'bytes', 'training', 'time'],
    ...stages.map((stage) => [
      stage.cell,
      stage.stage,
      formatCount(stage.trainBytes),
      formatFlops(stage.flops),
      `~${formatTime(stage.seconds)}`,
    ]),
    ['in all', '', '', formatFlops(flops), `~${formatTime(seconds)}`],
  ]);
  return [
    table,
    ...(share === 1 ? [] : [`  The budget leaves every training ${share} of its text.`]),
    `  Nothing is trained and nothing is written by a dry run. Times are estimates for ${machineText(measured.machine)}.\n`,
  ].join('\n\n');
}

async function dryRun(placed: PlacedStudy, folder: string, flags: StudyFlags, io: Io): Promise<void> {
  const { share, settings, measured } = await fitBudget(placed, flags, folder);
  const plan = await planStudy(placed, [...flags.set, ...settings], measured);
  if (flags.json === true)
    writeJson(io, { study: placed.study, share, machine: plan.measured.machine, planned: plan.stages });
  else io.stdout.write(planText(plan, share));
}

/** Throws ConfigError where a cell's concepts could not be distilled, which would be found out hours later. */
async function checkVoices(cells: readonly Cell[], folder: string): Promise<void> {
  for (const { config, stages } of cells) {
    const run = join(folder, config.name);
    const isTrained = existsSync(join(run, 'run.json')) && Run.open(run).has('concept');
    if (stages.includes('concept') && !isTrained) await settleVoices(config);
  }
}

async function study(file: string, flags: StudyFlags, io: Io): Promise<void> {
  const placed = readStudy(file);
  const folder = join(flags.runs, `study-${placed.study.name}`);
  const quiet = flags.json === true;
  if (flags.dryRun === true) {
    await dryRun(placed, folder, flags, io);
    return;
  }
  if (existsSync(join(folder, 'run.json')))
    throw new RequestError(
      `${shownPath(folder)} is a run, and the report of study ${placed.study.name} would replace its own. ` +
        'Name another folder with --runs.',
    );
  await checkVoices(everyCell(placed, flags.set), folder);
  const budget = await fitBudget(placed, flags, folder);
  keepBudget(budget, folder);
  const settings = [...flags.set, ...budget.settings];
  const command = studyCommandLine(file, flags);
  const result = await carryOut(placed, { folder, quiet, command, settings }, io);
  makeFolder(folder);
  writeJsonFile(join(folder, 'study.json'), result);
  writeFileAtomic(join(folder, 'study.md'), renderStudyMarkdown(result));
  const { html } = writeReport({ folder }, result.report);
  if (quiet) {
    writeJson(io, result);
    return;
  }
  io.stdout.write(`\n${renderStudyText(result)}\nThe report: ${shownPath(html)}\n`);
}

/** Adds `study` to the program. */
export function addStudyCommand(program: Command, io: Io): void {
  program
    .command('study')
    .description('train and compare the models of a study: seeds, controls, sweeps, variants, shares of the text')
    .argument('<file>', 'the study, a YAML file')
    .option('--runs <folder>', 'where runs are kept', 'runs')
    .option(
      '--set <key=value>',
      'override one key of the configuration, above what the file sets (repeatable)',
      collect,
      [],
    )
    .option('--minutes <n>', 'shorten all trainings so that they take about so long', realFrom(0.1, 1e6))
    .option('--flops <n>', 'shorten all trainings to so many operations in all', realFrom(1e6, 1e24))
    .option('--dry-run', 'print what would be trained and what it would cost; train and write nothing')
    .option('--json', 'print one JSON document')
    .addHelpText('after', helpText(AFTER))
    .action((file: string, flags: StudyFlags) => study(file, flags, io));
}
