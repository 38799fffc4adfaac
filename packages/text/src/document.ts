// A document: one text with its name, size and hash, read from its file when asked, so that a corpus may outgrow memory.
// Hashes and sizes are of the normalised text's bytes: what is trained on and scored.
import { createHash } from 'node:crypto';
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { basename } from 'node:path';
import { bytesFromText, textFromBytes } from './bytes.js';
import { CorpusFileError, CorpusHashError, JsonLineError } from './corpus-errors.js';
import { type Normalization, normalizeText } from './normalize.js';

/** One text of a corpus; `bytes` and `sha256` are those of `text`. */
export interface Document {
  readonly name: string;
  readonly bytes: number;
  readonly sha256: string;
  /** Read from the file at each access: keep it in a variable. Throws CorpusHashError if the file has changed. */
  readonly text: string;
}

/** The sha256 of bytes, in hexadecimal. */
export function sha256(bytes: Uint8Array | string): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** Reads a whole file, or the part [start, end) of it, in bytes; throws CorpusFileError. */
export function readFileBytes(path: string, start = 0, end?: number): Uint8Array {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch (error) {
    throw unreadable(path, error);
  }
  try {
    const bytes = new Uint8Array((end ?? fstatSync(file).size) - start);
    let filled = 0;
    while (filled < bytes.length) {
      const count = readSync(file, bytes, filled, bytes.length - filled, start + filled);
      if (count === 0) return bytes.subarray(0, filled);
      filled += count;
    }
    return bytes;
  } catch (error) {
    throw unreadable(path, error);
  } finally {
    closeSync(file);
  }
}

/** Reads a plain file as one document, to be scored or trained on; throws CorpusFileError. */
export function readDocument(path: string, normalization: Normalization = 'none'): Document {
  return documentOfBytes(path, basename(path), readFileBytes(path), normalization);
}

/** Makes a document of a file whose bytes were just read; they are not kept. */
export function documentOfBytes(path: string, name: string, raw: Uint8Array, normalization: Normalization): Document {
  const decode = (bytes: Uint8Array): string => normalizeText(textFromBytes(bytes), normalization);
  return new FileDocument(name, decode(raw), path, 0, undefined, decode);
}

/** Makes a document of each line of a .jsonl file; blank lines are skipped. Throws CorpusFileError, JsonLineError. */
export function readJsonLines(path: string, normalization: Normalization): Document[] {
  const raw = readFileBytes(path);
  const documents: Document[] = [];
  for (let start = 0, line = 1; start < raw.length; line++) {
    const newline = raw.indexOf(0x0a, start);
    const end = newline < 0 ? raw.length : newline;
    const number = line;
    const decode = (bytes: Uint8Array): string => normalizeText(textOfLine(bytes, path, number), normalization);
    const bytes = raw.subarray(start, end);
    if (!isBlank(bytes))
      documents.push(new FileDocument(`${basename(path)}:${line}`, decode(bytes), path, start, end, decode));
    start = end + 1;
  }
  return documents;
}

class FileDocument implements Document {
  readonly bytes: number;
  readonly sha256: string;

  constructor(
    readonly name: string,
    text: string,
    private readonly path: string,
    private readonly start: number,
    private readonly end: number | undefined,
    private readonly decode: (bytes: Uint8Array) => string,
  ) {
    const bytes = bytesFromText(text);
    this.bytes = bytes.length;
    this.sha256 = sha256(bytes);
  }

  get text(): string {
    const text = this.decode(readFileBytes(this.path, this.start, this.end));
    const found = sha256(bytesFromText(text));
    if (found === this.sha256) return text;
    throw new CorpusHashError(
      this.path,
      found,
      `${this.sha256}, as when it was loaded`,
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

function unreadable(path: string, error: unknown): CorpusFileError {
  const reason = error instanceof Error && 'code' in error ? String(error.code) : String(error);
  const found = reason === 'ENOENT' ? 'no such file' : `cannot be read (${reason})`;
  return new CorpusFileError(path, found, 'Check the path and its permissions.');
}
