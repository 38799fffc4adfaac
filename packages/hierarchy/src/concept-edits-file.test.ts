// The file of a run's edits: read back as written, refused with its place, and never written longer than it is read.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ConceptEdit, ConceptEditsError } from '@strata/concept';
import { JsonFileError } from '@strata/store';
import { afterAll, expect, it, vi } from 'vitest';
import {
  appendConceptEdit,
  conceptEditsPath,
  readConceptEdits,
  removeConceptEdit,
  writeConceptEdits,
} from './concept-edits-file.js';

const folder = mkdtempSync(join(tmpdir(), 'strata-edits-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const path = conceptEditsPath(folder);
const forbid = (index: number, note?: string): ConceptEdit => ({
  kind: 'forbid',
  a: { name: `a${index}`, pos: 'NOUN' },
  b: { name: `b${index}`, pos: 'NOUN' },
  ...(note !== undefined && { note }),
});

it('is none, then what was added', () => {
  rmSync(path, { force: true });
  expect(readConceptEdits(folder)).toEqual([]);
  expect(appendConceptEdit(folder, forbid(1, 'not alike')).dropped).toEqual([]);
  appendConceptEdit(folder, forbid(2));
  expect(readConceptEdits(folder)).toEqual([forbid(1, 'not alike'), forbid(2)]);
});

it.each([
  ['cut off', '{"format": "strata-concept-edits"', JsonFileError],
  ['a repeated key', '{"format": "strata-concept-edits", "version": 1, "version": 1, "edits": []}', JsonFileError],
  ['no edits', '{"format": "strata-concept-edits", "version": 1}', ConceptEditsError],
])('is refused with its path when damaged, and not written over: %s', (_, text, kind) => {
  writeFileSync(path, text);
  expect(() => readConceptEdits(folder)).toThrow(kind);
  expect(() => appendConceptEdit(folder, forbid(1))).toThrow(path);
  expect(readFileSync(path, 'utf8')).toBe(text);
});

it('is not lost where another process edits at the same time', async () => {
  writeConceptEdits(folder, []);
  // Holds the lock, adds an edit of its own after a while, and lets go.
  const [other, lock] = [join(folder, 'other.json'), join(folder, 'concept-edits.lock')];
  writeFileSync(other, JSON.stringify({ format: 'strata-concept-edits', version: 1, edits: [forbid(1)] }));
  const script = `const { writeFileSync, copyFileSync, rmSync } = require('node:fs');
    const [lock, from, to] = process.argv.slice(1);
    writeFileSync(lock, String(process.pid));
    setTimeout(() => { copyFileSync(from, to); rmSync(lock); }, 300);`;
  const child = spawn(process.execPath, ['-e', script, lock, other, path]);
  await vi.waitFor(() => expect(readFileSync(lock, 'utf8')).toBe(String(child.pid)), 5000);
  appendConceptEdit(folder, forbid(2));
  expect(readConceptEdits(folder)).toEqual([forbid(1), forbid(2)]);
  expect(removeConceptEdit(folder, 0, () => {})).toEqual([forbid(2)]);
  expect(existsSync(lock)).toBe(false);
});

it('is not written longer than it is read', () => {
  writeConceptEdits(folder, [forbid(0)]);
  const many = Array.from({ length: 9000 }, (_, index) => forbid(index, 'x'.repeat(1000)));
  expect(() => writeConceptEdits(folder, many)).toThrow(/at most 8388608 are read/);
  expect(readConceptEdits(folder)).toEqual([forbid(0)]);
});
