// `strata onnx`: what an ONNX file of anyone asks for, computes and gives; with --run also once in a process of its own.
// From: Strata; every check is the engine's, and whatever the file says is made safe for a terminal.
import {
  exampleFeeds,
  type ForeignRun,
  type OnnxSummary,
  type OnnxValue,
  readOnnx,
  runForeignOnnx,
} from '@strata/engine';
import { RandomStream } from '@strata/nn';
import type { Command } from 'commander';
import { RequestError } from './expected-errors.js';
import { helpText } from './help-text.js';
import { type Io, oneLine, writeJson } from './io.js';
import { realFrom, wholeFrom } from './numbers.js';
import { formatBytes, formatFixed, textTable } from './text-table.js';

const AFTER = `
The file is checked before anything believes it: lengths, names, the order of nodes, the sizes of tensors; data in other
files is refused. --run runs it once in a process of its own, fed with zeros, or with --seed with numbers drawn from
[-1, 1) (whole numbers: 0 or 1); dimensions that the file leaves open are 1.

Examples:
  strata onnx runs/demo/levels/word/onnx/model.onnx
  strata onnx model.onnx --run --seed 1
  strata onnx model.onnx --run --timeout 300 --memory 16000
  strata onnx model.onnx --json > model.json`;

interface OnnxFlags {
  readonly run?: true;
  readonly seed?: number;
  readonly timeout?: number;
  readonly memory?: number;
  readonly json?: true;
}

/** Rows of a table that a terminal gets; --json has them all. */
const MOST_ROWS = 40;
/** Characters of a text out of the file that a terminal gets. */
const MOST_CHARACTERS = 60;

/** A text out of the file, on one line and no longer than a cell. */
function shown(text: string): string {
  const cut = text.length > MOST_CHARACTERS ? `${text.slice(0, MOST_CHARACTERS)}…` : text;
  return oneLine(cut);
}

function shapeText(shape: OnnxValue['shape']): string {
  if (shape === null) return 'any shape';
  return `[${shown(shape.join(', '))}]`;
}

function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const left = rows.length - MOST_ROWS;
  const lines = textTable([header, ...rows.slice(0, MOST_ROWS)]);
  return left > 0 ? `${lines}\n  … and ${left} more (--json lists all)` : lines;
}

const valueRows = (values: readonly OnnxValue[], note = ''): string[][] =>
  values.map(({ name, elementType, shape }) => [`${shown(name)}${note}`, elementType, shapeText(shape)]);

/** The description for a terminal. */
function describe(path: string, summary: OnnxSummary): string {
  const { producer, opsets, ops, metadata } = summary;
  const made = [producer.name, producer.version].filter((text) => text !== '').map(shown);
  const versions = opsets.map(({ domain, version }) => `${domain === '' ? 'ai.onnx' : shown(domain)} ${version}`);
  const blocks = [
    [
      `  ${oneLine(path)}: ${formatBytes(summary.bytes)}, ${summary.parameters} parameters in ${summary.tensors} tensors, ${summary.nodes} nodes`,
      `  IR version ${summary.irVersion}, opset ${versions.join(', ')}${made.length === 0 ? '' : `, made by ${made.join(' ')}`}`,
      ...(summary.doc === '' ? [] : [`  ${shown(summary.doc)}`]),
    ].join('\n'),
    table(
      ['input', 'type', 'shape'],
      [...valueRows(summary.inputs), ...valueRows(summary.optionalInputs, ' (has a default)')],
    ),
    table(['output', 'type', 'shape'], valueRows(summary.outputs)),
    table(
      ['op', 'nodes'],
      ops.map(({ domain, opType, count }) => [
        domain === '' ? shown(opType) : `${shown(domain)}.${shown(opType)}`,
        String(count),
      ]),
    ),
    ...(metadata.length === 0
      ? []
      : [
          table(
            ['metadata', ''],
            metadata.map(({ key, value }) => [shown(key), shown(value)]),
          ),
        ]),
  ];
  return `${blocks.join('\n\n')}\n`;
}

const milliseconds = (seconds: number): string => `${formatFixed(seconds * 1000, 1)} ms`;

/** What a run gave, for a terminal. */
function describeRun({ outputs, loadSeconds, runSeconds }: ForeignRun, fed: string): string {
  const rows = [...outputs].map(([name, { elementType, shape }]) => [shown(name), elementType, shapeText(shape)]);
  const times = `  fed with ${fed}: loaded in ${milliseconds(loadSeconds)}, ran in ${milliseconds(runSeconds)}`;
  return `\n${table(['gave', 'type', 'shape'], rows)}\n\n${times}\n`;
}

function requireRun({ run, seed, timeout, memory }: OnnxFlags): void {
  if (run === true) return;
  const needless = Object.entries({ seed, timeout, memory }).find(([, value]) => value !== undefined);
  if (needless !== undefined) throw new RequestError(`--${needless[0]} is for running the file; add --run`);
}

async function onnx(path: string, options: OnnxFlags, io: Io): Promise<void> {
  requireRun(options);
  const { run, seed, timeout, memory, json } = options;
  if (run !== true) {
    const summary = readOnnx(path);
    if (json === true) writeJson(io, { path, ...summary });
    else io.stdout.write(describe(path, summary));
    return;
  }
  const random = seed === undefined ? undefined : new RandomStream(seed, 'feeds of an ONNX file');
  const draw = random === undefined ? undefined : () => random.uniform();
  const result = await runForeignOnnx(path, (summary) => exampleFeeds(summary, path, draw), {
    ...(timeout !== undefined && { timeoutSeconds: timeout }),
    ...(memory !== undefined && { memoryMegabytes: memory }),
  });
  if (json !== true) {
    const fed = seed === undefined ? 'zeros' : `numbers drawn from seed ${seed}`;
    io.stdout.write(describe(path, result.summary) + describeRun(result, fed));
    return;
  }
  const { summary, outputs, loadSeconds, runSeconds } = result;
  const given = [...outputs].map(([name, { elementType, shape }]) => ({ name, elementType, shape }));
  writeJson(io, { path, ...summary, run: { seed: seed ?? null, outputs: given, loadSeconds, runSeconds } });
}

/** Adds `onnx` to the program. */
export function addOnnxCommand(program: Command, io: Io): void {
  program
    .command('onnx')
    .description('what an ONNX file holds, whoever made it; with --run what it gives')
    .argument('<file>', 'an ONNX file')
    .option('--run', 'run it once, in a process of its own')
    .option('--seed <n>', 'feed numbers drawn from this seed instead of zeros', wholeFrom(0))
    .option('--timeout <seconds>', 'end the run after so long (default: 60)', realFrom(0.1, 86_400))
    .option('--memory <MB>', 'end the run when its process takes more (default: 4000)', wholeFrom(100))
    .option('--json', 'print one JSON document')
    .addHelpText('after', helpText(AFTER))
    .action((path: string, options: OnnxFlags) => onnx(path, options, io));
}
