// A report as Markdown for a README: the verdict, every model with what it cost and reached, and the ledger.
// GitHub Flavored Markdown tables (section 4.10); names from data are escaped so that they stay names.
import { comparedModels } from './model-kinds.js';
import { bitsPerByte, exactly } from './report-figures.js';
import { describeContext, type LedgerColumn, ledgerParts, ledgerTables } from './report-ledger-section.js';
import { modelRows, seedsSaid } from './report-model-rows.js';
import type { Report } from './report-schema.js';
import { judge } from './report-verdict.js';
import { label } from './report-visible.js';

const MOST_COLUMNS = 8;

/** Renders the verdict, all models, and the ledger of the ladder and its controls as Markdown that ends with a newline. */
export function renderLedgerMarkdown(report: Report): string {
  const verdict = judge(report);
  const claim = `**${verdict.headline}.** ${escapeMarkdown(verdict.sentence)}`;
  const caveats = verdict.caveats.map((caveat) => `- ${escapeMarkdown(caveat)}`);
  const blocks = [claim, caveats.join('\n'), modelsTable(report), ...ledgerBlocks(report)];
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`;
}

/** Parameters, training FLOPs, text, bits per byte of every model, and the ladder over it; the ladder's row in bold. */
function modelsTable(report: Report): string {
  if (report.models.length === 0) return '';
  const [heading, ...rows] = modelRows(report);
  const said = seedsSaid(report.models);
  return [
    row(heading!),
    row(heading!.map((_, at) => (at === 0 ? '---' : '---:'))),
    ...rows.map((cells) => {
      const escaped = cells.map(escapeMarkdown);
      return row(cells[0] === 'strata' ? escaped.map((cell) => (cell === '' ? cell : `**${cell}**`)) : escaped);
    }),
    ...(said === undefined ? [] : ['', said]),
  ].join('\n');
}

function ledgerBlocks(report: Report): string[] {
  const models = comparedModels(report);
  if (models.length === 0) return [];
  const parts = ledgerParts(models);
  const table = (columns: readonly LedgerColumn[]): string =>
    [
      row([
        'bits per byte',
        ...columns.map(({ split, model }) => `${escapeMarkdown(label(model.name, 28))}, ${split}`),
      ]),
      row(['---', ...columns.map(() => '---:')]),
      ...parts.map(({ name }) =>
        row([
          escapeMarkdown(label(name, 40)),
          ...columns.map(({ ledger }) => (Object.hasOwn(ledger.parts, name) ? bitsPerByte(ledger.parts[name]!) : '')),
        ]),
      ),
      row(['**total**', ...columns.map(({ ledger }) => `**${bitsPerByte(ledger.total)}**`)]),
      row(['bytes scored', ...columns.map(({ ledger }) => exactly(ledger.bytes))]),
    ].join('\n');
  const contexts = models.map(
    (model) =>
      `${escapeMarkdown(label(model.name, 28))}: window of ${escapeMarkdown(describeContext(model.bitsPerByte.test.context))}`,
  );
  const seeded =
    seedsSaid(models) === undefined ? '' : ` Parts and totals are those of seed ${report.createdFrom.seed}.`;
  return [...ledgerTables(models, MOST_COLUMNS).map(table), `${contexts.join('; ')}.${seeded}`];
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}

function escapeMarkdown(text: string): string {
  return text
    .replace(/[\\`*_{}[\]|~#]/g, '\\$&')
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;');
}
