// What the record of an experiment says: question, prediction made beforehand, how to repeat it, results, verdict.
// From: Strata, EVALUATION (Records). Pure: who reads git, runs and the machine hands the facts in.
import { renderLedgerMarkdown } from './report-markdown.js';
import type { Report } from './report-schema.js';
import { judge } from './report-verdict.js';

/** One stage of a run, and the commit whose code trained it; `+` at its end says that files differed from it. */
export interface RecordedStage {
  readonly stage: string;
  readonly commit?: string;
}

/** One run of a record. */
export interface RecordedRun {
  readonly name: string;
  readonly seed: number;
  readonly stages: readonly RecordedStage[];
  readonly configHash: string;
  readonly corpusHash: string;
  readonly report: Report;
}

/** All that a record's README says. */
export interface RecordFacts {
  readonly title: string;
  /** YYYY-MM-DD. */
  readonly date: string;
  /** The record's folder, from the project's root. */
  readonly folder: string;
  readonly question: string;
  readonly prediction: string;
  /** Why it is not known that the prediction came before the training; empty when it did. */
  readonly notBeforehand: readonly string[];
  /** The commit that was checked out when the record was made. */
  readonly commit: string;
  /** Command lines that repeat the experiment from the project's root, in their order. */
  readonly commands: readonly string[];
  readonly runs: readonly RecordedRun[];
  /** The tables of the whole study in Markdown, where its runs are those of one. */
  readonly tables?: string;
  /** Further things that a reader must know. */
  readonly notes: readonly string[];
  readonly verdict?: string;
}

/** A README and where its verdict begins, in bytes: what stands before is never edited. */
export interface RenderedReadme {
  readonly text: string;
  readonly verdictAt: number;
}

/** What stands in place of a verdict until there is one. */
export const OPEN_VERDICT = 'Still to be written.';

/** The distinct commits that trained a run, in the order of its stages; stages without one are left out. */
export function commitsOf(run: RecordedRun): string[] {
  return [...new Set(run.stages.flatMap(({ commit }) => commit ?? []))];
}

/** What is printed plainly, in the README and by the command, when the prediction may have come after the training. */
export const NOT_BEFOREHAND = 'The prediction was not committed before the training.';

/** What weakens the record: stages trained from files that no commit holds. */
function uncommittedCode({ name, stages }: RecordedRun): string[] {
  const dirty = stages.filter(({ commit }) => commit?.endsWith('+')).map(({ stage }) => stage);
  if (dirty.length === 0) return [];
  return [`${name}: ${dirty.join(', ')} was trained with changes that its commit does not hold.`];
}

/** The notes of a record: those handed in, and those that its runs give reason to. */
export function recordNotes({ notes, runs }: RecordFacts): string[] {
  return [...notes, ...runs.flatMap(uncommittedCode)];
}

function runsTable(runs: readonly RecordedRun[]): string[] {
  const short = (hash: string): string => (hash === '' ? 'unknown' : hash.slice(0, 12));
  const commit = (name: string): string => name.replace(/^([0-9a-f]{12})[0-9a-f]*/, '$1');
  return [
    '| run | seed | stages | trained at | configuration | corpus |',
    '| --- | ---: | --- | --- | --- | --- |',
    ...runs.map((run) => {
      const { name, seed, stages, configHash, corpusHash } = run;
      const trained = commitsOf(run).map(commit).join(', ') || 'unknown';
      const names = stages.map(({ stage }) => stage).join(', ');
      return `| ${name} | ${seed} | ${names} | ${trained} | ${short(configHash)} | ${short(corpusHash)} |`;
    }),
  ];
}

/** Renders a record's README; the verdict is its last section. */
export function renderRecordReadme(facts: RecordFacts): RenderedReadme {
  const { title, date, folder, question, prediction, notBeforehand, commit, commands, runs, verdict } = facts;
  const seeds = [...new Set(runs.map(({ seed }) => seed))];
  const trainedAt = [...new Set(runs.flatMap(commitsOf))];
  const notes = recordNotes(facts);
  const lines = [
    `# ${title}`,
    '',
    `Recorded on ${date} at commit ${commit}. \`strata record --check ${folder}\` says whether this is what was recorded.`,
    '',
    '## Question',
    '',
    question.trim(),
    '',
    '## Prediction',
    '',
    ...(notBeforehand.length === 0
      ? ['Made beforehand: `study.yaml` was in the very commit that trained each run.']
      : [`**${NOT_BEFOREHAND}**`, '', ...notBeforehand.map((reason) => `- ${reason}`)]),
    '',
    prediction.trim(),
    '',
    '## To repeat it',
    '',
    `From the root of the project, at commit ${trainedAt.join(' and ') || 'unknown'}; ${seeds.length === 1 ? 'seed' : 'seeds'} ${seeds.join(', ')}:`,
    '',
    ...commands.map((command) => `    ${command}`),
    '',
    ...runsTable(runs),
    ...(notes.length === 0 ? [] : ['', ...notes.map((note) => `- ${note}`)]),
    '',
    '## Results',
    ...(facts.tables === undefined ? [] : ['', facts.tables.trim()]),
    ...runs.flatMap(({ name, seed, report }) => [
      '',
      `### ${name} (seed ${seed})`,
      '',
      renderLedgerMarkdown(report).trim(),
    ]),
    '',
    '',
  ];
  const above = lines.join('\n');
  return {
    text: `${above}## Verdict\n\n${verdict === undefined ? OPEN_VERDICT : verdict.trim()}\n`,
    verdictAt: Buffer.byteLength(above),
  };
}

const SIGN = '(positive, negative or neutral)';

/** The line to be added to the log of experiments, by hand: what came of it is a person's to say. */
export function recordLogLine({ date, folder, question, title, runs, verdict }: RecordFacts): string {
  const oneLine = (text: string): string => text.trim().split(/\s+/).join(' ');
  const results = runs.map(({ name, report }) => `${name}: ${judge(report).sentence}`).join(' ');
  return oneLine(
    `- ${date} **${verdict === undefined ? 'open' : SIGN}** ${title}. ${question} ${results} ` +
      `([${folder}](${folder.slice(folder.lastIndexOf('/') + 1)}/README.md))`,
  );
}
