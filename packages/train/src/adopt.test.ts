// Adoption is promised to be whole or not at all, and never under the hands of another process.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Run } from '@strata/hierarchy';
import { LockedError, lockFolder } from '@strata/store';
import { afterAll, expect, it } from 'vitest';
import { adoptStage } from './adopt.js';

const folder = mkdtempSync(join(tmpdir(), 'strata-adopt-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** All of a run that adoption asks of it. */
function runOf(name: string, manifest?: string): Run {
  const own = join(folder, name);
  const place = join(own, 'levels', 'word');
  mkdirSync(manifest === undefined ? own : place, { recursive: true });
  if (manifest !== undefined) writeFileSync(join(place, 'manifest.json'), manifest);
  const has = (): boolean => {
    try {
      return readFileSync(join(place, 'manifest.json')).length > 0;
    } catch {
      return false;
    }
  };
  return { folder: own, path: () => place, has } as unknown as Run;
}

it('waits for no other process, and leaves what that one writes', () => {
  const [from, to] = [runOf('from', 'whole'), runOf('to')];
  const unlock = lockFolder(to.folder);
  expect(() => adoptStage(from, to, 'word')).toThrow(LockedError);
  expect(to.has('word')).toBe(false);
  unlock();
  adoptStage(from, to, 'word');
  expect(readFileSync(join(to.path('word'), 'manifest.json'), 'utf8')).toBe('whole');
});

it('leaves a stage that is finished as it is', () => {
  const to = runOf('finished', 'own');
  adoptStage(runOf('from', 'whole'), to, 'word');
  expect(readFileSync(join(to.path('word'), 'manifest.json'), 'utf8')).toBe('own');
});
