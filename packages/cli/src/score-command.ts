// `strata score`: bits per byte of any text file under any model of a run, with the parts that add up to it.
// From: Strata, EVALUATION (bits per byte, the ledger).
import {
  CONTROL_NAMES,
  isControl,
  LadderScorer,
  type Ledger,
  ledgerOf,
  loadPieces,
  pieceScorer,
  Run,
  type ScoreProgress,
  type UpperLevel,
} from '@strata/hierarchy';
import { type Document, readDocument } from '@strata/text';
import { type Command, Option } from 'commander';
import { RequestError } from './expected-errors.js';
import { helpText } from './help-text.js';
import { type Io, printable, writeJson } from './io.js';
import { openUpTo, requireLevel } from './open-level.js';
import { formatFixed, textTable } from './text-table.js';
import { progressFor } from './training.js';

const MODELS = ['strata', ...CONTROL_NAMES, 'gestalt', 'concept', 'word', 'subword'] as const;
type ModelName = (typeof MODELS)[number];

const AFTER = `
Models: strata is the whole ladder as far as it is trained; gestalt, concept and word are the ladder up to that level;
subword is the base alone; flat-params, flat-flops and flat-bytes are the baselines of as many parameters, or of as many
training FLOPs on as much text as the longest stage has read, or all stages together; spacebyte and blocks are hierarchies without named units. Each file is scored on its own from its first byte, as it is, in one pass.

Examples:
  strata score --run runs/demo story.txt
  strata score --run runs/demo --model flat-params --json story.txt letter.txt`;

/** Something that scores one text after the other. */
interface Scorer {
  score(texts: readonly string[], onProgress: ScoreProgress): Promise<Ledger>;
  dispose(): Promise<void>;
}

async function ladderScorer(run: Run, top: UpperLevel): Promise<Scorer> {
  const scorer = await LadderScorer.create(openUpTo(run, top), top);
  return {
    score: (texts, onProgress) => scorer.score(texts, {}, onProgress),
    dispose: () => scorer.dispose(),
  };
}

/** Opens a model of a run for scoring. Throws RequestError where the run has no such level. */
async function openScorer(run: Run, model: ModelName): Promise<Scorer> {
  if (model === 'strata') {
    requireLevel(run, 'word');
    const top = (['gestalt', 'concept', 'word'] as const).find((level) => run.has(level))!;
    return ladderScorer(run, top);
  }
  if (model !== 'subword' && !isControl(model)) return ladderScorer(run, model);
  requireLevel(run, model);
  return pieceScorer(loadPieces(run, model), run);
}

/** Ledgers of several texts as one: bits are added up, then divided by all bytes. */
export function joinLedgers(ledgers: readonly Ledger[]): Ledger {
  const nats: Record<string, number> = {};
  let bytes = 0;
  for (const ledger of ledgers) {
    bytes += ledger.bytes;
    for (const [part, bits] of Object.entries(ledger.parts))
      nats[part] = (nats[part] ?? 0) + bits * ledger.bytes * Math.LN2;
  }
  return ledgerOf(nats, bytes, ledgers[0]!.window);
}

/** Reads files that hold text. Throws CorpusFileError for a missing one, RequestError for an empty one. */
function readTexts(paths: readonly string[]): Document[] {
  return paths.map((path) => {
    const document = readDocument(path);
    if (document.bytes === 0) throw new RequestError(`${path} is empty; bits per byte need at least one byte`);
    return document;
  });
}

function ledgerTable(rows: readonly { readonly name: string; readonly ledger: Ledger }[]): string {
  const parts = Object.keys(rows[0]!.ledger.parts);
  return textTable([
    ['bits per byte', ...parts, 'total', 'bytes'],
    ...rows.map(({ name, ledger }) => [
      printable(name),
      ...parts.map((part) => formatFixed(ledger.parts[part]!, 4)),
      formatFixed(ledger.total, 4),
      String(ledger.bytes),
    ]),
  ]);
}

async function score(
  paths: readonly string[],
  options: { run: string; model: ModelName; json?: true },
  io: Io,
): Promise<void> {
  const documents = readTexts(paths);
  const run = Run.open(options.run);
  const scorer = await openScorer(run, options.model);
  const bytes = documents.reduce((sum, document) => sum + document.bytes, 0);
  const progress = progressFor(io, options.json === true)(`score ${options.model}`, bytes, 'bytes');
  const ledgers: Ledger[] = [];
  try {
    for (const document of documents) {
      const before = ledgers.reduce((sum, ledger) => sum + ledger.bytes, 0);
      ledgers.push(await scorer.score([document.text], (done) => progress.update(before + done)));
    }
    progress.finish();
  } finally {
    await scorer.dispose();
  }
  const total = joinLedgers(ledgers);
  const files = paths.map((path, i) => ({ path, ledger: ledgers[i]! }));
  if (options.json === true) {
    writeJson(io, { run: options.run, model: options.model, files, total });
    return;
  }
  const rows = files.map(({ path, ledger }) => ({ name: path, ledger }));
  const all = files.length > 1 ? [...rows, { name: 'all', ledger: total }] : rows;
  const { unit, length, stride } = total.window;
  io.stdout.write(`${ledgerTable(all)}\n  ${options.model}, windows of ${length} ${unit}s moved on by ${stride}\n`);
}

/** Adds `score` to the program. */
export function addScoreCommand(program: Command, io: Io): void {
  program
    .command('score')
    .description('bits per byte of text files, with the ledger')
    .argument('<files...>', 'text files')
    .requiredOption('--run <folder>', 'a run made by strata train')
    .addOption(new Option('--model <name>', 'the model that scores').choices(MODELS).default('strata'))
    .option('--json', 'print one JSON document')
    .addHelpText('after', helpText(AFTER))
    .action((paths: string[], options: { run: string; model: ModelName; json?: true }) => score(paths, options, io));
}
