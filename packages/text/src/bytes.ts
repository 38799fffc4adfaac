// Bytes and text: any byte sequence is a JavaScript string and comes back exactly.
// Invalid bytes become lone surrogates U+DC80..U+DCFF (PEP 383, "surrogateescape"); other lone surrogates are WTF-8.

const strictDecoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const encoder = new TextEncoder();
const loneSurrogate = /\p{Surrogate}/u;

const ESCAPE_BASE = 0xdc00;
const FIRST_ESCAPE = 0xdc80;
const LAST_ESCAPE = 0xdcff;

/** Decodes bytes as UTF-8 into a string, keeping each byte that is not valid UTF-8 as one lone surrogate U+DC80..U+DCFF. */
export function textFromBytes(bytes: Uint8Array): string {
  try {
    return strictDecoder.decode(bytes);
  } catch {
    return decodeWithEscapes(bytes);
  }
}

/** Encodes a string as bytes, the exact inverse of `textFromBytes`; lone surrogates that are no escapes become 3 bytes. */
export function bytesFromText(text: string): Uint8Array {
  if (!loneSurrogate.test(text)) return encoder.encode(text);
  const bytes = new Uint8Array(byteLength(text));
  let at = 0;
  for (const character of text) {
    const point = character.codePointAt(0)!;
    if (point < 0x80) {
      bytes[at++] = point;
    } else if (point < 0x800) {
      bytes[at++] = 0xc0 | (point >> 6);
      bytes[at++] = 0x80 | (point & 0x3f);
    } else if (point >= FIRST_ESCAPE && point <= LAST_ESCAPE) {
      bytes[at++] = point - ESCAPE_BASE;
    } else if (point < 0x10000) {
      bytes[at++] = 0xe0 | (point >> 12);
      bytes[at++] = 0x80 | ((point >> 6) & 0x3f);
      bytes[at++] = 0x80 | (point & 0x3f);
    } else {
      bytes[at++] = 0xf0 | (point >> 18);
      bytes[at++] = 0x80 | ((point >> 12) & 0x3f);
      bytes[at++] = 0x80 | ((point >> 6) & 0x3f);
      bytes[at++] = 0x80 | (point & 0x3f);
    }
  }
  return bytes;
}

/** Counts the bytes that `bytesFromText(text)` has, without making them. */
export function byteLength(text: string): number {
  let bytes = 0;
  for (let at = 0; at < text.length; at++) {
    const point = text.codePointAt(at)!;
    bytes += codePointBytes(point);
    if (point > 0xffff) at++;
  }
  return bytes;
}

/** Counts the bytes of one code point as `bytesFromText` writes it: 1 to 4; an escaped byte counts 1. */
export function codePointBytes(point: number): number {
  if (point < 0x80) return 1;
  if (point < 0x800) return 2;
  if (point > 0xffff) return 4;
  return point >= FIRST_ESCAPE && point <= LAST_ESCAPE ? 1 : 3;
}

// Walks the bytes once; a valid sequence is copied, any other byte is escaped alone and the walk resumes after it.
function decodeWithEscapes(bytes: Uint8Array): string {
  const parts: string[] = [];
  let validFrom = 0;
  let at = 0;
  while (at < bytes.length) {
    const length = validSequence(bytes, at);
    if (length > 0) {
      at += length;
      continue;
    }
    if (at > validFrom) parts.push(strictDecoder.decode(bytes.subarray(validFrom, at)));
    const escapedFrom = at;
    const escapes: number[] = [];
    while (at < bytes.length && at - escapedFrom < 4096 && validSequence(bytes, at) === 0) {
      escapes.push(ESCAPE_BASE + bytes[at++]!);
    }
    parts.push(String.fromCharCode(...escapes));
    validFrom = at;
  }
  if (at > validFrom) parts.push(strictDecoder.decode(bytes.subarray(validFrom, at)));
  return parts.join('');
}

// Length of the well-formed UTF-8 sequence at `at` (Unicode 15, table 3-7), or 0.
function validSequence(bytes: Uint8Array, at: number): number {
  const lead = bytes[at]!;
  if (lead < 0x80) return 1;
  if (lead < 0xc2 || lead > 0xf4) return 0;
  const second = bytes[at + 1] ?? 0;
  if (lead < 0xe0) return isContinuation(second) ? 2 : 0;
  const third = bytes[at + 2] ?? 0;
  if (lead < 0xf0) {
    const low = lead === 0xe0 ? 0xa0 : 0x80;
    const high = lead === 0xed ? 0x9f : 0xbf;
    return second >= low && second <= high && isContinuation(third) ? 3 : 0;
  }
  const low = lead === 0xf0 ? 0x90 : 0x80;
  const high = lead === 0xf4 ? 0x8f : 0xbf;
  return second >= low && second <= high && isContinuation(third) && isContinuation(bytes[at + 3] ?? 0) ? 4 : 0;
}

function isContinuation(byte: number): boolean {
  return byte >= 0x80 && byte <= 0xbf;
}
