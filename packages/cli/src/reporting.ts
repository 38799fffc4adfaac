// A run's report: measured and written, or read again when nothing was trained since.
// From: Strata, EVALUATION; measuring is compare's, this decides when and says where.
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { measureRun, parseReport, type Report, writeReport } from '@strata/compare';
import type { Run } from '@strata/hierarchy';
import { readJsonFile } from '@strata/store';
import type { Io } from './io.js';
import { loadRunCorpus } from './run-corpus.js';
import { progressFor, STAGE_ORDER } from './training.js';

const MAXIMUM_REPORT_BYTES = 256 * 1024 * 1024;

/** A report and where it lies. */
export interface PlacedReport {
  readonly report: Report;
  readonly html: string;
  readonly json: string;
}

/** Measures a run and writes report.json and report.html; throws MeasureError and the errors of opening a run. */
export async function reportRun(run: Run, io: Io, quiet: boolean): Promise<PlacedReport> {
  const say = (message: string): void => {
    if (!quiet) io.stderr.write(`${message}\n`);
  };
  const corpus = loadRunCorpus(run.config);
  const report = await measureRun(run, corpus, { note: say, progress: progressFor(io, quiet) });
  return { report, ...writeReport(run, report) };
}

/** The report that a run has, unless a stage was trained after it or it is no longer whole. */
export function freshReport(run: Run): PlacedReport | undefined {
  const json = join(run.folder, 'report.json');
  const html = join(run.folder, 'report.html');
  if (!existsSync(json) || !existsSync(html)) return undefined;
  const written = statSync(json).mtimeMs;
  const newer = STAGE_ORDER.some(
    (stage) => run.has(stage) && statSync(join(run.path(stage), 'manifest.json')).mtimeMs > written,
  );
  if (newer) return undefined;
  try {
    return { report: parseReport(readJsonFile(json, MAXIMUM_REPORT_BYTES)), html, json };
  } catch {
    // A damaged report costs only a new measurement, which says what is wrong if it fails too.
    return undefined;
  }
}
