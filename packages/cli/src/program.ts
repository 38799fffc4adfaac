// The `strata` command: its sub-commands, and what an error turns into.
// From: Strata; each sub-command is one file, and does what a user of the packages could do in the same few calls.
import { readFileSync } from 'node:fs';
import { Command, CommanderError } from 'commander';
import { EXIT, explain } from './expected-errors.js';
import { HELP_COLUMNS, helpText } from './help-text.js';
import { type Io, printable } from './io.js';

type AddCommand = (program: Command, io: Io) => void;

/** The file of each sub-command, in the order of the help; only the one that is called is loaded, since all of them take a second. */
const COMMANDS: Readonly<Record<string, () => Promise<AddCommand>>> = {
  train: async () => (await import('./train-command.js')).addTrainCommand,
  generate: async () => (await import('./generate-command.js')).addGenerateCommand,
  inspect: async () => (await import('./inspect-command.js')).addInspectCommand,
  concepts: async () => (await import('./concepts-command.js')).addConceptsCommand,
  score: async () => (await import('./score-command.js')).addScoreCommand,
  pairs: async () => (await import('./pairs-command.js')).addPairsCommand,
  misspellings: async () => (await import('./misspellings-command.js')).addMisspellingsCommand,
  probe: async () => (await import('./probe-command.js')).addProbeCommand,
  compare: async () => (await import('./compare-command.js')).addCompareCommand,
  study: async () => (await import('./study-command.js')).addStudyCommand,
  record: async () => (await import('./record-command.js')).addRecordCommand,
  demo: async () => (await import('./demo-command.js')).addDemoCommand,
  bench: async () => (await import('./bench-command.js')).addBenchCommand,
  onnx: async () => (await import('./onnx-command.js')).addOnnxCommand,
  words: async () => (await import('./words-command.js')).addWordsCommand,
};

const AFTER = `
Results go to standard output, progress to standard error. With --json, standard output is one JSON document.
Exit codes: 0 done; 1 a bug in Strata; 2 something for you to mend, said in one message; 130 stopped by Ctrl-C.

Examples:
  strata demo                                                  all of it, on children's books, in minutes
  strata train all --config configs/small.yaml --dry-run       what a training would cost
  strata train all --config configs/small.yaml                 the whole ladder and its flat baseline
  strata generate --run runs/small --prompt "The old man" --from concept
  strata concepts list --run runs/small
  strata inspect --run runs/small                              the map of concepts and traces of generation, in a local page
  strata score --run runs/small FILE
  strata pairs --run runs/small FILE                           grammar by minimal pairs, ladder beside flat
  strata misspellings --run runs/small FILE                    are misspelled words recognised, alone and in context?
  strata probe --run runs/small                                rare words, typos, adjectives, echoes, pace
  strata compare --run runs/small
  strata study studies/demo.yaml                               several seeds, controls and settings as one table
  strata record --study FILE --run runs/small --slug NAME      the experiment as a folder that another can repeat
  strata bench
  strata onnx FILE                                             what any ONNX file asks for and gives
  strata words show FILE                                       any text as lemmas, features, casing and gaps`;

function version(): string {
  const manifest: unknown = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  return (manifest as { version: string }).version;
}

async function createProgram(io: Io, name: string | undefined): Promise<Command> {
  const program = new Command('strata')
    .description('Language models that think above the token: subword, word, concept, gestalt.')
    .version(version())
    .addHelpText('after', helpText(AFTER))
    .showHelpAfterError('(--help shows what is accepted, with examples)')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => io.stdout.write(text),
      writeErr: (text) => io.stderr.write(text),
      getOutHelpWidth: () => io.stdout.columns ?? HELP_COLUMNS,
      getErrHelpWidth: () => io.stderr.columns ?? HELP_COLUMNS,
    });
  // What is no command's name (--help, a slip) is answered by all of them.
  const called = Object.hasOwn(COMMANDS, name ?? '') ? [COMMANDS[name!]!] : Object.values(COMMANDS);
  for (const load of called) (await load())(program, io);
  return program;
}

/** Runs `strata` with the arguments that follow its name; returns the exit code and never throws. */
export async function main(argv: readonly string[], io: Io): Promise<number> {
  try {
    const program = await createProgram(io, argv[0]);
    await program.parseAsync([...argv], { from: 'user' });
    return EXIT.done;
  } catch (error) {
    // Commander has said what is wrong by now; --help and --version arrive here too, with 0.
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.request;
    const { code, message } = explain(error);
    io.stderr.write(`strata: ${printable(message)}\n`);
    return code;
  }
}
