// Held-out text as batches: the first pages of the validation documents, each item scored once with context before it.
import {
  type BatchTables,
  bytesOfUnits,
  encodeLadder,
  encodePieces,
  type Feeds,
  joinLadderTexts,
  LadderBatch,
  pieceLengths,
  pieceWindows,
  unitWindows,
  type WindowShape,
} from '@strata/hierarchy';
import type { BpeTokenizer } from '@strata/subword';
import { byteLength, type Document, segmentUnits, textStart } from '@strata/text';
import type { ValidationData } from './stage.js';

/** Characters read beyond the limit, so that the units before it are those of the whole text: more than two units hold. */
const AHEAD = 128;

/** The first `limit` bytes of documents, at most: whole ones, and of the last one as many units as there is room for. */
export function firstTexts(documents: Iterable<Document>, limit: number): string[] {
  const texts: string[] = [];
  let left = limit;
  for (const document of documents) {
    const text = document.bytes <= left ? document.text : unitsWithin(textStart(document.chunks(), left + AHEAD), left);
    if (text !== '') texts.push(text);
    left -= byteLength(text);
    if (document.bytes > byteLength(text)) break;
  }
  return texts;
}

/** The units of a text that fit into so many bytes. */
function unitsWithin(text: string, limit: number): string {
  let end = 0;
  let bytes = 0;
  for (const { gapStart, end: unitEnd } of segmentUnits(text)) {
    bytes += byteLength(text.slice(gapStart, unitEnd));
    if (bytes > limit) break;
    end = unitEnd;
  }
  return text.slice(0, end);
}

/** Batches of windows of `length` pieces, and `reach` pieces before each; undefined where there is no text. */
export function pieceValidation(
  documents: Iterable<Document>,
  limit: number,
  tokenizer: BpeTokenizer,
  windows: number,
  length: number,
  reach = 0,
): ValidationData | undefined {
  const encoded = firstTexts(documents, limit).map((text) => encodePieces([text], tokenizer));
  const places = encoded.flatMap((pieces) => pieceWindows(pieces.length, length).map((window) => ({ pieces, window })));
  if (places.length === 0) return undefined;
  const byteLengths = pieceLengths(tokenizer);
  const allocate = (): Feeds => ({
    pieces: new Int32Array(windows * length),
    targets: new Int32Array(windows * length),
    weights: new Float32Array(windows * length),
  });
  const buffers = [allocate(), allocate()] as const;
  return {
    steps: Math.ceil(places.length / windows),
    data: (batch, buffer) => {
      const feeds = buffers[buffer];
      for (const array of Object.values(feeds)) array.fill(0);
      let bytes = 0;
      let targets = 0;
      const group = places.slice(batch * windows, (batch + 1) * windows);
      const before = group.map(({ pieces, window }) =>
        pieces.subarray(Math.max(0, window.start - reach), window.start),
      );
      for (const [b, { pieces, window }] of group.entries()) {
        const { start, length: held, scoreFrom } = window;
        (feeds.pieces as Int32Array).set(pieces.subarray(start, start + held), b * length);
        for (let j = 0; j < held; j++) {
          const target = pieces[start + j + 1]!;
          feeds.targets![b * length + j] = target;
          if (j < scoreFrom) continue;
          feeds.weights![b * length + j] = 1;
          targets++;
          bytes += byteLengths[target]!;
        }
      }
      return { feeds, bytes, targets, ...(reach > 0 && { before }) };
    },
  };
}

/** Batches of windows of units; undefined where there is no text. */
export function unitValidation(
  documents: Iterable<Document>,
  limit: number,
  tables: BatchTables,
  shape: WindowShape,
): ValidationData | undefined {
  const encoded = firstTexts(documents, limit).map((text) => encodeLadder([text], tables.words, tables.tokenizer));
  // A batch reads one text, and documents may be short: they stand one after the other, but no window holds two.
  const text = joinLadderTexts(encoded);
  let offset = 0;
  const places = encoded.flatMap((part) => {
    const from = offset;
    offset += part.units.length;
    return unitWindows(part, shape).map((window) => ({ ...window, start: from + window.start }));
  });
  if (places.length === 0) return undefined;
  const batches = [new LadderBatch(tables, shape), new LadderBatch(tables, shape)] as const;
  return {
    steps: Math.ceil(places.length / shape.windows),
    data: (index, buffer) => {
      const windows = places.slice(index * shape.windows, (index + 1) * shape.windows);
      const feeds = batches[buffer].fill(text, windows);
      let bytes = 0;
      let targets = 0;
      for (const { start, length, scoreFrom } of windows) {
        bytes += bytesOfUnits(text.units, start + scoreFrom + 1, start + length + 1);
        targets += length - scoreFrom;
      }
      return { feeds, bytes, targets };
    },
  };
}
