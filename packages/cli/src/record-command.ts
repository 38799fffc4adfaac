// `strata record`: an experiment as a folder that another person can judge and repeat, and the check that it is unchanged.
// From: Strata, EVALUATION (Records).
import { dirname, join } from 'node:path';
import {
  commitsOf,
  NOT_BEFOREHAND,
  parseStudy,
  type RecordFacts,
  recordLogLine,
  recordNotes,
  renderRecordReadme,
  renderStudyMarkdown,
  type StudyResult,
} from '@strata/compare';
import { type JsonValue, readFileBytes, sha256, stringifyJson } from '@strata/store';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { RequestError } from './expected-errors.js';
import { Checkout } from './git-tree.js';
import { helpText } from './help-text.js';
import { type Io, printable, writeJson } from './io.js';
import { environmentOf, type RunContents, runContents } from './record-contents.js';
import { checkRecord, refuseExisting, writeRecord } from './record-folder.js';
import { absolutePathIn, RecordPaths } from './record-paths.js';
import { committedStudy, predictionProblems } from './record-prediction.js';
import { studyCommand, studyResult } from './record-study.js';
import { quotedArgument, trainCommandLine } from './train-command-line.js';
import { shownPath } from './training.js';

const MAXIMUM_TEXT_BYTES = 1 << 20;

const AFTER = `
A study is a YAML file with a question and a prediction. It has to be committed before anything is trained for it: the record
is refused unless the commit that trained each run holds the very same file. Runs need a report (strata compare) that is newer
than all that they trained. The git tree has to be clean. --check needs no git: it compares a record with its hashes.json; a
verdict that was still to be written may have been written since.

Examples:
  strata record --study configs/study.yaml --run runs/a-1 --run runs/a-2 --slug words-or-pieces
  strata record --study configs/study.yaml --run runs/a-1 --slug words --verdict verdict.md
  strata record --check experiments/2026-11-25_ladder-against-flat-at-demo-size`;

interface RecordFlags {
  readonly study?: string;
  readonly run: readonly string[];
  readonly slug?: string;
  readonly out: string;
  readonly verdict?: string;
  readonly predictionAfter?: true;
  readonly check?: string;
  readonly json?: true;
}

type Request = RecordFlags & { readonly study: string; readonly slug: string };

/** Today as YYYY-MM-DD, where the person is. */
function today(): string {
  const now = new Date();
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
}

function readText(path: string): string {
  const text = Buffer.from(readFileBytes(path, MAXIMUM_TEXT_BYTES)).toString('utf8');
  if (text.trim() !== '') return text;
  throw new RequestError(`${path}: it is empty. Accepted: text. Write it and run again.`);
}

function refuseAbsolute(source: string, text: string): void {
  const path = absolutePathIn(text);
  if (path === undefined) return;
  throw new RequestError(
    `${source}: it names ${path}, a place on this machine. Accepted: paths from the root of the project. ` +
      'Change it there and run again.',
  );
}

/** The commands that repeat an experiment from the root of the project. */
function commandsOf(
  flags: Request,
  folder: string,
  contents: readonly RunContents[],
  paths: RecordPaths,
  result: StudyResult | undefined,
): string[] {
  const line = (...parts: string[]): string => ['strata', ...parts].map(quotedArgument).join(' ');
  const study = paths.show(flags.study);
  const again = ['record', '--study', study, ...contents.flatMap(({ run }) => ['--run', paths.show(run.folder)])];
  again.push('--slug', flags.slug);
  if (paths.show(flags.out) !== 'experiments') again.push('--out', paths.show(flags.out));
  if (flags.verdict !== undefined) again.push('--verdict', paths.show(flags.verdict));
  if (flags.predictionAfter === true) again.push('--prediction-after');
  return [
    line(...studyCommand(study, result, paths.show(dirname(dirname(contents[0]!.run.folder))))),
    line(...again),
    '# or one run after the other:',
    ...contents.flatMap(({ run, recorded: { name } }) => [
      trainCommandLine('all', {
        config: `${folder}/${name}.config.yaml`,
        set: run.config.name === name ? [] : [`name=${name}`],
        runs: paths.show(dirname(run.folder)),
      }),
      line('compare', '--run', paths.show(run.folder)),
    ]),
  ];
}

function gather(flags: Request, paths: RecordPaths): RunContents[] {
  const contents = flags.run.map((folder) => runContents(folder, paths));
  const names = contents.map(({ recorded }) => recorded.name);
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  if (twice === undefined) return contents;
  throw new RequestError(`two runs are called ${twice}, and a record names its files by run. Give each run once.`);
}

function record(flags: Request, io: Io): void {
  const checkout = Checkout.of(dirname(flags.study));
  const date = today();
  const place = join(flags.out, `${date}_${flags.slug}`);
  refuseExisting(place);
  checkout.requireClean();
  const commit = checkout.head();
  const studyPath = committedStudy(checkout, flags.study, commit);
  const paths = new RecordPaths(checkout);
  const study = readText(flags.study);
  refuseAbsolute(flags.study, study);
  const parsed = parseStudy(study, flags.study);
  const { name, question, prediction } = parsed;
  const contents = gather(flags, paths);
  const result = studyResult(flags.run, flags.study, parsed, (text) => paths.localise(text));
  const runs = contents.map(({ recorded }) => recorded);
  const notBeforehand = predictionProblems(checkout, studyPath, commit, runs);
  if (notBeforehand.length > 0 && flags.predictionAfter !== true)
    throw new RequestError(
      `${flags.study}: it is not known that this prediction was made before the training:\n` +
        `${notBeforehand.map((reason) => `  ${reason}`).join('\n')}\n` +
        'Accepted: runs trained at commits that hold this very file. Train them again now that it is committed, ' +
        'or add --prediction-after, and the record will say so.',
    );
  const verdict = flags.verdict === undefined ? undefined : paths.localise(readText(flags.verdict));
  if (verdict !== undefined) refuseAbsolute(flags.verdict!, verdict);
  const folder = paths.show(place);
  const facts: RecordFacts = {
    title: name,
    date,
    folder,
    question,
    prediction,
    notBeforehand,
    commit,
    commands: commandsOf(flags, folder, contents, paths, result),
    runs,
    notes: contents.flatMap(({ notes }) => notes),
    ...(result !== undefined && { tables: renderStudyMarkdown(result) }),
    ...(verdict !== undefined && { verdict }),
  };
  const readme = renderRecordReadme(facts);
  const files = new Map<string, string | Uint8Array>([
    ['README.md', readme.text],
    ['study.yaml', study],
    ...(result === undefined
      ? []
      : ([['study.json', `${stringifyJson(result as unknown as JsonValue, 2)}\n`]] as const)),
    ['environment.json', `${stringifyJson(environmentOf(contents.map(({ run }) => run)), 2)}\n`],
    ...contents.flatMap(({ files: own }) => [...own]),
  ]);
  for (const [file, text] of files)
    if (typeof text === 'string' && !/(?:\.report|^study)\.json$/u.test(file))
      refuseAbsolute(`${folder}/${file}`, text);
  const above = Buffer.from(readme.text).subarray(0, readme.verdictAt);
  const seal = writeRecord(place, files, {
    runs: Object.fromEntries(contents.map(({ recorded, hashes }) => [recorded.name, hashes])),
    ...(verdict === undefined && { openVerdict: { bytes: above.length, sha256: sha256(above) } }),
  });
  const log = recordLogLine(facts);
  const notes = recordNotes(facts);
  if (flags.json === true) {
    writeJson(io, {
      record: folder,
      seal,
      commit,
      trainedAt: [...new Set(runs.flatMap(commitsOf))],
      files: [...files.keys(), 'hashes.json'],
      predictionBeforehand: notBeforehand.length === 0,
      notBeforehand,
      notes,
      log,
    });
    return;
  }
  const warnings = notBeforehand.length === 0 ? [] : [NOT_BEFOREHAND, ...notBeforehand.map((line) => `  ${line}`)];
  const lines = [
    ...warnings,
    ...notes,
    `The record: ${shownPath(place)} (${files.size + 1} files, seal ${seal.slice(0, 12)})`,
    ...(verdict === undefined
      ? [`Its verdict is still to be written, at the end of ${shownPath(join(place, 'README.md'))}`]
      : []),
    'The line for experiments/LOG.md:',
    log,
  ];
  io.stdout.write(`${printable(lines.join('\n'))}\n`);
}

function check(folder: string, { json }: RecordFlags, io: Io): void {
  const { seal, files, differences, notes } = checkRecord(folder);
  if (json === true) writeJson(io, { record: folder, seal: seal ?? null, files, differences, notes });
  if (differences.length > 0)
    throw new RequestError(
      `${folder} is not what was recorded:\n${differences.map((line) => `  ${printable(line)}`).join('\n')}`,
    );
  if (json === true) return;
  const lines = [...notes, `${folder} is what was recorded: ${files} files, seal ${seal!.slice(0, 12)}`];
  io.stdout.write(`${printable(lines.join('\n'))}\n`);
}

function slug(text: string): string {
  if (/^[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?$/.test(text)) return text;
  throw new InvalidArgumentError(
    'Accepted: up to 64 small letters, digits and "-" between them, such as words-or-pieces.',
  );
}

function run(flags: RecordFlags, io: Io): void {
  if (flags.check !== undefined) {
    check(flags.check, flags, io);
    return;
  }
  const missing = [
    ...(flags.study === undefined ? ['--study FILE'] : []),
    ...(flags.run.length === 0 ? ['--run FOLDER'] : []),
    ...(flags.slug === undefined ? ['--slug NAME'] : []),
  ];
  if (missing.length > 0)
    throw new RequestError(
      `strata record needs ${missing.join(', ')}. Accepted: --study FILE --run FOLDER --slug NAME, or --check FOLDER. ` +
        'See strata record --help',
    );
  record(flags as Request, io);
}

/** Adds `record` to the program. */
export function addRecordCommand(program: Command, io: Io): void {
  program
    .command('record')
    .description('write an experiment down: question, prediction, commands, results; or check a record')
    .option('--study <file>', 'YAML with question and prediction, committed before the training')
    .option(
      '--run <folder>',
      'a trained and compared run (repeatable)',
      (value, before: readonly string[]) => [...before, value],
      [],
    )
    .option('--slug <name>', 'what the record is called after its date', slug)
    .option('--out <folder>', 'where records are kept', 'experiments')
    .option('--verdict <file>', 'text of the verdict')
    .option('--prediction-after', 'record although the prediction was not committed before the training, and say so')
    .addOption(
      new Option('--check <folder>', 'compare a record with its hashes').conflicts([
        'study',
        'slug',
        'verdict',
        'predictionAfter',
      ]),
    )
    .option('--json', 'print one JSON document')
    .addHelpText('after', helpText(AFTER))
    .action((flags: RecordFlags) => run(flags, io));
}
