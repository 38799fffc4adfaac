// The report for a terminal: the same figures as the page, in the same order, in plain text of at most 100 columns.
// Nothing from data can reach the terminal as a control sequence: all of it passes through `visible`.
import { renderLadderText } from './ladder-text.js';
import { bitsPerByte, bytes, change, count, exactly, figure, flops, percent } from './report-figures.js';
import { describeContext, ledgerModels, ledgerParts } from './report-ledger-section.js';
import { levelOrder } from './report-palette.js';
import type { Report } from './report-schema.js';
import { compareModels, flatsOf, judge } from './report-verdict.js';
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

/** Pads the columns of a table: the first to the left, the others to the right, two spaces between. */
function aligned(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  return rows
    .map((row) => row.map((cell, at) => (at === 0 ? cell.padEnd(widths[at]!) : cell.padStart(widths[at]!))).join('  '))
    .map((line) => `  ${line}`.trimEnd())
    .join('\n');
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

function ledgerTable(report: Report): string {
  const models = ledgerModels(report);
  if (models.length === 0) return '';
  const columns = (['validation', 'test'] as const).flatMap((split) => models.map((model) => ({ split, model })));
  const cells = (name: string) =>
    columns.map(({ split, model }) => {
      const { parts } = model.bitsPerByte[split];
      return Object.hasOwn(parts, name) ? bitsPerByte(parts[name]!) : '·';
    });
  const rule = ['', ...columns.map(() => '─────')];
  const rows = [
    ['', ...columns.map(({ split }) => split)],
    ['', ...columns.map(({ model }) => label(model.name, 12))],
    ...ledgerParts(models).map(({ name }) => [label(name, 24), ...cells(name)]),
    rule,
    ['total', ...columns.map(({ split, model }) => bitsPerByte(model.bitsPerByte[split].total))],
    ['bytes scored', ...columns.map(({ split, model }) => exactly(model.bitsPerByte[split].bytes))],
  ];
  const contexts = models.map(
    (model) => `  ${label(model.name, 20)}: window of ${describeContext(model.bitsPerByte.test.context)}`,
  );
  return [aligned(rows), '', ...contexts].join('\n');
}

function modelTable(report: Report): string {
  if (report.models.length === 0) return '';
  const flat = flatsOf(report)[0];
  const rows = report.models.map((model) => [
    label(model.name, 28),
    count(model.parameters),
    flops(model.trainFlops),
    bytes(model.bytesSeen),
    String(model.seeds?.length ?? 1),
    bitsPerByte(model.bitsPerByte.validation.total),
    bitsPerByte(model.bitsPerByte.test.total),
    flat && model !== flat ? change(compareModels(model, flat, 'test').gap) : '·',
  ]);
  return aligned([['', 'parameters', 'training', 'text seen', 'seeds', 'validation', 'test', 'against flat'], ...rows]);
}

function channelLines(report: Report): string {
  const most = Math.max(1e-9, ...report.channels.map((channel) => Math.abs(channel.shuffled)));
  const rows = report.channels.map((channel) => {
    const { size, used, perplexity } = channel.vocabulary;
    const bar = (channel.shuffled < 0 ? '░' : '█').repeat(Math.round((14 * Math.abs(channel.shuffled)) / most));
    return [
      `${label(channel.level, 16)} → ${label(channel.to, 16)}`,
      channel.verdict,
      change(channel.zeroed),
      change(channel.shuffled),
      bar.padEnd(14),
      size > 0 ? `${exactly(used)} of ${exactly(size)} (${percent(used / size)})` : 'continuous',
      size > 0 ? figure(perplexity) : '·',
    ];
  });
  return rows.length === 0 ? '' : aligned([['', '', 'zeroed', 'shuffled', '', 'units used', 'perplexity'], ...rows]);
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
