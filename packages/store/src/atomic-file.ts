// A file that grows in a temporary place until it is whole, for writers that must wait between two chunks.
// From: the promises of atomic-write.ts, which does the same in one call.
import { createHash, randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, openSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { syncFolder, type WrittenFile, writeFully } from './atomic-write.js';
import { WriteError, writeFailure } from './errors.js';

/** A write in progress; until `commit` the path holds what it held before. */
export class AtomicFile {
  readonly #temporary: string;
  readonly #hash = createHash('sha256');
  #bytes = 0;
  #descriptor: number | undefined;

  /** Begins a temporary file beside `path`; throws DiskFullError, ReadOnlyError or WriteError. */
  constructor(readonly path: string) {
    this.#temporary = join(dirname(path), `.${basename(path)}.${randomBytes(6).toString('hex')}.tmp`);
    this.#descriptor = this.#guarded(() => openSync(this.#temporary, 'wx'));
  }

  /** Appends bytes; on an error nothing of the file stays. Throws DiskFullError, ReadOnlyError or WriteError. */
  write(bytes: Uint8Array): void {
    const descriptor = this.#open();
    this.#guarded(() => writeFully(descriptor, bytes));
    this.#hash.update(bytes);
    this.#bytes += bytes.length;
  }

  /** Puts the file in its place, durably; throws DiskFullError, ReadOnlyError or WriteError. */
  commit(): WrittenFile {
    const descriptor = this.#open();
    this.#guarded(() => {
      fsyncSync(descriptor);
      this.#descriptor = undefined;
      closeSync(descriptor);
      renameSync(this.#temporary, this.path);
      syncFolder(dirname(this.path));
    });
    return { bytes: this.#bytes, sha256: this.#hash.digest('hex') };
  }

  /** Gives the write up and removes what there is of it; after `commit` it does nothing. */
  abandon(): void {
    if (this.#descriptor === undefined) return;
    closeSync(this.#descriptor);
    this.#descriptor = undefined;
    rmSync(this.#temporary, { force: true });
  }

  #open(): number {
    if (this.#descriptor !== undefined) return this.#descriptor;
    throw new WriteError({
      path: this.path,
      found: 'a write after the file was finished',
      next: 'report this as a bug',
    });
  }

  #guarded<T>(action: () => T): T {
    try {
      return action();
    } catch (error) {
      if (this.#descriptor !== undefined) closeSync(this.#descriptor);
      this.#descriptor = undefined;
      rmSync(this.#temporary, { force: true });
      throw writeFailure(this.path, error);
    }
  }
}
