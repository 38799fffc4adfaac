// What the headline is promised to be: the figures' own verdict, a loss as plain as a win, chance never called a result.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { REPORT_FIXTURE } from '../fixtures/report-fixture.js';
import type { Ledger, ModelRecord, Report } from './report-schema.js';
import { compareModels, isFlat, judge } from './report-verdict.js';

const CONTEXT = { window: 2048, stride: 1024, unit: 'bytes' };

function ledger(total: number, bytes = 1000): Ledger {
  return { total, parts: { all: total }, bytes, context: CONTEXT };
}

function model(name: string, test: number, seeds?: readonly number[]): ModelRecord {
  return {
    name,
    parameters: 1e6,
    trainFlops: 1e12,
    seconds: 60,
    bytesSeen: 1e6,
    bitsPerByte: { validation: ledger(test), test: ledger(test) },
    ...(seeds && { seeds: seeds.map((score, seed) => ({ seed, validation: score, test: score })) }),
  };
}

function reportOf(...models: ModelRecord[]): Report {
  return { ...REPORT_FIXTURE, channels: [], models };
}

describe('judge', () => {
  it('says that the ladder wins, with both figures and the gap', () => {
    const verdict = judge(reportOf(model('strata', 1.8), model('flat', 2)));
    expect(verdict.outcome).toBe('wins');
    expect(verdict.sentence).toBe('1.800 bits per byte on the test text: 0.200 (10.0%) below flat at 2.000.');
  });

  it('says that the ladder loses when it does', () => {
    const verdict = judge(reportOf(model('strata', 2.1), model('flat', 2)));
    expect(verdict.headline).toBe('The ladder loses here');
    expect(verdict.sentence).toContain('0.100 (5.0%) above flat at 2.000');
  });

  it('calls a gap under twice the seed spread a tie and names the spread', () => {
    const verdict = judge(reportOf(model('strata', 1.98, [1.97, 1.98, 1.99]), model('flat', 2, [1.99, 2, 2.01])));
    expect(verdict.outcome).toBe('tie');
    expect(verdict.sentence).toContain('under twice the seed spread of 0.020');
    expect(verdict.caveats).toEqual([]);
  });

  it('calls a gap over twice the seed spread a win', () => {
    const verdict = judge(reportOf(model('strata', 1.9, [1.89, 1.9, 1.91]), model('flat', 2, [1.99, 2, 2.01])));
    expect(verdict.outcome).toBe('wins');
  });

  it('leaves out the flat models of variants, which were matched to other ladders', () => {
    const own = [model('strata', 1.8), model('flat-params', 2)];
    const verdict = judge(reportOf(...own, model('strata, small', 2.1), model('flat-params, small', 1.7)));
    expect(verdict).toEqual(judge(reportOf(...own)));
  });

  it('never sets a lucky seed against an average', () => {
    const lucky = model('strata', 1.5, [1.5, 2, 2.2]);
    expect(compareModels(lucky, model('flat', 2, [1.99, 2, 2.01]), 'test').model).toBeCloseTo(1.9, 10);
    expect(compareModels(lucky, model('flat', 2), 'test').model).toBe(1.5);
  });

  it('says that the spread is unknown with one seed each', () => {
    const { caveats } = judge(reportOf(model('strata', 1.8), model('flat', 2)));
    expect(caveats).toEqual(['One seed each against flat: the spread is unknown, so a small gap may be chance.']);
  });

  it('names every baseline when they disagree', () => {
    const verdict = judge(reportOf(model('strata', 1.9), model('flat-params', 2), model('flat-flops', 1.8)));
    expect(verdict.outcome).toBe('mixed');
    expect(verdict.sentence).toContain('below flat-params');
    expect(verdict.sentence).toContain('above flat-flops');
  });

  it('compares nothing that was scored on different texts', () => {
    const other = model('flat', 2);
    const verdict = judge(
      reportOf(model('strata', 1.8), { ...other, bitsPerByte: { ...other.bitsPerByte, test: ledger(2, 999) } }),
    );
    expect(verdict.outcome).toBe('incomparable');
    expect(verdict.sentence).toContain('1,000 bytes');
    expect(verdict.sentence).toContain('999');
  });

  it('claims nothing without a baseline or without a ladder', () => {
    expect(judge(reportOf(model('strata', 1.8))).outcome).toBe('unmeasured');
    expect(judge(reportOf(model('flat', 1.8))).outcome).toBe('unmeasured');
    expect(judge(reportOf()).outcome).toBe('unmeasured');
  });

  it('tells what was not matched: parameters, FLOPs, bytes seen', () => {
    const dear = { ...model('strata', 1.8), parameters: 2e6, trainFlops: 3e12, bytesSeen: 1.02e6 };
    expect(judge(reportOf(dear, model('flat', 2))).caveats).toContain(
      'Against flat the ladder used 2.0× the parameters and 3.0× the training FLOPs.',
    );
  });

  it('tells when the validation text says otherwise', () => {
    const strata = model('strata', 1.8);
    const verdict = judge(
      reportOf({ ...strata, bitsPerByte: { ...strata.bitsPerByte, validation: ledger(2.2) } }, model('flat', 2)),
    );
    expect(verdict.outcome).toBe('wins');
    expect(verdict.caveats).toContain('On the validation text it loses against flat: 2.200 to 2.000.');
  });

  it('tells of a dead channel', () => {
    expect(judge(REPORT_FIXTURE).caveats.join()).toContain('from gestalt to concept is dead');
  });

  it('tells when the ladder’s figure is only an upper bound', () => {
    const strata = model('strata', 1.8);
    const bound = { ...strata.bitsPerByte, test: { ...strata.bitsPerByte.test, upperBound: true } };
    expect(judge(reportOf({ ...strata, bitsPerByte: bound }, model('flat', 2))).caveats.join()).toContain(
      'upper bound',
    );
  });

  it('never says "wins" when the ladder’s figure is not the lower one', () => {
    const score = fc.double({ min: 0.1, max: 8, noNaN: true });
    fc.assert(
      fc.property(
        score,
        score,
        fc.option(fc.array(score, { minLength: 1, maxLength: 4 }), { nil: undefined }),
        (a, b, seeds) => {
          const { outcome } = judge(reportOf(model('strata', a, seeds), model('flat', b)));
          if (outcome === 'wins') expect(a).toBeLessThan(b);
          if (outcome === 'loses') expect(a).toBeGreaterThan(b);
        },
      ),
    );
  });
});

describe('isFlat', () => {
  it('knows baselines by the beginning of their names', () => {
    expect(['flat', 'flat-params', 'flat (equal FLOPs)', 'flat_2'].map(isFlat)).toEqual([true, true, true, true]);
    expect(['strata', 'flatten', 'not flat'].map(isFlat)).toEqual([false, false, false]);
  });
});
