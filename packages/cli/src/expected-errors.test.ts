import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { EXIT, EXPECTED_ERRORS, explain, RequestError } from './expected-errors.js';

const packages = fileURLToPath(new URL('../../', import.meta.url));

/** Errors that only a mistake of ours can raise: wrong shapes, wrong feeds, wrong calls. */
const BUGS = new Set([
  'BagError',
  'ClusterError',
  'CompileError',
  'DTypeError',
  'EncodingStoppedError',
  'EvidenceError',
  'FeedError',
  'GradientError',
  'IndexError',
  'InflectionTableError',
  'JsonSyntaxError',
  'JsonValueError',
  'JudgeError',
  'LemmaError',
  'LossyReadingError',
  'RunError',
  'SegmentationError',
  'ShapeError',
  'StoreError',
  'UnknownPieceError',
  'VocabularyRangeError',
]);

function declaredErrors(): string[] {
  const names = new Set<string>();
  for (const folder of readdirSync(packages)) {
    const sources = join(packages, folder, 'src');
    const files = readdirSync(sources, { recursive: true }).map(String);
    for (const file of files.filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts')))
      for (const [, name] of readFileSync(join(sources, file), 'utf8').matchAll(/class (\w+Error) extends \w*Error\b/g))
        names.add(name!);
  }
  return [...names].sort();
}

describe('what an error means', () => {
  it('is decided for every named error of every package, and for none that is gone', () => {
    const declared = declaredErrors();
    const decided = [...EXPECTED_ERRORS, ...BUGS];
    expect(
      declared.filter((name) => !decided.includes(name)),
      'put each into EXPECTED_ERRORS or BUGS',
    ).toEqual([]);
    expect(
      decided.filter((name) => !declared.includes(name)),
      'no package declares these any more',
    ).toEqual([]);
    expect(
      [...BUGS].filter((name) => EXPECTED_ERRORS.has(name)),
      'decided twice',
    ).toEqual([]);
  });

  it('is a message without a stack for what a person can mend', () => {
    expect(explain(new RequestError('say what'))).toEqual({ code: EXIT.request, message: 'say what' });
  });

  it('is 130 for Ctrl-C', () => {
    const error = new Error('stopped');
    error.name = 'InterruptedError';
    expect(explain(error).code).toBe(EXIT.interrupted);
  });

  it('is a stack and a request to report for everything else', () => {
    const { code, message } = explain(new TypeError('x is undefined'));
    expect(code).toBe(EXIT.bug);
    expect(message).toMatch(/this is a bug[\s\S]*TypeError: x is undefined[\s\S]*at /);
    expect(explain('a string').message).toContain('a string');
  });
});
