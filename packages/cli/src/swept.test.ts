// What is kept of a sweep holds for the very stage that was measured.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { keepDivergence, keptDivergence, sweptValidation } from './swept.js';

const folder = mkdtempSync(join(tmpdir(), 'strata-swept-'));
afterAll(() => rmSync(folder, { recursive: true }));

const asked = (name: string, manifest: string, measured: number): Promise<number> =>
  sweptValidation(join(folder, name), 'word', new TextEncoder().encode(manifest), async () => measured);

it('is measured once, and again where the stage was trained again', async () => {
  expect(await asked('a.json', 'one', 2)).toBe(2);
  expect(await asked('a.json', 'one', 3)).toBe(2);
  expect(await asked('a.json', 'other', 3)).toBe(3);
});

it('is believed where an earlier version kept no manifest', async () => {
  writeFileSync(join(folder, 'b.json'), '{"stage":"word","validation":4}');
  expect(await asked('b.json', 'one', 2)).toBe(4);
});

it('is lost where its training diverged, until the stage is trained after all', async () => {
  const path = join(folder, 'c.json');
  expect(keptDivergence(path)).toBeUndefined();
  keepDivergence(path, 'word', 'word: the loss is no longer a number at step 3');
  expect(keptDivergence(path)).toContain('at step 3');
  expect(await asked('c.json', 'one', 2)).toBe(2);
  expect(keptDivergence(path)).toBeUndefined();
});
