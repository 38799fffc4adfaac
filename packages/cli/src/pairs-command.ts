// `strata pairs`: does a model find the grammatical sentence of a pair likelier than the other? All levels beside flat.
// From: Strata, EVALUATION (grammar pairs); suites of the user's own, in the formats of Zorro and BLiMP.
import { basename } from 'node:path';
import { asProse, type PairsScore, parsePairs, scorePairs } from '@strata/compare';
import {
  CONTROL_NAMES,
  isControl,
  ladderTextNats,
  loadPieces,
  pieceTextNats,
  Run,
  type TextsProgress,
  type UpperLevel,
} from '@strata/hierarchy';
import { LEVEL_NAMES } from '@strata/level';
import { readDocument } from '@strata/text';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { helpText } from './help-text.js';
import { type Io, writeJson } from './io.js';
import { wholeFrom } from './numbers.js';
import { openUpTo, requireLevel } from './open-level.js';
import { formatFixed, textTable } from './text-table.js';
import { progressFor } from './training.js';

const MODELS = [...LEVEL_NAMES, ...CONTROL_NAMES] as const;
type ModelName = (typeof MODELS)[number];

const AFTER = `
A file is one paradigm: bad and good sentences in turns, one a line (Zorro), or JSON lines with "sentence_good" and
"sentence_bad" (BLiMP). A model is right where the whole good sentence has the higher probability, each sentence opening a
text of its own; ties count half. Tokenised sentences in small letters are written as prose first, for all models alike;
--as-is leaves them. Without --model, every model that the run has is scored.

Examples:
  strata pairs --run runs/demo zorro/*.txt
  strata pairs --run runs/demo --model word --model flat-params --limit 500 agreement.txt`;

interface PairsFlags {
  readonly run: string;
  readonly model: readonly ModelName[];
  readonly limit?: number;
  readonly asIs?: true;
  readonly json?: true;
}

interface Paradigm {
  readonly name: string;
  /** Good and bad sentences in turns. */
  readonly sentences: readonly string[];
}

function readParadigm(path: string, { limit, asIs }: PairsFlags): Paradigm {
  const pairs = parsePairs(readDocument(path).text, path).slice(0, limit);
  const written = asIs === true ? (sentence: string) => sentence : asProse;
  return { name: basename(path), sentences: pairs.flatMap(({ good, bad }) => [written(good), written(bad)]) };
}

function nats(run: Run, model: ModelName, texts: readonly string[], told: TextsProgress): Promise<Float64Array> {
  if (model !== 'subword' && !isControl(model))
    return ladderTextNats(openUpTo(run, model), model as UpperLevel, texts, told);
  requireLevel(run, model);
  return pieceTextNats(loadPieces(run, model), run.config, texts, told);
}

async function pairs(paths: readonly string[], flags: PairsFlags, io: Io): Promise<void> {
  const run = Run.open(flags.run);
  const models = flags.model.length > 0 ? flags.model : MODELS.filter((model) => run.has(model));
  for (const model of models) requireLevel(run, model);
  const paradigms = paths.map((path) => readParadigm(path, flags));
  const sentences = paradigms.flatMap((paradigm) => paradigm.sentences);
  const scores = new Map<ModelName, { each: PairsScore[]; all: PairsScore }>();
  for (const model of models) {
    const progress = progressFor(io, flags.json === true)(`pairs ${model}`, sentences.length, 'sentences');
    const all = await nats(run, model, sentences, (done) => progress.update(done));
    progress.finish();
    let from = 0;
    const each = paradigms.map(({ sentences: { length } }) => scorePairs(all.subarray(from, (from += length))));
    scores.set(model, { each, all: scorePairs(all) });
  }
  if (flags.json === true) {
    const results = models.map((model) => ({
      model,
      all: scores.get(model)!.all,
      paradigms: paradigms.map(({ name }, i) => ({ name, ...scores.get(model)!.each[i]! })),
    }));
    writeJson(io, { run: flags.run, prose: flags.asIs !== true, results });
    return;
  }
  const cell = ({ accuracy, margin }: PairsScore): string =>
    `${formatFixed(100 * accuracy, 1)} ± ${formatFixed(100 * margin, 1)}`;
  const table = textTable([
    ['% right', 'pairs', ...models],
    ...paradigms.map(({ name, sentences: { length } }, i) => [
      name,
      String(length / 2),
      ...models.map((model) => cell(scores.get(model)!.each[i]!)),
    ]),
    ['all', String(sentences.length / 2), ...models.map((model) => cell(scores.get(model)!.all))],
  ]);
  io.stdout.write(`${table}\n`);
}

function collect(value: string, before: readonly ModelName[]): readonly ModelName[] {
  const model = MODELS.find((name) => name === value);
  if (model === undefined) throw new InvalidArgumentError(`Allowed choices are ${MODELS.join(', ')}.`);
  return [...before, model];
}

/** Adds `strata pairs` to the program. */
export function addPairsCommand(program: Command, io: Io): void {
  program
    .command('pairs')
    .description('grammar by minimal pairs: how often is the good sentence the likelier one?')
    .argument('<files...>', 'pairs, a paradigm a file')
    .requiredOption('--run <folder>', 'a run made by strata train')
    .addOption(
      new Option('--model <name>', `a model to score of ${MODELS.join(', ')} (repeatable)`)
        .argParser(collect)
        .default([] as readonly ModelName[], 'all that are trained'),
    )
    .option('--limit <pairs>', 'at most so many pairs of each file', wholeFrom(1))
    .option('--as-is', 'leave the sentences as they are written')
    .option('--json', 'print one JSON document')
    .addHelpText('after', helpText(AFTER))
    .action((files: string[], flags: PairsFlags) => pairs(files, flags, io));
}
