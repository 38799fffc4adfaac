// The tables of a record are promised to be of its own runs and file, and no older than what they are of.
import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parseStudy, ReportFormatError } from '@strata/compare';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { RequestError } from './expected-errors.js';
import { studyCommand, studyResult } from './record-study.js';

const folder = mkdtempSync(join(tmpdir(), 'strata-record-study-'));
const STUDY = 'name: a\nquestion: b?\nprediction: c.\nconfig: d.yaml\n';
const study = parseStudy(STUDY, 'a.yaml');
const own = join(folder, 's1');
const found = (run: string, of = study) => studyResult([run], 'studies/a.yaml', of, (text) => text);

const writeResult = (more: object = {}): void =>
  writeFileSync(join(folder, 'study.json'), JSON.stringify({ study, runs: ['s1'], report: {}, ...more }));

beforeAll(() => {
  for (const name of ['s1', 'other']) {
    mkdirSync(join(folder, name));
    writeFileSync(join(folder, name, 'report.json'), '{}');
  }
  writeResult();
});
afterAll(() => rmSync(folder, { recursive: true }));

const date = (name: string, seconds: number): void => utimesSync(join(folder, name), seconds, seconds);

it('has no tables of a study that the run is no cell of, or of another prediction', () => {
  date('study.json', 2000);
  date('s1/report.json', 1000);
  expect(found(join(folder, 'other'))).toBeUndefined();
  expect(found(own, { ...study, prediction: 'Something else.' })).toBeUndefined();
});

it('refuses tables that are older than the report of a run', () => {
  date('study.json', 1000);
  date('s1/report.json', 2000);
  expect(() => found(own)).toThrow(RequestError);
  expect(() => found(own)).toThrow('newer than');
  // The folder of the runs is named, or another study would be begun; so is the budget, or it would be refused.
  expect(() => found(own)).toThrow(`strata study studies/a.yaml --runs ${dirname(folder)}`);
  const asked = { minutes: null, flops: 5e14 };
  writeFileSync(
    join(folder, 'budget.json'),
    JSON.stringify({ asked, share: 0.5, settings: ['word.training.bytes=5'] }),
  );
  const settings = ['word.width=64', 'word.training.bytes=5'];
  writeResult({ settings });
  date('study.json', 1000);
  expect(() => found(own)).toThrow(/ --set word\.width=64 --flops 500000000000000$/);
  // Tables that are not older are read, and a damaged report among them is said to be one.
  date('study.json', 3000);
  expect(() => found(own)).toThrow(ReportFormatError);
});

it('is repeated into the folder that its runs were in, or the runs named after it would not be there', () => {
  const settings = ['word.training.bytes=5000'];
  const again = ['study', 'a.yaml', '--runs', 'runs/mine', '--set', ...settings];
  expect(studyCommand('a.yaml', { settings }, 'runs/mine')).toEqual(again);
  expect(studyCommand('a.yaml', {}, 'runs')).toEqual(['study', 'a.yaml']);
  expect(studyCommand('a.yaml', undefined, 'elsewhere')).toEqual(['study', 'a.yaml']);
});
