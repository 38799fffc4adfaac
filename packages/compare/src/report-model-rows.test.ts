// What a row's last two columns are promised to compare: a control with the ladder it was matched to, on one text.
import { describe, expect, it } from 'vitest';
import { REPORT_FIXTURE } from '../fixtures/report-fixture.js';
import { modelRows } from './report-model-rows.js';
import type { Ledger, ModelRecord } from './report-schema.js';

function model(name: string, total: number, bytes = 1000): ModelRecord {
  const ledger: Ledger = { total, parts: { all: total }, bytes, context: { window: 8, stride: 4, unit: 'bytes' } };
  const cost = { parameters: 1e6, trainFlops: 1e12, seconds: 60, bytesSeen: 1e6 };
  return { name, ...cost, bitsPerByte: { validation: ledger, test: ledger } };
}

function lastColumns(...models: ModelRecord[]): Record<string, readonly string[]> {
  const rows = modelRows({ ...REPORT_FIXTURE, models });
  return Object.fromEntries(rows.slice(1).map((row) => [row[0], row.slice(-2)]));
}

describe('modelRows', () => {
  it('sets the controls of a variant beside the ladder of that variant', () => {
    const found = lastColumns(
      model('strata', 2),
      model('flat-params', 2.5),
      model('strata, small', 3),
      model('flat-params, small', 2.5),
    );
    expect(found['flat-params']![1]).toBe('worse');
    expect(found['strata, small']![1]).toBe('worse');
    expect(found['flat-params, small']![1]).toBe('better');
  });

  it('compares nothing that was scored on another text', () => {
    const found = lastColumns(model('strata', 2), model('strata, short', 1, 500));
    expect(found['strata, short']).toEqual(['', 'other text']);
  });
});
