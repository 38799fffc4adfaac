// The tables of a whole study, for the record of its runs: only where they are of these very runs and this very file.
import { existsSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { parseReport, type Study, type StudyResult } from '@strata/compare';
import { readJsonFile } from '@strata/store';
import { RequestError } from './expected-errors.js';
import { shownPath } from './training.js';

const MAXIMUM_RESULT_BYTES = 256 * 1024 * 1024;

/**
 * What the study has found, where `strata study` has carried it out and all runs are cells of it; throws RequestError where a
 * report is newer than its tables. `localise` hides places of this machine in its overrides.
 */
export function studyResult(
  runs: readonly string[],
  study: Study,
  localise: (text: string) => string,
): StudyResult | undefined {
  const folders = new Set(runs.map((run) => dirname(resolve(run))));
  const [folder] = folders;
  const path = join(folder!, 'study.json');
  if (folders.size > 1 || !existsSync(path)) return undefined;
  const result = readJsonFile(path, MAXIMUM_RESULT_BYTES) as unknown as StudyResult;
  const isOwn = JSON.stringify(result.study) === JSON.stringify(study);
  if (!isOwn || !runs.every((run) => result.runs.includes(basename(resolve(run))))) return undefined;
  const written = statSync(path).mtimeMs;
  const newer = runs.map((run) => join(run, 'report.json')).find((own) => statSync(own).mtimeMs > written);
  if (newer !== undefined)
    throw new RequestError(
      `${shownPath(newer)}: it is newer than ${shownPath(path)}, so the tables of the study may not be of these runs. ` +
        'Carry out the study again, which keeps what is done: strata study',
    );
  const settings = (result.settings ?? []).map(localise);
  return { ...result, settings, report: parseReport(result.report) };
}

/** The command that carries a study out again; into `runs`, where its result `result` lies. */
export function studyCommand(file: string, result: Pick<StudyResult, 'settings'> | undefined, runs: string): string[] {
  if (result === undefined) return ['study', file];
  const settings = (result.settings ?? []).flatMap((assignment) => ['--set', assignment]);
  return ['study', file, ...(runs === 'runs' ? [] : ['--runs', runs]), ...settings];
}
