// A document whose text is at hand: a line of a .jsonl file, or a text that was never a file.
// From: Strata; size and hash are only worked out when they are asked for.
import { createHash } from 'node:crypto';
import { byteLength, bytesFromText } from './bytes.js';
import type { Document } from './document.js';
import { textChunks } from './text-chunks.js';

/** A text in memory as a document. */
export class HeldDocument implements Document {
  #bytes: number | undefined;
  #sha256: string | undefined;

  constructor(
    readonly name: string,
    readonly text: string,
  ) {}

  get bytes(): number {
    this.#bytes ??= byteLength(this.text);
    return this.#bytes;
  }

  get sha256(): string {
    this.#sha256 ??= createHash('sha256').update(bytesFromText(this.text)).digest('hex');
    return this.#sha256;
  }

  chunks(): Iterable<string> {
    return textChunks(this.text);
  }
}
