// A file that only grows, one whole record at a time, with the same named errors as atomic writes.
// From: POSIX O_APPEND; a kill may tear the last record only, so readers must tolerate that.
import { closeSync, fsyncSync, openSync } from 'node:fs';
import { writeFully } from './atomic-write.js';
import { writeFailure } from './errors.js';

/** An open append-only file; throws DiskFullError, ReadOnlyError or WriteError. */
export class AppendFile {
  readonly path: string;
  private descriptor: number | undefined;

  /** Opens the file at its end, creating it if it is missing. */
  constructor(path: string) {
    this.path = path;
    this.descriptor = this.guarded(() => openSync(path, 'a'));
  }

  /** Appends one record (text as UTF-8); it is in the system's hands, not yet on the disk, when this returns. */
  append(record: string | Uint8Array): void {
    const bytes = typeof record === 'string' ? Buffer.from(record, 'utf8') : record;
    this.guarded(() => writeFully(this.open(), bytes));
  }

  /** Waits until all records are on the disk. */
  flush(): void {
    this.guarded(() => fsyncSync(this.open()));
  }

  /** Flushes and closes; a second call does nothing. */
  close(): void {
    if (this.descriptor === undefined) return;
    this.flush();
    const descriptor = this.descriptor;
    this.descriptor = undefined;
    this.guarded(() => closeSync(descriptor));
  }

  private open(): number {
    if (this.descriptor === undefined) throw new Error(`${this.path}: written after close(). Next: open it again.`);
    return this.descriptor;
  }

  private guarded<T>(action: () => T): T {
    try {
      return action();
    } catch (error) {
      throw writeFailure(this.path, error);
    }
  }
}
