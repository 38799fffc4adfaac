// Was the prediction made beforehand? The study file has to be, as it is, in the commit that trained every stage of every run.
// From: Strata, EVALUATION (Records: question, prediction made beforehand).
import type { RecordedRun } from '@strata/compare';
import { RequestError } from './expected-errors.js';
import type { Checkout } from './git-tree.js';

/** The path of a study in its checkout; throws RequestError unless what is on disk is what is committed now. */
export function committedStudy(checkout: Checkout, study: string, head: string): string {
  const path = checkout.inside(study);
  const next = 'Commit the study, before training anything for it, and run again.';
  if (path === undefined)
    throw new RequestError(`${study}: it lies outside of the checkout that it was reached through. ${next}`);
  const committed = checkout.blobAt(head, path);
  if (committed === undefined) throw new RequestError(`${study}: it is in no commit (git ignores it?). ${next}`);
  if (committed !== checkout.blobNow(path))
    throw new RequestError(`${study}: it is not what is committed as ${path} at ${head}. ${next}`);
  return path;
}

/** Why it is not known that the study came before the training, a line a run and reason; none when it did. */
export function predictionProblems(
  checkout: Checkout,
  path: string,
  head: string,
  runs: readonly RecordedRun[],
): string[] {
  const now = checkout.blobAt(head, path);
  const problemOf = (commit: string | undefined): string | undefined => {
    if (commit === undefined) return 'no commit is recorded';
    // Files that differed from the commit do not make a prediction that the commit holds a later one.
    const name = commit.replace(/\+$/, '');
    if (!checkout.has(name)) return `commit ${JSON.stringify(name.slice(0, 64))} is not in this checkout`;
    const then = checkout.blobAt(name, path);
    if (then === undefined) return `commit ${name} does not have ${path}`;
    return then === now ? undefined : `commit ${name} has another ${path}`;
  };
  return runs.flatMap(({ name, stages }) => {
    const found = new Map<string, string[]>();
    for (const { stage, commit } of stages) {
      const problem = problemOf(commit);
      if (problem !== undefined) found.set(problem, [...(found.get(problem) ?? []), stage]);
    }
    return [...found].map(([problem, at]) => `${name} (${at.join(', ')}): ${problem}`);
  });
}
