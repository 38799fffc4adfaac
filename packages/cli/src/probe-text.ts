// What the probes found, as tables for a terminal: a row a figure or a model, and the texts of the echo test in short.
// From: Strata, EVALUATION (more than BPB).
import {
  type BucketsRecord,
  bucketBitsPerByte,
  bucketContributions,
  ECHO_PROMPT,
  type EchoText,
  type ProbeResults,
} from '@strata/compare';
import { oneLine } from './io.js';
import { formatBytes, formatFixed, textTable } from './text-table.js';

/** Characters of a written text that are shown. */
const SHOWN = 150;

const percent = ({ accuracy, margin }: { accuracy: number; margin: number }): string =>
  `${formatFixed(100 * accuracy, 1)} ± ${formatFixed(100 * margin, 1)}`;

/** The tables, each under its heading; lines end with a newline. */
export function probeText({ buckets, typos, hare, echo, pace }: ProbeResults): string {
  return [
    ...(buckets === undefined ? [] : [bucketsText(buckets)]),
    ...(typos === undefined ? [] : [typosText(typos)]),
    ...(hare === undefined ? [] : [hareText(hare)]),
    ...(echo === undefined ? [] : [echoText(echo)]),
    ...(pace === undefined ? [] : [paceText(pace)]),
  ].join('\n');
}

function bucketsText(found: BucketsRecord): string {
  const names = found.models.map(({ model }) => model);
  const [first, ...others] = names;
  const columns = names.map((name) => bucketBitsPerByte(found, name));
  const parts = others.map((other) => bucketContributions(found, first!, other));
  const signed = (value: number): string => (value > 0 ? `+${formatFixed(value, 4)}` : formatFixed(value, 4));
  const table = textTable([
    ['form in training text', 'units', 'bytes', ...names, ...others.map((other) => `${first} - ${other}`)],
    ...found.buckets.map(({ name, units, bytes }, i) => [
      name,
      String(units),
      String(bytes),
      ...columns.map((column) => (column[i] === undefined ? '-' : formatFixed(column[i]!, 3))),
      ...parts.map((part) => signed(part[i]!)),
    ]),
    [
      'all',
      ...(['units', 'bytes'] as const).map((what) =>
        String(found.buckets.reduce((sum, bucket) => sum + bucket[what], 0)),
      ),
      ...found.models.map(({ bits }) => formatFixed(sumOf(bits) / sumOf(found.buckets.map(({ bytes }) => bytes)), 3)),
      ...parts.map((part) => signed(sumOf(part))),
    ],
  ]);
  return `Bits per byte of the test text by how often a form stands in the training text\n${table}\n  Differences are in bits per byte of the whole text, and add up.\n`;
}

const sumOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);

function typosText({ slips, models }: NonNullable<ProbeResults['typos']>): string {
  const paired = models.some(({ pairs }) => pairs !== undefined);
  const table = textTable([
    [
      '',
      'clean',
      'damaged',
      'ratio',
      'bits a slip',
      'on other words',
      ...(paired ? ['pairs, clean %', 'damaged %'] : []),
    ],
    ...models.map(({ model, clean, damaged, perTypo, spread, pairs }) => [
      model,
      formatFixed(clean, 4),
      formatFixed(damaged, 4),
      formatFixed(damaged / clean, 3),
      formatFixed(perTypo, 2),
      formatFixed(spread, 2),
      ...(pairs === undefined ? [] : [percent(pairs.clean), percent(pairs.damaged)]),
    ]),
  ]);
  return `Typos: bits per byte of the test text, and of it with ${slips} words misspelled\n${table}\n`;
}

function hareText({ items, models }: NonNullable<ProbeResults['hare']>): string {
  const table = textTable([
    ['', 'right, %', 'bits saved', 'bits moved', 'moved by none'],
    ...models.map(({ model, right, saved, savedMargin, moved, movedByAny }) => [
      model,
      percent(right),
      `${formatFixed(saved, 3)} ± ${formatFixed(savedMargin, 3)}`,
      formatFixed(moved, 3),
      formatFixed(movedByAny, 3),
    ]),
  ]);
  return `Adjectives: the next content word after the true adjective and after another, at ${items} places\n${table}\n`;
}

function echoText(echo: NonNullable<ProbeResults['echo']>): string {
  const loop = (text: EchoText): string => (text.loopAt === undefined ? 'never' : String(text.loopAt));
  const rows = echo.flatMap(({ model, after }) =>
    after.map(({ copies, probability, greedy, sampled }) => [
      model,
      String(copies),
      probability.toExponential(1),
      ...(greedy === undefined || sampled === undefined
        ? ['', '', '', '']
        : [loop(greedy), formatFixed(greedy.distinctPairs, 2), loop(sampled), formatFixed(sampled.distinctPairs, 2)]),
    ]),
  );
  const table = textTable([
    ['', 'copies', 'p(once more)', 'greedy loops at', 'distinct', 'sampled loops at', 'distinct'],
    ...rows,
  ]);
  const texts = echo.flatMap(({ model, after: [once] }) =>
    (['greedy', 'sampled'] as const).flatMap((which) =>
      once?.[which] === undefined ? [] : [`  ${model}, ${which}: ${oneLine(once[which].text.slice(0, SHOWN))}…`],
    ),
  );
  return `Echo: ${oneLine(ECHO_PROMPT)} fed so many times; loops by the byte where they begin, different word pairs\n${table}\n${texts.join('\n')}\n`;
}

function paceText(pace: NonNullable<ProbeResults['pace']>): string {
  const table = textTable([
    ['', 'bytes a second', 'memory'],
    ...pace.map(({ model, bytesPerSecond, memory }) => [model, formatFixed(bytesPerSecond, 0), formatBytes(memory)]),
  ]);
  return `Writing with caches at every level\n${table}\n`;
}
