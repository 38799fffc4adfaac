// Carrying out a study: its sweeps, the table over seeds and variants, and shares of the text, a run a cell. Cells that
// agree in all that a stage depends on share it, so that nothing is trained twice; whatever is done already is left as it is.
// From: Strata, EVALUATION (every cell of a table is a resumable run).
import { join } from 'node:path';
import {
  bestPoint,
  type Cell,
  controlNeeds,
  joinSeeds,
  type PlacedStudy,
  type ProbeName,
  type Report,
  type ReportParts,
  reportParts,
  type ScaleResult,
  type Settings,
  type StudyResult,
  type Sweep,
  type SweepPoint,
  type SweepResult,
  scaleCells,
  scaledModels,
  stageIdentity,
  sweepCells,
  sweepSetting,
  tableCells,
  validationBitsPerByte,
  withVariant,
} from '@strata/compare';
import { type Config, Run, type StageName } from '@strata/hierarchy';
import { readFileBytes } from '@strata/store';
import type { Corpus } from '@strata/text';
import { adoptStage, DivergedError, stageNeeds } from '@strata/train';
import { RequestError } from './expected-errors.js';
import type { Io } from './io.js';
import { freshReport, reportRun } from './reporting.js';
import { loadRunCorpus } from './run-corpus.js';
import { keepDivergence, keptDivergence, sweptValidation } from './swept.js';
import { trainStages } from './training.js';

/** How a study is carried out. */
export interface StudyOptions {
  /** Folder of its runs. */
  readonly folder: string;
  readonly quiet: boolean;
  /** The command that goes on with it. */
  readonly command: string;
  /** Overrides for every cell: those of a budget. */
  readonly settings: Settings;
}

const SWEPT = 'swept.json';
const MAXIMUM_MANIFEST_BYTES = 1 << 24;

/** Trains and measures all cells of a study, in their order. A swept value whose training diverges is lost; throws what else training and measuring throw. */
export async function carryOut(placed: PlacedStudy, options: StudyOptions, io: Io): Promise<StudyResult> {
  const cells = new CellRunner(options, io);
  const { study } = placed;
  let settings = options.settings;
  const sweeps: SweepResult[] = [];
  for (const sweep of study.sweeps) {
    const points: SweepPoint[] = [];
    for (const [at, cell] of sweepCells(placed, sweep, settings).entries())
      points.push({ value: sweep.values[at]!, ...(await cells.validation(cell, sweep.stage)) });
    const best = bestPoint(points);
    if (best === undefined) throw allDiverged(placed.path, sweep, points);
    sweeps.push({ stage: sweep.stage, key: sweep.key, points, best });
    settings = [...settings, sweepSetting(sweep, best)];
  }
  const reports = new Map<string, Report[]>();
  for (const { variant, cell } of tableCells(placed, settings))
    reports.set(variant, [...(reports.get(variant) ?? []), await cells.report(cell, study.probes)]);
  const [own, ...variants] = [...reports].map(([variant, found]) => ({
    variant,
    first: found[0]!,
    joined: joinSeeds(found, study.name),
  }));
  const scales: ScaleResult[] = [{ scale: 1, models: scaledModels(own!.first) }];
  for (const { scale, cell } of scaleCells(placed, settings))
    scales.push({ scale, models: scaledModels(await cells.report(cell)) });
  scales.sort((a, b) => a.scale - b.scale);
  return {
    format: 'strata-study',
    version: 1,
    study,
    settings: options.settings,
    found: settings.slice(options.settings.length),
    sweeps,
    scales,
    needs: controlNeeds(scales),
    runs: cells.names,
    reports: Object.fromEntries(cells.reports),
    report: variants.reduce((report, { variant, joined }) => withVariant(report, variant, joined), own!.joined),
  };
}

function allDiverged(path: string, { key, stage }: Sweep, points: readonly SweepPoint[]): RequestError {
  const lines = points.map(({ value, diverged }) => `  ${value}: ${diverged}`);
  return new RequestError(
    `${path}: sweeps: ${key}, ${stage}: the training of every value diverged, so none can be chosen:\n${lines.join('\n')}\n` +
      `Give other values, such as lower learning rates of the stages that diverged.`,
  );
}

/** Trains cells, a run each, and lets them share stages. */
class CellRunner {
  readonly #corpora = new Map<string, Corpus>();
  /** By what they depend on, the runs that have trained each stage. */
  readonly #trained = new Map<string, Run>();
  readonly names: string[] = [];
  /** By run, what its report had when it was read. */
  readonly reports = new Map<string, ReportParts>();

  constructor(
    private readonly options: StudyOptions,
    private readonly io: Io,
  ) {}

  /** The run of a cell with all its stages trained. */
  async run(cell: Cell): Promise<Run> {
    const run = this.#prepare(cell);
    await this.#train(cell, run);
    return run;
  }

  /** Bits per byte of validation text under one model of a cell, measured once; a training that diverges is not tried again. */
  async validation(cell: Cell, stage: StageName): Promise<Omit<SweepPoint, 'value'>> {
    const run = this.#prepare(cell);
    const path = join(run.folder, SWEPT);
    const known = run.has(stage) ? undefined : keptDivergence(path);
    if (known !== undefined) return this.#lost(cell, run, known);
    try {
      await this.#train(cell, run);
    } catch (error) {
      if (!(error instanceof DivergedError)) throw error;
      // What it advises is for a run by itself.
      const diverged = error.message.split('. ')[0]!;
      keepDivergence(path, stage, diverged);
      return this.#lost(cell, run, diverged);
    }
    const validation = await sweptValidation(path, stage, manifestOf(run, stage), () =>
      validationBitsPerByte(run, stage, this.#corpus(cell.config)),
    );
    return { validation };
  }

  #lost(cell: Cell, run: Run, diverged: string): Omit<SweepPoint, 'value'> {
    this.#lend(cell, run);
    if (!this.options.quiet)
      this.io.stderr.write(`\ncell ${cell.config.name} is lost, and the study goes on: ${diverged}\n`);
    return { validation: null, diverged };
  }

  /** The run of a cell with those of its stages that other cells have trained. */
  #prepare({ config, stages }: Cell): Run {
    const corpus = this.#corpus(config);
    this.names.push(config.name);
    if (!this.options.quiet) this.io.stderr.write(`\ncell ${config.name}: ${stages.join(', ')}\n`);
    const run = Run.prepare(join(this.options.folder, config.name), config);
    for (const stage of stages) {
      const lender = this.#trained.get(stageIdentity(config, stage, corpus.hash));
      if (lender !== undefined && !run.has(stage) && standAlike(lender, run, stage)) adoptStage(lender, run, stage);
    }
    return run;
  }

  async #train(cell: Cell, run: Run): Promise<void> {
    const { config, stages } = cell;
    const { folder, quiet, command } = this.options;
    await trainStages(
      { config, runs: folder, stages, resume: true, quiet, commandFor: () => command, resumeCommand: command },
      this.io,
    );
    this.#lend(cell, run);
  }

  /** Lets later cells have the stages that a run has. */
  #lend({ config, stages }: Cell, run: Run): void {
    for (const stage of stages) {
      const identity = stageIdentity(config, stage, this.#corpus(config).hash);
      if (run.has(stage) && !this.#trained.has(identity)) this.#trained.set(identity, run);
    }
  }

  async report(cell: Cell, probes: readonly ProbeName[] = []): Promise<Report> {
    const run = await this.run(cell);
    const { report } = freshReport(run, probes) ?? (await reportRun(run, this.io, this.options.quiet, probes));
    this.reports.set(cell.config.name, reportParts(report));
    return report;
  }

  #corpus(config: Config): Corpus {
    const key = JSON.stringify(config.corpus);
    const known = this.#corpora.get(key) ?? loadRunCorpus(config);
    this.#corpora.set(key, known);
    return known;
  }
}

/** Whether a stage stands on the very same levels in both runs, so that either may have it of the other. */
function standAlike(a: Run, b: Run, stage: StageName): boolean {
  return stageNeeds(a.config, stage).every((below) => {
    if (!a.has(below) || !b.has(below)) return false;
    const [one, other] = [a, b].map((run) => manifestOf(run, below));
    return Buffer.compare(one!, other!) === 0;
  });
}

function manifestOf(run: Run, stage: StageName): Uint8Array {
  return readFileBytes(join(run.path(stage), 'manifest.json'), MAXIMUM_MANIFEST_BYTES);
}
