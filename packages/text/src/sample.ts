// A bounded part of a corpus, to learn vocabularies from: all of it, or stretches spread evenly over it.
// From: systematic sampling (Madow & Madow 1944): one stretch out of every period, the same ones each time.
import { byteLength } from './bytes.js';
import { bytesOfDocuments, type Documents } from './document.js';
import { CHUNK_BYTES } from './file-chunks.js';

/**
 * The texts of documents, each in chunks to be read before the next text; together at most about `limit` bytes. A corpus
 * within the limit comes whole. Of a larger one come stretches of about 256 KiB at equal distances, cut at white space
 * where they begin or end within a document, so that cost and memory of what reads them do not grow with the corpus.
 */
export function* sampleTexts(documents: Documents, limit: number): Generator<Iterable<string>, void, undefined> {
  const total = bytesOfDocuments(documents);
  if (total <= limit) {
    for (const document of documents) yield document.chunks();
    return;
  }
  const period = CHUNK_BYTES * (total / limit);
  let at = 0;
  for (const document of documents) {
    let isFirst = true;
    let stretch: string[] = [];
    for (const chunk of document.chunks()) {
      const taken = at % period < CHUNK_BYTES;
      if (taken) stretch.push(stretch.length > 0 || isFirst ? chunk : afterSpace(chunk));
      else if (stretch.length > 0) {
        yield untilSpace(stretch);
        stretch = [];
      }
      at += byteLength(chunk);
      isFirst = false;
    }
    if (stretch.length > 0) yield stretch;
  }
}

function afterSpace(chunk: string): string {
  const space = chunk.search(/\s/);
  return space < 0 ? chunk : chunk.slice(space);
}

function untilSpace(chunks: readonly string[]): string[] {
  const last = chunks.at(-1)!;
  const end = /\s+\S*$/.exec(last.slice(-LONGEST_TAIL));
  return [...chunks.slice(0, -1), end === null ? last : last.slice(0, last.length - end[0].length)];
}

const LONGEST_TAIL = 1024;
