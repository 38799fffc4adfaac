// What a study's tables have from the report of one run, as hashes: so that it can be told whether they are still of that report.
// From: Strata, EVALUATION (Records).
import { sha256 } from '@strata/store';
import { parseReport, type Report } from './report-schema.js';

/** Hashes of a report's parts by name. Measures are parts of their own: more may be asked of a run later. */
export type ReportParts = Readonly<Record<string, string>>;

/** The parts of a report, as it is after it was written and read; throws ReportFormatError. */
export function reportParts(report: Report): ReportParts {
  const { measures = [], buckets, probes: _, ...figures } = parseReport(report);
  const parts: [string, unknown][] = [
    ...Object.entries(figures),
    ...(buckets === undefined ? [] : [['buckets', buckets] as [string, unknown]]),
    ...measures.map((measure): [string, unknown] => [`measure "${measure.name}"`, measure]),
  ];
  return Object.fromEntries(parts.map(([name, part]) => [name, sha256(JSON.stringify(part))]));
}

/** A part that a report no longer has as it was; undefined where it has them all, whatever else it has. */
export function changedPart(before: ReportParts, report: Report): string | undefined {
  const now = reportParts(report);
  return Object.keys(before).find((name) => now[name] !== before[name]);
}
