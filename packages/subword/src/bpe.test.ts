import { bytesFromText, segmentUnits } from '@strata/text';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BOS_ID, BpeTokenizer, preTokens, UnknownPieceError } from './bpe.js';
import { bytesFromPrintable, printableFromBytes } from './bpe-alphabet.js';
import { BpeFileError } from './bpe-file.js';
import { BpeTrainingError, countPreTokens, trainBpe } from './bpe-train.js';

const story = [
  'Once upon a time there was a little hen, and the little hen had a little house.',
  '"Who will help me?" said the little hen. "I won\'t," said the cat. "I won\'t," said the rat.\n\n',
  'Then the hen said that she would do it, and she did; the cat and the rat were there, the café too.',
].join(' ');
const tokenizer = trainBpe(countPreTokens(story.repeat(3)), 400).tokenizer;
const anyText = fc
  .array(
    fc.oneof(
      fc.constantFrom('the ', 'little hen', "won't", ' ', '\n\n', 'café', '\udce9', '\ud83d', '\ude00'),
      fc.string({ unit: 'binary', maxLength: 6 }),
      fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit)),
    ),
  )
  .map((parts) => parts.join(''));

describe('BpeTokenizer', () => {
  it('decodes what it encoded, byte for byte, for any string', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(tokenizer.decode(tokenizer.encode(text))).toEqual(bytesFromText(text));
      }),
      { numRuns: 1000 },
    );
  });

  it('encodes a text as its units one after the other', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const ids = segmentUnits(text).flatMap(({ gapStart, start, end }) =>
          tokenizer.encodeUnit(text.slice(gapStart, start), text.slice(start, end)),
        );
        expect(tokenizer.encode(text)).toEqual(ids);
      }),
      { numRuns: 500 },
    );
  });

  it('gives frequent words one piece, with the space before them', () => {
    const pieces = tokenizer.encode(' the little hen').map((id) => printableFromBytes(tokenizer.pieceBytes(id)));
    expect(pieces).toEqual(['Ġthe', 'Ġlittle', 'Ġhen']);
  });

  it('knows every byte without training, and no bytes for the start', () => {
    const bare = new BpeTokenizer([]);
    expect(bare.vocabularySize).toBe(257);
    expect(bare.encode('é')).toEqual([1 + 0xc3, 1 + 0xa9]);
    expect(bare.decode([BOS_ID, 1 + 0x41])).toEqual(Uint8Array.of(0x41));
  });

  it('keeps its answers when callers change what they were given', () => {
    const first = tokenizer.encodeUnit(' ', 'little');
    first.push(1);
    expect(tokenizer.encodeUnit(' ', 'little')).toEqual(first.slice(0, -1));
  });

  it.each([-1, 1.5, 400, Number.NaN])('refuses the id %d', (id) => {
    expect(() => tokenizer.decode([id])).toThrow(UnknownPieceError);
  });

  it('keeps a single space with its word and any other gap apart', () => {
    expect([preTokens(' ', 'a'), preTokens('', 'a'), preTokens('\n\n', 'a'), preTokens('  ', 'a')]).toEqual([
      [' a'],
      ['a'],
      ['\n\n', 'a'],
      ['  ', 'a'],
    ]);
  });
});

describe('trainBpe', () => {
  it('merges the most frequent pair first, counts changing as it goes', () => {
    const { tokenizer: trained } = trainBpe(
      [
        ['low', 5],
        ['lower', 2],
        ['newest', 6],
        ['widest', 3],
      ],
      257 + 6,
    );
    expect(trained.toJSON().merges).toEqual(['e s', 'es t', 'l o', 'lo w', 'e w', 'n ew']);
  });

  it('learns the same whatever order the counts come in', () => {
    const counts = [...countPreTokens(story)];
    fc.assert(
      fc.property(fc.shuffledSubarray(counts, { minLength: counts.length }), (shuffled) => {
        expect(trainBpe(shuffled, 350).tokenizer.merges).toEqual(trainBpe(counts, 350).tokenizer.merges);
      }),
      { numRuns: 10 },
    );
  });

  it('counts the same for a text that comes in chunks', () => {
    fc.assert(
      fc.property(fc.array(anyText, { maxLength: 5 }), (chunks) => {
        expect(countPreTokens(chunks)).toEqual(countPreTokens(chunks.join('')));
      }),
      { numRuns: 200 },
    );
  });

  it('agrees with counting all pairs anew at every merge', () => {
    const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), minLength: 1, maxLength: 9 });
    fc.assert(
      fc.property(fc.dictionary(word, fc.integer({ min: 1, max: 9 }), { maxKeys: 8 }), (counts) => {
        const entries = Object.entries(counts);
        expect(trainBpe(entries, 290).tokenizer.toJSON().merges).toEqual(naiveMerges(entries, 290));
      }),
      { numRuns: 500 },
    );
  });

  it('encodes its own training words as training left them', () => {
    const counts = countPreTokens(story);
    const { tokenizer: trained } = trainBpe(counts, 500);
    for (const preToken of ['little', ' little', ' said'])
      expect(trained.encodeUnit('', preToken).length).toBeLessThan(preToken.length);
    expect(trained.encodeUnit(' ', 'little')).toHaveLength(1);
  });

  it('says when the corpus has nothing left to merge', () => {
    const { tokenizer: trained, exhausted, requestedSize } = trainBpe([['abab', 4]], 300);
    expect({ exhausted, requestedSize, size: trained.vocabularySize }).toEqual({
      exhausted: true,
      requestedSize: 300,
      size: 259,
    });
    expect(trainBpe([['abab', 4]], 259).exhausted).toBe(false);
  });

  it('reports its progress up to the size reached', () => {
    const sizes: number[] = [];
    trainBpe(countPreTokens(story.repeat(3)), 300, (size) => sizes.push(size));
    expect(sizes.at(-1)).toBe(300);
  });

  it.each([256, 1.5, Number.NaN, 1e9])('refuses a vocabulary of %d', (size) => {
    expect(() => trainBpe([], size)).toThrow(BpeTrainingError);
  });

  it('refuses a count that is none', () => {
    expect(() => trainBpe([['a', 0]], 300)).toThrow(/counted 0 times/);
  });
});

describe('the tokenizer file', () => {
  it('gives back the tokenizer', () => {
    const read = BpeTokenizer.fromJSON(JSON.parse(JSON.stringify(tokenizer)));
    expect(read.merges).toEqual(tokenizer.merges);
    expect(read.vocabularySize).toBe(tokenizer.vocabularySize);
    expect(read.encode(story)).toEqual(tokenizer.encode(story));
  });

  it('names each byte by one printable character', () => {
    const all = Uint8Array.from({ length: 256 }, (_, byte) => byte);
    expect(bytesFromPrintable(printableFromBytes(all))).toEqual(all);
    expect(printableFromBytes(all)).toMatch(/^[^\s\p{C}]{256}$/u);
  });

  const file = (change: object): object => ({
    format: 'strata-bpe',
    version: 1,
    bos: '<|bos|>',
    vocabularySize: 259,
    merges: ['a b', 'ab c'],
    ...change,
  });

  it.each([
    [null, /found null/],
    [[], /found a list/],
    [file({ format: 'other' }), /format is "other"; accepted is "strata-bpe"/],
    [file({ version: 2 }), /version is 2/],
    [file({ extra: 1 }), /unknown key "extra"/],
    [file({ bos: undefined }), /bos is missing/],
    [file({ merges: 'a b' }), /merges is "a b"/],
    [file({ merges: ['a b', 7] }), /merges\[1\]: found 7/],
    [file({ merges: ['a b', 'abc'] }), /merges\[1\]: found "abc"/],
    [file({ merges: ['a b', 'b c d'] }), /merges\[1\]/],
    [file({ merges: ['a b', 'a b'] }), /a second time/],
    [file({ merges: ['ab c', 'a b'] }), /merges\[0\]: found the piece "ab"/],
    [file({ merges: ['a b', 'ab \n'] }), /the piece "\\n"/],
    [file({ merges: ['a b', ' c'] }), /the piece ""/],
    [file({ merges: ['a b', `${'x'.repeat(1e6)} b`] }), /128 bytes at most/],
    [file({ vocabularySize: 300 }), /vocabularySize is 300; accepted is 259/],
    [file({ vocabularySize: 1e300 }), /vocabularySize/],
  ])('refuses file %#', (json, message) => {
    expect(() => BpeTokenizer.fromJSON(json, 'my.json')).toThrow(BpeFileError);
    expect(() => BpeTokenizer.fromJSON(json, 'my.json')).toThrow(message);
  });

  it('never builds from an arbitrary value without checking it', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.jsonValue(),
          fc.array(fc.string()).map((merges) => file({ merges })),
        ),
        (json) => {
          expect(() => BpeTokenizer.fromJSON(json)).toThrow(BpeFileError);
        },
      ),
    );
  });
});

// The textbook algorithm, for comparison: all pairs are counted again before each merge.
function naiveMerges(counts: readonly (readonly [string, number])[], vocabularySize: number): string[] {
  const words = counts.map(([word, count]) => ({ pieces: [...word], count }));
  const idOf = new Map(['a', 'b', 'c'].map((letter) => [letter, 1 + letter.charCodeAt(0)]));
  const merges: string[] = [];
  for (let size = 257; size < vocabularySize; ) {
    const pairs = new Map<string, number>();
    for (const { pieces, count } of words) {
      for (let at = 0; at + 1 < pieces.length; at++) {
        const pair = `${pieces[at]} ${pieces[at + 1]}`;
        pairs.set(pair, (pairs.get(pair) ?? 0) + count);
      }
    }
    const rank = (pair: string): number => pair.split(' ').reduce((key, piece) => key * 1000 + idOf.get(piece)!, 0);
    const [best] = [...pairs].filter(([, count]) => count >= 2).sort((a, b) => b[1] - a[1] || rank(a[0]) - rank(b[0]));
    if (best === undefined) break;
    const [left, right] = best[0].split(' ') as [string, string];
    for (const word of words) {
      const merged: string[] = [];
      for (const piece of word.pieces) {
        const joins = merged.at(-1) === left && piece === right;
        if (joins) merged[merged.length - 1] = '#';
        else merged.push(piece);
      }
      word.pieces = merged.map((piece) => (piece === '#' ? left + right : piece));
    }
    if (!idOf.has(left + right)) idOf.set(left + right, size++);
    if (!merges.includes(best[0])) merges.push(best[0]);
  }
  return merges;
}
