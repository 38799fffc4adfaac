// Bytes that can be read at an offset, from a regular file or from memory, so that one reader serves both.
// From: Strata; only regular files are opened, because a pipe would hang and a device has no end.
import { closeSync, fstatSync, openSync, readSync, statSync } from 'node:fs';
import { FileTooLargeError, readFailure, StoreError, UnreadableFileError } from './errors.js';

/** Random access to a known number of bytes. */
export interface ByteSource {
  /** Where the bytes come from, for messages. */
  readonly path: string;
  /** Length in bytes. */
  readonly size: number;
  /** Fills `into` with the bytes from `offset` on; throws UnreadableFileError if the source ends before. */
  read(offset: number, into: Uint8Array): void;
}

const LARGEST_READ = 1 << 30;

const shortRead = (path: string): UnreadableFileError =>
  new UnreadableFileError({
    path,
    found: 'it ended while it was being read',
    next: 'make sure that nothing else writes it',
  });

/** Bytes in memory as a source; `path` only names them in messages. */
export function memorySource(bytes: Uint8Array, path: string): ByteSource {
  return {
    path,
    size: bytes.length,
    read(offset, into) {
      if (offset + into.length > bytes.length) throw shortRead(path);
      into.set(bytes.subarray(offset, offset + into.length));
    },
  };
}

/** A file that stays open for reading until it is closed. */
export interface OpenSource extends ByteSource {
  close(): void;
}

/** Opens a regular file for reads at any offset; throws MissingFileError or UnreadableFileError, as reading does. */
export function openSource(path: string): OpenSource {
  const descriptor = guarded(path, () => {
    if (!statSync(path).isFile()) {
      throw new UnreadableFileError({ path, found: 'it is not a regular file', next: 'check the path' });
    }
    return openSync(path, 'r');
  });
  return {
    path,
    size: fstatSync(descriptor).size,
    read(offset, into) {
      let done = 0;
      while (done < into.length) {
        const wanted = Math.min(into.length - done, LARGEST_READ);
        const count = guarded(path, () => readSync(descriptor, into, done, wanted, offset + done));
        if (count === 0) throw shortRead(path);
        done += count;
      }
    },
    close: () => closeSync(descriptor),
  };
}

/** Opens a regular file, lets `use` read it, and closes it; throws MissingFileError or UnreadableFileError. */
export function withFile<T>(path: string, use: (source: ByteSource) => T): T {
  const source = openSource(path);
  try {
    return use(source);
  } finally {
    source.close();
  }
}

function guarded<T>(path: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    throw error instanceof StoreError ? error : readFailure(path, error);
  }
}

/** All bytes of a regular file of at most `maximumBytes`; throws FileTooLargeError, MissingFileError or UnreadableFileError. */
export function readFileBytes(path: string, maximumBytes: number): Uint8Array {
  return withFile(path, (source) => {
    if (source.size > maximumBytes) {
      const found = `it is ${source.size} bytes long`;
      const accepted = `at most ${maximumBytes} bytes`;
      throw new FileTooLargeError({ path, found, accepted, next: 'check that this is the right file' });
    }
    const bytes = new Uint8Array(source.size);
    source.read(0, bytes);
    return bytes;
  });
}
