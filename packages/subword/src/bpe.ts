// A byte-level BPE tokenizer that encodes unit by unit, so that no piece straddles two units.
// Source: Sennrich, Haddow & Birch 2016, section 3.2; over bytes as in Radford et al. 2019, section 2.2.
import { bytesFromText, segmentUnits } from '@strata/text';
import { printableFromBytes } from './bpe-alphabet.js';
import { type BpeFile, readBpeFile } from './bpe-file.js';

/** The id of `<|bos|>`, which stands before a text and has no bytes. */
export const BOS_ID = 0;
/** The id of byte 0; the other bytes follow. */
export const FIRST_BYTE_ID = 1;
/** The number of ids that need no merge: `<|bos|>` and the 256 bytes. */
export const BASE_VOCABULARY_SIZE = 257;

/** Two ids that become one, in the order in which they were learned. */
export type Merge = readonly [left: number, right: number];

/** An id was asked for that the vocabulary does not have. */
export class UnknownPieceError extends Error {
  override readonly name = 'UnknownPieceError';
  constructor(id: number, vocabularySize: number) {
    super(
      `There is no subword piece ${id}: ids are whole numbers from 0 to ${vocabularySize - 1}. ` +
        'Check that the ids come from this tokenizer, not from another one.',
    );
  }
}

/** The pre-tokens of a unit, within which pieces stay: " the" is one, any other gap stands alone before its surface. */
export function preTokens(gap: string, surface: string): string[] {
  if (gap === ' ') return [gap + surface];
  return gap === '' ? [surface] : [gap, surface];
}

// Beyond this many distinct pre-tokens the one that came first is forgotten.
const CACHE_SIZE = 1 << 16;

/** Text to piece ids and back, exactly, for any string. */
export class BpeTokenizer {
  /** The id that stands before a text. */
  readonly bosId = BOS_ID;
  private readonly pieces: readonly Uint8Array[];
  // left id * vocabularySize + right id -> place in the order of merges; and the id that each merge makes.
  private readonly ranks = new Map<number, number>();
  private readonly results: number[] = [];
  private readonly cache = new Map<string, readonly number[]>();

  /** Takes merges in the order learned; a merge that makes the bytes of an earlier piece makes that piece. */
  constructor(readonly merges: readonly Merge[]) {
    const { pieces, results } = piecesOfMerges(merges);
    this.pieces = pieces;
    this.results = results;
    merges.forEach(([left, right], rank) => {
      this.ranks.set(left * pieces.length + right, rank);
    });
  }

  /** The number of ids: `<|bos|>`, 256 bytes and what the merges make. */
  get vocabularySize(): number {
    return this.pieces.length;
  }

  /** The bytes of one piece, empty for `<|bos|>`; throws UnknownPieceError. */
  pieceBytes(id: number): Uint8Array {
    const bytes = this.pieces[id];
    if (bytes === undefined) throw new UnknownPieceError(id, this.vocabularySize);
    return bytes;
  }

  /** The ids of one unit, its gap included. */
  encodeUnit(gap: string, surface: string): number[] {
    if (gap === ' ' || gap === '') return [...this.encodePreToken(gap + surface)];
    return [...this.encodePreToken(gap), ...this.encodePreToken(surface)];
  }

  /** The ids of a text, unit by unit, without `<|bos|>`. */
  encode(text: string): number[] {
    const ids: number[] = [];
    for (const { gapStart, start, end } of segmentUnits(text)) {
      for (const preToken of preTokens(text.slice(gapStart, start), text.slice(start, end))) {
        for (const id of this.encodePreToken(preToken)) ids.push(id);
      }
    }
    return ids;
  }

  /** The bytes that the ids stand for, joined; throws UnknownPieceError. */
  decode(ids: Iterable<number>): Uint8Array {
    const parts = Array.from(ids, (id) => this.pieceBytes(id));
    const bytes = new Uint8Array(parts.reduce((total, part) => total + part.length, 0));
    let at = 0;
    for (const part of parts) {
      bytes.set(part, at);
      at += part.length;
    }
    return bytes;
  }

  /** The tokenizer as data that a person can read: each merge is a line of two printable pieces. */
  toJSON(): BpeFile {
    const printable = this.pieces.map((piece) => printableFromBytes(piece));
    return {
      format: 'strata-bpe',
      version: 1,
      bos: '<|bos|>',
      vocabularySize: this.vocabularySize,
      merges: this.merges.map(([left, right]) => `${printable[left]} ${printable[right]}`),
    };
  }

  /** Reads what `toJSON` wrote; `source` names it in errors. Throws BpeFileError on anything else. */
  static fromJSON(json: unknown, source = 'tokenizer'): BpeTokenizer {
    return new BpeTokenizer(readBpeFile(json, source));
  }

  private encodePreToken(preToken: string): readonly number[] {
    const known = this.cache.get(preToken);
    if (known !== undefined) return known;
    const ids = this.merge(Array.from(bytesFromText(preToken), (byte) => FIRST_BYTE_ID + byte));
    if (this.cache.size >= CACHE_SIZE) this.cache.delete(this.cache.keys().next().value!);
    this.cache.set(preToken, ids);
    return ids;
  }

  // Applies the earliest learned merge that fits, wherever it fits, until none does. Pre-tokens are a few bytes long.
  private merge(ids: number[]): number[] {
    const { ranks, results, vocabularySize } = this;
    while (ids.length > 1) {
      let best = Number.POSITIVE_INFINITY;
      for (let at = 0; at + 1 < ids.length; at++) {
        const rank = ranks.get(ids[at]! * vocabularySize + ids[at + 1]!);
        if (rank !== undefined && rank < best) best = rank;
      }
      if (best === Number.POSITIVE_INFINITY) break;
      replacePair(ids, this.merges[best]!, results[best]!);
    }
    return ids;
  }
}

/** Replaces each occurrence of a pair, from left to right, by one id, in place. */
export function replacePair(ids: number[], [left, right]: Merge, result: number): void {
  let kept = 0;
  for (let at = 0; at < ids.length; kept++) {
    if (ids[at] === left && ids[at + 1] === right) {
      ids[kept] = result;
      at += 2;
    } else {
      ids[kept] = ids[at]!;
      at += 1;
    }
  }
  ids.length = kept;
}

// The pieces in order of id, and the id that each merge makes.
function piecesOfMerges(merges: readonly Merge[]): { pieces: Uint8Array[]; results: number[] } {
  const pieces = [new Uint8Array(0), ...Array.from({ length: 256 }, (_, byte) => Uint8Array.of(byte))];
  const idOfPiece = new Map(
    pieces.slice(FIRST_BYTE_ID).map((piece, byte) => [printableFromBytes(piece), FIRST_BYTE_ID + byte]),
  );
  const results = merges.map(([left, right]) => {
    const bytes = new Uint8Array([...pieces[left]!, ...pieces[right]!]);
    const name = printableFromBytes(bytes);
    const id = idOfPiece.get(name) ?? pieces.push(bytes) - 1;
    idOfPiece.set(name, id);
    return id;
  });
  return { pieces, results };
}
