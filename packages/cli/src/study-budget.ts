// What a whole study would cost, and the share of its text that a budget has room for.
// From: Strata; every training of the study gets the same share, so that what is compared stays matched.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import {
  type Cell,
  type PlacedStudy,
  scaleCells,
  scaleSettings,
  stageIdentity,
  sweepCells,
  tableCells,
} from '@strata/compare';
import { engineOptions, type StageName } from '@strata/hierarchy';
import { makeFolder, readJsonFile, writeJsonFile } from '@strata/store';
import { RequestError } from './expected-errors.js';
import { type MachineSpeed, measureSpeed } from './machine-speed.js';
import { planTraining } from './plan.js';
import { type TextRates, textRates } from './text-rates.js';

/** A limit on all trainings of a study together. */
export interface Budget {
  readonly minutes?: number;
  readonly flops?: number;
}

/** One stage that a study trains, and what it would cost. */
export interface PlannedStage {
  readonly cell: string;
  readonly stage: StageName;
  readonly trainBytes: number;
  readonly flops: number;
  readonly seconds: number;
}

/** What plans of one study rest on, so that it is measured once. */
interface Measured {
  readonly machine: MachineSpeed;
  /** By corpus and vocabularies, all that decides them. */
  readonly rates: Map<string, TextRates>;
}

/** What a study would train and cost. */
export interface StudyPlan {
  readonly measured: Measured;
  readonly stages: readonly PlannedStage[];
}

/** The cells of a study before any sweep has chosen. */
export function everyCell(placed: PlacedStudy, settings: readonly string[]): Cell[] {
  return [
    ...placed.study.sweeps.flatMap((sweep) => sweepCells(placed, sweep, settings)),
    ...tableCells(placed, settings).map(({ cell }) => cell),
    ...scaleCells(placed, settings).map(({ cell }) => cell),
  ];
}

/**
 * Every training of a study, each once, before any sweep has chosen; stages that cells share are counted where they come first.
 * Text and machine are measured unless they were.
 */
export async function planStudy(
  placed: PlacedStudy,
  settings: readonly string[],
  before?: Measured,
): Promise<StudyPlan> {
  const cells = everyCell(placed, settings);
  const planned: PlannedStage[] = [];
  const seen = new Set<string>();
  const { machine, rates } = before ?? {
    machine: await measureSpeed(engineOptions(cells[0]!.config)),
    rates: new Map<string, TextRates>(),
  };
  const plans = new Map<string, Awaited<ReturnType<typeof planTraining>>>();
  for (const { config, stages } of cells) {
    const alike = JSON.stringify([{ ...config, name: '', seed: 0 }, stages]);
    const text = JSON.stringify([config.corpus, config.subword.vocabularySize, config.flat.vocabularySize]);
    const own = rates.get(text) ?? textRates(config);
    rates.set(text, own);
    const plan = plans.get(alike) ?? (await planTraining(config, stages, { machine, rates: own }));
    plans.set(alike, plan);
    for (const { stage, trainBytes, steps, flopsPerStep, seconds } of plan.stages) {
      const identity = stageIdentity(config, stage, '');
      if (seen.has(identity)) continue;
      seen.add(identity);
      planned.push({ cell: config.name, stage, trainBytes, flops: steps * flopsPerStep, seconds });
    }
  }
  return { measured: { machine, rates }, stages: planned };
}

/** The operations and the seconds of some stages together. */
export function costOfAll(stages: readonly PlannedStage[]): { flops: number; seconds: number } {
  const total = (what: 'seconds' | 'flops'): number => stages.reduce((sum, stage) => sum + stage[what], 0);
  return { flops: total('flops'), seconds: total('seconds') };
}

/** A budget as a command asks for it; JSON has no undefined. */
interface AskedBudget {
  readonly minutes: number | null;
  readonly flops: number | null;
}

function budgetText(asked: AskedBudget): string {
  const parts = (['minutes', 'flops'] as const).flatMap((what) =>
    typeof asked[what] === 'number' ? [`--${what} ${asked[what]}`] : [],
  );
  return parts.length === 0 ? 'no budget' : `the budget ${parts.join(' ')}`;
}

const BUDGET = 'budget.json';
const MAXIMUM_BUDGET_BYTES = 1 << 16;

/** What a budget makes of a study. */
export interface FittedBudget {
  readonly asked: AskedBudget;
  /** Of its text, what every training gets: at most 1. */
  readonly share: number;
  /** The overrides that give it so much. */
  readonly settings: readonly string[];
  /** What the share rests on, where it was found just now. */
  readonly measured?: Measured;
}

/** The budget that the study in a folder was begun with; earlier versions did not keep its overrides. */
export type KeptBudget = Pick<FittedBudget, 'asked' | 'share'> & Partial<Pick<FittedBudget, 'settings'>>;

/** What is kept of a budget in a study's folder; undefined where no study was begun there. */
export function keptBudget(folder: string): KeptBudget | undefined {
  const path = join(folder, BUDGET);
  if (!existsSync(path)) return undefined;
  return readJsonFile(path, MAXIMUM_BUDGET_BYTES) as unknown as KeptBudget;
}

/**
 * Fits a study into a budget, and writes nothing. A study that was begun keeps the share that it was begun with, whatever the
 * machine can do today. Throws RequestError for another budget than that.
 */
export async function fitBudget(
  placed: PlacedStudy,
  budget: Budget & { readonly set: readonly string[] },
  folder: string,
): Promise<FittedBudget> {
  const kept = keptBudget(folder);
  const asked = { minutes: budget.minutes ?? null, flops: budget.flops ?? null };
  if (kept !== undefined && JSON.stringify(kept.asked) !== JSON.stringify(asked))
    throw new RequestError(
      `${folder} was begun with ${budgetText(kept.asked)}; found ${budgetText(asked)}. ` +
        'Give what it was begun with, or another folder with --runs.',
    );
  const { share, measured } = kept === undefined ? await shareOf(placed, budget) : { ...kept, measured: undefined };
  const [first] = tableCells(placed, budget.set);
  const settings = share === 1 ? [] : scaleSettings(first!.cell.config, share);
  return { asked, share, settings, ...(measured !== undefined && { measured }) };
}

/** Keeps a budget in the folder of a study that is begun with it. */
export function keepBudget({ asked, share, settings }: FittedBudget, folder: string): void {
  makeFolder(folder);
  writeJsonFile(join(folder, BUDGET), { asked: { ...asked }, share, settings });
}

async function shareOf(
  placed: PlacedStudy,
  { minutes, flops, set }: Budget & { readonly set: readonly string[] },
): Promise<Pick<FittedBudget, 'share' | 'measured'>> {
  if (minutes === undefined && flops === undefined) return { share: 1 };
  const { measured, stages } = await planStudy(placed, set);
  const whole = costOfAll(stages);
  const shares = [
    minutes === undefined ? 1 : (60 * minutes) / whole.seconds,
    flops === undefined ? 1 : flops / whole.flops,
  ];
  // Three digits are all that such an estimate has; a budget never asks for more text than the study does.
  return { measured, share: Math.min(1, ...shares.map((share) => Number(share.toPrecision(3)))) };
}
