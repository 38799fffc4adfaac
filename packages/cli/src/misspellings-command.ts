// `strata misspellings`: does a misspelled word arrive near the word that was meant, by its letters and in its context?
// From: Strata, EVALUATION (robustness to typos); lists of the user's own, in the format of Norvig's.
import {
  type MisspellingsReport,
  measureMisspellings,
  parseMisspellings,
  type RecognitionScore,
} from '@strata/compare';
import { Run } from '@strata/hierarchy';
import { type Corpus, readDocument, textStart } from '@strata/text';
import type { Command } from 'commander';
import { helpText } from './help-text.js';
import { type Io, writeJson } from './io.js';
import { wholeFrom } from './numbers.js';
import { openUpTo } from './open-level.js';
import { loadRunCorpus } from './run-corpus.js';
import { formatFixed, textTable } from './text-table.js';

const AFTER = `
A file has lines of "right: wrong, wrong". Of all pairs whose right word has a name in the run's vocabulary and whose wrong one
has none, a sample is drawn. A word is recognised where its lemma is the first, or among the first ten, of all lemmas that
the pattern of its letters comes near; in the held-out text of the run's corpus also by the context before it.

Examples:
  strata misspellings --run runs/small spell-errors.txt
  strata misspellings --run runs/small --limit 5000 --seed 2 --json spell-errors.txt`;

/** Characters of held-out text in which the right words are looked for. */
const CONTEXT_CHARACTERS = 1 << 20;

interface MisspellingsFlags {
  readonly run: string;
  readonly limit: number;
  readonly seed: number;
  readonly json?: true;
}

function heldOutText({ validation, test }: Corpus): string {
  let text = '';
  for (const document of [...validation, ...test])
    text += textStart(document.chunks(), CONTEXT_CHARACTERS - text.length);
  return text;
}

async function misspellings(path: string, flags: MisspellingsFlags, io: Io): Promise<void> {
  const pairs = parseMisspellings(readDocument(path).text, path);
  const run = Run.open(flags.run);
  const ladder = openUpTo(run, 'word');
  const heldOut = heldOutText(loadRunCorpus(run.config));
  const report = await measureMisspellings(ladder, pairs, heldOut, { ...flags, source: path });
  if (flags.json === true) writeJson(io, { run: flags.run, file: path, seed: flags.seed, ...report });
  else io.stdout.write(tableOf(report));
}

function tableOf({ eligible, letters, bySlips, inText }: MisspellingsReport): string {
  const row = (name: string, { words, first, firstTen }: RecognitionScore): string[] => [
    name,
    String(words),
    // Of no words there is no share.
    ...[first, firstTen].map((share) => (words === 0 ? '·' : formatFixed(100 * share, 1))),
  ];
  const table = textTable([
    ['the right lemma, %', 'words', 'is first', 'in first ten'],
    row('by letters alone', letters),
    row('  one slip', bySlips[1]),
    row('  two slips', bySlips[2]),
    row('  three and more', bySlips['3+']),
    row('in text, by letters', inText.letters),
    row('in text, by context', inText.context),
    row('in text, by both', inText.both),
  ]);
  return `${table}\n\n  Of ${eligible} pairs whose right word has a name and whose wrong one has none.\n`;
}

/** Adds `strata misspellings` to the program. */
export function addMisspellingsCommand(program: Command, io: Io): void {
  program
    .command('misspellings')
    .description('are misspelled words recognised, by their letters and in their context?')
    .argument('<file>', 'misspellings, "right: wrong, wrong" a line')
    .requiredOption('--run <folder>', 'a run made by strata train')
    .option('--limit <pairs>', 'at most so many', wholeFrom(1), 1000)
    .option('--seed <number>', 'which of them', wholeFrom(0), 1)
    .option('--json', 'print one JSON document')
    .addHelpText('after', helpText(AFTER))
    .action((file: string, flags: MisspellingsFlags) => misspellings(file, flags, io));
}
