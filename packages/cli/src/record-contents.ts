// What a record takes from a run and from the machine: configuration, report, raw metrics, hashes, versions.
// From: Strata, EVALUATION (Records: commit, seeds, raw results). Nothing that says whose machine it was.
import { createRequire } from 'node:module';
import { cpus, totalmem } from 'node:os';
import { basename, isAbsolute, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { type RecordedRun, stageRecord } from '@strata/compare';
import { Run } from '@strata/hierarchy';
import { type JsonValue, readFileBytes, readManifest } from '@strata/store';
import { projectFolder } from './commit.js';
import { RequestError } from './expected-errors.js';
import type { RecordPaths } from './record-paths.js';
import { freshReport } from './reporting.js';
import { STAGE_ORDER, shownPath } from './training.js';

const MAXIMUM_TEXT_BYTES = 256 * 1024 * 1024;

/** Metrics longer than this are compressed. */
const GZIP_FROM_BYTES = 1_000_000;

const LEVEL = { format: 'strata-level', version: 1 };

/** What a record takes from one run. */
export interface RunContents {
  readonly run: Run;
  readonly recorded: RecordedRun;
  /** Files of the record by name. */
  readonly files: ReadonlyMap<string, string | Uint8Array>;
  /** What its manifests state, for hashes.json. */
  readonly hashes: JsonValue;
  readonly notes: readonly string[];
}

const textOf = (path: string): string => Buffer.from(readFileBytes(path, MAXIMUM_TEXT_BYTES)).toString('utf8');

/** Reads what a record takes from a run; throws RequestError when its report is missing or older than a stage. */
export function runContents(folder: string, paths: RecordPaths): RunContents {
  const run = Run.open(folder);
  const name = basename(run.folder);
  paths.show(run.folder);
  const report = freshReport(run);
  if (report === undefined)
    throw new RequestError(
      `${shownPath(join(run.folder, 'report.json'))}: missing, damaged, or older than a trained stage. ` +
        `Accepted: a report of all that is trained. Run first: strata compare --run ${shownPath(run.folder)}`,
    );
  const trained = STAGE_ORDER.filter((stage) => run.has(stage));
  const records = trained.map((stage) => ({ stage, ...stageRecord(run, stage) }));
  const levels = trained.map((stage) => {
    const path = join(run.path(stage), 'manifest.json');
    const { files, checksum } = readManifest(path, LEVEL, `delete ${run.path(stage)} and run: strata train ${stage}`);
    return [stage, { weights: files.get('model.safetensors')?.sha256 ?? null, manifest: checksum }] as const;
  });
  const { corpus } = run.config;
  const notes: string[] = [];
  if ('folder' in corpus && isAbsolute(corpus.folder)) {
    const shown = paths.show(corpus.folder);
    if (paths.checkout.inside(corpus.folder) === undefined)
      notes.push(
        `${name}: its corpus, called ${shown} here, lies outside the project; hashes.json names its contents.`,
      );
  }
  const metrics = readFileBytes(join(run.folder, 'metrics.jsonl'), MAXIMUM_TEXT_BYTES);
  const files = new Map<string, string | Uint8Array>([
    [`${name}.config.yaml`, paths.localise(textOf(join(run.folder, 'config.yaml')))],
    [`${name}.report.json`, paths.localise(textOf(report.json))],
    metrics.length > GZIP_FROM_BYTES
      ? [`${name}.metrics.jsonl.gz`, gzipSync(metrics)]
      : [`${name}.metrics.jsonl`, metrics],
  ]);
  const corpusHash = report.report.corpus.hash;
  return {
    run,
    recorded: {
      name,
      seed: run.config.seed,
      stages: records.map(({ stage, commit }) => ({ stage, ...(commit !== undefined && { commit }) })),
      configHash: run.configHash,
      corpusHash,
      report: report.report,
    },
    files,
    hashes: { config: run.configHash, corpus: corpusHash, levels: Object.fromEntries(levels) },
    notes,
  };
}

/** The installed version of a dependency, as the engine finds it. */
function installedVersion(name: string): string {
  const find = createRequire(join(projectFolder, 'packages', 'engine', 'package.json'));
  try {
    return (find(`${name}/package.json`) as { version: string }).version;
  } catch {
    return 'not found';
  }
}

/** The machine that a record is made on, without a name of host, user or place. */
export function environmentOf(runs: readonly Run[]): JsonValue {
  const computing = ['onnxruntime-node', 'typescript'];
  if (runs.some(({ config }) => config.engine === 'tfjs')) computing.push('@tensorflow/tfjs-core');
  const processors = cpus();
  return {
    node: process.versions.node,
    platform: process.platform,
    architecture: process.arch,
    processor: processors[0]?.model.trim() ?? 'unknown',
    processors: processors.length,
    memoryBytes: totalmem(),
    dependencies: Object.fromEntries(computing.map((name) => [name, installedVersion(name)])),
    engines: Object.fromEntries(
      runs.map(({ folder, config: { engine, device, threads } }) => [basename(folder), { engine, device, threads }]),
    ),
  };
}
