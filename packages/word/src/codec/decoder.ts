// Decoding: the bytes of a file of encoded words in, blocks out, each checked before anything of it is handed on.
// From: Strata; hostile until checked: no length is believed before that many bytes are there.
import { createHash } from 'node:crypto';
import { crc32, inflateRawSync } from 'node:zlib';
import type { Language } from '../language.js';
import { readBody } from './block.js';
import type { EncodedTotals } from './encoder.js';
import { WordFileError } from './errors.js';
import {
  BLOCK_FRAME_BYTES,
  FRAME,
  HEADER_START_BYTES,
  headerLength,
  MAXIMUM_BODY_BYTES,
  MAXIMUM_PACKED_BYTES,
  parseHeader,
  requireLanguage,
  SEAL_BYTES,
  type WordFileHeader,
} from './format.js';
import { type DecodedUnit, renderBytes, renderUnits } from './render.js';

/** A block that fits its checksum: its original bytes, and its units. */
export interface DecodedBlock {
  readonly bytes: Uint8Array;
  readonly unitCount: number;
  units(): Iterable<DecodedUnit>;
}

/** Which languages may be decoded: the one that the header names is looked up by its name. */
export type FindLanguage = (name: string) => Language | undefined;

/** Bytes that come in chunks, taken in lengths of one's own choice. */
class Incoming {
  #chunk: Uint8Array = new Uint8Array(0);
  #at = 0;
  readonly #chunks: Iterator<Uint8Array>;

  constructor(
    chunks: Iterable<Uint8Array>,
    private readonly fail: (found: string) => never,
  ) {
    this.#chunks = chunks[Symbol.iterator]();
  }

  /** True where no byte is left. */
  ended(): boolean {
    while (this.#at === this.#chunk.length) {
      const next = this.#chunks.next();
      if (next.done === true) return true;
      this.#chunk = next.value;
      this.#at = 0;
    }
    return false;
  }

  /** The next bytes as an array of their own, which grows with what is there and not with what was claimed. */
  take(count: number): Buffer {
    const parts: Uint8Array[] = [];
    for (let missing = count; missing > 0; ) {
      if (this.ended()) return this.fail('it is cut off');
      const part = this.#chunk.slice(this.#at, this.#at + missing);
      this.#at += part.length;
      missing -= part.length;
      parts.push(part);
    }
    return Buffer.concat(parts);
  }
}

/**
 * Decodes a file that comes in chunks, a block at a time; returns what the seal says, which was checked. Throws
 * WordFileError, with `path` as the file's name, for whatever is wrong; bytes of earlier blocks are right even then.
 */
export function* decodeWords(
  chunks: Iterable<Uint8Array>,
  find: FindLanguage,
  path: string,
): Generator<DecodedBlock, EncodedTotals, undefined> {
  const fail = (found: string): never => {
    throw new WordFileError(path, found, 'the file as it was encoded', 'copy it again, or encode the text again');
  };
  const incoming = new Incoming(chunks, fail);
  const language = languageOf(readHeader(incoming, path), find, path);
  const hash = createHash('sha256');
  let bytes = 0;
  let units = 0;
  for (;;) {
    const [kind] = incoming.take(1);
    if (kind === FRAME.seal) break;
    if (kind !== FRAME.block) return fail(`neither a block nor the end is marked by ${kind}`);
    const decoded = decodeBlock(incoming, language, fail);
    hash.update(decoded.bytes);
    bytes += decoded.bytes.length;
    units += decoded.unitCount;
    yield decoded;
  }
  const seal = incoming.take(SEAL_BYTES);
  const sha256 = hash.digest();
  if (seal.readBigUInt64LE(0) !== BigInt(bytes) || seal.readBigUInt64LE(8) !== BigInt(units)) {
    return fail('blocks are missing or too many');
  }
  if (!sha256.equals(seal.subarray(16))) return fail('its SHA-256 does not fit its contents');
  if (!incoming.ended()) return fail('bytes follow its end');
  return { bytes, units, sha256: sha256.toString('hex') };
}

function readHeader(incoming: Incoming, path: string): WordFileHeader {
  return parseHeader(incoming.take(headerLength(incoming.take(HEADER_START_BYTES), path)), path);
}

function languageOf(header: WordFileHeader, find: FindLanguage, path: string): Language {
  const language = find(header.language);
  if (language === undefined) {
    const found = `its language is ${JSON.stringify(header.language.slice(0, 40))}`;
    throw new WordFileError(
      path,
      found,
      'a language that this Strata has',
      'decode it with the Strata that encoded it',
    );
  }
  requireLanguage(header, language, path);
  return language;
}

function decodeBlock(incoming: Incoming, language: Language, fail: (found: string) => never): DecodedBlock {
  const frame = incoming.take(BLOCK_FRAME_BYTES);
  const packedLength = frame.readUInt32LE(0);
  const length = frame.readUInt32LE(4);
  if (packedLength > MAXIMUM_PACKED_BYTES || length > MAXIMUM_BODY_BYTES || length === 0) {
    return fail(`a block claims ${packedLength} and ${length} bytes`);
  }
  const body = inflate(incoming.take(packedLength), length, fail);
  if (body.length !== length) return fail('a block has another length than it claims');
  const block = readBody(body, language, fail);
  const bytes = renderBytes(block, language, fail);
  if (crc32(bytes) !== frame.readUInt32LE(8)) return fail('the checksum of a block does not fit its contents');
  return { bytes, unitCount: block.units, units: () => renderUnits(block, language, fail) };
}

function inflate(packed: Uint8Array, length: number, fail: (found: string) => never): Uint8Array {
  try {
    return inflateRawSync(packed, { maxOutputLength: length });
  } catch {
    return fail('a block cannot be unpacked');
  }
}
