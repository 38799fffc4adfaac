// A block as the bytes or the units of its text again: each reading is realised and cased once, then copied.
// From: Strata, WORDS: decoding needs the language's forms but no tagger.
import { type Boundary, byteLength, bytesFromText, MAXIMUM_UNIT_BYTES } from '@strata/text';
import { applyCasing, CASING_NAMES } from '../casing.js';
import type { Language, Reading } from '../language.js';
import type { Block } from './block.js';

/** A unit as a file has it: what the tagger said in its context is not kept. */
export interface DecodedUnit {
  readonly gap: string;
  readonly surface: string;
  readonly form: string;
  readonly casing: number;
  readonly boundary: Boundary;
  readonly reading: Reading;
}

const CASINGS = CASING_NAMES.length;

/** Strings as bytes in one array: string i is bytes [starts[i], starts[i] + lengths[i]). */
class Pieces {
  #bytes = new Uint8Array(1 << 12);
  #end = 0;
  readonly starts: Int32Array;
  readonly lengths: Uint8Array;

  constructor(count: number) {
    this.starts = new Int32Array(count).fill(-1);
    this.lengths = new Uint8Array(count);
  }

  get bytes(): Uint8Array {
    return this.#bytes;
  }

  put(index: number, text: string): void {
    const bytes = bytesFromText(text);
    if (this.#end + bytes.length > this.#bytes.length) {
      const grown = new Uint8Array(2 * this.#bytes.length);
      grown.set(this.#bytes);
      this.#bytes = grown;
    }
    this.#bytes.set(bytes, this.#end);
    this.starts[index] = this.#end;
    this.lengths[index] = bytes.length;
    this.#end += bytes.length;
  }
}

/** The form of a reading; `fail` is called where there is none, and must throw. */
function formOf({ lemma, slot, variant }: Reading, language: Language, fail: (found: string) => never): string {
  return (
    language.realizations(lemma, slot)[variant] ?? fail(`no form ${variant} of ${JSON.stringify(lemma)} as ${slot}`)
  );
}

function surfaceOf(form: string, casing: number, fail: (found: string) => never): string {
  const surface = applyCasing(form, casing);
  if (byteLength(surface) <= MAXIMUM_UNIT_BYTES) return surface;
  return fail(`a unit is longer than ${MAXIMUM_UNIT_BYTES} bytes`);
}

/** The original bytes of a block; `fail` is called with what is wrong, and must throw. */
export function renderBytes(block: Block, language: Language, fail: (found: string) => never): Uint8Array {
  const { units, readings, readingIds, gapIds, marks } = block;
  const gaps = new Pieces(block.gaps.length);
  block.gaps.forEach((gap, index) => {
    gaps.put(index, gap);
  });
  const surfaces = new Pieces(readings.length * CASINGS);
  let length = 0;
  for (let at = 0; at < units; at++) {
    const casing = marks[at]! & 3;
    const piece = readingIds[at]! * CASINGS + casing;
    if (surfaces.starts[piece]! < 0) {
      surfaces.put(piece, surfaceOf(formOf(readings[readingIds[at]!]!, language, fail), casing, fail));
    }
    length += gaps.lengths[gapIds[at]!]! + surfaces.lengths[piece]!;
  }
  const bytes = new Uint8Array(length);
  let end = 0;
  const copy = (from: Uint8Array, start: number, count: number): void => {
    // Shorter than a call that copies.
    for (let at = start; at < start + count; at++) bytes[end++] = from[at]!;
  };
  for (let at = 0; at < units; at++) {
    const gap = gapIds[at]!;
    const piece = readingIds[at]! * CASINGS + (marks[at]! & 3);
    copy(gaps.bytes, gaps.starts[gap]!, gaps.lengths[gap]!);
    copy(surfaces.bytes, surfaces.starts[piece]!, surfaces.lengths[piece]!);
  }
  return bytes;
}

/** The units of a block in order; `fail` is called with what is wrong, and must throw. */
export function* renderUnits(
  { units, readings, gaps, readingIds, gapIds, marks }: Block,
  language: Language,
  fail: (found: string) => never,
): Generator<DecodedUnit, void, undefined> {
  for (let at = 0; at < units; at++) {
    const reading = readings[readingIds[at]!]!;
    const form = formOf(reading, language, fail);
    const casing = marks[at]! & 3;
    const boundary = (marks[at]! >> 2) as Boundary;
    yield { gap: gaps[gapIds[at]!]!, surface: surfaceOf(form, casing, fail), form, casing, boundary, reading };
  }
}
