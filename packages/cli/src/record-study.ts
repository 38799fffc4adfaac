// The tables of a whole study, for the record of its runs: only where they are of these very runs and this very file.
import { existsSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { changedPart, parseReport, type Study, type StudyResult } from '@strata/compare';
import { Run } from '@strata/hierarchy';
import { readJsonFile } from '@strata/store';
import { RequestError } from './expected-errors.js';
import { keptBudget } from './study-budget.js';
import { studyArguments, studyCommandLine } from './study-command-line.js';
import { STAGE_ORDER, shownPath } from './training.js';

const RESULT = 'study.json';

const MAXIMUM_RESULT_BYTES = 256 * 1024 * 1024;

/**
 * What the study of `file` has found, where `strata study` has carried it out and all runs are cells of it; throws RequestError
 * where a run has changed since its tables were made. `localise` hides places of this machine in its overrides.
 */
export function studyResult(
  runs: readonly string[],
  file: string,
  study: Study,
  localise: (text: string) => string,
): StudyResult | undefined {
  const folders = new Set(runs.map((run) => dirname(resolve(run))));
  const [folder] = folders;
  const path = join(folder!, RESULT);
  if (folders.size > 1 || !existsSync(path)) return undefined;
  const result = readJsonFile(path, MAXIMUM_RESULT_BYTES) as unknown as StudyResult;
  const isOwn = JSON.stringify(result.study) === JSON.stringify(study);
  if (!isOwn || !runs.every((run) => result.runs.includes(basename(resolve(run))))) return undefined;
  for (const run of runs) {
    const changed = changedSince(run, path, result);
    if (changed !== undefined)
      throw new RequestError(
        `${changed}, so the tables of the study may not be of these runs. ` +
          `Carry out the study again, which keeps what is done: ${commandAgain(file, folder!, result)}`,
      );
  }
  const settings = (result.settings ?? []).map(localise);
  return { ...result, settings, report: parseReport(result.report) };
}

/** What of a run is not as the tables at `path` had it; undefined where nothing is. */
function changedSince(run: string, path: string, { reports }: StudyResult): string | undefined {
  const own = join(run, 'report.json');
  const parts = reports?.[basename(resolve(run))];
  if (parts !== undefined) {
    // Times say nothing: a report is written anew whenever more is asked of its run, with the same figures.
    const part = changedPart(parts, parseReport(readJsonFile(own, MAXIMUM_RESULT_BYTES)));
    return part && `${shownPath(own)}: its part ${part} is not what ${shownPath(path)} was made of`;
  }
  const written = statSync(path).mtimeMs;
  // Nothing of a swept run's report is in the tables, only what its trained stages reached.
  const sources = reports === undefined ? [own] : manifestsOf(Run.open(run));
  const newer = sources.find((source) => statSync(source).mtimeMs > written);
  return newer && `${shownPath(newer)}: it is newer than ${shownPath(path)}`;
}

function manifestsOf(run: Run): string[] {
  return STAGE_ORDER.filter((stage) => run.has(stage)).map((stage) => join(run.path(stage), 'manifest.json'));
}

/** The command that goes on with the study in this very folder, its budget included. */
function commandAgain(file: string, folder: string, { settings = [] }: StudyResult): string {
  const { asked, settings: ofBudget = [] } = keptBudget(folder) ?? {};
  const set = settings.slice(0, settings.length - ofBudget.length);
  return studyCommandLine(file, { runs: shownPath(dirname(folder)), set, ...asked });
}

/** The arguments that carry a study out from its beginning; into `runs`, where its result `result` lies. */
export function studyCommand(file: string, result: Pick<StudyResult, 'settings'> | undefined, runs: string): string[] {
  return studyArguments(file, result === undefined ? { runs: 'runs', set: [] } : { runs, set: result.settings ?? [] });
}
