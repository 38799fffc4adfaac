// The `strata study` command that carries a study out again: for messages, and for records.
// From: Strata's house rule that every error names the next step.
import { quotedArgument } from './train-command-line.js';

/** What a study is carried out with, as its options say it. */
export interface StudySource {
  readonly runs: string;
  readonly set: readonly string[];
  readonly minutes?: number | null | undefined;
  readonly flops?: number | null | undefined;
}

/** The command's arguments after `strata`. */
export function studyArguments(file: string, source: StudySource): string[] {
  const parts = ['study', file, ...(source.runs === 'runs' ? [] : ['--runs', source.runs])];
  for (const assignment of source.set) parts.push('--set', assignment);
  for (const what of ['minutes', 'flops'] as const) {
    const limit = source[what];
    if (typeof limit === 'number') parts.push(`--${what}`, String(limit));
  }
  return parts;
}

/** The command as it can be pasted into a shell. */
export function studyCommandLine(file: string, source: StudySource): string {
  return ['strata', ...studyArguments(file, source)].map(quotedArgument).join(' ');
}
