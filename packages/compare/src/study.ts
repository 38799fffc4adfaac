// A study: one question, asked of several models, seeds and settings, each cell a run that can be resumed.
// From: Strata, EVALUATION (matched baselines: three seeds or more, the baseline given its best; records).
import { accessSync, constants, readFileSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import {
  CONTROL_NAMES,
  type Config,
  ConfigError,
  isControl,
  isFlat,
  readConfig,
  type StageName,
} from '@strata/hierarchy';
import { LEVEL_NAMES, levelsUpTo } from '@strata/level';
import { sha256 } from '@strata/store';
import { stagesOf } from '@strata/train';
import { parse } from 'yaml';
import { z } from 'zod';
import { PROBES } from './probe.js';

const said = z.string().trim().min(1).max(10_000);
const scalar = z.union([z.number(), z.string(), z.boolean()]);

const sweepSchema = z.strictObject({
  /** The stage that is trained at each value, and whose bits per byte of validation text decide. */
  stage: z.enum([...LEVEL_NAMES, ...CONTROL_NAMES]),
  key: z.string().min(1).max(200),
  values: z.array(scalar).min(1).max(32),
});

export const studySchema = z.strictObject({
  name: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,31}$/, 'a study is named by letters, digits, ".", "_" and "-"'),
  question: said,
  /** What is expected, written down before anything is trained. */
  prediction: said,
  /** The configuration, beside the study's file. */
  config: z.string().min(1),
  /** Overrides of single keys, as `strata train --set` has them. */
  set: z.array(z.string()).max(256).default([]),
  seeds: z
    .array(
      z
        .int()
        .min(0)
        .max(2 ** 31 - 1),
    )
    .min(1)
    .max(32)
    .default([1, 2, 3]),
  /** One after the other with the first seed; the best value goes into everything after. */
  sweeps: z.array(sweepSchema).max(32).default([]),
  /** Variants of the configuration, each a column of its own beside it: a name and its overrides. */
  variants: z.record(z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,31}$/), z.array(z.string()).max(256)).default({}),
  /** What is asked of every run of the table besides bits per byte. */
  probes: z.array(z.enum(PROBES)).default([]),
  /** Shares of the training text of every stage, with the first seed: how much more text would the flat model need? */
  scales: z.array(z.number().positive().max(64)).max(16).default([]),
});

export type Study = z.infer<typeof studySchema>;
export type Sweep = z.infer<typeof sweepSchema>;

/** A study, its file, and that of its configuration. */
export interface PlacedStudy {
  readonly study: Study;
  readonly path: string;
  readonly config: string;
}

/** Checks the text of a study's file; `source` names it in errors; throws ConfigError. */
export function parseStudy(text: string, source: string): Study {
  let found: unknown;
  try {
    found = parse(text, { maxAliasCount: 10, logLevel: 'error' });
  } catch (error) {
    throw new ConfigError(`${source} is not YAML: ${(error as Error).message}`);
  }
  const result = studySchema.safeParse(found);
  if (result.success) {
    const { seeds } = result.data;
    if (new Set(seeds).size < seeds.length)
      throw new ConfigError(`${source}: seeds: ${seeds.join(', ')} has one twice.`);
    checkSweeps(result.data.sweeps, source);
    checkSettings(result.data, source);
    return result.data;
  }
  const lines = result.error.issues.map(({ path, message }) => {
    const value = path.reduce<unknown>((at, key) => (at as Record<PropertyKey, unknown> | undefined)?.[key], found);
    const shown = JSON.stringify(value)?.slice(0, 100) ?? 'nothing';
    return `  ${path.map(String).join('.') || '(top)'}: ${path.length === 0 ? '' : `found ${shown}. `}${message}`;
  });
  throw new ConfigError(
    `${source} is no study:\n${lines.join('\n')}\nAccepted keys: ${Object.keys(studySchema.shape).join(', ')}. See studies/demo.yaml for a whole one.`,
  );
}

/** What decides about text and seeds is no choice that validation text could make. */
const NEVER_SWEPT = /^(?:name|seed|corpus|evaluation)(?:\.|$)/;

/** Throws ConfigError where values of a sweep could not be compared, or two cells would be one run. */
function checkSweeps(sweeps: readonly Sweep[], source: string): void {
  const swept = new Map<string, { sweep: Sweep; own: string }>();
  for (const sweep of sweeps) {
    const { key, values } = sweep;
    const twice = values.find((value, at) => values.indexOf(value) < at);
    if (twice !== undefined)
      throw new ConfigError(
        `${source}: sweeps: ${key}, ${sweep.stage}: values: ${values.join(', ')} has ${twice} twice. Give each value once.`,
      );
    if (NEVER_SWEPT.test(key))
      throw new ConfigError(`${source}: sweeps: ${key} cannot be swept: its values are no choice between models.`);
    for (const value of values) {
      const name = sweepName(sweep, value);
      const own = setting(key, value);
      const other = swept.get(name) ?? { sweep, own };
      // Sweeps between two of one key may change what else holds, so equal values are no one run either.
      if (other.sweep !== sweep || other.own !== own)
        throw new ConfigError(
          `${source}: sweeps: ${other.own} and ${own} would both be the run ${name}. Put one of them into a study of its own.`,
        );
      swept.set(name, other);
    }
  }
}

/** What a setting such as `concept.width=256` is about. */
const keyOf = (assignment: string): string => assignment.split('=', 1)[0]!.trim();

/** Throws ConfigError for variants that would be measured on another text, and for shares that are there twice. */
function checkSettings({ variants, scales }: Study, source: string): void {
  for (const [variant, overrides] of Object.entries(variants)) {
    const wrong = overrides.find((assignment) => NEVER_SWEPT.test(keyOf(assignment)));
    if (wrong !== undefined)
      throw new ConfigError(
        `${source}: variants: ${variant}: ${wrong} is no variant: all columns have one text and the same seeds. ` +
          'Put it into set, where it holds for all of them, or into a study of its own; seeds has its own key.',
      );
  }
  if (new Set(scales).size < scales.length)
    throw new ConfigError(`${source}: scales: ${scales.join(', ')} has one twice.`);
}

/** Why a file cannot be read; undefined where it can. */
function unreadable(path: string): string | undefined {
  try {
    accessSync(path, constants.R_OK);
    return statSync(path).isFile() ? undefined : 'it is no file';
  } catch (error) {
    return (error as NodeJS.ErrnoException).code;
  }
}

/** Throws ConfigError where the configuration cannot be read: what readConfig advises is for commands that have --config. */
function checkConfigPlace({ study: { config: found }, path, config }: PlacedStudy): void {
  const reason = unreadable(config);
  if (reason === undefined) return;
  throw new ConfigError(
    `${path}: config: found ${JSON.stringify(found)}, but ${config} cannot be read (${reason}). ` +
      "Accepted: a configuration's file as seen from the folder of the study, such as ../configs/demo.yaml. Change config there.",
  );
}

/** Reads a study's file; its configuration is looked for beside it. Throws ConfigError. */
export function readStudy(path: string): PlacedStudy {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new ConfigError(
      `${path} cannot be read (${(error as NodeJS.ErrnoException).code}). Name a study's file, such as studies/demo.yaml.`,
    );
  }
  const study = parseStudy(text, path);
  const placed = { study, path, config: resolve(dirname(path), study.config) };
  checkConfigPlace(placed);
  return placed;
}

/** One run of a study. */
export interface Cell {
  readonly config: Config;
  readonly stages: readonly StageName[];
}

/** Overrides in force: those of the study, and what its sweeps have found. */
export type Settings = readonly string[];

const setting = (key: string, value: unknown): string => `${key}=${JSON.stringify(value)}`;

/** The configuration of a cell; its name and seed are the study's to give. Throws ConfigError that names the study. */
function cellOf({ study, path, config }: PlacedStudy, name: string, seed: number, settings: Settings): Config {
  const overrides = [...study.set, ...settings];
  const ignored = overrides.find((assignment) => ['name', 'seed'].includes(keyOf(assignment)));
  if (ignored !== undefined)
    throw new ConfigError(
      `${path}: ${ignored} cannot be set: a study names its runs itself, and their seeds are its key seeds.`,
    );
  try {
    return readConfig(config, [...overrides, setting('name', name), setting('seed', seed)]);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    throw new ConfigError(`${path}: the run ${name}: ${error.message}`);
  }
}

function sweepName({ key, stage }: Omit<Sweep, 'values'>, value: Sweep['values'][number]): string {
  return `${key.split('.').at(-1)}-${value}-${stage}`.replaceAll(/[^A-Za-z0-9._-]/gu, '_');
}

/** The cells of a sweep, a value each, where `settings` holds already; throws ConfigError. */
export function sweepCells(placed: PlacedStudy, sweep: Sweep, settings: Settings): Cell[] {
  const { stage, key, values } = sweep;
  const [seed] = placed.study.seeds;
  return values.map((value) => {
    const config = cellOf(placed, sweepName(sweep, value), seed!, [...settings, setting(key, value)]);
    const levels: readonly StageName[] = levelsUpTo(config.top);
    const place = levels.indexOf(stage);
    if (place < 0 && !isControl(stage))
      throw new ConfigError(
        `${placed.path}: sweeps: the ladder ends at its ${config.top} level, so it has no ${stage} to be swept. Set top=${stage}.`,
      );
    return { config, stages: place < 0 ? [...levels, stage] : levels.slice(0, place + 1) };
  });
}

/** The override that a sweep's value stands for. */
export function sweepSetting({ key, values }: Sweep, index: number): string {
  return setting(key, values[index]);
}

/** The table itself: a cell a variant and seed; the configuration as it is comes first, and has no name. */
export function tableCells(placed: PlacedStudy, settings: Settings): { variant: string; seed: number; cell: Cell }[] {
  const { seeds, variants } = placed.study;
  return [['', []] as const, ...Object.entries(variants)].flatMap(([variant, overrides]) =>
    seeds.map((seed) => {
      const name = `${variant === '' ? '' : `${variant}-`}s${seed}`;
      const config = cellOf(placed, name, seed, [...settings, ...overrides]);
      return { variant, seed, cell: { config, stages: stagesOf(config) } };
    }),
  );
}

/** The ladder and its flat models on shares of the text, with the first seed; a share of 1 is in the table already. */
export function scaleCells(placed: PlacedStudy, settings: Settings): { scale: number; cell: Cell }[] {
  const [seed] = placed.study.seeds;
  return placed.study.scales
    .filter((scale) => scale !== 1)
    .map((scale) => {
      const name = `x${scale}`;
      const whole = cellOf(placed, name, seed!, settings);
      const scaled = scaleSettings(whole, scale);
      const config = cellOf(placed, name, seed!, [...settings, ...scaled]);
      const stages = stagesOf(config).filter((stage) => !isControl(stage) || isFlat(stage));
      return { scale, cell: { config, stages } };
    });
}

/** Overrides that give every stage a share of its bytes. */
export function scaleSettings(config: Config, scale: number): string[] {
  const stages = [...levelsUpTo(config.top), 'flat'] as const;
  return stages.flatMap((stage) => {
    const { bytes } = config[stage].training;
    return bytes === undefined ? [] : [setting(`${stage}.training.bytes`, Math.max(1000, Math.round(bytes * scale)))];
  });
}

/**
 * What decides the bytes of a trained stage: two cells that agree in it may share the stage. Everything that training reads
 * of a configuration is in it, so it errs towards training again.
 */
export function stageIdentity(config: Config, stage: StageName, corpusHash: string): string {
  const { seed, batch, engine, device, threads, recompute, top, flat } = config;
  const levels = levelsUpTo(top);
  const place = (levels as readonly StageName[]).indexOf(stage);
  const read = levels.slice(0, place < 0 ? undefined : place + 1).map((level) => config[level]);
  const own = place < 0 ? flat : {};
  return sha256(JSON.stringify([corpusHash, stage, seed, batch, engine, device, threads, recompute, read, own]));
}
