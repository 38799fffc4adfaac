// A text on all levels at once: units of the word tokenizer, and the pieces that spell each of them for the base.
// Pieces are encoded unit by unit, so what the base knows at the end of a unit never depends on later text.
import { Segmentation } from '@strata/level';
import { BOS_PIECE, type BpeTokenizer } from '@strata/subword';
import { BOS_ID, concatenate, type EncodedUnits, OTHER_GAP_ID, type WordTokenizer } from '@strata/word';

/** Encoded texts, each opened by a `<bos>` unit of one `<|bos|>` piece. */
export interface LadderText {
  readonly units: EncodedUnits;
  readonly pieces: Int32Array;
  /** Each unit as a span of pieces. */
  readonly spans: Segmentation;
}

/** Pieces of texts, each opened by `<|bos|>`: what the base and the flat model read. */
export function encodePieces(texts: readonly string[], tokenizer: BpeTokenizer): Int32Array {
  const parts = texts.map((text) => tokenizer.encode(text));
  const pieces = new Int32Array(parts.reduce((sum, part) => sum + part.length + 1, 0));
  let offset = 0;
  for (const part of parts) {
    pieces[offset++] = BOS_PIECE;
    pieces.set(part, offset);
    offset += part.length;
  }
  return pieces;
}

/** Encodes texts for all levels; linear in their length. */
export function encodeLadder(texts: readonly string[], words: WordTokenizer, tokenizer: BpeTokenizer): LadderText {
  return encodeLadderUnits(
    texts.map((text) => words.encode(text)),
    words,
    tokenizer,
  );
}

/** Joins encoded units and spells each for the base. */
export function encodeLadderUnits(
  parts: readonly EncodedUnits[],
  words: WordTokenizer,
  tokenizer: BpeTokenizer,
): LadderText {
  const units = concatenate(parts);
  const ends = new Int32Array(units.length);
  let pieces = new Int32Array(units.length * 2);
  let length = 0;
  for (let i = 0; i < units.length; i++) {
    const unitPieces = units.lemma[i] === BOS_ID ? [BOS_PIECE] : encodeUnitPieces(words, tokenizer, units, i);
    if (length + unitPieces.length > pieces.length) {
      const grown = new Int32Array(2 * pieces.length + unitPieces.length);
      grown.set(pieces);
      pieces = grown;
    }
    for (const piece of unitPieces) pieces[length++] = piece;
    ends[i] = length;
  }
  return { units, pieces: pieces.slice(0, length), spans: new Segmentation(ends, length) };
}

/** Joins encoded texts into one of their summed length; each keeps its own `<bos>`. */
export function joinLadderTexts(parts: readonly LadderText[]): LadderText {
  const units = concatenate(parts.map((part) => part.units));
  const pieces = new Int32Array(parts.reduce((sum, part) => sum + part.pieces.length, 0));
  const ends = new Int32Array(units.length);
  let unit = 0;
  let piece = 0;
  for (const part of parts) {
    pieces.set(part.pieces, piece);
    for (let i = 0; i < part.units.length; i++) ends[unit++] = piece + part.spans.end(i);
    piece += part.pieces.length;
  }
  return { units, pieces, spans: new Segmentation(ends, pieces.length) };
}

/** A copy of units [from, to). */
export function unitsOf(units: EncodedUnits, from: number, to: number): EncodedUnits {
  const part = <T>(entries: ReadonlyMap<number, T>): Map<number, T> => {
    const kept = new Map<number, T>();
    for (let i = from; i < to; i++) if (entries.has(i)) kept.set(i - from, entries.get(i)!);
    return kept;
  };
  return {
    length: to - from,
    boundary: units.boundary.slice(from, to),
    lemma: units.lemma.slice(from, to),
    slot: units.slot.slice(from, to),
    casing: units.casing.slice(from, to),
    gap: units.gap.slice(from, to),
    spellings: part(units.spellings),
    escapedGaps: part(units.escapedGaps),
    byteLengths: units.byteLengths.slice(from, to),
    surfaceStart: units.surfaceStart.slice(from, to),
  };
}

function encodeUnitPieces(
  words: WordTokenizer,
  tokenizer: BpeTokenizer,
  units: EncodedUnits,
  i: number,
): readonly number[] {
  const gap = units.gap[i] === OTHER_GAP_ID ? units.escapedGaps.get(i)! : words.vocabulary.gap(units.gap[i]);
  return tokenizer.encodeUnit(gap, words.unitText(units, i).slice(gap.length));
}

/** UTF-8 bytes of units [from, to). */
export function bytesOfUnits(units: EncodedUnits, from: number, to: number): number {
  let bytes = 0;
  for (let i = from; i < to; i++) bytes += units.byteLengths[i];
  return bytes;
}
