// Bytes that arrive in chunks become text as if they had come at once: a sequence cut by a chunk's edge is held back.
// Source: the Unicode Standard, table 3-7 (well-formed UTF-8); invalid bytes as in bytes.ts.
import { textFromBytes } from './bytes.js';

/** Decodes chunks of bytes; the strings joined are `textFromBytes` of the chunks joined, and each is whole code points. */
export class ByteDecoder {
  #held: Uint8Array = new Uint8Array(0);

  /** Takes more bytes and returns the text that no further byte can change. */
  push(bytes: Uint8Array): string {
    const joined = this.#join(bytes);
    const end = joined.length - unfinishedBytes(joined);
    this.#held = joined.slice(end);
    return textFromBytes(joined.subarray(0, end));
  }

  /** Says that the bytes are over and returns the rest of the text. */
  finish(): string {
    const rest = textFromBytes(this.#held);
    this.#held = new Uint8Array(0);
    return rest;
  }

  #join(bytes: Uint8Array): Uint8Array {
    if (this.#held.length === 0) return bytes;
    const joined = new Uint8Array(this.#held.length + bytes.length);
    joined.set(this.#held);
    joined.set(bytes, this.#held.length);
    return joined;
  }
}

// A lead byte is never a continuation byte, so decoding the whole would begin anew at it too.
function unfinishedBytes(bytes: Uint8Array): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back]!;
    if (byte < 0x80) return 0;
    if (byte < 0xc0) continue;
    const length = byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4;
    return length > back ? back : 0;
  }
  return 0;
}
