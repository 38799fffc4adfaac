// A run is a folder that explains itself: run.json (format and version), config.yaml (resolved), metrics, one folder a
// level. Opening it checks all of that, and that every level was trained on the very levels below it.
import { existsSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { ConceptVocabulary } from '@strata/concept';
import { Codebook } from '@strata/gestalt';
import { LEVEL_NAMES, type LevelName } from '@strata/level';
import { ParameterScope, type ParameterSpec, ParameterValues } from '@strata/nn';
import {
  type JsonValue,
  loadLevel,
  MissingFileError,
  makeFolder,
  readJsonFile,
  type SavedLevel,
  saveLevel,
  sha256,
  sha256File,
  VersionError,
  writeFileAtomic,
  writeJsonFile,
} from '@strata/store';
import { BpeTokenizer, type SubwordSizes, subwordInputNats } from '@strata/subword';
import { WordTokenizer, WordVocabulary } from '@strata/word';
import { stringify } from 'yaml';
import type { Config } from './config.js';
import { ConfigError, readConfig } from './config-file.js';
import { type ControlName, type FlatName, isControl } from './controls.js';
import { type BatchTables, ladderInventory } from './ladder-batch.js';
import type { LadderInventory } from './ladder-scopes.js';
import { ladderParameters } from './parameters.js';
import type { ConceptTables } from './table-feeds.js';

const FORMAT = 'strata-run';
const VERSION = 1;
const MAXIMUM_RUN_BYTES = 1 << 20;

/** A model and its place: the levels, or a control beside them. */
export type StageName = LevelName | ControlName;

/** Models of pieces alone: the base, and the flat baselines. */
export type PieceModelName = 'subword' | FlatName;

/** The opened folder of a run. */
export class Run {
  private constructor(
    readonly folder: string,
    readonly config: Config,
  ) {}

  /** Opens a run for training: creates it, or checks that it was made with the same configuration. */
  static prepare(folder: string, config: Config): Run {
    if (existsSync(join(folder, 'run.json'))) {
      const run = Run.open(folder);
      if (stringify(run.config) !== stringify(config))
        throw new ConfigError(
          `${folder} was started with another configuration (${join(folder, 'config.yaml')}). ` +
            'Give the run another name (--set name=...), or delete the folder to start anew.',
        );
      return run;
    }
    if (existsSync(folder) && readdirSync(folder).length > 0)
      throw new ConfigError(`${folder} exists and is not a run of Strata. Choose another name with --set name=...`);
    makeFolder(folder);
    writeFileAtomic(join(folder, 'config.yaml'), stringify(config));
    writeJsonFile(join(folder, 'run.json'), { format: FORMAT, version: VERSION, configHash: configHash(config) });
    return new Run(resolve(folder), config);
  }

  /** Opens a run that exists; throws MissingFileError, VersionError or ConfigError. */
  static open(folder: string): Run {
    const path = join(folder, 'run.json');
    if (!existsSync(path))
      throw new MissingFileError({
        path,
        found: 'no run of Strata',
        accepted: 'a folder made by strata train',
        next: `run: strata train all --config configs/demo.yaml, or name another folder with --run`,
      });
    const found = readJsonFile(path, MAXIMUM_RUN_BYTES) as Record<
      'format' | 'version' | 'configHash',
      JsonValue
    > | null;
    if (found?.format !== FORMAT || found.version !== VERSION)
      throw new VersionError({
        path,
        found: `format ${JSON.stringify(found?.format ?? null)} version ${JSON.stringify(found?.version ?? null)}`,
        accepted: `format "${FORMAT}" version ${VERSION}`,
        next: 'open the run with the version of Strata that made it, or train it again',
      });
    const configPath = join(folder, 'config.yaml');
    const config = readConfig(configPath);
    // The file as it was written counts too: a later version fills in keys that an older one did not know.
    if (configHash(config) !== found.configHash && sha256File(configPath) !== found.configHash)
      throw new ConfigError(
        `${configPath} is not the configuration that this run was started with (its hash is in ${path}). ` +
          'Bring it back, or train under another name: --set name=...',
      );
    return new Run(resolve(folder), config);
  }

  /** Folder of a level or of a control. */
  path(stage: StageName): string {
    return join(this.folder, isControl(stage) ? 'controls' : 'levels', stage);
  }

  /** True once a stage's training is finished and saved. */
  has(stage: StageName): boolean {
    return existsSync(join(this.path(stage), 'manifest.json'));
  }

  get configHash(): string {
    return configHash(this.config);
  }
}

function configHash(config: Config): string {
  return sha256(new TextEncoder().encode(stringify(config)));
}

/** The base: its tokenizer and its frozen weights. */
export interface LoadedSubword {
  readonly tokenizer: BpeTokenizer;
  readonly values: ParameterValues;
  readonly sizes: SubwordSizes;
  /** Pieces of the window that it was trained with. */
  readonly window: number;
  readonly checksum: string;
  /** Hash of the corpus it learned from. */
  readonly corpus: string;
  readonly spent: Spent;
}

/** All that is trained so far, ready to be put into graphs. */
export interface Ladder {
  readonly config: Config;
  readonly top: LevelName;
  readonly tokenizer: BpeTokenizer;
  readonly words?: WordTokenizer;
  readonly concepts?: ConceptVocabulary;
  readonly codebook?: Codebook;
  readonly inventory?: LadderInventory;
  readonly values: Partial<Record<LevelName, ParameterValues>>;
  readonly checksums: Partial<Record<LevelName, string>>;
  /** Hash of the corpus that each level learned from. */
  readonly corpora: Partial<Record<LevelName, string>>;
  /** What the training of each level read and cost. */
  readonly spent: Partial<Record<LevelName, Spent>>;
}

/** What a training read, in bytes, and what it cost. */
export interface Spent {
  readonly bytesSeen: number;
  readonly trainFlops: number;
}

/** Parameters of a subword model of given sizes, base or flat. */
export function subwordParameters(prefix: string, sizes: SubwordSizes): ParameterSpec[] {
  const scope = new ParameterScope(prefix);
  subwordInputNats(scope, sizes, 1, 1);
  return scope.specs();
}

/** The weights of a stored level in the layout that its graph declares. */
function stored(level: SavedLevel, specs: readonly ParameterSpec[]): ParameterValues {
  const values = new ParameterValues(specs);
  values.load(level.parameters);
  return values;
}

/** Loads the base or a flat baseline. */
export function loadSubword(run: Run, stage: PieceModelName): LoadedSubword {
  const level = loadLevel(run.path(stage));
  const { window, ...sizes } = level.config as unknown as SubwordSizes & { readonly window: number };
  return {
    tokenizer: BpeTokenizer.fromJSON(level.vocabulary),
    values: stored(level, subwordParameters(stage, sizes)),
    sizes,
    window,
    checksum: level.checksum,
    corpus: corpusOf(level),
    spent: spentOn(level),
  };
}

function spentOn({ extra }: SavedLevel): Spent {
  const { bytesSeen = 0, trainFlops = 0 } = (extra ?? {}) as Partial<Spent>;
  return { bytesSeen, trainFlops };
}

function corpusOf(level: SavedLevel): string {
  return (level.extra as { corpus?: string } | null)?.corpus ?? '';
}

/** True of a ladder whose concept level has a memory. */
export function remembers({ values, config }: Ladder): boolean {
  return values.concept !== undefined && config.concept.memory !== undefined;
}

/** Member tables of concepts, as batches need them. */
export function conceptTables(concepts: ConceptVocabulary): ConceptTables {
  const cap = concepts.largestConcept;
  const { indices, mask } = concepts.memberTable(cap);
  return { conceptOf: concepts.conceptOf, members: indices, memberMask: mask, cap, conceptCount: concepts.size };
}

/** What batches of a ladder are made of; it reaches the word level at least. */
export function batchTables({ config, words, tokenizer, concepts }: Ladder): BatchTables {
  return { config, words: words!, tokenizer, ...(concepts && { concepts: conceptTables(concepts) }) };
}

function checkBelow(run: Run, level: LevelName, saved: SavedLevel, below: string | undefined): void {
  const recorded = (saved.extra as { below?: string } | null)?.below;
  if (recorded === below) return;
  throw new VersionError({
    path: run.path(level),
    found: `trained on levels below with checksum ${recorded}`,
    accepted: `${below}, which is there now`,
    next: `train it again: delete ${run.path(level)} and run: strata train ${level}`,
  });
}

/** Loads the levels of a run from the floor up to `upTo`, or as far as they are trained. */
export function openLadder(run: Run, upTo: LevelName = 'gestalt'): Ladder {
  const base = loadSubword(run, 'subword');
  // A small corpus may have had pairs for fewer pieces than were asked for.
  const { vocabularySize } = base.tokenizer;
  const config = { ...run.config, subword: { ...run.config.subword, vocabularySize } };
  const ladder: { -readonly [K in keyof Ladder]: Ladder[K] } = {
    config,
    top: 'subword',
    tokenizer: base.tokenizer,
    values: { subword: base.values },
    checksums: { subword: base.checksum },
    corpora: { subword: base.corpus },
    spent: { subword: base.spent },
  };
  let below = base.checksum;
  for (const level of LEVEL_NAMES.slice(1, LEVEL_NAMES.indexOf(upTo) + 1)) {
    if (!run.has(level)) break;
    const saved = loadLevel(run.path(level));
    checkBelow(run, level, saved, below);
    if (level === 'word') ladder.words = new WordTokenizer(WordVocabulary.fromJSON(saved.vocabulary));
    if (level === 'concept') ladder.concepts = ConceptVocabulary.fromJSON(saved.vocabulary);
    if (level === 'gestalt') ladder.codebook = Codebook.fromJSON(saved.vocabulary);
    ladder.inventory = ladderInventory(ladder.words!.vocabulary, ladder.concepts);
    ladder.values[level] = stored(saved, ladderParameters(config, ladder.inventory)[level]);
    ladder.checksums[level] = saved.checksum;
    ladder.corpora[level] = corpusOf(saved);
    ladder.spent[level] = spentOn(saved);
    ladder.top = level;
    below = saved.checksum;
  }
  return ladder;
}

/** Saves a trained level with the checksum of what it stands on; returns its own. */
export function saveStage(
  run: Run,
  stage: StageName,
  values: ParameterValues,
  contents: { config: unknown; vocabulary: unknown; below?: string; extra: Record<string, JsonValue> },
): string {
  return saveLevel(run.path(stage), {
    config: contents.config,
    vocabulary: contents.vocabulary,
    parameters: values.tensors(),
    extra: { ...contents.extra, seed: run.config.seed, ...(contents.below && { below: contents.below }) },
  });
}

/** Weights by input name, for a session's feeds. */
export function weightFeeds(...values: readonly (ParameterValues | undefined)[]): Record<string, Float32Array> {
  return Object.fromEntries(values.flatMap((set) => (set === undefined ? [] : [...set.views])));
}
