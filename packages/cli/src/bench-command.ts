// `strata bench`: how near the engine comes to the machine's limit, part by part, and what keeps it from it.
// From: Strata, ENGINE (the reference GPT and its limit).
import { availableParallelism } from 'node:os';
import { type BenchResult, bench, type Ratio, type Times } from '@strata/bench';
import { type Command, InvalidArgumentError } from 'commander';
import { helpText } from './help-text.js';
import { type Io, writeJson } from './io.js';
import { formatBytes, formatFixed, formatFlops, textTable } from './text-table.js';
import { progressFor } from './training.js';

const AFTER = `
One process measures, in turns: the training step of a GPT of 6 layers, width 256, context 256, batch 8 and vocabulary
4,096; the matrix products of that step alone, which are its limit; the optimiser; generation with caches and its own
products; and one step on TensorFlow.js's WebAssembly backend. Each time is given as least and as median over the rounds: read the
ratios, since other work on the machine changes the times. Leave the machine alone meanwhile.

Examples:
  strata bench
  strata bench --skip-tfjs --rounds 30
  strata bench --json > bench.json`;

interface BenchFlags {
  readonly rounds: number;
  readonly pieces: number;
  readonly threads: number;
  readonly skipTfjs?: true;
  readonly json?: true;
}

/** Aims of the project, on two cores. */
const AIMS = { step: 1.25, optimiser: 0.03, generation: 1.3, peakBytes: 900e6 };

function wholeNumber(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 1) throw new InvalidArgumentError('A whole number from 1 is accepted.');
  return value;
}

const milliseconds = (seconds: number): string => formatFixed(seconds * 1000, seconds < 0.01 ? 2 : 1);
const pair = (ratio: Ratio, digits = 2): [string, string] => [
  formatFixed(ratio.least, digits),
  formatFixed(ratio.median, digits),
];

function timesTable({ step, generation, tfjs }: BenchResult): string {
  const row = (name: string, times: Times, ratio: Ratio, aim = ''): string[] => [
    name,
    milliseconds(times.least),
    milliseconds(times.median),
    ...pair(ratio),
    aim,
  ];
  const against = (times: Times, limit: Times): Ratio => ({
    least: times.least / limit.least,
    median: times.median / limit.median,
  });
  const one = { least: 1, median: 1 };
  return textTable([
    ['', 'least ms', 'median ms', 'ratio', 'of medians', 'aim'],
    ['training step', '', '', '', '', ''],
    row('  its matrix products alone', step.products, one),
    row('  forward and backward', step.forwardBackward, against(step.forwardBackward, step.products)),
    row('  optimiser (norm, clip, AdamW)', step.optimiser, against(step.optimiser, step.products)),
    row('  whole step', step.whole, step.ratio, `<= ${AIMS.step}`),
    ...('skipped' in tfjs
      ? []
      : [
          [
            '  on TensorFlow.js WebAssembly',
            '',
            milliseconds(tfjs.seconds),
            '',
            formatFixed(tfjs.seconds / step.products.median, 0),
            '',
          ],
        ]),
    ['generation, one piece', '', '', '', '', ''],
    row('  its matrix products alone', generation.products, one),
    row('  with caches', generation.piece, generation.ratio, `<= ${AIMS.generation}`),
  ]);
}

function kernelTable({ step }: BenchResult): string {
  const total = step.kernels.reduce((sum, { milliseconds: time }) => sum + time, 0);
  const rows = step.kernels.filter(({ milliseconds: time }) => time / total >= 0.005);
  return textTable([
    ['kernel', 'calls', 'ms a step', 'share'],
    ...rows.map(({ kernel, calls, milliseconds: time }) => [
      kernel,
      String(Math.round(calls)),
      formatFixed(time, 1),
      `${formatFixed((100 * time) / total, 1)}%`,
    ]),
  ]);
}

/** Kernels that are matrix products. */
const PRODUCTS = new Set(['Gemm', 'MatMul', 'FusedMatMul', 'MatMulAddFusion']);

function limits(result: BenchResult): string {
  const { step, generation, tfjs, sizes } = result;
  const rest = step.kernels.filter(({ kernel }) => !PRODUCTS.has(kernel)).slice(0, 3);
  const { width, vocabularySize } = sizes.model;
  const lines = [
    `The products run at ${formatFlops(step.productFlops / step.products.least)}/s (${formatFlops(step.productFlops)} a step); ` +
      'a step cannot be faster than they are; a ratio below 1 is what a measurement of them alone adds, or noise of the machine.',
    `Beside them the step spends most on ${rest.map(({ kernel, milliseconds: time }) => `${kernel} (${formatFixed(time, 1)} ms)`).join(', ')}: passes over activations in memory.`,
    `The optimiser takes ${formatFixed(100 * step.optimiserShare.least, 1)}% of the step (of medians ${formatFixed(100 * step.optimiserShare.median, 1)}%; aim: at most ${100 * AIMS.optimiser}%): it reads and writes 28 bytes a parameter, ` +
      `${formatBytes((28 * result.parameters) / step.optimiser.least)} a second.`,
    `Generation reads every weight once a piece: ${formatBytes((4 * result.parameters) / generation.piece.least)} of weights a second, ` +
      `${Math.round(1 / generation.piece.median)} pieces a second (width ${width}, vocabulary ${vocabularySize}).`,
    `Memory while only the step ran: ${formatBytes(step.peakBytes)} at most (aim: ${formatBytes(AIMS.peakBytes)}); ` +
      `${Math.round(step.piecesPerSecond)} pieces a second.`,
  ];
  if ('skipped' in tfjs) lines.push(`TensorFlow.js WebAssembly was skipped: ${tfjs.skipped}.`);
  else
    lines.push(`TensorFlow.js WebAssembly takes ${formatFixed(tfjs.timesSlower, 0)} times as long for the same step.`);
  return lines.map((line) => `  ${line}`).join('\n');
}

/** The report for a terminal. */
export function benchText(result: BenchResult): string {
  const { machine, parameters } = result;
  return [
    `  ${machine.processor}, ${machine.cores} cores, ${machine.threads} threads; Node.js ${machine.node}; ${parameters} parameters`,
    '',
    timesTable(result),
    '',
    kernelTable(result),
    '',
    limits(result),
    '',
  ].join('\n');
}

async function run(options: BenchFlags, io: Io): Promise<void> {
  const progress = progressFor(io, options.json === true)('bench', 100, '%');
  const result = await bench({
    threads: options.threads,
    rounds: options.rounds,
    pieces: options.pieces,
    skipTfjs: options.skipTfjs === true,
    onProgress: (what, share) => progress.update(Math.round(100 * share), { now: what }),
  });
  progress.finish();
  if (options.json === true) writeJson(io, result);
  else io.stdout.write(benchText(result));
}

/** Adds `bench` to the program. */
export function addBenchCommand(program: Command, io: Io): void {
  program
    .command('bench')
    .description('how near training and generation come to the limit of this machine')
    .option('--rounds <n>', 'rounds in which every part is timed once', wholeNumber, 15)
    .option('--pieces <n>', 'pieces to generate', wholeNumber, 200)
    .option('--threads <n>', 'threads of the engine', wholeNumber, availableParallelism())
    .option('--skip-tfjs', 'leave out the step on TensorFlow.js WebAssembly, which takes the longest')
    .option('--json', 'print one JSON document')
    .addHelpText('after', helpText(AFTER))
    .action((options: BenchFlags) => run(options, io));
}
