// The `strata train` command that does what a message advises, ready to be pasted into a shell.
// From: Strata's house rule that every error names the next step.

/** Quotes an argument for a shell where it needs it. */
export function quotedArgument(text: string): string {
  return /^[\w./:=@,+-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

/** What a training reads and where it writes, as its options say it. */
export interface TrainSource {
  readonly config: string;
  readonly set: readonly string[];
  readonly runs: string;
}

/** The command that trains a stage with these options. */
export function trainCommandLine(stage: string, { config, set, runs }: TrainSource): string {
  const parts = ['strata', 'train', stage, '--config', config];
  for (const assignment of set) parts.push('--set', assignment);
  if (runs !== 'runs') parts.push('--runs', runs);
  return parts.map(quotedArgument).join(' ');
}
