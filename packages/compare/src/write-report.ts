// A report on disk: report.json for programs and report.html for people, both written whole or not at all.
// From: Strata, ARCHITECTURE (a run is a folder that explains itself).
import { join } from 'node:path';
import type { Run } from '@strata/hierarchy';
import { writeFileAtomic, writeJsonFile } from '@strata/store';
import { renderReportHtml } from './report-html.js';
import { parseReport, type Report } from './report-schema.js';

/** Where a written report lies. */
export interface WrittenReport {
  readonly html: string;
  readonly json: string;
}

/** Writes report.json and report.html into a run's folder, or a study's; throws ReportFormatError or WriteError. */
export function writeReport({ folder }: Pick<Run, 'folder'>, report: Report): WrittenReport {
  // What a later reader would refuse is refused here, before either file is touched.
  const checked = parseReport(report);
  const page = renderReportHtml(checked);
  const paths = { html: join(folder, 'report.html'), json: join(folder, 'report.json') };
  writeJsonFile(paths.json, checked);
  writeFileAtomic(paths.html, page);
  return paths;
}
