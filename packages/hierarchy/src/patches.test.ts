// Where patches begin, on text that can be checked by eye, and that they follow from the past alone.
import { BOS_PIECE, BpeTokenizer, countPreTokens, FIRST_BYTE_ID, trainBpe } from '@strata/subword';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PATCHED_KINDS, PatchFeeds, patchCapacity, patchesOf, placesPerPatch } from './patches.js';

const bytes = new BpeTokenizer([]);
const piecesOf = (text: string): Int32Array => Int32Array.from(bytes.encode(text));

/** A text with a bar after each byte at which a patch stands; bytes beyond ASCII are dots. */
function marked(pieces: Int32Array): string {
  const { places } = patchesOf('spacebyte', pieces, pieces.length);
  const stands = new Set(places);
  return [...pieces]
    .map((piece, at) => {
      const byte = piece - FIRST_BYTE_ID;
      const shown = piece === BOS_PIECE ? '^' : byte < 0x80 ? String.fromCharCode(byte) : '.';
      return stands.has(at) ? `${shown}|` : shown;
    })
    .join('');
}

describe('spacebyte', () => {
  it('reads bytes: a tokenizer without merges has 257 pieces and gives back what it read', () => {
    const text = 'Été, 3 o’clock!\n';
    expect(bytes.vocabularySize).toBe(257);
    expect(bytes.encode(text)).toHaveLength(new TextEncoder().encode(text).length);
    expect(new TextDecoder().decode(bytes.decode(bytes.encode(text)))).toBe(text);
    expect(trainBpe(countPreTokens('some text some text'), 257).tokenizer.merges).toEqual([]);
    expect(BpeTokenizer.fromJSON(bytes.toJSON()).vocabularySize).toBe(257);
  });

  it('stands at spacelike bytes that follow none, as in the figure of the paper', () => {
    // Figure 2 of Slagle 2024: "the(newline)enemy!"" he exclaimed." with quotes of three bytes, of which the first is spacelike.
    expect(marked(piecesOf('xthe\nenemy!” he exclaimed. “Their capture'))).toBe(
      'x|the\n|enemy!|... |he |exclaimed.| ...Their |capture',
    );
    expect(marked(piecesOf('xexp += 2;\n\nmbf[3] = exp;'))).toBe('x|exp |+= 2;|\n\nmbf[|3]| = exp;|');
  });

  it('opens a patch with a window and with <|bos|>', () => {
    expect(marked(Int32Array.of(BOS_PIECE, ...piecesOf('The end.')))).toBe('^|The |end.|');
    expect(marked(Int32Array.of(...piecesOf('a.'), BOS_PIECE, ...piecesOf('\nIt')))).toBe('a|.|^|\nIt');
  });
});

describe('blocks', () => {
  it('stand at their last piece and are read from all four', () => {
    expect(patchesOf('blocks', new Int32Array(10))).toEqual({
      places: Int32Array.of(0, 1, 2, 3, 4, 5, 6, 7),
      patchOf: Int32Array.of(0, 0, 0, 1, 0, 0, 0, 2, 0, 0),
    });
  });
});

const somePieces = fc.array(fc.constantFrom(0, ...piecesOf('ab1 .\n’')), { minLength: 1, maxLength: 60 });

describe('patches', () => {
  it('are counted in order, are read from the past alone, and do not change with what follows', () => {
    fc.assert(
      fc.property(fc.constantFrom(...PATCHED_KINDS), somePieces, somePieces, (kind, before, after) => {
        // The same room with and without what follows, which is often too little.
        const capacity = patchCapacity(kind, before.length + after.length);
        const reach = placesPerPatch(kind);
        const short = patchesOf(kind, Int32Array.from(before), capacity);
        const long = patchesOf(kind, Int32Array.from([...before, ...after]), capacity);
        expect(long.patchOf.subarray(0, before.length)).toEqual(short.patchOf);
        const count = Math.max(...short.patchOf);
        expect(long.places.subarray(0, count * reach)).toEqual(short.places.subarray(0, count * reach));
        const standing = [...long.patchOf.entries()].filter(([, patch]) => patch > 0);
        expect(standing.map(([, patch]) => patch)).toEqual(standing.map((_, i) => i + 1));
        expect(standing.length).toBeLessThanOrEqual(capacity);
        for (const [t, patch] of standing)
          expect([...long.places.subarray((patch - 1) * reach, patch * reach)]).toEqual(
            Array.from({ length: reach }, (_, i) => t - reach + 1 + i),
          );
      }),
    );
  });

  it('are those for which there is room', () => {
    const { places, patchOf } = patchesOf('spacebyte', piecesOf('a b c d e f'), 3);
    expect(places).toEqual(Int32Array.of(0, 1, 3));
    expect(patchOf).toEqual(Int32Array.of(1, 2, 0, 3, 0, 0, 0, 0, 0, 0, 0));
  });

  it('of several windows are rows of one table', () => {
    const feeds = new PatchFeeds('blocks', 2, 8).fill(new Int32Array(16));
    expect(feeds.patchPlaces).toEqual(Int32Array.from({ length: 16 }, (_, i) => i));
    expect(feeds.patchOf).toEqual(Int32Array.of(0, 0, 0, 1, 0, 0, 0, 2, 3, 3, 3, 4, 3, 3, 3, 5));
  });
});
