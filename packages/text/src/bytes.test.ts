import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { byteLength, bytesFromText, textFromBytes } from './bytes.js';

const pieces = fc.constantFrom(
  [0xc3],
  [0xa9],
  [0xed, 0xa0, 0x80],
  [0xf0, 0x9f, 0x98, 0x80],
  [0xef, 0xbb, 0xbf],
  [0xc0, 0x80],
  [0xf4, 0x90, 0x80, 0x80],
  [0xe2, 0x82],
  [0x41],
  [0],
);
const awkwardBytes = fc
  .array(
    fc.oneof(
      pieces,
      fc.uint8Array({ maxLength: 3 }).map((bytes) => [...bytes]),
    ),
  )
  .map((parts) => Uint8Array.from(parts.flat()));
const anyText = fc
  .string({ unit: 'binary' })
  .chain((text) => fc.array(fc.integer({ min: 0, max: 0xffff })).map((units) => text + String.fromCharCode(...units)));

describe('bytes and text', () => {
  it('gives back any bytes', () => {
    fc.assert(
      fc.property(awkwardBytes, (bytes) => {
        expect(bytesFromText(textFromBytes(bytes))).toEqual(bytes);
      }),
      { numRuns: 2000 },
    );
  });

  it('reads well-formed UTF-8 as the platform does, a byte order mark included', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const bytes = new TextEncoder().encode(`\ufeff${text}`);
        expect(textFromBytes(bytes)).toBe(`\ufeff${text}`);
      }),
    );
  });

  it('keeps each invalid byte as one escape and the valid text around it readable', () => {
    expect(textFromBytes(Uint8Array.of(0x63, 0x61, 0x66, 0xe9, 0x21))).toBe('caf\udce9!');
    expect(textFromBytes(Uint8Array.of(0xed, 0xa0, 0x80))).toBe('\udced\udca0\udc80');
    expect(textFromBytes(Uint8Array.of(0xe2, 0x82, 0x41))).toBe('\udce2\udc82A');
  });

  it('writes other lone surrogates as WTF-8', () => {
    expect(bytesFromText('\ud800')).toEqual(Uint8Array.of(0xed, 0xa0, 0x80));
    expect(bytesFromText('\udfff')).toEqual(Uint8Array.of(0xed, 0xbf, 0xbf));
  });

  it('counts the bytes of any string without encoding it', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(byteLength(text)).toBe(bytesFromText(text).length);
      }),
      { numRuns: 1000 },
    );
  });
});
