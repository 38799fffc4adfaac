// The documents of one split, read from their files anew by each iteration: there may be more than memory holds.
// Beside them, the check that no text stands in two splits, which holds the hashes of what is held out only.
import { sharedTextError } from './corpus-errors.js';
import type { SplitName } from './declaration.js';
import type { Document, Documents } from './document.js';

/** Documents of several sources in order, those without text left out. */
export class SplitDocuments implements Documents {
  #length = 0;
  #bytes = 0;
  readonly #sources: Iterable<Document>[] = [];

  get length(): number {
    return this.#length;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Reads a source once and shows each of its documents. */
  add(source: Iterable<Document>, each: (document: Document) => void): void {
    for (const document of source) {
      if (document.bytes === 0) continue;
      this.#length++;
      this.#bytes += document.bytes;
      each(document);
    }
    this.#sources.push(source);
  }

  *[Symbol.iterator](): Generator<Document, void, undefined> {
    for (const source of this.#sources) for (const document of source) if (document.bytes > 0) yield document;
  }
}

/** Shorter lines of a .jsonl file may stand in several splits: "CHORUS." is no text that was held out. */
const SHARED_BYTES = 256;
const LINE_OF_FILE = /:\d+$/;

/** Finds texts that stand in two splits: held-out documents are shown to it first, training documents after them. */
export class SharedTexts {
  readonly #heldOut = new Map<string, { readonly split: SplitName; readonly name: string }>();

  constructor(private readonly corpus: string) {}

  /** Throws CorpusSplitError where another split holds the same text. */
  check(split: SplitName, document: Document): void {
    const { name } = document;
    if (document.bytes < SHARED_BYTES && LINE_OF_FILE.test(name)) return;
    const other = this.#heldOut.get(document.sha256);
    if (other !== undefined && other.split !== split)
      throw split === 'train'
        ? sharedTextError(this.corpus, `${name} and ${other.name}`, split, other.split)
        : sharedTextError(this.corpus, `${other.name} and ${name}`, other.split, split);
    if (split !== 'train') this.#heldOut.set(document.sha256, { split, name });
  }
}
