// `strata words check`: what reading and inflecting are worth against gold that a person brings.
// From: Strata, EVALUATION; figures in a table, misses by class below, the commonest first.
import { readFileBytes } from '@strata/store';
import { textFromBytes } from '@strata/text';
import { checkGold, GoldFormatError, type GoldReport, type Language, MEASURES, type Measure } from '@strata/word';
import { type Io, oneLine, writeJson } from './io.js';
import { formatFixed, textTable } from './text-table.js';

const MAXIMUM_GOLD_BYTES = 256 * 1024 * 1024;
/** Misses of a class that a terminal gets; --json has them all. */
const MOST_MISSES = 12;

const percent = (share: number): string => `${formatFixed(100 * share, 2)}%`;
const shareOf = ({ words, right }: Measure): string => (words === 0 ? '-' : percent(right / words));

/** The measures of a report with their names, in order. */
function measuresOf(report: GoldReport): [string, Measure][] {
  if (report.format === 'CoNLL-U') return MEASURES.map((name) => [name, report.measures[name]]);
  const { first, any, lemma } = report;
  return [
    ['first choice', first],
    ['any choice', any],
    ...(lemma === undefined ? [] : [['lemma', lemma] as [string, Measure]]),
  ];
}

function headline(path: string, report: GoldReport): string {
  if (report.format !== 'CoNLL-U') {
    return `  ${oneLine(path)}: ${report.format}, ${report.forms} forms, ${report.leftOut} left out`;
  }
  const { precision, recall, f1 } = report.sentences;
  return (
    `  ${oneLine(path)}: ${report.format}, ${report.words} words, ${report.aligned} cut alike\n` +
    `  sentences: F1 ${percent(f1)}, precision ${percent(precision)}, recall ${percent(recall)}`
  );
}

function slotRows(report: GoldReport): string[] {
  if (report.format === 'CoNLL-U') return [];
  const rows = Object.entries(report.slots).map(([slot, { forms, first, any }]) => [
    slot,
    String(forms),
    percent(first / forms),
    percent(any / forms),
  ]);
  return [textTable([['slot', 'forms', 'first choice', 'any choice'], ...rows])];
}

function missLines(name: string, { misses }: Measure): string[] {
  if (misses.length === 0) return [];
  const lines = misses
    .slice(0, MOST_MISSES)
    .map(({ form, expected, found, count }) => [
      oneLine(form),
      oneLine(expected),
      oneLine(found) || 'nothing',
      String(count),
    ]);
  const left = misses.length - lines.length;
  const more = left > 0 ? `\n  … and ${left} more (--json lists all)` : '';
  return [`${textTable([[`missed: ${name}`, 'expected', 'found', 'times'], ...lines])}${more}`];
}

/** Checks a language against a file of gold and prints the table, or all of it with --json. */
export function checkWords(path: string, language: Language, json: boolean, io: Io): void {
  const report = checkedGold(path, language);
  if (json) {
    writeJson(io, { path, language: language.name, ...report });
    return;
  }
  const measures = measuresOf(report);
  const blocks = [
    headline(path, report),
    textTable([
      ['measure', 'asked', 'right', 'share'],
      ...measures.map(([name, measure]) => [name, String(measure.words), String(measure.right), shareOf(measure)]),
    ]),
    ...slotRows(report),
    ...measures.flatMap(([name, measure]) => missLines(name, measure)),
  ];
  io.stdout.write(`${blocks.join('\n\n')}\n`);
}

function checkedGold(path: string, language: Language): GoldReport {
  const source = textFromBytes(readFileBytes(path, MAXIMUM_GOLD_BYTES));
  try {
    return checkGold(source, language);
  } catch (error) {
    if (error instanceof GoldFormatError) throw new GoldFormatError(`${path}: ${error.message}`);
    throw error;
  }
}
