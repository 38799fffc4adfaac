// A column of numbers on its way to a file: gathered in a buffer, written when it is full.
// From: Strata; a file of the encoded text is one column or several, each of one width.
import type { EncodedWriter } from './encoded-folder.js';

type NumberArray = Uint8Array | Uint16Array | Uint32Array | Float64Array;

const BUFFERED = 1 << 16;

/** Appends numbers to one file of a writer. */
export class NumberColumn {
  readonly #values: NumberArray;
  #filled = 0;

  /** `make` is the array type of the numbers. */
  constructor(
    readonly writer: EncodedWriter,
    readonly name: string,
    make: new (length: number) => NumberArray,
  ) {
    this.#values = new make(BUFFERED);
  }

  /** Bytes appended so far, those in the buffer included. */
  get bytes(): number {
    return this.writer.length(this.name) + this.#filled * this.#values.BYTES_PER_ELEMENT;
  }

  push(value: number): void {
    if (this.#filled === BUFFERED) this.flush();
    this.#values[this.#filled++] = value;
  }

  /** The same for several numbers; `added` is added to the one at `place`. */
  pushAll(values: ArrayLike<number>, place = -1, added = 0): void {
    if (this.#filled + values.length > BUFFERED) this.flush();
    const start = this.#filled;
    for (let i = 0; i < values.length; i++) this.#values[start + i] = values[i];
    if (place >= 0) this.#values[start + place] += added;
    this.#filled += values.length;
  }

  /** Hands what is gathered to the file. */
  flush(): void {
    this.writer.append(this.name, this.#values.subarray(0, this.#filled));
    this.#filled = 0;
  }
}
