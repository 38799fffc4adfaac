// `strata generate`: continues a prompt, the highest chosen level first, and keeps a trace of every choice when asked.
// From: Strata, DESIGN ("Generation").
import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { type Generated, Generator, Run } from '@strata/hierarchy';
import { LEVEL_NAMES, type LevelName } from '@strata/level';
import { writeJsonFile } from '@strata/store';
import { bytesFromText, readDocument } from '@strata/text';
import { type Command, Option } from 'commander';
import { RequestError } from './expected-errors.js';
import { helpText } from './help-text.js';
import { colours, type Io, printable, writeJson } from './io.js';
import { realFrom, wholeFrom } from './numbers.js';
import { openUpTo } from './open-level.js';

const AFTER = `
Levels, from the top: gestalt, concept, word, subword. --from names the one that decides first; those below render it.
On a terminal, characters that could disturb it are shown as pictures; into a file or a pipe the bytes go as they are.

Examples:
  strata generate --run runs/demo --prompt "Once upon a time there was a little"
  strata generate --run runs/demo --prompt "The king" --from gestalt --skip concept --seed 7
  strata generate --run runs/demo --prompt "The king" --trace trace.json
  strata generate --run runs/demo --prompt-file letter.txt --from word --temperature 0`;

/** Options of `strata generate` as commander gives them. */
interface GenerateCommandOptions {
  readonly run: string;
  readonly prompt?: string;
  readonly promptFile?: string;
  readonly from?: LevelName;
  readonly skip: readonly ('subword' | 'concept' | 'gestalt')[];
  readonly seed?: number;
  readonly temperature?: number;
  readonly topP?: number;
  readonly maxUnits?: number;
  readonly trace?: string;
  readonly json?: true;
}

const ENDINGS: Readonly<Record<Generated['endedBy'], string>> = {
  thought: 'it ended its paragraph',
  length: 'it reached the limit; --max-units allows more',
};

function promptOf({ prompt, promptFile }: GenerateCommandOptions): string {
  if (prompt !== undefined && promptFile !== undefined)
    throw new RequestError('--prompt and --prompt-file are both given; give one of them');
  // A file keeps bytes that are no UTF-8; an argument cannot.
  const text = promptFile === undefined ? prompt : readDocument(promptFile).text;
  if (text === undefined || text.length === 0)
    throw new RequestError('the prompt is empty; give at least one character with --prompt "..."');
  return text;
}

/** The highest level that a run has trained without a gap below it. */
function highestLevel(run: Run): LevelName {
  const gap = LEVEL_NAMES.findIndex((level) => !run.has(level));
  return LEVEL_NAMES[Math.max(0, (gap < 0 ? LEVEL_NAMES.length : gap) - 1)]!;
}

/** Writes prompt and continuation: as they are into a pipe, made safe and told apart on a terminal. */
export function writeGenerated(io: Io, { prompt, text }: Pick<Generated, 'prompt' | 'text'>): void {
  if (io.stdout.isTTY === true) io.stdout.write(`${colours(io).dim(printable(prompt))}${printable(text)}\n`);
  else {
    io.stdout.write(bytesFromText(prompt + text));
    io.stdout.write('\n');
  }
}

async function generate(options: GenerateCommandOptions, io: Io): Promise<void> {
  const prompt = promptOf(options);
  const run = Run.open(options.run);
  const from = options.from ?? highestLevel(run);
  if (options.trace !== undefined && !existsSync(dirname(resolve(options.trace))))
    throw new RequestError(`--trace ${options.trace}: its folder does not exist; create it first`);
  // Generation from the base alone still reads the prompt's units; levels above `from` would only stay silent.
  const ladder = openUpTo(run, from === 'subword' ? 'word' : from);
  const generator = await Generator.create(ladder);
  let generated: Generated;
  try {
    generated = await generator.generate({
      prompt,
      from,
      skip: options.skip,
      ...(options.seed !== undefined && { seed: options.seed }),
      ...(options.temperature !== undefined && { temperature: options.temperature }),
      ...(options.topP !== undefined && { topP: options.topP }),
      ...(options.maxUnits !== undefined && { maximumUnits: options.maxUnits }),
    });
  } finally {
    await generator.dispose();
  }
  if (options.json === true) writeJson(io, generated);
  else {
    writeGenerated(io, generated);
    io.stderr.write(
      `\n${generated.trace.length} units from ${from}, seed ${generated.seed}: ${ENDINGS[generated.endedBy]}\n`,
    );
  }
  if (options.trace === undefined) return;
  writeJsonFile(options.trace, generated);
  io.stderr.write(`the trace is in ${options.trace}\n`);
}

/** Adds `generate` to the program. */
export function addGenerateCommand(program: Command, io: Io): void {
  program
    .command('generate')
    .description('continue a prompt, from the highest level down')
    .requiredOption('--run <folder>', 'a run made by strata train')
    .option('--prompt <text>', 'what to continue')
    .option('--prompt-file <file>', 'a file that holds the prompt, taken byte for byte')
    .addOption(
      new Option('--from <level>', 'the level that decides first (default: the highest trained)').choices(
        [...LEVEL_NAMES].reverse(),
      ),
    )
    .addOption(
      new Option(
        '--skip <levels...>',
        'levels that do not choose; without the gestalt, its pattern is silent too; without the subword, the base does not pick among words',
      )
        .choices(['gestalt', 'concept', 'subword'])
        .default([], 'none'),
    )
    .option('--seed <n>', 'another seed, another text (default: 1)', wholeFrom(0))
    .option(
      '--temperature <t>',
      '0 takes the most probable, 1 draws from the distribution that is scored, except that a word is spelled only where it is the likeliest choice, and the base picks among the words that the levels above offer (default: 0.7)',
      realFrom(0, 10),
    )
    .option('--top-p <p>', 'consider only what holds this share of the probability (default: 0.9)', realFrom(0.01, 1))
    .option('--max-units <n>', 'write at most this many units, or pieces from subword (default: 80)', wholeFrom(1))
    .option('--trace <file>', 'write every choice with its runners-up to a JSON file')
    .option('--json', 'print one JSON document, the trace in it')
    .addHelpText('after', helpText(AFTER))
    .action((options: GenerateCommandOptions) => generate(options, io));
}
