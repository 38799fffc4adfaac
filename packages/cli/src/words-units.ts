// The units of a file for `strata words show`: read from a text, or taken from encoded words, in batches either way.
// From: Strata; what the file is shows in its first bytes.
import { decodeWords, isWordFile, LANGUAGES, type Language, readBytes } from '@strata/word';
import { type ShownUnit, shownUnit } from './words-show.js';
import type { ByteInput } from './words-streams.js';

const PEEK_BYTES = 16;
const BATCH_UNITS = 1024;

const languages: ReadonlyMap<string, Language> = new Map(Object.entries(LANGUAGES));

/** The language of a name that a file gives, or undefined. */
export const findLanguage = (name: string): Language | undefined => languages.get(name);

/** Units in batches, and the language that they are in. */
export interface UnitsOfFile {
  readonly language: Language;
  readonly batches: Generator<readonly ShownUnit[], unknown, undefined>;
}

/** The units of a text, or of a file of encoded words, whichever the input is. */
export function unitsOf(input: ByteInput, named: Language): UnitsOfFile {
  const { start, chunks } = peek(input.chunks());
  if (!isWordFile(start)) {
    return { language: named, batches: mapped(readBytes(named, chunks), (units) => units.map(shownUnit)) };
  }
  let language = named;
  const find = (name: string): Language | undefined => {
    const found = findLanguage(name);
    language = found ?? language;
    return found;
  };
  const blocks = decodeWords(chunks, find, input.name);
  return {
    get language() {
      return language;
    },
    batches: flattened(mapped(blocks, ({ units }) => inBatches(units()))),
  };
}

function peek(chunks: Generator<Uint8Array, void, undefined>): { start: Uint8Array; chunks: Iterable<Uint8Array> } {
  const held: Uint8Array[] = [];
  let start = new Uint8Array(0);
  while (start.length < PEEK_BYTES) {
    const next = chunks.next();
    if (next.done === true) break;
    held.push(next.value);
    start = Buffer.concat([start, next.value.subarray(0, PEEK_BYTES)]);
  }
  const all = function* (): Generator<Uint8Array, void, undefined> {
    yield* held.splice(0);
    yield* chunks;
  };
  return { start, chunks: all() };
}

function* mapped<T, R>(values: Iterable<T>, change: (value: T) => R): Generator<R, void, undefined> {
  for (const value of values) yield change(value);
}

function* flattened<T>(values: Iterable<Iterable<T>>): Generator<T, void, undefined> {
  for (const value of values) yield* value;
}

function* inBatches<T>(values: Iterable<T>): Generator<readonly T[], void, undefined> {
  let batch: T[] = [];
  for (const value of values) {
    batch.push(value);
    if (batch.length < BATCH_UNITS) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}
