// What the file of encoded words promises: every byte comes back, the file is the same however the text arrived, and what
// is not such a file is refused by name before it costs anything. From: the promises of encoder.ts and decoder.ts.
import { deflateRawSync } from 'node:zlib';
import { bytesFromText } from '@strata/text';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Language } from '../language.js';
import { LANGUAGES } from '../languages.js';
import { ByteReader, ByteWriter } from './bytes.js';
import { type DecodedBlock, decodeWords } from './decoder.js';
import { type EncodedTotals, WordEncoder } from './encoder.js';
import { LossyReadingError, WordFileError } from './errors.js';
import { BLOCK_UNITS, FRAME, fingerprint, headerBytes, isWordFile, MAXIMUM_BODY_BYTES } from './format.js';
import { readBytes } from './read-text.js';

const { english } = LANGUAGES;
const find = (name: string): Language | undefined => Object.values(LANGUAGES).find((one) => one.name === name);

function encode(chunks: Iterable<Uint8Array>, language: Language = english): { file: Buffer; totals: EncodedTotals } {
  const encoder = new WordEncoder(language);
  const parts: Uint8Array[] = [];
  for (const units of readBytes(language, chunks)) parts.push(...encoder.push(units));
  const { parts: last, totals } = encoder.finish();
  return { file: Buffer.concat([...parts, ...last]), totals };
}

function decode(chunks: Iterable<Uint8Array>): { bytes: Buffer; blocks: DecodedBlock[]; totals: EncodedTotals } {
  const blocks: DecodedBlock[] = [];
  const decoding = decodeWords(chunks, find, 'a.words');
  for (;;) {
    const next = decoding.next();
    if (next.done === true) return { bytes: Buffer.concat(blocks.map((one) => one.bytes)), blocks, totals: next.value };
    blocks.push(next.value);
  }
}

/** Bytes in chunks of the given lengths, over and over. */
function* chunked(bytes: Uint8Array, lengths: readonly number[]): Generator<Uint8Array> {
  for (let at = 0, turn = 0; at < bytes.length; turn++) {
    const length = lengths[turn % lengths.length]!;
    yield bytes.subarray(at, at + length);
    at += length;
  }
}

const refused = (bytes: Uint8Array): string => {
  try {
    decode([bytes]);
  } catch (error) {
    expect(error).toBeInstanceOf(WordFileError);
    return (error as Error).message;
  }
  throw new Error('it was decoded');
};

const page = Buffer.from(
  '"Don\'t you see?" said Alice\'s sister. The children ran; their mice were bigger than Mr. Brown\u2019s.\r\n\r\n\tNAÏVE 3.5\u00a0% 🙂',
);

describe('a file of encoded words', () => {
  it('gives back the bytes, and the units with their readings', () => {
    const { file, totals } = encode([page]);
    expect(isWordFile(file)).toBe(true);
    const { bytes, blocks, totals: decoded } = decode([file]);
    expect(bytes.equals(page)).toBe(true);
    expect(decoded).toEqual(totals);
    const read = [...readBytes(english, [page])].flat();
    expect([...blocks[0]!.units()]).toEqual(
      read.map(({ unit, form, casing, reading }) => ({
        gap: unit.gap,
        surface: unit.surface,
        boundary: unit.boundary,
        form,
        casing,
        reading,
      })),
    );
  });

  it('is the same however the text was chunked, and however its own bytes are', () => {
    const { file } = encode([page]);
    const lengths = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(lengths, (some) => {
        expect(encode(chunked(page, some)).file.equals(file)).toBe(true);
        expect(decode(chunked(file, some)).bytes.equals(page)).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  it('holds nothing, and more than a block', () => {
    expect(decode([encode([]).file])).toMatchObject({ blocks: [], totals: { bytes: 0, units: 0 } });
    const text = Buffer.from('a b\n'.repeat(BLOCK_UNITS / 2 + 5));
    const { blocks, bytes, totals } = decode([encode([text]).file]);
    expect(blocks.map(({ unitCount }) => unitCount)).toEqual([BLOCK_UNITS, totals.units - BLOCK_UNITS]);
    expect(bytes.equals(text)).toBe(true);
  });

  it('takes more gaps than have a number of their own', () => {
    const spaces = Array.from({ length: 60 }, (_, i) => ' '.repeat(1 + (i % 8)) + '\t'.repeat(Math.floor(i / 8)));
    const text = Buffer.from(spaces.map((gap) => `x${gap}`).join(''));
    expect(decode([encode([text]).file]).bytes.equals(text)).toBe(true);
  });

  it('of any bytes in any language comes back', () => {
    for (const language of Object.values<Language>(LANGUAGES)) {
      fc.assert(
        fc.property(fc.uint8Array({ maxLength: 120 }), (bytes) => {
          expect(decode([encode([bytes], language).file]).bytes.equals(bytes)).toBe(true);
        }),
        { numRuns: 300 },
      );
    }
  });

  it('is not written where a language breaks its word', () => {
    const broken: Language = { ...english, realizations: (lemma) => [`${lemma}x`] };
    expect(() => encode([page], broken)).toThrow(LossyReadingError);
  });
});

describe('other tables', () => {
  it('are noticed by their hash, their slots and their rules, and refused', () => {
    const others: Language[] = [
      { ...english, tables: 'other' },
      { ...english, slots: english.slots.toReversed() },
      { ...english, realizations: (lemma, slot) => english.realizations(lemma, slot).map((form) => `${form}s`) },
    ];
    const own = fingerprint(english);
    for (const other of others) {
      expect(fingerprint(other)).not.toBe(own);
      const { file } = encode([], other);
      expect(refused(file)).toMatch(
        /^a\.words: it was encoded with "english", tables .* Next: decode it with the Strata/,
      );
    }
    expect(refused(encode([], { ...english, name: 'klingon' }).file)).toMatch(/its language is "klingon"/);
    expect(refused(encode([], { ...english, name: 'constructor' }).file)).toMatch(/its language is "constructor"/);
  });
});

/** A file whose one block has this body, with lengths and checksums that fit where they can. */
function forged(body: Uint8Array, change: (frame: Buffer) => void = () => {}): Buffer {
  const packed = deflateRawSync(body);
  const frame = Buffer.alloc(13);
  frame[0] = FRAME.block;
  frame.writeUInt32LE(packed.length, 1);
  frame.writeUInt32LE(body.length, 5);
  change(frame);
  return Buffer.concat([headerBytes(english), frame, packed, Buffer.alloc(49)]);
}

/** A body of the given counts, one lemma "a", one reading of it and one gap, however many units it claims. */
function body(
  change: Partial<Record<'units' | 'lemmas' | 'readings' | 'lemma' | 'slot' | 'variant' | 'gaps', number>>,
): Uint8Array {
  const is = { units: 1, lemmas: 1, readings: 1, lemma: 0, slot: 0, variant: 0, gaps: 1, ...change };
  const writer = new ByteWriter();
  writer.number(is.units);
  writer.number(is.lemmas);
  writer.append(Uint8Array.of(1, 0x61));
  writer.number(is.readings);
  writer.number(is.lemma);
  writer.append(Uint8Array.of(is.slot, is.variant));
  writer.number(is.gaps);
  writer.append(Uint8Array.of(0, 0, 0));
  return writer.bytes().slice();
}

describe('a file that is none', () => {
  const { file } = encode([page]);

  it('is refused where it is cut, whatever the place', () => {
    for (let length = 0; length < file.length; length++) refused(file.subarray(0, length));
    expect(refused(Buffer.concat([file, Buffer.of(0)]))).toMatch(/bytes follow its end/);
  });

  it('is refused where any bit is flipped that means something', () => {
    let harmless = 0;
    for (let bit = 0; bit < 8 * file.length; bit++) {
      const changed = Buffer.from(file);
      changed[bit >> 3]! ^= 1 << (bit & 7);
      try {
        expect(decode([changed]).bytes.equals(page)).toBe(true);
        harmless++;
      } catch (error) {
        expect(error).toBeInstanceOf(WordFileError);
      }
    }
    // Deflate's last byte is filled up with bits that nobody reads.
    expect(harmless).toBeLessThan(8);
  });

  it.each([
    ['text', page, /does not begin as encoded words do/],
    [
      'a header that is too long',
      Buffer.concat([file.subarray(0, 8), Buffer.of(255, 255)]),
      /header claims 65535 bytes/,
    ],
    ['a header that is no JSON', Buffer.concat([file.subarray(0, 8), Buffer.of(1, 0, 0x7b)]), /header is damaged/],
    [
      'another version',
      Buffer.from(file.toString('latin1').replace('"version":1', '"version":2'), 'latin1'),
      /it is of version 2\. Accepted: version 1/,
    ],
    ['a forged length', forged(body({}), (frame) => frame.writeUInt32LE(0xffffffff, 1)), /a block claims/],
    [
      'a forged unpacked length',
      forged(body({}), (frame) => frame.writeUInt32LE(MAXIMUM_BODY_BYTES, 5)),
      /another length/,
    ],
    ['a bomb', forged(new Uint8Array(1 << 24), (frame) => frame.writeUInt32LE(100, 5)), /cannot be unpacked/],
    ['too many units', forged(body({ units: 2 ** 32 - 1 })), /the number of units is 4294967295/],
    ['more units than bytes', forged(body({ units: 1000 })), /fewer bytes than its units need/],
    ['too many lemmas', forged(body({ lemmas: 2 ** 32 - 1 })), /the number of lemmas/],
    ['too many readings', forged(body({ readings: 2 ** 31 })), /the number of readings/],
    ['a lemma that is not there', forged(body({ lemma: 1 })), /a lemma is 1/],
    ['a slot that is not there', forged(body({ slot: 200 })), /slot 200 does not exist/],
    ['a variant that is not there', forged(body({ variant: 200 })), /no form 200 of "a" as base/],
    ['too many gaps', forged(body({ gaps: 2 ** 32 - 1 })), /the number of gaps/],
    ['a checksum that does not fit', forged(body({})), /checksum of a block/],
  ])('is refused for %s', (_, bytes, message) => {
    expect(refused(bytes)).toMatch(message);
  });

  it('is refused or decoded, and nothing else, for any body', () => {
    // Bodies of bytes that are small numbers reach furthest behind the checks.
    const bytes = fc.array(fc.oneof(fc.nat(3), fc.nat(255)), { maxLength: 60 });
    const strings = fc.array(fc.string({ unit: 'binary', maxLength: 6 }), { maxLength: 4 });
    fc.assert(
      fc.property(strings, bytes, fc.nat(3), (lemmas, rest, units) => {
        const writer = new ByteWriter();
        writer.number(units);
        writer.strings(lemmas);
        writer.append(Uint8Array.from(rest));
        refused(forged(writer.bytes()));
        refused(forged(Uint8Array.from(rest)));
      }),
      { numRuns: 3000 },
    );
  });

  it('realises any lemma that a forger thinks of, or says that there is none', () => {
    for (const language of Object.values<Language>(LANGUAGES)) {
      fc.assert(
        fc.property(fc.string({ unit: 'binary', maxLength: 8 }), fc.nat(language.slots.length - 1), (lemma, slot) => {
          const forms = language.realizations(lemma, language.slots[slot]!.name);
          expect(forms.every((form) => typeof form === 'string')).toBe(true);
        }),
        { numRuns: 3000 },
      );
    }
  });
});

describe('numbers and strings as bytes', () => {
  it('come back', () => {
    const number = fc.oneof(fc.nat(300), fc.integer({ min: 0, max: 2 ** 32 - 1 }));
    fc.assert(
      fc.property(fc.array(number), fc.array(fc.string({ unit: 'binary' })), (numbers, strings) => {
        const writer = new ByteWriter();
        for (const one of numbers) writer.number(one);
        writer.strings(strings);
        const reader = new ByteReader(writer.bytes(), (found) => {
          throw new Error(found);
        });
        expect(numbers.map(() => reader.number())).toEqual(numbers);
        const found = reader.strings(2 ** 20, 2 ** 20, 'strings');
        expect(found.map((one) => [...bytesFromText(one)])).toEqual(strings.map((one) => [...bytesFromText(one)]));
        expect(reader.left).toBe(0);
      }),
    );
  });
});
