// What a reader of the page is promised: nothing from data runs or hides, nothing is fetched, the figures are there, it stays small.
import fc from 'fast-check';
import { parseHTML } from 'linkedom';
import { describe, expect, it } from 'vitest';
import { anyText } from '../fixtures/any-text.js';
import { shortened, withStrings } from '../fixtures/hostile-report.js';
import { REPORT_FIXTURE } from '../fixtures/report-fixture.js';
import { renderReportHtml } from './report-html.js';
import type { Report, TraceStep } from './report-schema.js';

const PAGE = renderReportHtml(REPORT_FIXTURE);

/** The page's elements in order with their attributes' names: what data must never change. */
function skeleton(page: string): string[] {
  const { document } = parseHTML(page);
  return [...document.querySelectorAll('*')].map(
    (element) => `${element.localName} ${[...element.attributes].map((attribute) => attribute.name).join(' ')}`,
  );
}

describe('renderReportHtml: hostile data', () => {
  it('never lets markup from any string through', () => {
    const attack = '<script>alert(1)</script>"\'><img src=x onerror=alert(1)>{{x}}</style>';
    const page = renderReportHtml(withStrings(REPORT_FIXTURE, (original) => original + attack));
    expect(page).not.toMatch(/<script|<img/i);
    expect(page.match(/<\/style>/g)).toHaveLength(PAGE.match(/<\/style>/g)!.length);
  });

  it('builds the same elements whatever the strings hold', () => {
    // Compared with letters of the same length, so that what is clipped is clipped alike.
    const part = fc.oneof(
      anyText(12),
      fc.constantFrom(
        '<script>',
        '</details>',
        '"onload="',
        "' x='",
        '<!--',
        ']]>',
        '&lt;',
        '\u202e',
        '\u0000',
        '\ud800',
      ),
    );
    const report = shortened(REPORT_FIXTURE);
    fc.assert(
      fc.property(fc.array(part, { minLength: 1, maxLength: 4 }), (parts) => {
        const attack = parts.join('');
        const hostile = renderReportHtml(withStrings(report, (original) => `${original}x${attack}x`));
        const benign = renderReportHtml(withStrings(report, (original) => `${original}x${'y'.repeat(attack.length)}x`));
        expect(skeleton(hostile)).toEqual(skeleton(benign));
      }),
      { numRuns: 25 },
    );
  });

  it('writes out controls, lone surrogates and characters that reorder text', () => {
    const page = renderReportHtml(withStrings(REPORT_FIXTURE, (original) => `${original}\u0007\u202e\udc80`));
    expect(page).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u202e]/);
    expect(Buffer.from(page).toString()).toBe(page);
    expect(page).toContain('\\x07\\u202e\\x80');
  });
});

describe('renderReportHtml: a page of its own', () => {
  it('fetches nothing and runs nothing', () => {
    expect(PAGE).not.toMatch(/<(script|link|iframe|object|embed|img|base)\b|\ssrc=|\son[a-z]+=|@import|@font-face/i);
    // Only fragments of the page itself may be referred to.
    for (const [, target] of PAGE.matchAll(/url\(([^)]*)\)|href="([^"]*)"/g)) expect(target).toMatch(/^#/);
    expect(PAGE).toContain("default-src 'none'");
  });

  it('is the same page for the same report', () => {
    expect(renderReportHtml(REPORT_FIXTURE)).toBe(PAGE);
  });

  it('refers to no colour or mark that it does not define', () => {
    for (const [, name] of PAGE.matchAll(/var\((--[a-z-]+)\)/g)) expect(PAGE).toMatch(new RegExp(`[{;"\\s]${name}:`));
  });

  it('stays under 1.5 MB however long the report is', () => {
    const wide = (length: number) => '\u2028<'.repeat(length);
    const step: TraceStep = {
      text: ` ${wide(20)}`,
      boundary: 1,
      choices: Array.from({ length: 8 }, () => ({
        level: wide(40),
        chosen: wide(200),
        probability: 0.5,
        bits: 1,
        runnersUp: Array.from({ length: 10 }, () => ({ name: wide(200), probability: 0.1 })),
      })),
    };
    const repeat = <T>(values: readonly T[], times: number) => Array.from({ length: times }, () => values).flat();
    const trace = repeat([step], 400);
    const huge: Report = {
      ...withStrings(REPORT_FIXTURE, (original) => original + wide(600)),
      samples: repeat(
        [{ from: 'word', prompt: wide(9000), text: trace.map((unit) => unit.text).join(''), seed: 1, trace }],
        30,
      ),
      notes: repeat([wide(5000)], 500),
    };
    const cluster = huge.concepts.best[0]!;
    const crowded: Report = {
      ...huge,
      concepts: { ...huge.concepts, best: repeat([{ ...cluster, members: repeat(cluster.members, 100) }], 100) },
      corpus: { ...huge.corpus, trainDocuments: repeat(huge.corpus.trainDocuments, 500) },
      channels: repeat(huge.channels, 30),
      models: repeat(huge.models, 15).map((model, index) => ({ ...model, name: `flat-${index}${model.name}` })),
      curves: repeat(huge.curves, 10),
      measures: repeat(huge.measures!, 50),
    };
    expect(Buffer.byteLength(renderReportHtml(crowded))).toBeLessThan(1.5e6);
  });

  it('renders a run that has only begun', () => {
    const begun: Report = {
      ...REPORT_FIXTURE,
      models: [],
      channels: [],
      curves: [],
      samples: [],
      concepts: { count: 0, clustered: 0, best: [] },
      measures: [],
      notes: [],
      levels: REPORT_FIXTURE.levels.slice(0, 1),
    };
    const page = renderReportHtml(begun);
    expect(page).toContain('Nothing to compare with yet');
    expect(page).not.toMatch(/NaN|undefined|Infinity/);
  });
});

describe('renderReportHtml: what it says', () => {
  it('never shows a figure that is not one', () => {
    expect(PAGE.replace(/<style>.*?<\/style>/gs, '')).not.toMatch(/NaN|undefined|Infinity|\[object/);
  });

  it('shows every part and total of the ladder and its baselines', () => {
    const { document } = parseHTML(PAGE);
    const table = document.querySelector('#ledger table')!.textContent;
    for (const model of REPORT_FIXTURE.models.slice(0, 3)) {
      for (const { total, parts } of Object.values(model.bitsPerByte)) {
        for (const value of [total, ...Object.values(parts)]) expect(table).toContain(value.toFixed(3));
      }
    }
    expect(table).toContain('given for free, not in the total');
  });

  it('draws bars as long as their figures', () => {
    const { document } = parseHTML(PAGE);
    const widths = [...document.querySelectorAll('#ledger .stack')].map((stack) =>
      [...stack.querySelectorAll('span')].reduce(
        (sum, span) => sum + Number(/width:([\d.]+)%/.exec(span.getAttribute('style')!)![1]),
        0,
      ),
    );
    const totals = (['validation', 'test'] as const).flatMap((split) =>
      REPORT_FIXTURE.models.slice(0, 3).map((model) => model.bitsPerByte[split].total),
    );
    const most = Math.max(...totals);
    expect(widths).toHaveLength(totals.length);
    for (const [index, total] of totals.entries()) expect(widths[index]).toBeCloseTo((100 * total) / most, 1);
  });

  it('draws a curve for each stage and names it', () => {
    const { document } = parseHTML(PAGE);
    const drawing = document.querySelector('svg.curves')!;
    for (const name of ['subword', 'word', 'concept', 'gestalt', 'flat-params', 'flat-flops']) {
      expect(drawing.textContent).toContain(name);
    }
    expect(drawing.querySelectorAll('[aria-label="line"] path')).toHaveLength(6);
    expect(drawing.textContent).toContain('bits per byte');
  });

  it('keeps each sample readable as it was written, its trace in place', () => {
    const { document } = parseHTML(PAGE);
    for (const pop of document.querySelectorAll('.pop')) pop.remove();
    const shown = [...document.querySelectorAll('.sample .text')].map((text) => text.textContent);
    expect(shown).toEqual(REPORT_FIXTURE.samples.toReversed().map((sample) => sample.prompt + sample.text));
  });

  it('shows a sample’s own text when its trace does not join to it', () => {
    const [sample] = REPORT_FIXTURE.samples;
    const page = renderReportHtml({ ...REPORT_FIXTURE, samples: [{ ...sample!, text: ' another text' }] });
    const { document } = parseHTML(page);
    expect(document.querySelector('.sample .text')!.textContent).toBe('In the evening another text');
    expect(document.querySelectorAll('.trace li').length).toBe(sample!.trace!.length);
  });

  it('draws every seed of every model, best first, and names ties', () => {
    const { document } = parseHTML(PAGE);
    const drawing = document.querySelector('#models svg.seeds')!;
    const seeds = REPORT_FIXTURE.models.reduce((sum, model) => sum + (model.seeds?.length ?? 1), 0);
    expect(drawing.querySelectorAll('[aria-label="dot"] circle')).toHaveLength(seeds);
    expect(drawing.querySelectorAll('[aria-label="tick"] line')).toHaveLength(3);
    const names = [...drawing.querySelectorAll('text')].map((text) => text.textContent);
    const order = REPORT_FIXTURE.models.toSorted((a, b) => a.bitsPerByte.test.total - b.bitsPerByte.test.total);
    expect(names.filter((name) => order.some((model) => model.name === name))).toEqual(order.map(({ name }) => name));
    expect(names).toContain('1.860 (0.005)  tie');
    const mean = REPORT_FIXTURE.models[0]!.seeds!.reduce((sum, { test }) => sum + test / 3, 0);
    expect(document.querySelector('#models tr.own')!.textContent).toContain(mean.toFixed(3));
  });

  it('draws a bar for every model in every bucket, and says how much of the text a bucket is', () => {
    const { document } = parseHTML(PAGE);
    const [levels, parts] = document.querySelectorAll('#buckets svg');
    const { buckets, models } = REPORT_FIXTURE.buckets!;
    expect(levels!.querySelectorAll('[aria-label="bar"] rect')).toHaveLength(buckets.length * models.length);
    expect(parts!.querySelectorAll('[aria-label="bar"] rect')).toHaveLength(buckets.length * (models.length - 1));
    expect(levels!.textContent).toContain('unseen · 1.3% of bytes, 812 units');
    expect(parts!.textContent).toContain('−');
  });

  it('has no buckets where nobody asked for them', () => {
    const { buckets: _, ...report } = REPORT_FIXTURE;
    expect(renderReportHtml(report)).not.toContain('id="buckets"');
  });

  it('gives every control and variant its name and colour in every drawing', () => {
    const [, flat] = REPORT_FIXTURE.models;
    const names = ['spacebyte', 'blocks', 'strata, small'];
    const curves = names.slice(0, 2).map((name) => ({ ...REPORT_FIXTURE.curves[0]!, stage: name, model: name }));
    const page = renderReportHtml({
      ...REPORT_FIXTURE,
      models: [...REPORT_FIXTURE.models, ...names.map((name) => ({ ...flat!, name }))],
      curves: [...REPORT_FIXTURE.curves, ...curves],
    });
    const { document } = parseHTML(page);
    for (const place of ['#ledger .bars', '#ledger table', '#models svg', '#models table', '#ladder svg'])
      for (const name of names) expect(document.querySelector(place)!.textContent).toContain(name);
    for (const name of names.slice(0, 2)) {
      expect(document.querySelector('svg.curves')!.textContent).toMatch(new RegExp(`(?<!, )${name}  \\d`));
      expect(document.querySelector('svg.curves')!.outerHTML).toContain(`stroke="var(--level-${name})"`);
    }
    expect(document.querySelector('#models table')!.outerHTML).toContain('var(--level-variant)');
  });
});
