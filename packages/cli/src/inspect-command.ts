// `strata inspect`: a local page with the concepts of a run and traces of generation, until Ctrl-C.
// From: Strata, DESIGN (inspect: the web page and its local server).
import { spawn } from 'node:child_process';
import { openLadder, Run } from '@strata/hierarchy';
import { startInspection } from '@strata/inspect';
import type { Command } from 'commander';
import { helpText } from './help-text.js';
import { listenForInterrupt } from './interruption.js';
import { type Io, printable, writeJson } from './io.js';
import { wholeFrom } from './numbers.js';
import { requireLevel } from './open-level.js';
import { loadRunCorpus } from './run-corpus.js';
import { quotedArgument } from './train-command-line.js';
import { shownPath } from './training.js';

const AFTER = `
The page is served to this machine's own browser alone; the address holds a token, so give it to nobody.
The map is laid out once and kept in the run's folder (concept-map.json). Edits go to concept-edits.json.

Examples:
  strata inspect --run runs/demo
  strata inspect --run runs/demo --port 8123 --no-open`;

/** Options of `strata inspect` as commander gives them. */
interface InspectCommandOptions {
  readonly run: string;
  readonly port?: number;
  readonly open: boolean;
  readonly json?: true;
}

/** The program that opens an address on this system, with its arguments before it. */
const OPENERS: Readonly<Record<string, readonly string[]>> = {
  darwin: ['open'],
  win32: ['rundll32', 'url.dll,FileProtocolHandler'],
};

/** Shows an address in the person's browser; where that cannot be done, the printed address has to do. */
function openBrowser(url: string): void {
  const [program, ...before] = OPENERS[process.platform] ?? ['xdg-open'];
  const child = spawn(program!, [...before, url], { stdio: 'ignore', detached: true });
  child.on('error', () => {});
  child.unref();
}

async function inspect(options: InspectCommandOptions, io: Io): Promise<void> {
  const run = Run.open(options.run);
  for (const level of ['subword', 'word', 'concept'] as const) requireLevel(run, level);
  const interruption = listenForInterrupt(io, () => io.stderr.write('\nending\n'));
  const stopped = new Promise<void>((resolve) => interruption.signal.addEventListener('abort', () => resolve()));
  const distil = `strata concepts distil --run ${quotedArgument(shownPath(run.folder))} --name NAME`;
  const inspection = await startInspection(
    {
      run,
      ladder: openLadder(run),
      corpus: () => loadRunCorpus(run.config),
      distil,
      note: (message) => io.stderr.write(`${printable(message)}\n`),
    },
    options.port === undefined ? {} : { port: options.port },
  );
  try {
    if (options.json === true) writeJson(io, { url: inspection.url });
    else io.stdout.write(`${inspection.url}\n`);
    io.stderr.write('Ctrl-C ends it\n');
    if (options.open && options.json !== true && io.stdout.isTTY === true) openBrowser(inspection.url);
    await stopped;
  } finally {
    await inspection.close();
    interruption.release();
  }
}

/** Adds `inspect` to the program. */
export function addInspectCommand(program: Command, io: Io): void {
  program
    .command('inspect')
    .description('look at concepts and traces of generation in a local page')
    .requiredOption('--run <folder>', 'a run made by strata train')
    .option('--port <n>', 'a port of this machine (default: a free one)', wholeFrom(1))
    .option('--no-open', 'only print the address')
    .option('--json', 'print { "url": ... } and open nothing')
    .addHelpText('after', helpText(AFTER))
    .action((options: InspectCommandOptions) => inspect(options, io));
}
