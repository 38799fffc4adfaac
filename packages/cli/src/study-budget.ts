// What a whole study would cost, and the share of its text that a budget has room for.
// From: Strata; every training of the study gets the same share, so that what is compared stays matched.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type PlacedStudy, scaleCells, scaleSettings, stageIdentity, sweepCells, tableCells } from '@strata/compare';
import { engineOptions, type StageName } from '@strata/hierarchy';
import { makeFolder, readJsonFile, writeJsonFile } from '@strata/store';
import { RequestError } from './expected-errors.js';
import { type MachineSpeed, measureSpeed } from './machine-speed.js';
import { planTraining } from './plan.js';

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

/** Every training of a study, each once, before any sweep has chosen; stages that cells share are counted where they come first. */
export async function planStudy(placed: PlacedStudy, settings: readonly string[]): Promise<PlannedStage[]> {
  const cells = [
    ...placed.study.sweeps.flatMap((sweep) => sweepCells(placed, sweep, settings)),
    ...tableCells(placed, settings).map(({ cell }) => cell),
    ...scaleCells(placed, settings).map(({ cell }) => cell),
  ];
  const planned: PlannedStage[] = [];
  const seen = new Set<string>();
  let machine: MachineSpeed | undefined;
  const plans = new Map<string, Awaited<ReturnType<typeof planTraining>>>();
  for (const { config, stages } of cells) {
    const alike = JSON.stringify([{ ...config, name: '', seed: 0 }, stages]);
    machine ??= await measureSpeed(engineOptions(config));
    const plan = plans.get(alike) ?? (await planTraining(config, stages, machine));
    plans.set(alike, plan);
    for (const { stage, trainBytes, steps, flopsPerStep, seconds } of plan.stages) {
      const identity = stageIdentity(config, stage, '');
      if (seen.has(identity)) continue;
      seen.add(identity);
      planned.push({ cell: config.name, stage, trainBytes, flops: steps * flopsPerStep, seconds });
    }
  }
  return planned;
}

/** A budget as it is asked for. */
function budgetText(asked: { readonly [K in keyof Budget]?: number | null | undefined }): string {
  const parts = (['minutes', 'flops'] as const).flatMap((what) =>
    typeof asked[what] === 'number' ? [`--${what} ${asked[what]}`] : [],
  );
  return parts.length === 0 ? 'no budget' : `the budget ${parts.join(' ')}`;
}

const BUDGET = 'budget.json';
const MAXIMUM_BUDGET_BYTES = 1 << 16;

/**
 * The overrides that fit a study into a budget; none without one. A study that was begun keeps the share that it was begun
 * with, whatever the machine can do today. Throws RequestError for another budget than that.
 */
export async function budgetSettings(
  placed: PlacedStudy,
  budget: Budget & { readonly set: readonly string[] },
  folder: string,
): Promise<string[]> {
  const path = join(folder, BUDGET);
  const kept = existsSync(path)
    ? (readJsonFile(path, MAXIMUM_BUDGET_BYTES) as unknown as { asked: Budget; share: number })
    : undefined;
  const asked = { minutes: budget.minutes ?? null, flops: budget.flops ?? null };
  if (kept !== undefined && JSON.stringify(kept.asked) !== JSON.stringify(asked))
    throw new RequestError(
      `${folder} was begun with ${budgetText(kept.asked)}; found ${budgetText(asked)}. ` +
        'Give what it was begun with, or another folder with --runs.',
    );
  const share = kept?.share ?? (await shareOf(placed, budget));
  makeFolder(folder);
  writeJsonFile(path, { asked, share });
  if (share === 1) return [];
  const [first] = tableCells(placed, budget.set);
  return scaleSettings(first!.cell.config, share);
}

async function shareOf(
  placed: PlacedStudy,
  { minutes, flops, set }: Budget & { readonly set: readonly string[] },
): Promise<number> {
  if (minutes === undefined && flops === undefined) return 1;
  const planned = await planStudy(placed, set);
  const total = (what: 'seconds' | 'flops'): number => planned.reduce((sum, stage) => sum + stage[what], 0);
  const shares = [
    minutes === undefined ? 1 : (60 * minutes) / total('seconds'),
    flops === undefined ? 1 : flops / total('flops'),
  ];
  // Three digits are all that such an estimate has; a budget never asks for more text than the study does.
  return Math.min(1, ...shares.map((share) => Number(share.toPrecision(3))));
}
