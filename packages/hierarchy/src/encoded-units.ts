// How units lie on disk: a record of few bytes each, an index of every 1024th, and the rare strings in a file beside.
// From: Strata; a record holds what EncodedUnits has of a unit, so that a window is one read.
import type { EncodedUnits } from '@strata/word';

/** Units between two entries of the index. */
export const BLOCK_UNITS = 1024;
/** Numbers of an index entry: the piece and the byte of strings.bin at which a block of units begins. */
export const INDEX_NUMBERS = 2;

/** Header bits of a string: its unit within the block, and whether it is a gap rather than a spelling. */
export const GAP_STRING = 1 << 15;

const FIELDS = 5;

/** Bytes of a lemma id on disk. */
export function lemmaBytes(vocabularySize: number): 2 | 3 {
  return vocabularySize <= 1 << 16 ? 2 : 3;
}

/** Bytes of one unit's record: lemma, boundary with casing, slot, gap, bytes of text, pieces. */
export function recordBytes(vocabularySize: number): number {
  return lemmaBytes(vocabularySize) + FIELDS;
}

/** One unit as it is stored, but for its boundary. */
export interface UnitRecord {
  readonly lemma: number;
  readonly slot: number;
  readonly casing: number;
  readonly gap: number;
  readonly byteLength: number;
  readonly pieces: number;
}

/** The record of a unit that starts nothing; what it starts is added to byte `lemmaBytes` of it. */
export function packUnit(unit: UnitRecord, vocabularySize: number): Uint8Array {
  const { lemma, slot, casing, gap, byteLength, pieces } = unit;
  // Units are short by construction; anything else would be stored as another unit.
  if (casing > 3 || slot > 31 || gap > 255 || byteLength > 255 || pieces > 255)
    throw new RangeError(`a unit of ${byteLength} bytes, ${pieces} pieces, slot ${slot}, gap ${gap} has no record`);
  const name = [lemma & 255, (lemma >> 8) & 255, lemma >> 16].slice(0, lemmaBytes(vocabularySize));
  return Uint8Array.of(...name, casing << 2, slot, gap, byteLength, pieces);
}

/** Units out of records, without their strings, and the number of pieces of each. */
export interface UnpackedUnits {
  readonly units: EncodedUnits;
  readonly pieces: Uint8Array;
}

/** Reads `count` records that begin at record `first` of `records`. */
export function unpackUnits(
  records: Uint8Array,
  first: number,
  count: number,
  vocabularySize: number,
  strings: { spellings: Map<number, string>; escapedGaps: Map<number, string> },
): UnpackedUnits {
  const units = {
    length: count,
    boundary: new Uint8Array(count),
    lemma: new Int32Array(count),
    slot: new Uint8Array(count),
    casing: new Uint8Array(count),
    gap: new Uint8Array(count),
    byteLengths: new Uint16Array(count),
    surfaceStart: new Int32Array(count),
    ...strings,
  };
  const pieces = new Uint8Array(count);
  const width = recordBytes(vocabularySize);
  for (let i = 0, at = first * width; i < count; i++) {
    let lemma = records[at++] | (records[at++] << 8);
    if (width > 2 + FIELDS) lemma |= records[at++] << 16;
    const packed = records[at++];
    units.lemma[i] = lemma;
    units.boundary[i] = packed & 3;
    units.casing[i] = packed >> 2;
    units.slot[i] = records[at++];
    units.gap[i] = records[at++];
    units.byteLengths[i] = records[at++];
    pieces[i] = records[at++];
  }
  return { units, pieces };
}
