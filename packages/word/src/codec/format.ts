// The file of encoded words: a header that says what is needed to decode it, blocks that stand for themselves, a seal.
// From: Strata; the signature in the manner of PNG (ISO/IEC 15948, 5.2), which a transfer as text would spoil.
//
//   header   signature (8 bytes), length of the JSON (u16), JSON { format, version, language, tables }
//   block    1, packed length (u32), length (u32), CRC-32 of the original bytes (u32), the block's body packed by deflate
//   seal     0, length of the original (u64), units (u64), SHA-256 of the original (32 bytes); nothing follows
//
// All numbers are little-endian. What a body holds is in block.ts.
import { createHash } from 'node:crypto';
import { MAXIMUM_UNIT_BYTES } from '@strata/text';
import { applyCasing, CASING_NAMES } from '../casing.js';
import type { Language } from '../language.js';
import { WordFileError } from './errors.js';

export const SIGNATURE = Uint8Array.of(0x89, 0x57, 0x52, 0x44, 0x0d, 0x0a, 0x1a, 0x0a);
export const FORMAT = 'strata words';
export const VERSION = 1;

export const FRAME = { seal: 0, block: 1 } as const;
export const BLOCK_FRAME_BYTES = 12;
export const SEAL_BYTES = 48;

/** Units of a block; with them the memory of encoding and decoding is bounded, whatever the length of the file. */
export const BLOCK_UNITS = 1 << 17;
/** A lemma's bytes; more than a form's, since a form may be shorter than its lemma. */
export const MAXIMUM_LEMMA_BYTES = 4 * MAXIMUM_UNIT_BYTES;
/** Spellings that a slot of a lemma may have. */
export const MAXIMUM_VARIANTS = 64;
// Per unit at most: a reading's id, marks, a gap's id (3 + 1 + 3), and what may be new with it: a lemma and its length,
// a reading (3 + 1 + 1), a gap and its length; and four counts.
export const MAXIMUM_BODY_BYTES = BLOCK_UNITS * (7 + MAXIMUM_LEMMA_BYTES + 1 + 5 + MAXIMUM_UNIT_BYTES + 1) + 20;
/** Deflate stores what it cannot pack, with 5 bytes more for each 16 KiB or so (RFC 1951, 3.2.4). */
export const MAXIMUM_PACKED_BYTES = MAXIMUM_BODY_BYTES + (MAXIMUM_BODY_BYTES >> 10) + 64;

/** What the header of a file says. */
export interface WordFileHeader {
  readonly version: number;
  readonly language: string;
  /** `fingerprint` of the language that encoded it. */
  readonly tables: string;
}

const MAXIMUM_HEADER_BYTES = 1024;

/** Lemmas whose forms stand for a language's rules: regular ones of every spelling, irregular ones, and no words at all. */
const PROBES =
  'be have do go walk stop play hope try tie fix panic agree quiz bring child box city leaf hero man big happy good far you ñu amar comer vivir ser hacer gato luz feliz x 7 - _'.split(
    ' ',
  );

const fingerprints = new WeakMap<Language, string>();

/** SHA-256 of what decoding depends on: the language's tables, its slots, and forms that its rules and casings make. */
export function fingerprint(language: Language): string {
  const known = fingerprints.get(language) ?? computedFingerprint(language);
  fingerprints.set(language, known);
  return known;
}

function computedFingerprint(language: Language): string {
  const forms = PROBES.map((lemma) => language.slots.map(({ name }) => language.realizations(lemma, name)));
  const cased = PROBES.map((lemma) => CASING_NAMES.map((_, casing) => applyCasing(lemma, casing)));
  const rules = JSON.stringify([language.name, language.tables, language.slots, forms, cased]);
  return createHash('sha256').update(rules).digest('hex');
}

/** The bytes that begin a file encoded with a language. */
export function headerBytes(language: Language): Uint8Array {
  const header = { format: FORMAT, version: VERSION, language: language.name, tables: fingerprint(language) };
  const json = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(2);
  length.writeUInt16LE(json.length);
  return Buffer.concat([SIGNATURE, length, json]);
}

/** Bytes of the header's fixed part: the signature and the length of the JSON. */
export const HEADER_START_BYTES = SIGNATURE.length + 2;

/** True where bytes begin as a file of encoded words does. */
export function isWordFile(start: Uint8Array): boolean {
  return start.length >= SIGNATURE.length && SIGNATURE.every((byte, at) => start[at] === byte);
}

/** The length of the JSON that follows the fixed part of a header; throws WordFileError. */
export function headerLength(start: Uint8Array, path: string): number {
  if (!isWordFile(start)) {
    throw new WordFileError(path, 'it does not begin as encoded words do', 'a file made by strata words encode', CHECK);
  }
  const length = start[SIGNATURE.length]! + 256 * start[SIGNATURE.length + 1]!;
  if (length > MAXIMUM_HEADER_BYTES) {
    throw new WordFileError(path, `its header claims ${length} bytes`, `at most ${MAXIMUM_HEADER_BYTES}`, CHECK);
  }
  return length;
}

const CHECK = 'check the path, or encode the text again';

/** What a header's JSON says; throws WordFileError where it is no header of this format and version. */
export function parseHeader(json: Uint8Array, path: string): WordFileHeader {
  const { format, version, language, tables } = jsonObject(json);
  if (format !== FORMAT || typeof language !== 'string' || typeof tables !== 'string') {
    throw new WordFileError(path, 'its header is damaged', 'format, version, language and tables in JSON', CHECK);
  }
  if (version !== VERSION) {
    const found = `it is of version ${JSON.stringify(version)?.slice(0, 20)}`;
    throw new WordFileError(path, found, `version ${VERSION}`, 'decode it with the Strata that encoded it');
  }
  return { version, language, tables };
}

/** Throws WordFileError unless a file was encoded with this very language and its tables. */
export function requireLanguage(header: WordFileHeader, language: Language, path: string): void {
  const own = fingerprint(language);
  if (header.language === language.name && header.tables === own) return;
  const found = `it was encoded with ${JSON.stringify(header.language.slice(0, 40))}, tables ${header.tables.slice(0, 12)}`;
  const accepted = `${JSON.stringify(language.name)}, tables ${own.slice(0, 12)}`;
  throw new WordFileError(
    path,
    found,
    accepted,
    'decode it with the Strata that encoded it, and encode it anew with this one',
  );
}

function jsonObject(json: Uint8Array): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(Buffer.from(json).toString());
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}
