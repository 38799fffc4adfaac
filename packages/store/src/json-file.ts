// JSON files read with a limit on their size, and written atomically.
// From: Strata; strictness as in json.ts, UTF-8 checked.

import { type WrittenFile, writeFileAtomic } from './atomic-write.js';
import { readBytes } from './byte-source.js';
import { JsonFileError } from './errors.js';
import { JsonSyntaxError, type JsonValue, parseJson, stringifyJson } from './json.js';

/** The value of JSON bytes; `path` names them in messages; throws JsonFileError with line and column. */
export function parseJsonBytes(bytes: Uint8Array, path: string): JsonValue {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    const complaint = {
      path,
      found: 'its bytes are not UTF-8',
      accepted: 'strict JSON in UTF-8',
      next: 'restore the file',
    };
    throw new JsonFileError(complaint, { cause: error });
  }
  try {
    return parseJson(text);
  } catch (error) {
    if (!(error instanceof JsonSyntaxError)) throw error;
    const complaint = {
      path,
      found: error.message,
      accepted: 'strict JSON',
      next: 'correct that place or restore the file',
    };
    throw new JsonFileError(complaint, { cause: error });
  }
}

/** The bytes of a JSON file of at most `maximumBytes`; throws JsonFileError, MissingFileError or UnreadableFileError. */
export function readJsonBytes(path: string, maximumBytes: number): Uint8Array {
  return readBytes(
    path,
    maximumBytes,
    (size) =>
      new JsonFileError({
        path,
        found: `it is ${size} bytes long`,
        accepted: `at most ${maximumBytes} bytes`,
        next: 'check that this is the right file',
      }),
  );
}

/** The value of a strict JSON file of at most `maximumBytes`; throws JsonFileError, MissingFileError or UnreadableFileError. */
export function readJsonFile(path: string, maximumBytes: number): JsonValue {
  return parseJsonBytes(readJsonBytes(path, maximumBytes), path);
}

/** Writes a value as JSON with a final newline, atomically; throws JsonValueError or the errors of writeFileAtomic. */
export function writeJsonFile(path: string, value: unknown, indent = 2): WrittenFile {
  const text = `${stringifyJson(value, indent)}\n`;
  return writeFileAtomic(path, text);
}
