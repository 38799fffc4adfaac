// A run's report: measured and written, or read again when nothing was trained since.
// From: Strata, EVALUATION; measuring is compare's, this decides when and says where.
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import {
  measureRun,
  type ProbeName,
  parseReport,
  probeRun,
  type Report,
  withProbes,
  writeReport,
} from '@strata/compare';
import type { Run } from '@strata/hierarchy';
import { readJsonFile } from '@strata/store';
import type { Io } from './io.js';
import { paceProcess } from './pace-process.js';
import { loadRunCorpus } from './run-corpus.js';
import { progressFor, STAGE_ORDER } from './training.js';

const MAXIMUM_REPORT_BYTES = 256 * 1024 * 1024;

/** A report and where it lies. */
export interface PlacedReport {
  readonly report: Report;
  readonly html: string;
  readonly json: string;
}

/** Measures a run, probes it where asked, and writes report.json and report.html; throws MeasureError and the errors of opening a run. */
export async function reportRun(
  run: Run,
  io: Io,
  quiet: boolean,
  probes: readonly ProbeName[] = [],
): Promise<PlacedReport> {
  const say = (message: string): void => {
    if (!quiet) io.stderr.write(`${message}\n`);
  };
  const corpus = loadRunCorpus(run.config);
  const shown = { note: say, progress: progressFor(io, quiet) };
  const report = await measureRun(run, corpus, shown);
  if (probes.length > 0) {
    const found = await probeRun(run, corpus, { only: probes, paceOf: paceProcess(run.folder), ...shown });
    const probed = withProbes(report, probes, found);
    return { report: probed, ...writeReport(run, probed) };
  }
  return { report, ...writeReport(run, report) };
}

/** The report that a run has, unless a stage was trained after it, a probe is missing, or it is no longer whole. */
export function freshReport(run: Run, probes: readonly ProbeName[] = []): PlacedReport | undefined {
  const json = join(run.folder, 'report.json');
  const html = join(run.folder, 'report.html');
  if (!existsSync(json) || !existsSync(html)) return undefined;
  const written = statSync(json).mtimeMs;
  const newer = STAGE_ORDER.some(
    (stage) => run.has(stage) && statSync(join(run.path(stage), 'manifest.json')).mtimeMs > written,
  );
  if (newer) return undefined;
  try {
    const report = parseReport(readJsonFile(json, MAXIMUM_REPORT_BYTES));
    return probes.every((probe) => report.probes?.includes(probe)) ? { report, html, json } : undefined;
  } catch {
    // A damaged report costs only a new measurement, which says what is wrong if it fails too.
    return undefined;
  }
}
