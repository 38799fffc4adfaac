// A write is all or nothing, leaves no litter, and says in words what the system refused.
// From: the promises in atomic-write.ts and append-file.ts.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AppendFile } from './append-file.js';
import { makeFolder, removeFolder, removeLeftovers, writeFileAtomic } from './atomic-write.js';
import { DiskFullError, ReadOnlyError, WriteError } from './errors.js';
import { sha256, sha256File } from './hash.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'strata-store-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Chunks that break off with a system error, as a full disk does in the middle of a write. */
function* breakingOff(code: string): Generator<Uint8Array> {
  yield Buffer.from('the first half');
  throw Object.assign(new Error(`${code}: refused, write`), { code, syscall: 'write' });
}

describe('writeFileAtomic', () => {
  it('writes text, bytes and streamed chunks, and returns the length and hash of what is on the disk', () => {
    const path = join(folder, 'file');
    for (const contents of ['grün', Buffer.from([0, 255]), [Buffer.from('a'), Buffer.alloc(0), Buffer.from('b')], '']) {
      const written = writeFileAtomic(path, contents);
      expect(written).toEqual({ bytes: readFileSync(path).length, sha256: sha256File(path) });
    }
    writeFileAtomic(path, [Buffer.from('a'), Buffer.from('b')]);
    expect(readFileSync(path, 'utf8')).toBe('ab');
    expect(readdirSync(folder)).toEqual(['file']);
  });

  it.each([
    ['ENOSPC', DiskFullError, /no space.*Next: free some space/],
    ['EDQUOT', DiskFullError, /no space.*Next: free some space/],
    ['EROFS', ReadOnlyError, /may not be written.*Next: choose another folder/],
    ['EACCES', ReadOnlyError, /may not be written.*Next: choose another folder/],
    ['EIO', WriteError, /EIO.*Next: check the disk/],
  ])('on %s keeps the old file, removes the temporary one and names the path and the next step', (code, type, text) => {
    const path = join(folder, 'model.safetensors');
    writeFileAtomic(path, 'old');
    const write = () => writeFileAtomic(path, breakingOff(code));
    expect(write).toThrow(type);
    expect(write).toThrow(text);
    expect(write).toThrow(path);
    expect(readFileSync(path, 'utf8')).toBe('old');
    expect(readdirSync(folder)).toEqual(['model.safetensors']);
  });

  it('lets an error of the caller through as it is, and still cleans up', () => {
    const error = new RangeError('from the caller');
    const chunks = function* (): Generator<Uint8Array> {
      yield Buffer.from('a');
      throw error;
    };
    expect(() => writeFileAtomic(join(folder, 'file'), chunks())).toThrow(error);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('refuses a missing folder and a folder in the place of the file, by name', () => {
    expect(() => writeFileAtomic(join(folder, 'missing', 'file'), 'a')).toThrow(/Next: create the folder/);
    mkdirSync(join(folder, 'taken'));
    expect(() => writeFileAtomic(join(folder, 'taken'), 'a')).toThrow(WriteError);
    expect(readdirSync(folder)).toEqual(['taken']);
    writeFileSync(join(folder, 'file'), 'a');
    expect(() => makeFolder(join(folder, 'file', 'below'))).toThrow(WriteError);
  });

  it('creates and removes folders whether they are there or not', () => {
    const path = join(folder, 'levels', 'word');
    makeFolder(path);
    makeFolder(path);
    writeFileAtomic(join(path, 'file'), 'a');
    removeFolder(join(folder, 'levels'));
    removeFolder(join(folder, 'levels'));
    expect(readdirSync(folder)).toEqual([]);
  });

  it('removes what killed writers left, and nothing else', () => {
    const litter = `.model.safetensors.${'0123456789ab'}.tmp`;
    for (const name of [litter, 'notes.tmp', '.hidden', 'model.safetensors']) writeFileSync(join(folder, name), '');
    removeLeftovers(folder);
    expect(readdirSync(folder).sort()).toEqual(['.hidden', 'model.safetensors', 'notes.tmp']);
  });
});

describe('AppendFile', () => {
  it('adds records after what is there, and refuses to write once closed', () => {
    const path = join(folder, 'log');
    writeFileSync(path, 'before\n');
    const file = new AppendFile(path);
    file.append('grün\n');
    file.append(Buffer.from([0x61]));
    file.close();
    file.close();
    expect(readFileSync(path, 'utf8')).toBe('before\ngrün\na');
    expect(() => file.append('more')).toThrow(/after close/);
    expect(() => new AppendFile(join(folder, 'missing', 'log'))).toThrow(WriteError);
  });
});

describe('sha256', () => {
  it('gives the digests of FIPS 180-4 for bytes, and for files of every length around a block', () => {
    expect(sha256('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
    const path = join(folder, 'file');
    for (const length of [0, 1, (1 << 20) - 1, 1 << 20, (1 << 20) + 1]) {
      const bytes = Buffer.alloc(length, 'strata');
      writeFileSync(path, bytes);
      expect(sha256File(path)).toBe(sha256(bytes));
    }
  });
});
