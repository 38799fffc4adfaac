// A file written in steps is whole or not there, and its temporary never stays.
// From: the promises in atomic-file.ts.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { AtomicFile } from './atomic-file.js';
import { WriteError } from './errors.js';
import { sha256 } from './hash.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'strata-store-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

it('replaces the old file only when it is committed, and returns length and hash', () => {
  const path = join(folder, 'file');
  writeFileSync(path, 'old');
  const file = new AtomicFile(path);
  file.write(Buffer.from('a'));
  file.write(new Uint8Array(0));
  file.write(Buffer.from('b'));
  expect(readFileSync(path, 'utf8')).toBe('old');
  expect(file.commit()).toEqual({ bytes: 2, sha256: sha256('ab') });
  file.abandon();
  expect(readFileSync(path, 'utf8')).toBe('ab');
  expect(readdirSync(folder)).toEqual(['file']);
  expect(() => file.write(Buffer.from('c'))).toThrow(WriteError);
});

it('leaves nothing where it is given up, or where the place is taken', () => {
  const path = join(folder, 'file');
  const file = new AtomicFile(path);
  file.write(Buffer.from('a'));
  file.abandon();
  file.abandon();
  expect(readdirSync(folder)).toEqual([]);
  mkdirSync(path);
  const refused = new AtomicFile(path);
  expect(() => refused.commit()).toThrow(/a folder stands where a file should be/);
  expect(readdirSync(folder)).toEqual(['file']);
  expect(() => new AtomicFile(join(folder, 'missing', 'file'))).toThrow(/Next: create the folder/);
});
