// A text in chunks: cut from a string, read as units across the cuts, or only its beginning.
// From: Strata; UnitStream makes the units of chunks those of the whole.
import { type StreamedUnit, UnitStream } from './units.js';

const CHUNK_CHARACTERS = 1 << 16;

/** A string in chunks of so many UTF-16 code units, or one more, never cut within a surrogate pair; '' has none. */
export function* textChunks(text: string, characters = CHUNK_CHARACTERS): Generator<string, void, undefined> {
  for (let from = 0; from < text.length; ) {
    let to = Math.min(text.length, from + characters);
    if (to < text.length && /[\ud800-\udbff]/.test(text.charAt(to - 1))) to++;
    yield text.slice(from, to);
    from = to;
  }
}

/** The units of a text that comes in chunks, a batch a chunk; they are those of `segmentUnits` on the whole text. */
export function* unitBatches(chunks: Iterable<string>): Generator<readonly StreamedUnit[], void, undefined> {
  const stream = new UnitStream();
  for (const chunk of chunks) for (const part of textChunks(chunk)) yield stream.push(part);
  yield stream.finish();
}

/** The first `characters` UTF-16 code units of a text that comes in chunks, or all of it; reads no further than needed. */
export function textStart(chunks: Iterable<string>, characters: number): string {
  const parts: string[] = [];
  let left = characters;
  for (const chunk of chunks) {
    parts.push(chunk.slice(0, left));
    left -= chunk.length;
    if (left <= 0) break;
  }
  return parts.join('');
}
