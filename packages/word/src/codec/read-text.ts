// Bytes that come in chunks, read as units of a language: decoding, cutting and reading joined.
// From: Strata; how the bytes were chunked makes no difference.
import { ByteDecoder, textChunks, unitBatches } from '@strata/text';
import type { Language, ReadUnit } from '../language.js';

/** Units live as long as their batch: of a few hundred, they die before the collector of garbage has moved them. */
const BATCH_CHARACTERS = 1 << 12;

/** The units of one text whose bytes (UTF-8 or not) come in chunks, a batch at a time, each read in its context. */
export function readBytes(
  language: Language,
  chunks: Iterable<Uint8Array>,
): Generator<readonly ReadUnit[], void, undefined> {
  return language.read(unitBatches(decoded(chunks)));
}

function* decoded(chunks: Iterable<Uint8Array>): Generator<string, void, undefined> {
  const decoder = new ByteDecoder();
  for (const bytes of chunks) yield* textChunks(decoder.push(bytes), BATCH_CHARACTERS);
  yield decoder.finish();
}
