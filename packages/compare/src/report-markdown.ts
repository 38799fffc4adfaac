// The ledger as a Markdown table for a README: the verdict above it, totals in bold, how it was scored beneath.
// GitHub Flavored Markdown tables (section 4.10); names from data are escaped so that they stay names.
import { bitsPerByte, exactly } from './report-figures.js';
import { describeContext, ledgerModels, ledgerParts } from './report-ledger-section.js';
import type { Report } from './report-schema.js';
import { judge } from './report-verdict.js';
import { label } from './report-visible.js';

/** Renders the verdict and the ledger of the ladder and its flat baselines as Markdown that ends with a newline. */
export function renderLedgerMarkdown(report: Report): string {
  const verdict = judge(report);
  const models = ledgerModels(report);
  const claim = `**${verdict.headline}.** ${escapeMarkdown(verdict.sentence)}`;
  const caveats = verdict.caveats.map((caveat) => `- ${escapeMarkdown(caveat)}`);
  const above = [claim, ...(caveats.length > 0 ? ['', ...caveats] : [])];
  if (models.length === 0) return `${above.join('\n')}\n`;
  const columns = (['validation', 'test'] as const).flatMap((split) => models.map((model) => ({ split, model })));
  const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const lines = [
    row(['bits per byte', ...columns.map(({ split, model }) => `${escapeMarkdown(label(model.name, 28))}, ${split}`)]),
    row(['---', ...columns.map(() => '---:')]),
    ...ledgerParts(models).map(({ name }) =>
      row([
        escapeMarkdown(label(name, 40)),
        ...columns.map(({ split, model }) => {
          const { parts } = model.bitsPerByte[split];
          return Object.hasOwn(parts, name) ? bitsPerByte(parts[name]!) : '';
        }),
      ]),
    ),
    row(['**total**', ...columns.map(({ split, model }) => `**${bitsPerByte(model.bitsPerByte[split].total)}**`)]),
    row(['bytes scored', ...columns.map(({ split, model }) => exactly(model.bitsPerByte[split].bytes))]),
  ];
  const contexts = models.map(
    (model) =>
      `${escapeMarkdown(label(model.name, 28))}: window of ${escapeMarkdown(describeContext(model.bitsPerByte.test.context))}`,
  );
  return `${[...above, '', ...lines, '', `${contexts.join('; ')}.`].join('\n')}\n`;
}

function escapeMarkdown(text: string): string {
  return text
    .replace(/[\\`*_{}[\]|~#]/g, '\\$&')
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;');
}
