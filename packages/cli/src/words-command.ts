// `strata words`: any file as units of lemma, features, casing and gap, and back byte for byte; and how good that is.
// From: Strata, WORDS; everything streams, so a file may be larger than memory.
import type { Progress } from '@strata/train';
import {
  decodeWords,
  type EncodedTotals,
  LANGUAGE_NAMES,
  LANGUAGES,
  type LanguageName,
  readBytes,
  WordEncoder,
} from '@strata/word';
import { type Command, Option } from 'commander';
import { RequestError } from './expected-errors.js';
import { helpText } from './help-text.js';
import { listenForInterrupt } from './interruption.js';
import { type Io, writeJson } from './io.js';
import { wholeFrom } from './numbers.js';
import { formatBytes } from './text-table.js';
import { progressFor, shownPath } from './training.js';
import { checkWords } from './words-check.js';
import { UnitDescriber } from './words-show.js';
import { ByteInput, type ByteOutput, eachOf, openOutput, STANDARD, writeTo } from './words-streams.js';
import { findLanguage, unitsOf } from './words-units.js';

const AFTER = `
Any file will do: text in UTF-8, and bytes that are none. A unit is a gap (white space), and a word, a clitic, a number or
a mark; it is stored as lemma, slot, variant and casing, and decoding realises these forms without reading anything anew.
FILE or --out may be - for standard input and output. A file appears only when it is whole; what cannot be decoded is
refused and leaves nothing (from a pipe to a pipe, what was decoded before the damage has gone out by then).

Examples:
  strata words encode story.txt                   writes story.txt.words
  strata words decode story.txt.words --out story.txt
  cat story.txt | strata words encode - --out - | strata words decode -
  strata words show story.txt --limit 40
  strata words show story.txt.words --json | head
  strata words check gold.conllu                  against gold of your own: CoNLL-U, AGID or SIGMORPHON`;

const EXTENSION = '.words';

interface Flags {
  readonly out?: string;
  readonly language: LanguageName;
  readonly limit?: number;
  readonly json?: true;
}

/** What a job may use while it runs. */
interface Job {
  readonly input: ByteInput;
  readonly signal: AbortSignal;
  readonly progress: Progress;
}

/** Opens an input, runs a job on it with progress and Ctrl-C, and closes all again. */
async function run<T>(path: string, label: string, quiet: boolean, io: Io, work: (job: Job) => Promise<T>): Promise<T> {
  const input = new ByteInput(path, io);
  const progress = progressFor(io, quiet)(`${label} ${input.name}`, input.size, 'bytes');
  const interruption = listenForInterrupt(io, () => progress.note('stopping; press Ctrl-C again to end at once'));
  try {
    const result = await work({ input, signal: interruption.signal, progress });
    progress.finish();
    return result;
  } finally {
    interruption.release();
    input.close();
  }
}

/** Lets `fill` write an output, which appears when that is over and otherwise not at all. */
async function into<T>(target: string, path: string, io: Io, fill: (output: ByteOutput) => Promise<T>): Promise<T> {
  const output = openOutput(target, path, io);
  try {
    const result = await fill(output);
    output.finish();
    return result;
  } finally {
    output.abandon();
  }
}

function requireJsonApart(target: string, json: true | undefined): void {
  if (target === STANDARD && json === true) {
    throw new RequestError('standard output cannot take the file and --json both; name a file with --out');
  }
}

async function encode(path: string, { out, language, json }: Flags, io: Io): Promise<void> {
  const target = out ?? (path === STANDARD ? STANDARD : `${path}${EXTENSION}`);
  requireJsonApart(target, json);
  if (target === STANDARD && io.stdout.isTTY === true) {
    throw new RequestError('encoded words are no text for a terminal; name a file with --out');
  }
  let encodedBytes = 0;
  const totals = await run(path, 'encode', json === true, io, ({ input, signal, progress }) =>
    into(target, path, io, async (output) => {
      const encoder = new WordEncoder(LANGUAGES[language]);
      const write = async (parts: readonly Uint8Array[]): Promise<void> => {
        for (const part of parts) {
          encodedBytes += part.length;
          await output.write(part);
        }
      };
      await eachOf(readBytes(LANGUAGES[language], input.chunks()), input, signal, async (units) => {
        await write(encoder.push(units));
        progress.update(input.done);
      });
      const finished = encoder.finish();
      await write(finished.parts);
      return finished.totals;
    }),
  );
  const share = totals.bytes === 0 ? '' : ` (${((100 * encodedBytes) / totals.bytes).toFixed(1)}%)`;
  report(target, `${formatBytes(encodedBytes)}${share}`, totals, { ...totals, encodedBytes }, json, io);
}

async function decode(path: string, { out, json }: Flags, io: Io): Promise<void> {
  const target = out ?? STANDARD;
  requireJsonApart(target, json);
  // What goes to a pipe cannot be taken back, so a file is decoded once before.
  if (target === STANDARD && path !== STANDARD) await run(path, 'check', true, io, (job) => decodeInto(job));
  const totals = await run(path, 'decode', json === true, io, (job) =>
    into(target, path, io, (output) => decodeInto(job, output)),
  );
  report(target, formatBytes(totals.bytes), totals, { ...totals }, json, io);
}

function decodeInto({ input, signal, progress }: Job, output?: ByteOutput): Promise<EncodedTotals> {
  return eachOf(decodeWords(input.chunks(), findLanguage, input.name), input, signal, async ({ bytes }) => {
    await output?.write(bytes);
    progress.update(input.done);
  });
}

/** Says what was written where, unless it went to standard output. */
function report(
  target: string,
  size: string,
  { units }: EncodedTotals,
  all: object,
  json: true | undefined,
  io: Io,
): void {
  if (json === true) writeJson(io, { file: target, ...all });
  else if (target !== STANDARD) io.stdout.write(`  ${shownPath(target)}: ${size}, ${units} units\n`);
}

async function show(
  path: string,
  { language: name, limit = Number.POSITIVE_INFINITY, json }: Flags,
  io: Io,
): Promise<void> {
  // Progress would stand between the lines of a terminal.
  const quiet = json === true || io.stdout.isTTY === true || limit < Number.POSITIVE_INFINITY;
  await run(path, 'show', quiet, io, async ({ input, signal, progress }) => {
    const units = unitsOf(input, LANGUAGES[name]);
    let describer: UnitDescriber | undefined;
    let left = limit;
    await eachOf(
      untilEnough(units.batches, () => left > 0),
      input,
      signal,
      async (batch) => {
        // The language of encoded words is known once the first block is.
        describer ??= new UnitDescriber(units.language);
        const lines = batch
          .slice(0, left)
          .map((unit) => (json === true ? JSON.stringify(describer!.json(unit)) : describer!.line(unit)));
        left -= lines.length;
        await writeTo(io.stdout, lines.map((line) => `${line}\n`).join(''));
        progress.update(input.done);
      },
    );
  });
}

function* untilEnough<T>(
  values: Generator<T, unknown, undefined>,
  wanted: () => boolean,
): Generator<T, void, undefined> {
  while (wanted()) {
    const next = values.next();
    if (next.done === true) return;
    yield next.value;
  }
}

/** Adds `words` and its sub-commands to the program. */
export function addWordsCommand(program: Command, io: Io): void {
  const words = program
    .command('words')
    .description('any file as lemmas, features, casing and gaps, and back byte for byte')
    .addHelpText('after', helpText(AFTER));
  const language = (): Option =>
    new Option('--language <name>', 'the language to read it in').choices(LANGUAGE_NAMES).default('english');
  words
    .command('encode')
    .description('a text, or any bytes, as a file of encoded words')
    .argument('<file>', 'a file, or - for standard input')
    .option('-o, --out <file>', 'where to write (default: the file with .words; - for standard output)')
    .addOption(language())
    .option('--json', 'print one JSON document about it')
    .action((path: string, flags: Flags) => encode(path, flags, io));
  words
    .command('decode')
    .description('the very bytes that were encoded')
    .argument('<file>', 'a file made by strata words encode, or - for standard input')
    .option('-o, --out <file>', 'where to write (default: standard output)')
    .option('--json', 'print one JSON document about it')
    .action((path: string, flags: Flags) => decode(path, flags, io));
  words
    .command('show')
    .description('the units of a text or of encoded words, one a line')
    .argument('<file>', 'a file, or - for standard input')
    .addOption(language())
    .option('--limit <n>', 'units to show (default: all)', wholeFrom(1))
    .option('--json', 'print one JSON object a line')
    .action((path: string, flags: Flags) => show(path, flags, io));
  words
    .command('check')
    .description('how well a language is read and inflected, against gold')
    .argument('<gold>', 'CoNLL-U, AGID or SIGMORPHON')
    .addOption(language())
    .option('--json', 'print one JSON document')
    .action((path: string, flags: Flags) => checkWords(path, LANGUAGES[flags.language], flags.json === true, io));
}
