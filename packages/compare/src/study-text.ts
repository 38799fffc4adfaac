// A study's result for a terminal and for a README: question, prediction, sweeps, the table with its spread, and needs.
import type { Need } from './data-needed.js';
import { flatsOf } from './model-kinds.js';
import { bitsPerByte, bytes, flops, ratio } from './report-figures.js';
import { modelRows } from './report-model-rows.js';
import { aligned } from './report-text-tables.js';
import { judge } from './report-verdict.js';
import { label } from './report-visible.js';
import type { ControlNeed, StudyResult } from './study-result.js';

type Row = readonly string[];

function sweepRows({ stage, key, points, best }: StudyResult['sweeps'][number]): Row[] {
  return [
    [`${key}, ${stage}`, ...points.map(({ value }, at) => `${value}${at === best ? ' *' : ''}`)],
    ['validation', ...points.map(({ validation }) => (validation === null ? 'diverged' : bitsPerByte(validation)))],
  ];
}

/** Says where the best of several numbers is the least or the greatest that was tried, lost ones too: the best may lie beyond it. */
function sweepTitle({ points, best }: StudyResult['sweeps'][number]): string {
  const values = points.map(({ value }) => value);
  const numbers = values.filter((value) => typeof value === 'number');
  const [least, most] = [Math.min(...numbers), Math.max(...numbers)];
  const isEdge = numbers.length === values.length && least < most && [least, most].includes(numbers[best]!);
  return `Sweep, by validation text${isEdge ? '; the best is at the edge of what was tried, and a better one may lie beyond' : ''}`;
}

function scaleRows({ scales }: StudyResult): Row[] {
  const names = [...new Set(scales.flatMap(({ models }) => models.map(({ name }) => name)))];
  const cell = (scale: StudyResult['scales'][number], name: string): string => {
    const model = scale.models.find((found) => found.name === name);
    return model === undefined
      ? ''
      : `${bitsPerByte(model.test)} at ${bytes(model.bytesSeen)}, ${flops(model.trainFlops)}`;
  };
  return [
    ['share of the text', ...names],
    ...scales.map((scale) => [`${scale.scale}`, ...names.map((name) => cell(scale, name))]),
  ];
}

function needText(need: Need): string {
  const bound = { exact: '', atLeast: 'at least ', atMost: 'at most ' }[need.bound];
  return `${bound}${ratio(need.factor)}`;
}

/** Whether a need says anything: a flat model that was trained no longer than the ladder and stayed behind it says nothing. */
function saysSomething({ bytes: text }: ControlNeed): boolean {
  return text.bound !== 'atLeast' || text.factor > 1.05;
}

function needLine({ name, scale, bytes: text, read, flops: compute }: ControlNeed): string {
  const ladder = scale === 1 ? 'the ladder' : `the ladder with ${scale} of its text`;
  return (
    `${label(name, 28)} needs ${needText(text)} the text that the longest stage reads (${needText(read)} what all stages read together) ` +
    `and ${needText(compute)} the training FLOPs to reach ${ladder} on the test text.`
  );
}

/** What held besides the study's file; nothing where that was all. */
function settingsLines({ settings = [] }: StudyResult): string[] {
  return settings.length === 0 ? [] : [`Not as the file has it: ${label(settings.join('; '), 2000)}`];
}

function tables(result: StudyResult): { title: string; rows: Row[] }[] {
  return [
    ...result.sweeps.map((sweep) => ({ title: sweepTitle(sweep), rows: sweepRows(sweep) })),
    {
      title: `Bits per byte, mean of the seeds ${result.study.seeds.join(', ')} (largest minus least)`,
      rows: modelRows(result.report),
    },
    ...(result.scales.length > 1
      ? [{ title: `Shares of the text, seed ${result.study.seeds[0]}`, rows: scaleRows(result) }]
      : []),
  ];
}

/** The result as plain text that ends with a newline. */
export function renderStudyText(result: StudyResult): string {
  const { study, report, needs } = result;
  const verdict = judge(report);
  return `${[
    `Study ${label(study.name, 60)}: ${label(study.question, 2000)}`,
    `Predicted: ${label(study.prediction, 2000)}`,
    ...settingsLines(result),
    ...tables(result).map(({ title, rows }) => `${title}\n${aligned(rows)}`),
    ...(needs.some(saysSomething) ? [needs.filter(saysSomething).map(needLine).join('\n')] : []),
    `${verdict.headline}. ${verdict.sentence}`,
    ...(flatsOf(report).length > 0 && verdict.caveats.length > 0
      ? [verdict.caveats.map((caveat) => `  - ${caveat}`).join('\n')]
      : []),
  ].join('\n\n')}\n`;
}

/** The tables of a result as Markdown that ends with a newline. */
export function renderStudyMarkdown(result: StudyResult): string {
  const escaped = (cell: string): string => cell.replaceAll(/[\\|*_`<>]/gu, '\\$&');
  const table = (rows: readonly Row[]): string =>
    rows
      .flatMap((row, at) => {
        const line = `| ${row.map(escaped).join(' | ')} |`;
        return at === 0 ? [line, `|${row.map((_, column) => (column === 0 ? '---|' : '---:|')).join('')}`] : [line];
      })
      .join('\n');
  return `${[
    ...settingsLines(result).map(escaped),
    ...tables(result).map(({ title, rows }) => `${title}:\n\n${table(rows)}`),
    ...result.needs.filter(saysSomething).map(needLine),
  ].join('\n\n')}\n`;
}
