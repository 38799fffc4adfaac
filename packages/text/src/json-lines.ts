// A .jsonl file: a document a line, read from the file each time they are asked for, so that there may be any number.
// From: the JSON Lines convention; a line must be an object with a string "text".
import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import { textFromBytes } from './bytes.js';
import { CorpusHashError, JsonLineError } from './corpus-errors.js';
import type { Document } from './document.js';
import { fileChunks } from './file-chunks.js';
import { HeldDocument } from './held-document.js';
import { type Normalization, normalizeText } from './normalize.js';

/** A line is parsed whole, so it must fit memory a few times over. */
const LONGEST_LINE = 64 * 1024 * 1024;

/** The documents of a .jsonl file, in order; blank lines are skipped. Iterating throws CorpusFileError, JsonLineError, CorpusHashError. */
export class JsonLinesFile implements Iterable<Document> {
  #sha256: string | undefined;

  constructor(
    readonly path: string,
    private readonly normalization: Normalization,
  ) {}

  *[Symbol.iterator](): Generator<Document, void, undefined> {
    const name = basename(this.path);
    let number = 0;
    for (const bytes of this.#lines()) {
      number++;
      if (isBlank(bytes)) continue;
      const text = normalizeText(textOfLine(bytes, this.path, number), this.normalization, this.path);
      yield new HeldDocument(`${name}:${number}`, text);
    }
  }

  // The bytes of each line; a file that was read to its end must be the same when it is read again.
  *#lines(): Generator<Uint8Array, void, undefined> {
    const hash = createHash('sha256');
    let parts: Uint8Array[] = [];
    let length = 0;
    let number = 1;
    const line = (end: Uint8Array): Uint8Array => {
      const whole = parts.length === 0 ? end : Buffer.concat([...parts, end]);
      parts = [];
      length = 0;
      number++;
      return whole;
    };
    for (const chunk of fileChunks(this.path)) {
      hash.update(chunk);
      let from = 0;
      for (let newline = chunk.indexOf(0x0a); newline >= 0; newline = chunk.indexOf(0x0a, from)) {
        yield line(chunk.subarray(from, newline));
        from = newline + 1;
      }
      length += chunk.length - from;
      if (length > LONGEST_LINE)
        throw new JsonLineError(this.path, number, `the line is longer than ${LONGEST_LINE} bytes`);
      if (from < chunk.length) parts.push(chunk.slice(from));
    }
    if (parts.length > 0) yield line(new Uint8Array(0));
    const found = hash.digest('hex');
    this.#sha256 ??= found;
    if (found !== this.#sha256)
      throw new CorpusHashError(
        this.path,
        found,
        `${this.#sha256}, as when it was loaded`,
        'The file changed: start again.',
      );
  }
}

function textOfLine(bytes: Uint8Array, path: string, line: number): string {
  let value: unknown;
  try {
    value = JSON.parse(textFromBytes(bytes).replace(/^\ufeff/, ''));
  } catch (error) {
    throw new JsonLineError(path, line, error instanceof Error ? error.message : 'not JSON');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new JsonLineError(
      path,
      line,
      `found ${Array.isArray(value) ? 'a list' : value === null ? 'null' : `a ${typeof value}`}`,
    );
  }
  if (!('text' in value))
    throw new JsonLineError(path, line, `found only ${Object.keys(value).slice(0, 5).join(', ') || 'no keys'}`);
  if (typeof value.text !== 'string')
    throw new JsonLineError(path, line, `"text" is not a string but a ${typeof value.text}`);
  return value.text;
}

function isBlank(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte === 0x20 || byte === 0x09 || byte === 0x0d);
}
