import { existsSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LockedError } from './errors.js';
import { lockFolder } from './lock.js';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'strata-lock-'));
});

afterEach(() => rmSync(folder, { recursive: true }));

describe('lockFolder', () => {
  it('lets one writer in at a time, and the next one after it', () => {
    const release = lockFolder(folder);
    expect(() => lockFolder(folder)).toThrow(LockedError);
    expect(() => lockFolder(folder)).toThrow(`process ${process.pid}`);
    release();
    lockFolder(folder)();
    expect(existsSync(join(folder, 'lock'))).toBe(false);
  });

  it('does not take over what another writes just now', () => {
    writeFileSync(join(folder, 'lock'), '');
    expect(() => lockFolder(folder)).toThrow('another process took it just now');
  });

  it('locks parts of a folder apart', () => {
    const release = lockFolder(folder);
    lockFolder(folder, 'part.lock')();
    release();
  });

  it('takes over what a dead process, or no process, left behind', () => {
    // The largest process id of Linux is 2^22, so no process has this one.
    for (const left of ['99999999\n', '', 'nonsense']) {
      writeFileSync(join(folder, 'lock'), left);
      utimesSync(join(folder, 'lock'), 1, 1);
      const release = lockFolder(folder);
      expect(Number(readFileSync(join(folder, 'lock'), 'utf8'))).toBe(process.pid);
      release();
    }
  });
});
