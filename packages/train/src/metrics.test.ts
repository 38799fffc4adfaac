// A run that was killed anywhere and resumed leaves the same metrics as one that never stopped.
// From: the promises in metrics.ts.
import { appendFileSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DamagedFileError } from '@strata/store';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MetricsWriter, readMetrics } from './metrics.js';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'strata-metrics-'));
  path = join(folder, 'metrics.jsonl');
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Steps first+1 to last of a made-up run, whose lines depend on the step only, except for timing. */
function train(stage: string, first: number | undefined, last: number, clock = 0): void {
  const writer = new MetricsWriter(path, { stage, ...(first === undefined ? {} : { resumeFrom: first }) });
  for (let step = (first ?? 0) + 1; step <= last; step++) {
    writer.write(step, { loss: 1 / step, note: `grün ${step}` }, { seconds: clock + step });
  }
  writer.close();
}

const withoutTiming = () => readMetrics(path).map(({ timing: _, ...line }) => line);

describe('MetricsWriter', () => {
  it('writes one line a measurement, with what the clock says apart', () => {
    const writer = new MetricsWriter(path, { stage: 'word' });
    writer.write(1, { loss: 2.5, bitsPerByte: 1.25, split: 'train' }, { seconds: 0.5, bytesPerSecond: 4096 });
    writer.write(2, { loss: Number.NaN }, { seconds: undefined as never });
    writer.close();
    expect(readFileSync(path, 'utf8')).toBe(
      '{"step":1,"stage":"word","loss":2.5,"bitsPerByte":1.25,"split":"train","timing":{"seconds":0.5,"bytesPerSecond":4096}}\n' +
        '{"step":2,"stage":"word","loss":null,"timing":{}}\n',
    );
  });

  it('leaves the same lines after a kill at any byte and a resume from any checkpoint before it', () => {
    const steps = 12;
    train('subword', undefined, 3);
    train('word', undefined, steps);
    const expected = withoutTiming();
    const whole = readFileSync(path);
    const prefix = whole.indexOf('"stage":"word"');
    fc.assert(
      fc.property(fc.integer({ min: prefix, max: whole.length }), fc.nat(steps), (cut, behind) => {
        writeFileSync(path, whole);
        truncateSync(path, cut);
        const done = readMetrics(path).filter(({ stage }) => stage === 'word').length;
        const resumeFrom = Math.max(0, done - behind);
        train('word', resumeFrom === 0 ? undefined : resumeFrom, steps, 1000);
        expect(withoutTiming()).toEqual(expected);
      }),
      { numRuns: 150 },
    );
  });

  it('drops later lines of its own stage only, and all of them when the stage starts anew', () => {
    train('word', undefined, 4);
    train('concept', undefined, 4);
    new MetricsWriter(path, { stage: 'word', resumeFrom: 2 }).close();
    const steps = () => readMetrics(path).map(({ stage, step }) => `${stage} ${step}`);
    const concept = ['concept 1', 'concept 2', 'concept 3', 'concept 4'];
    expect(steps()).toEqual(['word 1', 'word 2', ...concept]);
    new MetricsWriter(path, { stage: 'word' }).close();
    expect(steps()).toEqual(concept);
  });

  it('keeps the lines it keeps byte for byte', () => {
    writeFileSync(path, '{"step":1, "stage":"word", "byHand": 1.0}\n{"step":2,"stage":"word"}');
    new MetricsWriter(path, { stage: 'word', resumeFrom: 2 }).close();
    expect(readFileSync(path, 'utf8')).toBe('{"step":1, "stage":"word", "byHand": 1.0}\n{"step":2,"stage":"word"}\n');
  });

  it('refuses a file damaged in the middle, by line, and leaves it as it is', () => {
    train('word', undefined, 2);
    appendFileSync(path, '{"step":3,\n{"step":4,"stage":"word"}\n');
    const before = readFileSync(path, 'utf8');
    const reopen = () => new MetricsWriter(path, { stage: 'word', resumeFrom: 1 });
    expect(reopen).toThrow(DamagedFileError);
    expect(reopen).toThrow(/line 3: .*Next: delete line 3/);
    expect(readFileSync(path, 'utf8')).toBe(before);
  });

  it('refuses steps and names that would break the lines', () => {
    const writer = new MetricsWriter(path, { stage: 'word' });
    expect(() => writer.write(-1, {})).toThrow(RangeError);
    expect(() => writer.write(0.5, {})).toThrow(RangeError);
    expect(() => writer.write(1, { timing: 1 })).toThrow(/named "timing"/);
    writer.close();
    expect(readMetrics(path)).toEqual([]);
    expect(readMetrics(join(folder, 'none.jsonl'))).toEqual([]);
  });
});
