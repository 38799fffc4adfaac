// One writer a folder: a lock file that holds the writer's process id, and that a dead writer's successor may take.
// From: Strata; checkpoints and metrics trust that nobody else writes them.
import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LockedError, writeFailure } from './errors.js';

const NAME = 'lock';
/** An empty lock is being written, unless it is older than this. */
const WRITING_MILLISECONDS = 1000;

function isAlive(processId: number): boolean {
  try {
    process.kill(processId, 0);
    return true;
  } catch (error) {
    // Not ours to signal, but there.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** The process that holds a lock file, or undefined where it is gone or holds no process id. */
function holderOf(path: string): number | undefined {
  try {
    const processId = Number(readFileSync(path, 'utf8').slice(0, 20));
    return Number.isSafeInteger(processId) && processId > 0 ? processId : undefined;
  } catch {
    return undefined;
  }
}

function isBeingWritten(path: string): boolean {
  const found = statSync(path, { throwIfNoEntry: false });
  return found?.size === 0 && Math.abs(Date.now() - found.mtimeMs) < WRITING_MILLISECONDS;
}

/**
 * Takes the lock of a folder, or of the part of it that `name` stands for, for this process and returns what gives it back. A
 * lock whose process is dead is taken over. Throws LockedError where another process holds it, DiskFullError, ReadOnlyError or WriteError.
 */
export function lockFolder(folder: string, name = NAME): () => void {
  const path = join(folder, name);
  for (let attempt = 0; attempt < 2; attempt++) {
    try {
      writeFileSync(path, `${process.pid}\n`, { flag: 'wx' });
      return () => rmSync(path, { force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw writeFailure(path, error);
      const holder = holderOf(path);
      if (holder !== undefined && isAlive(holder))
        throw new LockedError({
          path,
          found: `process ${holder} is writing this folder`,
          next: `wait for it, or, if it is no training of Strata, delete ${path}`,
        });
      if (isBeingWritten(path)) break;
      rmSync(path, { force: true });
    }
  }
  throw new LockedError({ path, found: 'another process took it just now', next: 'wait for it to end' });
}
