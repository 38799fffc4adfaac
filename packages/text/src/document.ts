// A document: one text with its name, size and hash, read from its file when asked, so that a corpus may outgrow memory.
// Hashes and sizes are of the normalised text's bytes: what is trained on and scored.
import { createHash, type Hash } from 'node:crypto';
import { closeSync, fstatSync, readSync } from 'node:fs';
import { basename } from 'node:path';
import { bytesFromText } from './bytes.js';
import { CorpusFileError, CorpusHashError } from './corpus-errors.js';
import { decodedChunks, fileChunks, openPlainFile, unreadable } from './file-chunks.js';
import { HeldDocument } from './held-document.js';
import { type Normalization, normalizeChunks } from './normalize.js';

/** One text of a corpus; `bytes` and `sha256` are those of `text`. */
export interface Document {
  readonly name: string;
  readonly bytes: number;
  readonly sha256: string;
  /**
   * The whole text, read at each access: keep it in a variable. Throws CorpusHashError if the file has changed, and
   * CorpusFileError if the text is longer than a string can be.
   */
  readonly text: string;
  /** The text in order, cut anywhere but within a code point; throws CorpusHashError at its end if the file has changed. */
  chunks(): Iterable<string>;
}

/** Documents in order; those of a corpus are read anew from their files by each iteration. */
export interface Documents extends Iterable<Document> {
  readonly length: number;
  /** The sum of their bytes, where it is known without reading them. */
  readonly bytes?: number;
}

/** Longer texts are not joined into one string: V8's own limit is 2^29 - 24 code units. */
const LONGEST_TEXT_BYTES = 500_000_000;

/** The sha256 of bytes, in hexadecimal. */
export function sha256(bytes: Uint8Array | string): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** The sha256 of a file's bytes, in hexadecimal; throws CorpusFileError. */
export function fileSha256(path: string): string {
  const hash = createHash('sha256');
  for (const bytes of fileChunks(path)) hash.update(bytes);
  return hash.digest('hex');
}

/** Reads a whole file; throws CorpusFileError. */
export function readFileBytes(path: string): Uint8Array {
  const file = openPlainFile(path);
  try {
    const bytes = new Uint8Array(fstatSync(file).size);
    let filled = 0;
    while (filled < bytes.length) {
      const count = readSync(file, bytes, filled, bytes.length - filled, filled);
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

/** Reads a plain file as one document, to be scored or trained on, and keeps nothing of it but its hash; throws CorpusFileError. */
export function readDocument(path: string, normalization: Normalization = 'none', name = basename(path)): Document {
  return new FileDocument(name, path, normalization);
}

/** A document of a text at hand. */
export function documentOfText(name: string, text: string): Document {
  return new HeldDocument(name, text);
}

/** The bytes of documents together; reads them only where the sum is not known. */
export function bytesOfDocuments(documents: Documents): number {
  if (documents.bytes !== undefined) return documents.bytes;
  let bytes = 0;
  for (const document of documents) bytes += document.bytes;
  return bytes;
}

class FileDocument implements Document {
  readonly bytes: number;
  readonly sha256: string;

  constructor(
    readonly name: string,
    private readonly path: string,
    private readonly normalization: Normalization,
  ) {
    const hash = createHash('sha256');
    let bytes = 0;
    for (const part of this.#encoded()) {
      hash.update(part);
      bytes += part.length;
    }
    this.bytes = bytes;
    this.sha256 = hash.digest('hex');
  }

  *chunks(): Generator<string, void, undefined> {
    const hash = createHash('sha256');
    for (const chunk of this.#normalized()) {
      hash.update(bytesFromText(chunk));
      yield chunk;
    }
    this.#check(hash);
  }

  get text(): string {
    if (this.bytes > LONGEST_TEXT_BYTES)
      throw new CorpusFileError(
        this.path,
        `its text has ${this.bytes} bytes, more than the ${LONGEST_TEXT_BYTES} that are ever held at once`,
        'Score a part of it: cut the file into smaller ones.',
      );
    return [...this.chunks()].join('');
  }

  #normalized(): Iterable<string> {
    return normalizeChunks(() => decodedChunks(this.path), this.normalization, this.path);
  }

  // Text that is taken as it is has the file's own bytes: there is no need to decode and encode them.
  *#encoded(): Generator<Uint8Array, void, undefined> {
    if (this.normalization === 'none') yield* fileChunks(this.path);
    else for (const chunk of this.#normalized()) yield bytesFromText(chunk);
  }

  #check(hash: Hash): void {
    const found = hash.digest('hex');
    if (found === this.sha256) return;
    throw new CorpusHashError(
      this.path,
      found,
      `${this.sha256}, as when it was loaded`,
      'The file changed: start again.',
    );
  }
}
