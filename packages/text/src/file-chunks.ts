// A file's bytes in order, a chunk at a time, so that a file may be larger than memory or any string; and its lines.
// From: Strata; positioned reads, so that nothing depends on a shared offset.
import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { ByteDecoder } from './byte-decoder.js';
import { CorpusFileError } from './corpus-errors.js';

/** Bytes read at once. */
export const CHUNK_BYTES = 1 << 18;

/** A file in chunks of at most CHUNK_BYTES; a chunk may be overwritten once the next is asked for. Throws CorpusFileError. */
export function* fileChunks(path: string): Generator<Uint8Array, void, undefined> {
  const file = openPlainFile(path);
  try {
    const buffer = new Uint8Array(CHUNK_BYTES);
    let filled = 0;
    let offset = 0;
    for (;;) {
      const count = guarded(path, () => readSync(file, buffer, filled, buffer.length - filled, offset));
      filled += count;
      offset += count;
      if (filled === buffer.length || (count === 0 && filled > 0)) {
        yield buffer.subarray(0, filled);
        filled = 0;
      }
      if (count === 0) return;
    }
  } finally {
    closeSync(file);
  }
}

/** A file's text in chunks, never cut within a code point; joined they are `textFromBytes` of the file. Throws CorpusFileError. */
export function* decodedChunks(path: string): Generator<string, void, undefined> {
  const decoder = new ByteDecoder();
  for (const bytes of fileChunks(path)) yield decoder.push(bytes);
  const last = decoder.finish();
  if (last !== '') yield last;
}

/** Opens a file to be read; throws CorpusFileError, also for a pipe or a device, which would have to be waited for. */
export function openPlainFile(path: string): number {
  if (!guarded(path, () => statSync(path)).isFile())
    throw new CorpusFileError(path, 'not a regular file', 'Name a file on disk; save what comes through a pipe first.');
  return guarded(path, () => openSync(path, 'r'));
}

function guarded<T>(path: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    throw unreadable(path, error);
  }
}

/** The error for a file that the system would not open or read. */
export function unreadable(path: string, error: unknown): CorpusFileError {
  const reason = error instanceof Error && 'code' in error ? String(error.code) : String(error);
  const found = reason === 'ENOENT' ? 'no such file' : `cannot be read (${reason})`;
  return new CorpusFileError(path, found, 'Check the path and its permissions.');
}
