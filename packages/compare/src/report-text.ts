// The report for a terminal: the same figures as the page, in the same order, in plain text of at most 100 columns.
// Nothing from data can reach the terminal as a control sequence: all of it passes through `visible`.
import { renderLadderText } from './ladder-text.js';
import { bytes, change, exactly, figure, percent } from './report-figures.js';
import { levelOrder } from './report-palette.js';
import type { Report } from './report-schema.js';
import { aligned, bucketTable, ledgerTable, modelTable } from './report-text-tables.js';
import { judge } from './report-verdict.js';
import { clip, label, visible } from './report-visible.js';

const COLUMNS = 96;
const MOST_SAMPLE_CHARACTERS = 1200;
const MOST_CLUSTERS = 16;

/** Renders a report as plain text that ends with a newline. */
export function renderReportText(report: Report): string {
  const verdict = judge(report);
  const blocks = [
    [`Strata report · ${label(report.run, 60)}`, '', `${verdict.headline}.`, ...wrap(verdict.sentence, '')].join('\n'),
    verdict.caveats.flatMap((caveat) => wrap(caveat, '  - ')).join('\n'),
    titled('The ladder', renderLadderText(report)),
    titled('Bits per byte', ledgerTable(report)),
    titled('Models', modelTable(report)),
    titled('Rare words and frequent ones', bucketTable(report)),
    titled('Channels', channelLines(report)),
    titled('Samples', sampleLines(report)),
    titled('Concepts', conceptLines(report)),
    titled('Further measurements', measureLines(report)),
    titled('Notes', report.notes.flatMap((note) => wrap(label(note, 600), '  - ')).join('\n')),
    titled('Where it comes from', provenanceLines(report)),
  ];
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`;
}

function titled(title: string, body: string): string {
  return body === '' ? '' : `${title}\n${'─'.repeat(title.length)}\n${body}`;
}

function wrap(text: string, indent: string): string[] {
  const hanging = ' '.repeat(indent.length);
  const lines: string[] = [];
  let line = indent;
  for (const word of text.split(/\s+/).filter((part) => part !== '')) {
    if (line.trim() !== '' && line !== indent && line.length + 1 + word.length > COLUMNS) {
      lines.push(line);
      line = hanging;
    }
    line += line === indent || line === hanging ? word : ` ${word}`;
  }
  return [...lines, line];
}

function channelLines(report: Report): string {
  const most = Math.max(1e-9, ...report.channels.map((channel) => Math.abs(channel.shuffled)));
  const rows = report.channels.flatMap((channel) => {
    const { size, used, perplexity } = channel.vocabulary;
    const bar = (channel.shuffled < 0 ? '░' : '█').repeat(Math.round((7 * Math.abs(channel.shuffled)) / most));
    const onValidation = [
      `${label(channel.level, 16)} → ${label(channel.to, 16)}`,
      channel.verdict,
      change(channel.zeroed),
      change(channel.shuffled),
      channel.oracle === undefined ? '·' : change(channel.oracle),
      bar.padEnd(7),
      size > 0 ? `${exactly(used)} of ${exactly(size)} (${percent(used / size)})` : 'continuous',
      size > 0 ? figure(perplexity) : '·',
    ];
    if (channel.test === undefined) return [onValidation];
    const { zeroed, shuffled } = channel.test;
    return [onValidation, ['  on the test text', '', change(zeroed), change(shuffled)]];
  });
  return rows.length === 0
    ? ''
    : aligned([['', '', 'zeroed', 'shuffled', 'oracle', '', 'units used', 'perplexity'], ...rows]);
}

function sampleLines(report: Report): string {
  const samples = report.samples.toSorted((a, b) => levelOrder(b.from) - levelOrder(a.from));
  return samples
    .map((sample) => {
      const text = visible(clip(sample.text, MOST_SAMPLE_CHARACTERS));
      // Brackets mark what was given, since a terminal without colour has no other voice.
      const paragraphs = `[${visible(clip(sample.prompt, MOST_SAMPLE_CHARACTERS))}]${text}`.split(/\n+/);
      const body = paragraphs
        .filter((paragraph) => paragraph.trim() !== '')
        .flatMap((paragraph) => wrap(paragraph, '    '));
      return [`  from ${label(sample.from, 24)}, seed ${sample.seed}`, ...body].join('\n');
    })
    .join('\n\n');
}

function conceptLines(report: Report): string {
  const { best, clustered, count: concepts } = report.concepts;
  if (concepts === 0) return '';
  const lines = best.slice(0, MOST_CLUSTERS).flatMap((cluster) => {
    const members = cluster.members.slice(0, 10).map((member) => label(member.lemma, 28));
    return wrap(`${members.join(', ')} (${label(cluster.pos, 12)}, ${figure(cluster.score)})`, '  · ');
  });
  return [`  ${exactly(concepts)} concepts, ${exactly(clustered)} of them holding more than one word.`, ...lines].join(
    '\n',
  );
}

function measureLines(report: Report): string {
  return (report.measures ?? [])
    .flatMap((measure) => {
      const values = measure.values.map((entry) => `${label(entry.model, 24)} ${figure(entry.value)}`).join(', ');
      return wrap(
        `${label(measure.name, 60)} (${label(measure.unit, 40)}, ${measure.better} is better): ${values}`,
        '  · ',
      );
    })
    .join('\n');
}

function provenanceLines(report: Report): string {
  const { corpus, createdFrom } = report;
  return [
    `  corpus   ${label(corpus.name)}, ${label(corpus.licence)}, ${bytes(corpus.trainBytes)} for training`,
    `  hash     ${label(corpus.hash)}`,
    `  config   ${label(createdFrom.configHash)}`,
    `  commit   ${createdFrom.commit === undefined ? 'not recorded' : label(createdFrom.commit)}`,
    `  seed     ${createdFrom.seed}`,
  ].join('\n');
}
