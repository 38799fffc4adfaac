// Writing a file so that after a crash the path holds either the old bytes or all of the new ones, never a part.
// From: temporary file, fsync, rename, fsync of the folder (Pillai et al. 2014, "All File Systems Are Not Created Equal").
import { createHash, randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, mkdirSync, openSync, readdirSync, renameSync, rmSync, writeSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { writeFailure } from './errors.js';

/** What was written: the length in bytes and the SHA-256 in lower-case hexadecimal. */
export interface WrittenFile {
  readonly bytes: number;
  readonly sha256: string;
}

/** What can be written: UTF-8 text, bytes, or chunks of bytes streamed in order. */
export type Contents = string | Uint8Array | Iterable<Uint8Array>;

// The kernel writes at most 2^31 - 4096 bytes at once.
const LARGEST_WRITE = 1 << 30;
const TEMPORARY = /^\..+\.[0-9a-f]{12}\.tmp$/;

const chunksOf = (contents: Contents): Iterable<Uint8Array> => {
  if (typeof contents === 'string') return [Buffer.from(contents, 'utf8')];
  return contents instanceof Uint8Array ? [contents] : contents;
};

/** Writes every byte to an open descriptor; a short write is continued. */
export function writeFully(descriptor: number, bytes: Uint8Array): void {
  let written = 0;
  while (written < bytes.length) {
    written += writeSync(descriptor, bytes, written, Math.min(bytes.length - written, LARGEST_WRITE));
  }
}

/** Makes a rename in a folder survive a crash. */
export function syncFolder(folder: string): void {
  // Windows cannot open a folder; its rename is journaled.
  if (process.platform === 'win32') return;
  const descriptor = openSync(folder, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/**
 * Replaces the file at `path` in one step, durably, and returns its length and hash; on any error the path is untouched
 * and no temporary file stays. Throws DiskFullError, ReadOnlyError or WriteError.
 */
export function writeFileAtomic(path: string, contents: Contents): WrittenFile {
  const folder = dirname(path);
  const temporary = join(folder, `.${basename(path)}.${randomBytes(6).toString('hex')}.tmp`);
  const hash = createHash('sha256');
  let bytes = 0;
  let descriptor: number | undefined;
  try {
    descriptor = openSync(temporary, 'wx');
    for (const chunk of chunksOf(contents)) {
      hash.update(chunk);
      bytes += chunk.length;
      writeFully(descriptor, chunk);
    }
    fsyncSync(descriptor);
    const finished = descriptor;
    descriptor = undefined;
    closeSync(finished);
    renameSync(temporary, path);
    syncFolder(folder);
  } catch (error) {
    if (descriptor !== undefined) closeSync(descriptor);
    rmSync(temporary, { force: true });
    throw writeFailure(path, error);
  }
  return { bytes, sha256: hash.digest('hex') };
}

/** Creates a folder and its parents if they are missing; throws DiskFullError, ReadOnlyError or WriteError. */
export function makeFolder(path: string): void {
  try {
    mkdirSync(path, { recursive: true });
  } catch (error) {
    throw writeFailure(path, error);
  }
}

/** Deletes a file if it is there; throws ReadOnlyError or WriteError. */
export function removeFile(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch (error) {
    throw writeFailure(path, error);
  }
}

/** Deletes a folder with all that is in it, if it is there; throws ReadOnlyError or WriteError. */
export function removeFolder(path: string): void {
  try {
    rmSync(path, { recursive: true, force: true });
  } catch (error) {
    throw writeFailure(path, error);
  }
}

/** Deletes temporary files that a killed writer left in a folder; only for a folder with one writer, while it is not writing. */
export function removeLeftovers(folder: string): void {
  for (const name of readdirSync(folder)) if (TEMPORARY.test(name)) removeFile(join(folder, name));
}
