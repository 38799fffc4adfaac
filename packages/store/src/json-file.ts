// JSON files read with a limit on their size, and written atomically.
// From: Strata; strictness as in json.ts, UTF-8 checked.

import { type WrittenFile, writeFileAtomic } from './atomic-write.js';
import { readFileBytes } from './byte-source.js';
import { JsonFileError } from './errors.js';
import { JsonSyntaxError, type JsonValue, parseJson, stringifyJson } from './json.js';

/** The value of a strict JSON file of at most `maximumBytes`; throws JsonFileError, FileTooLargeError, MissingFileError or UnreadableFileError. */
export function readJsonFile(path: string, maximumBytes: number): JsonValue {
  const bytes = readFileBytes(path, maximumBytes);
  try {
    return parseJson(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch (error) {
    const found = error instanceof JsonSyntaxError ? error.message : 'its bytes are not UTF-8';
    const next = 'correct that place or restore the file';
    throw new JsonFileError({ path, found, accepted: 'strict JSON in UTF-8', next }, { cause: error });
  }
}

/** Writes a value as JSON with a final newline, atomically; throws JsonValueError or the errors of writeFileAtomic. */
export function writeJsonFile(path: string, value: unknown, indent = 2): WrittenFile {
  const text = `${stringifyJson(value, indent)}\n`;
  return writeFileAtomic(path, text);
}
