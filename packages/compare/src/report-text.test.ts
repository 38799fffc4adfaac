// What the terminal and the README are promised: no control sequence from data, lines that fit, tables that stay tables.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyText } from '../fixtures/any-text.js';
import { shortened, withStrings } from '../fixtures/hostile-report.js';
import { REPORT_FIXTURE } from '../fixtures/report-fixture.js';
import { renderLadderText } from './ladder-text.js';
import { renderLedgerMarkdown } from './report-markdown.js';
import { renderReportText } from './report-text.js';

describe('renderReportText', () => {
  it('lets no control sequence from data reach the terminal', () => {
    const text = renderReportText(
      withStrings(REPORT_FIXTURE, (original) => `${original}\u001b[2J\u009b31m\r\u202e\u0000`),
    );
    // Only newlines may move the cursor.
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/);
    expect(text).toContain('\\x1b[2J');
  });

  it('fits a terminal of 100 columns', () => {
    for (const line of renderReportText(REPORT_FIXTURE).split('\n')) expect(line.length).toBeLessThanOrEqual(100);
  });

  it('says the verdict first, and every total', () => {
    const text = renderReportText(REPORT_FIXTURE);
    expect(text.split('\n')[2]).toBe('It depends on the baseline.');
    for (const model of REPORT_FIXTURE.models) expect(text).toContain(model.bitsPerByte.test.total.toFixed(3));
  });

  it('says what words of each frequency cost, and what they add to the ladder’s differences', () => {
    const text = renderReportText(REPORT_FIXTURE);
    const lines = text.split('\n').filter((line) => /^ {2}(strata|less flat-params) .* [−+\d.]+$/.test(line));
    const { buckets, models } = REPORT_FIXTURE.buckets!;
    const bytes = buckets.reduce((sum, bucket) => sum + bucket.bytes, 0);
    const sum = (name: string) => models.find(({ model }) => model === name)!.bits.reduce((all, bits) => all + bits, 0);
    expect(lines.find((line) => line.includes('less'))).toContain(
      ((sum('strata') - sum('flat-params')) / bytes).toFixed(4).replace('-', '−'),
    );
    expect(text).toContain((models[1]!.bits[0]! / buckets[0]!.bytes).toFixed(3));
  });

  it('says what spoiling a message costs on the test text, where that was asked', () => {
    const lines = renderReportText(REPORT_FIXTURE).split('\n');
    const asked = REPORT_FIXTURE.channels.filter(({ test }) => test !== undefined);
    expect(asked).toHaveLength(1);
    const rows = lines.filter((line) => /^ +on the test text +[+−]/.test(line));
    expect(rows.map((row) => row.trim().split(/ {2,}/))).toEqual([['on the test text', '+0.029', '+0.052']]);
  });

  it('renders a run that has only begun', () => {
    const text = renderReportText({
      ...REPORT_FIXTURE,
      models: [],
      channels: [],
      curves: [],
      samples: [],
      concepts: { count: 0, clustered: 0, best: [] },
      notes: [],
    });
    expect(text).toContain('Nothing to compare with yet.');
    expect(text).not.toMatch(/NaN|undefined|Infinity/);
  });
});

describe('renderLadderText', () => {
  it('draws the levels from the top down with their sizes', () => {
    const text = renderLadderText(REPORT_FIXTURE);
    const order = ['gestalt', 'concept', 'word', 'subword (frozen)'].map((name) => text.indexOf(`│ ${name}`));
    expect(order.every((at) => at >= 0)).toBe(true);
    expect(order).toEqual(order.toSorted((a, b) => a - b));
    expect(text).toContain('vocabulary 8,192 · 5.24M parameters · 256 × 6');
    expect(text).toContain('dead: +0.002');
  });

  it('draws boxes of equal width whatever a level is called', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 200 }), (name) => {
        const [first, ...rest] = REPORT_FIXTURE.levels;
        const text = renderLadderText({ ...REPORT_FIXTURE, levels: [{ ...first!, name, unit: name }, ...rest] });
        const widths = new Set(
          text
            .split('\n')
            .filter((line) => /^[┌│└]/.test(line))
            .map((line) => line.length),
        );
        expect(widths).toEqual(new Set([88]));
      }),
    );
  });
});

describe('renderLedgerMarkdown', () => {
  it('keeps the verdict above the table and the totals in bold', () => {
    const markdown = renderLedgerMarkdown(REPORT_FIXTURE);
    expect(markdown).toMatch(/^\*\*It depends on the baseline\.\*\* /);
    expect(markdown).toContain('| **total** | **1.718** |');
  });

  it('lists every model with its mean, its spread and how it stands beside the ladder', () => {
    const rows = renderLedgerMarkdown(REPORT_FIXTURE).split('\n');
    expect(rows).toContain(
      '| flat-params | 19.3M | 5.60 PFLOP | 39.4 MB | 1.772 (0.005) | 1.903 (0.007) | 0.97× | worse |',
    );
    expect(rows.find((row) => row.startsWith('| flat-flops'))).toMatch(/\| tie \|$/);
    expect(rows.filter((row) => row.startsWith('| **strata**'))).toHaveLength(1);
  });

  it('cuts the ledger into a table a text where it would be too wide', () => {
    const [ladder, flat, ...rest] = REPORT_FIXTURE.models;
    const further = ['spacebyte', 'blocks', 'strata, small'].map((name) => ({ ...flat!, name }));
    const report = { ...REPORT_FIXTURE, models: [ladder!, flat!, ...rest, ...further] };
    const headings = renderLedgerMarkdown(report)
      .split('\n')
      .filter((line) => line.startsWith('| bits per byte'));
    expect(headings).toEqual(
      ['validation', 'test'].map(
        (split) =>
          `| bits per byte | ${['strata', 'flat-params', 'flat-flops', 'spacebyte', 'blocks', 'strata, small'].map((name) => `${name}, ${split}`).join(' | ')} |`,
      ),
    );
    for (const line of renderReportText(report).split('\n')) expect(line.length).toBeLessThanOrEqual(100);
  });

  it('has as many cells in every row, whatever parts and models are called', () => {
    fc.assert(
      fc.property(anyText(30), (name) => {
        const markdown = renderLedgerMarkdown(
          withStrings(shortened(REPORT_FIXTURE), (original) => `${original}|${name}|\n<b>`),
        );
        // A bar that is not escaped ends a cell.
        const tables = markdown.split('\n\n').filter((block) => block.startsWith('| '));
        const cells = tables.map((table) => table.split('\n').map((row) => row.match(/(?<!\\)(?:\\\\)*\|/g)!.length));
        expect(cells.map((counts) => [...new Set(counts)])).toEqual([[9], [8]]);
        expect(markdown).not.toContain('<b>');
      }),
      { numRuns: 50 },
    );
  });
});
