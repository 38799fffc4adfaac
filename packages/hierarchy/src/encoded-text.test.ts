// A corpus on disk is the corpus in memory: every window reads the same, nothing half-written counts, damage is seen.
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DamagedFileError } from '@strata/store';
import { countPreTokens, trainBpe } from '@strata/subword';
import { type Document, documentOfText } from '@strata/text';
import { BOS_ID, buildLexicon, WordTokenizer, WordVocabulary } from '@strata/word';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { EncodingStoppedError, isUnusable, readEncoded } from './encoded-folder.js';
import { EncodedLadder, writeLadder } from './encoded-ladder.js';
import { EncodedPieces, pieceLengths, writePieces } from './encoded-pieces.js';
import { lemmaBytes, packUnit, unpackUnits } from './encoded-units.js';
import { encodeLadder, encodePieces, joinLadderTexts, type LadderText, unitsOf } from './ladder-text.js';

const LEARNED =
  'The cat sat on the mat. "Stop!" said the king; the cats ran, and the queen laughed.\n\nThen it rained. '.repeat(20);
const tokenizer = trainBpe(countPreTokens(LEARNED), 300).tokenizer;
const words = new WordTokenizer(WordVocabulary.fromLexicon(buildLexicon([LEARNED]), { size: 20, gapCount: 3 }));

const root = mkdtempSync(join(tmpdir(), 'strata-encoded-'));
afterAll(() => rmSync(root, { recursive: true }));
let folders = 0;
const freshFolder = (): string => join(root, `${folders++}`);

async function ladderOf(documents: readonly Document[], folder = freshFolder()): Promise<EncodedLadder> {
  await writeLadder(folder, documents, words, tokenizer);
  return new EncodedLadder(folder, readEncoded(folder)!);
}

/** Units [from, to) of a text in memory, without what windows do not hold. */
function sliceOf(text: LadderText, from: number, to: number): unknown {
  const units = unitsOf(text.units, from, to);
  const first = from === 0 ? 0 : text.spans.end(from - 1);
  return comparable({ ...units, surfaceStart: new Int32Array(to - from) }, text, first, text.spans.end(to - 1));
}

function comparable(units: LadderText['units'], { pieces, spans }: LadderText, first: number, last: number): unknown {
  const ends = Array.from(spans.ends, (end) => end - first).filter((end) => end > 0 && end <= last - first);
  return { ...units, pieces: [...pieces.subarray(first, last)], ends };
}

const whole = (text: LadderText): unknown => comparable(text.units, text, 0, text.pieces.length);

const someText = fc
  .array(
    fc.oneof(
      fc.constantFrom('the cat', ' sat', ' Stop!', '\n\n', ' \t ', ' QUEENS', ' xyzzy', '\ud800 ', ' “é”'),
      fc.string({ maxLength: 5 }),
    ),
    {
      maxLength: 60,
    },
  )
  .map((parts) => parts.join(''));

describe('an encoded ladder', () => {
  it('reads any window as it is encoded in memory, strings included', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(someText, { minLength: 1, maxLength: 4 }), fc.nat(), fc.nat(), async (texts, a, b) => {
        const encoded = await ladderOf(texts.map((text, i) => documentOfText(`${i}`, text)));
        const expected = encodeLadder(texts, words, tokenizer);
        const { length } = expected.units;
        const [from, to] = [a % length, (b % length) + 1].sort((x, y) => x - y);
        expect([encoded.length, encoded.pieceCount]).toEqual([length, expected.pieces.length]);
        expect(encoded.bytes).toBe(expected.units.byteLengths.reduce((sum, bytes) => sum + bytes, 0));
        if (from < to) expect(whole(encoded.read(from, to, true))).toEqual(sliceOf(expected, from, to));
        expect(whole(encoded.sample())).toEqual(sliceOf(expected, 0, length));
        expect(encoded.sample().units.spellings.size).toBe(expected.units.spellings.size);
        encoded.close();
      }),
      { numRuns: 100 },
    );
  });

  it('reads windows beyond the first blocks, and samples stretches of a long text, each opened by <bos>', async () => {
    const text = Array.from({ length: 9000 }, (_, i) => (i % 7 === 0 ? `w${i}` : 'the cat')).join(' ');
    const encoded = await ladderOf([documentOfText('long', text), documentOfText('short', 'The end.')]);
    const expected = encodeLadder([text, 'The end.'], words, tokenizer);
    expect(encoded.length).toBeGreaterThan(16_000);
    for (const [from, to] of [
      [1023, 1025],
      [1024, 2048],
      [5000, 9000],
      [encoded.length - 3, encoded.length],
    ] as const)
      expect(whole(encoded.read(from, to, true))).toEqual(sliceOf(expected, from, to));
    const { units } = encoded.sample(8192);
    expect([...units.lemma.keys()].filter((unit) => units.lemma[unit] === BOS_ID)).toEqual([0, 4096, 8189]);
    expect(words.unitText(units, 1)).toBe('w');
    expect(words.unitText(units, 4097)).toBe(words.unitText(expected.units, expected.units.length - 4096));
    encoded.close();
  });

  it('joins texts end to end', () => {
    const texts = ['the cat', 'Stop!\n\nThen'];
    const joined = joinLadderTexts(texts.map((text) => encodeLadder([text], words, tokenizer)));
    expect(whole(joined)).toEqual(whole(encodeLadder(texts, words, tokenizer)));
  });
});

describe('a unit on disk', () => {
  it('comes back whole, for vocabularies of any size and any values that units have', () => {
    const record = fc.record({
      lemma: fc.integer({ min: 0, max: 65_535 }),
      slot: fc.integer({ min: 0, max: 15 }),
      casing: fc.integer({ min: 0, max: 2 }),
      gap: fc.integer({ min: 0, max: 250 }),
      byteLength: fc.integer({ min: 0, max: 32 }),
      pieces: fc.integer({ min: 1, max: 32 }),
    });
    fc.assert(
      fc.property(fc.array(record, { minLength: 1 }), fc.nat(2), fc.boolean(), (units, boundary, large) => {
        const size = large ? 1 << 20 : 1 << 16;
        // In the large vocabulary ids need a third byte.
        const stored = units.map((unit) => ({ ...unit, lemma: large ? unit.lemma * 16 + 5 : unit.lemma }));
        const packed = stored.map((unit) => packUnit(unit, size));
        for (const bytes of packed) bytes[lemmaBytes(size)]! += boundary;
        const found = unpackUnits(Buffer.concat(packed), 0, units.length, size, {
          spellings: new Map(),
          escapedGaps: new Map(),
        });
        for (const [i, { pieces, byteLength, ...rest }] of stored.entries()) {
          const { lemma, slot, casing, gap } = found.units;
          expect({ lemma: lemma[i], slot: slot[i], casing: casing[i], gap: gap[i] }).toEqual(rest);
          expect([found.pieces[i], found.units.byteLengths[i], found.units.boundary[i]]).toEqual([
            pieces,
            byteLength,
            boundary,
          ]);
        }
      }),
    );
  });
});

describe('encoded pieces', () => {
  it('are those that are encoded in memory', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(someText, { minLength: 1, maxLength: 4 }), async (texts) => {
        const folder = freshFolder();
        const told: number[] = [];
        await writePieces(
          folder,
          texts.map((text, i) => documentOfText(`${i}`, text)),
          tokenizer,
          { onProgress: (bytes) => told.push(bytes) },
        );
        const encoded = EncodedPieces.open(folder, readEncoded(folder)!);
        const expected = encodePieces(texts, tokenizer);
        const lengths = pieceLengths(tokenizer);
        expect(encoded.read(0, encoded.length)).toEqual(expected);
        expect(encoded.bytes).toBe(expected.reduce((sum, piece) => sum + lengths[piece]!, 0));
        expect(told.at(-1)).toBe(encoded.bytes);
        encoded.close();
      }),
      { numRuns: 50 },
    );
  });
});

describe('a folder of encoded text', () => {
  const documents = [documentOfText('a', LEARNED), documentOfText('b', LEARNED.toUpperCase())];
  // Nothing is stopped within the first megabyte.
  const long = [documentOfText('a', LEARNED.repeat(1200))];

  it('is the same, byte for byte, when it is written again', async () => {
    const hashes = [];
    for (const folder of [freshFolder(), freshFolder()]) {
      (await ladderOf(documents, folder)).close();
      hashes.push(readEncoded(folder)!.checksum);
    }
    expect(hashes[0]).toBe(hashes[1]);
  });

  it('is nothing until it is whole: after a stop, an error, or a kill before the manifest', async () => {
    const stopped = freshFolder();
    const stop = new AbortController();
    const options = { signal: stop.signal, onProgress: () => stop.abort() };
    await expect(writePieces(stopped, long, tokenizer, options)).rejects.toThrow(EncodingStoppedError);
    expect(existsSync(stopped)).toBe(false);
    const failed = freshFolder();
    const failing = [
      documents[0]!,
      {
        ...documents[1]!,
        chunks: () => {
          throw new Error('gone');
        },
      },
    ] as Document[];
    await expect(writeLadder(failed, failing, words, tokenizer)).rejects.toThrow('gone');
    expect(existsSync(failed)).toBe(false);
    const killed = freshFolder();
    await writePieces(killed, documents, tokenizer);
    rmSync(join(killed, 'manifest.json'));
    expect(readEncoded(killed)).toBeUndefined();
    await writePieces(killed, documents, tokenizer);
    expect(readEncoded(killed)).toBeDefined();
  });

  it('shows a flipped bit and a cut file, wherever they are', async () => {
    const folder = freshFolder();
    (await ladderOf(documents, folder)).close();
    for (const name of readdirSync(folder)) {
      const path = join(folder, name);
      const bytes = readFileSync(path);
      for (const damaged of [bytes.subarray(0, -2), Buffer.from(bytes)]) {
        if (damaged.length === bytes.length) damaged[bytes.length >> 1] ^= 4;
        writeFileSync(path, damaged);
        let error: unknown;
        try {
          readEncoded(folder);
        } catch (caught) {
          error = caught;
        }
        expect(isUnusable(error), name).toBe(true);
        if (name !== 'manifest.json') expect(error).toBeInstanceOf(DamagedFileError);
      }
      writeFileSync(path, bytes);
    }
    expect(readEncoded(folder)).toBeDefined();
  });
});
