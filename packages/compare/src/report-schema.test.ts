// What a reader of report.json is promised: anything that is not a report is refused, with the place and the next step.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { REPORT_FIXTURE } from '../fixtures/report-fixture.js';
import { ReportFormatError } from './report-check.js';
import { parseReport, type Report } from './report-schema.js';

type Loose = { [name: string]: Loose } & Loose[];

function broken(change: (report: Loose) => void): unknown {
  const copy = JSON.parse(JSON.stringify(REPORT_FIXTURE)) as Loose;
  change(copy);
  return copy;
}

/** Every place in a JSON value, as the keys that lead there. */
function places(value: unknown, path: (string | number)[] = []): (string | number)[][] {
  if (typeof value !== 'object' || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([key, child]) => places(child, [...path, key]))];
}

describe('parseReport', () => {
  it('returns what was written, after JSON and back', () => {
    expect(parseReport(JSON.parse(JSON.stringify(REPORT_FIXTURE)))).toEqual(REPORT_FIXTURE);
  });

  it('names the nearest known field for an unknown one', () => {
    const found = broken((report) => {
      report.levels![0]!.parametres = report.levels![0]!.parameters!;
    });
    expect(() => parseReport(found)).toThrow(/report\.levels\[0\]\.parametres: unknown field.*"parameters"/);
  });

  it('refuses a ledger whose parts do not add up to its total', () => {
    const found = broken((report) => {
      delete report.models![0]!.bitsPerByte!.test!.parts!.spelling;
    });
    expect(() => parseReport(found)).toThrow(/report\.models\[0\]\.bitsPerByte\.test: the parts add up to/);
  });

  it('refuses two models of one name', () => {
    const found = broken((report) => {
      report.models!.push(report.models![0]!);
    });
    expect(() => parseReport(found)).toThrow(/two models are called "strata"/);
  });

  it('refuses buckets that a model has no number for, and bits where there is no text', () => {
    const buckets = [
      { name: 'unseen', units: 0, bytes: 0 },
      { name: '1-9', units: 3, bytes: 12 },
    ];
    const withBits = (...bits: number[]): unknown => ({
      ...REPORT_FIXTURE,
      buckets: { buckets, models: [{ model: 'strata', bits }] },
    });
    expect(parseReport(withBits(0, 30)).buckets?.models[0]?.bits).toEqual([0, 30]);
    expect(() => parseReport(withBits(30))).toThrow(/report\.buckets\.models\[0\]\.bits: found 1 numbers for 2/);
    expect(() => parseReport(withBits(1, 30))).toThrow(/report\.buckets\.models\[0\]\.bits\[0\].*without bytes/);
  });

  it('refuses another version and says which it reads', () => {
    expect(() => parseReport({ ...REPORT_FIXTURE, version: 2 })).toThrow(/report\.version: found 2, expected 1/);
  });

  it('refuses a value of the wrong kind anywhere, naming the place', () => {
    const small: Report = {
      ...REPORT_FIXTURE,
      samples: REPORT_FIXTURE.samples.slice(0, 1).map((sample) => ({ ...sample, trace: sample.trace!.slice(0, 2) })),
      curves: REPORT_FIXTURE.curves.slice(0, 1).map((curve) => ({ ...curve, points: curve.points.slice(-1) })),
    };
    for (const path of places(small)) {
      const copy = JSON.parse(JSON.stringify(small)) as Loose;
      const last = path.at(-1);
      if (last === undefined) continue;
      let parent: Loose = copy;
      for (const key of path.slice(0, -1)) parent = parent[key as string]!;
      // No field of a report is null.
      (parent as Record<string | number, unknown>)[last] = null;
      const named = path.map((key) => (/^\d+$/.test(String(key)) ? `[${key}]` : `.${key}`)).join('');
      expect(() => parseReport(copy), named).toThrow(ReportFormatError);
      expect(() => parseReport(copy)).toThrow(`report${named}: found null`);
    }
  });

  it('throws nothing but ReportFormatError, whatever it is given', () => {
    fc.assert(
      fc.property(fc.anything(), (found) => {
        try {
          parseReport(found);
          return false;
        } catch (error) {
          return error instanceof ReportFormatError;
        }
      }),
    );
  });

  it('keeps a part called __proto__ as a part', () => {
    const found = broken((report) => {
      const parts = JSON.parse('{"__proto__": 1.772}') as Loose;
      report.models![1]!.bitsPerByte!.validation!.parts = parts;
    });
    const { parts } = parseReport(found).models[1]!.bitsPerByte.validation;
    expect(Object.keys(parts)).toEqual(['__proto__']);
  });
});
