// What the learning curves are promised to show: validation as it was measured, and every stage where its cost puts it.
import { parseHTML } from 'linkedom';
import { describe, expect, it } from 'vitest';
import { REPORT_FIXTURE } from '../fixtures/report-fixture.js';
import { curvesFigure } from './report-curves-figure.js';
import type { CurveRecord, Report } from './report-schema.js';

function curve(stage: string, model: string, ...points: readonly (readonly [number, number, number?])[]): CurveRecord {
  return {
    stage,
    model,
    points: points.map(([flops, loss, validation], step) => ({
      step,
      bytes: 1000 * (step + 1),
      flops,
      loss,
      ...(validation !== undefined && { validation }),
    })),
  };
}

function drawn(curves: readonly CurveRecord[], report: Partial<Report> = {}) {
  const { source } = curvesFigure({ ...REPORT_FIXTURE, curves, ...report })!;
  const { document } = parseHTML(`<html><body>${source}</body></html>`);
  return [...document.querySelectorAll('svg.curves')];
}

/** The places along the axis where a drawing's validation dots stand, in pixels. */
function dots(drawing: Element): number[] {
  return [...drawing.querySelectorAll('[aria-label="dot"] circle')].map((dot) => Number(dot.getAttribute('cx')));
}

describe('curvesFigure', () => {
  it('puts a level after the levels below it on the axis of FLOPs', () => {
    const [byBytes, byFlops] = drawn([
      curve('subword', 'strata', [5e12, 3], [1e13, 2.5, 2.6]),
      curve('word', 'strata', [1e13, 2.4], [3e13, 2.2, 2.3]),
      curve('flat-params', 'flat-params', [2e13, 2.6], [4e13, 2.4, 2.5]),
    ]);
    const [subword, word, flat] = dots(byFlops!);
    expect(word).toBeCloseTo(flat!, 1);
    expect(subword).toBeLessThan(word!);
    // Against bytes each stage counts from its own start.
    const [first, second, third] = dots(byBytes!);
    expect([second, third]).toEqual([first, first]);
  });

  it('takes what a level below cost from the run where its curve is missing', () => {
    const { trainFlops } = REPORT_FIXTURE.levels[0]!;
    const [, byFlops] = drawn([
      curve('word', 'strata', [trainFlops / 2, 2.4], [trainFlops, 2.2, 2.3]),
      curve('flat-params', 'flat-params', [trainFlops, 2.6], [2 * trainFlops, 2.4, 2.5]),
    ]);
    const [word, flat] = dots(byFlops!);
    expect(word).toBeCloseTo(flat!, 1);
  });

  it('marks what the whole ladder cost, and says so', () => {
    const [ladder] = REPORT_FIXTURE.models;
    const curves = [curve('flat', 'flat', [1e9, 2], [8e9, 1.9])];
    const said = (trainFlops: number) =>
      curvesFigure({ ...REPORT_FIXTURE, curves, models: [{ ...ladder!, trainFlops }] })!.source.includes(
        'The dashed rule is what the whole ladder cost, 4.00 GFLOP.',
      );
    expect(said(4e9)).toBe(true);
    // Beyond the axis there is no place for it.
    expect(said(9e9)).toBe(false);
  });

  it('leaves the axis of FLOPs out where none were counted', () => {
    expect(drawn([curve('flat', 'flat', [0, 2], [0, 1.9])], { models: [] })).toHaveLength(1);
  });

  it('says nothing of validation where there is none', () => {
    const { source } = curvesFigure({
      ...REPORT_FIXTURE,
      curves: [curve('flat', 'flat', [1e9, 2], [2e9, 1.9])],
    })!;
    expect(source).not.toContain('dots: validation');
  });
});
