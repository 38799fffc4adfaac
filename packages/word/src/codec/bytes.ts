// Whole numbers and strings as bytes: a growing writer, and a reader that never believes a length.
// Source: unsigned LEB128 (DWARF 5, section 7.6), at most 5 bytes and below 2^32.
import { bytesFromText, textFromBytes } from '@strata/text';

/** Collects bytes; `bytes()` is a view that the next write may change. */
export class ByteWriter {
  #bytes = new Uint8Array(1 << 10);
  #length = 0;

  /** Makes room for `count` bytes more. */
  reserve(count: number): void {
    if (this.#length + count <= this.#bytes.length) return;
    const grown = new Uint8Array(Math.max(2 * this.#bytes.length, this.#length + count));
    grown.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = grown;
  }

  /** Appends one byte. */
  byte(value: number): void {
    if (this.#length === this.#bytes.length) this.reserve(1);
    this.#bytes[this.#length++] = value;
  }

  /** Appends a whole number below 2^32. */
  number(value: number): void {
    let left = value;
    for (; left > 0x7f; left >>>= 7) this.byte((left & 0x7f) | 0x80);
    this.byte(left);
  }

  /** Appends bytes as they are. */
  append(bytes: Uint8Array): void {
    this.reserve(bytes.length);
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  /** Appends a list of strings: its length, then each string's length in bytes, then all their bytes. */
  strings(list: readonly string[]): void {
    const encoded = list.map(bytesFromText);
    this.number(encoded.length);
    for (const bytes of encoded) this.number(bytes.length);
    for (const bytes of encoded) this.append(bytes);
  }

  bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  clear(): void {
    this.#length = 0;
  }
}

/** Reads what a ByteWriter wrote; `fail` is called with what is wrong, and must throw. */
export class ByteReader {
  #at = 0;

  constructor(
    private readonly bytes: Uint8Array,
    private readonly fail: (found: string) => never,
  ) {}

  byte(): number {
    return this.bytes[this.#at++] ?? this.fail('a block ends too early');
  }

  number(): number {
    let value = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.byte();
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value < 2 ** 32 ? value : this.fail('a number in a block is too large');
    }
    return this.fail('a number in a block is too long');
  }

  /** A number that may be at most `most`. */
  atMost(most: number, what: string): number {
    const value = this.number();
    return value <= most ? value : this.fail(`${what} is ${value}, and at most ${most} is possible`);
  }

  /** A view of the next bytes. */
  take(count: number): Uint8Array {
    if (count > this.bytes.length - this.#at) return this.fail('a block ends too early');
    this.#at += count;
    return this.bytes.subarray(this.#at - count, this.#at);
  }

  /** A list of at most `mostStrings` strings of at most `mostBytes` bytes each. */
  strings(mostStrings: number, mostBytes: number, what: string): string[] {
    // Every string takes at least the byte of its length, so a forged count allocates no more than the block has bytes.
    const count = this.atMost(Math.min(mostStrings, this.bytes.length - this.#at), `the number of ${what}`);
    const lengths = new Uint32Array(count);
    for (let index = 0; index < count; index++)
      lengths[index] = this.atMost(mostBytes, `the length of one of the ${what}`);
    return Array.from(lengths, (length) => textFromBytes(this.take(length)));
  }

  /** Bytes that are left. */
  get left(): number {
    return this.bytes.length - this.#at;
  }
}
