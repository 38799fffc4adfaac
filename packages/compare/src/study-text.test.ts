// What the text of a study never keeps to itself: a best value at the edge of a sweep, and overrides beside the file.
import { describe, expect, it } from 'vitest';
import { REPORT_FIXTURE } from '../fixtures/report-fixture.js';
import { parseStudy } from './study.js';
import { bestPoint, type StudyResult, type SweepPoint } from './study-result.js';
import { renderStudyMarkdown, renderStudyText } from './study-text.js';

function resultOf(values: readonly SweepPoint['value'][], best: number, settings: readonly string[] = []): StudyResult {
  return resultWith(
    values.map((value, at) => ({ value, validation: at === best ? 1 : 2 })),
    best,
    settings,
  );
}

function resultWith(points: readonly SweepPoint[], best: number, settings: readonly string[] = []): StudyResult {
  return {
    format: 'strata-study',
    version: 1,
    study: parseStudy('name: a\nquestion: b?\nprediction: c.\nconfig: d.yaml\n', 'a.yaml'),
    settings,
    found: [],
    sweeps: [{ stage: 'flat-params', key: 'flat.vocabularySize', points, best }],
    scales: [],
    needs: [],
    runs: [],
    report: REPORT_FIXTURE,
  };
}

describe('the text of a study', () => {
  it.each([
    [[1, 2, 3], 1, false],
    [[1, 2, 3], 2, true],
    [[3, 1, 2], 1, true],
    [[1], 0, false],
    [['adamw', 'muon'], 1, false],
  ] as const)('says whether the best of %j at %i is at the edge: %s', (values, best, isEdge) => {
    for (const text of [renderStudyText(resultOf(values, best)), renderStudyMarkdown(resultOf(values, best))])
      expect(text.includes('at the edge')).toBe(isEdge);
  });

  it('has a value whose training diverged as lost, and as no better one beyond', () => {
    const points = [
      { value: 1, validation: 2 },
      { value: 2, validation: 1.5 },
      { value: 3, validation: null },
    ] as const;
    expect(bestPoint(points)).toBe(1);
    for (const text of [renderStudyText(resultWith(points, 1)), renderStudyMarkdown(resultWith(points, 1))]) {
      expect(text).toMatch(/validation.*2\.000.*1\.500.*diverged/);
      expect(text).not.toContain('at the edge');
    }
    expect(bestPoint(points.slice(2))).toBeUndefined();
  });

  it('names what was set beside the file', () => {
    const result = resultOf([1], 0, ['word.width=64']);
    expect(renderStudyText(result)).toContain('Not as the file has it: word.width=64');
    expect(renderStudyMarkdown(result)).toContain('Not as the file has it: word.width=64');
    expect(renderStudyText(resultOf([1], 0))).not.toContain('Not as the file');
  });
});
