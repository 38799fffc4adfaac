// What comes in chunks is what it is as a whole: decoding, normalising, units, lines of .jsonl; and samples are bounded.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { ByteDecoder } from './byte-decoder.js';
import { byteLength, textFromBytes } from './bytes.js';
import { CorpusHashError, JsonLineError } from './corpus-errors.js';
import { documentOfText, readDocument, sha256 } from './document.js';
import { CHUNK_BYTES } from './file-chunks.js';
import { JsonLinesFile } from './json-lines.js';
import { normalizeChunks, normalizeText } from './normalize.js';
import { forgetRare } from './rare-entries.js';
import { sampleTexts } from './sample.js';
import { textChunks, textStart, unitBatches } from './text-chunks.js';
import { segmentUnits } from './units.js';

const folder = mkdtempSync(join(tmpdir(), 'strata-streaming-'));
afterAll(() => rmSync(folder, { recursive: true }));

let files = 0;
function fileOf(content: string | Uint8Array, extension = 'txt'): string {
  const path = join(folder, `${files++}.${extension}`);
  writeFileSync(path, content);
  return path;
}

/** Cuts a sequence at given places. */
function cutAt<T extends { slice(from: number, to?: number): T; readonly length: number }>(
  whole: T,
  places: readonly number[],
): T[] {
  const ends = places.map((place) => place % (whole.length + 1)).sort((a, b) => a - b);
  return [0, ...ends].map((from, index) => whole.slice(from, ends[index] ?? whole.length));
}

const awkwardBytes = fc
  .array(
    fc.oneof(
      fc.constantFrom([0xc3], [0xa9], [0xed, 0xa0, 0x80], [0xf0, 0x9f, 0x98, 0x80], [0xf0, 0x9f], [0xe2, 0x82], [0x41]),
      fc.uint8Array({ maxLength: 3 }).map((bytes) => [...bytes]),
    ),
  )
  .map((parts) => Uint8Array.from(parts.flat()));
const cuts = fc.array(fc.nat(), { maxLength: 8 });

describe('bytes that come in chunks', () => {
  it('decode as they do at once, each chunk of whole code points', () => {
    fc.assert(
      fc.property(awkwardBytes, cuts, (bytes, places) => {
        const decoder = new ByteDecoder();
        const parts = [...cutAt(bytes, places).map((part) => decoder.push(part)), decoder.finish()];
        expect(parts.join('')).toBe(textFromBytes(bytes));
        for (const part of parts) expect(part).not.toMatch(/[\ud800-\udbff]$/);
      }),
      { numRuns: 2000 },
    );
  });

  it('of a file give its text, whatever lies on the edge of a chunk', () => {
    for (const edge of ['é', '€', '😀', '\r\n', '\udce9', '\udcf0\udc9f'])
      for (let before = 0; before < 4; before++) {
        const bytes = Buffer.concat([
          Buffer.alloc(CHUNK_BYTES - before, 'a'),
          edge.startsWith('\udce9')
            ? Buffer.of(0xe9)
            : edge.startsWith('\udcf0')
              ? Buffer.of(0xf0, 0x9f)
              : Buffer.from(edge),
          Buffer.from('end'),
        ]);
        const document = readDocument(fileOf(bytes));
        const chunks = [...document.chunks()];
        expect(chunks.length).toBeGreaterThan(1);
        expect(chunks.join('')).toBe(textFromBytes(bytes));
        expect([document.bytes, document.sha256]).toEqual([bytes.length, sha256(bytes)]);
      }
  });
});

describe('a text that comes in chunks', () => {
  const lines = fc.constantFrom(
    'a line of prose that is as long as the volunteers made their lines,',
    'The rose is red,',
    '    indented',
    '*** START OF THIS PROJECT GUTENBERG EBOOK ***',
    '*END*THE SMALL PRINT',
    'End of Project Gutenberg',
    '[Title]',
    '\ufeff',
    '',
  );
  const ends = fc.constantFrom('\n', '\r\n', '\r', '\n\n');
  const pages = fc
    .array(fc.tuple(lines, ends), { maxLength: 30 })
    .map((parts) => parts.map((part) => part.join('')).join(''));

  it('is normalised as it is whole', () => {
    fc.assert(
      fc.property(pages, cuts, (text, places) => {
        const chunks = cutAt(text, places) as unknown as string[];
        expect([...normalizeChunks(() => chunks, 'gutenberg')].join('')).toBe(normalizeText(text, 'gutenberg'));
      }),
      { numRuns: 2000 },
    );
  });

  it('has the units that it has whole', () => {
    const text = fc.string({ unit: 'binary' }).map((part) => `${part} Mr. "O'Neill" doesn't… `.repeat(3));
    fc.assert(
      fc.property(text, cuts, (whole, places) => {
        const units = [...unitBatches(cutAt(whole, places) as unknown as string[])].flat();
        expect(units.map(({ gapStart, start, end, boundary }) => ({ gapStart, start, end, boundary }))).toEqual(
          segmentUnits(whole),
        );
      }),
    );
  });

  it('is cut outside of pairs, and read no further than is asked for', () => {
    const text = `${'a'.repeat(65_535)}😀${'b'.repeat(70_000)}`;
    const chunks = [...textChunks(text)];
    expect(chunks.map((chunk) => chunk.length)).toEqual([65_537, 65_536, 4464]);
    expect(chunks.join('')).toBe(text);
    let asked = 0;
    const counted = function* (): Generator<string> {
      for (const chunk of chunks) {
        asked++;
        yield chunk;
      }
    };
    expect(textStart(counted(), 65_540)).toBe(text.slice(0, 65_540));
    expect(asked).toBe(2);
  });
});

describe('a file that changes while it is read', () => {
  it('is found out at its end at the latest', () => {
    const path = fileOf('a'.repeat(3 * CHUNK_BYTES));
    const chunks = readDocument(path).chunks()[Symbol.iterator]();
    chunks.next();
    writeFileSync(path, 'b'.repeat(3 * CHUNK_BYTES));
    expect(() => {
      while (chunks.next().done !== true);
    }).toThrow(CorpusHashError);
    const lines = new JsonLinesFile(fileOf('{"text":"a"}\n{"text":"b"}', 'jsonl'), 'none');
    expect([...lines]).toHaveLength(2);
    writeFileSync(lines.path, '{"text":"a"}\n{"text":"c"}');
    expect(() => [...lines]).toThrow(CorpusHashError);
  });
});

describe('a .jsonl file', () => {
  it('gives the same documents wherever chunks of the file end', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 400_000 }), { minLength: 1, maxLength: 5 }), (lengths) => {
        const texts = lengths.map((length, index) => `${index}é`.repeat(length / 3));
        const path = fileOf(texts.map((text) => JSON.stringify({ text })).join('\n'), 'jsonl');
        expect([...new JsonLinesFile(path, 'none')].map((document) => document.text)).toEqual(texts);
        rmSync(path);
      }),
      { numRuns: 20 },
    );
  });

  it('names the line that is wrong, beyond the first chunk too', () => {
    const line = JSON.stringify({ text: 'x'.repeat(CHUNK_BYTES) });
    const path = fileOf(`${line}\n\n${line}\n{"title":"no text"}\n`, 'jsonl');
    expect(() => [...new JsonLinesFile(path, 'none')]).toThrow(JsonLineError);
    expect(() => [...new JsonLinesFile(path, 'none')]).toThrow(/:4: found only title/);
  });
});

describe('a sample', () => {
  const textsOf = (sample: Iterable<Iterable<string>>): string[] =>
    Array.from(sample, (chunks) => [...chunks].join(''));

  it('of a corpus within the limit is the corpus', () => {
    const documents = ['one two', 'three'].map((text, index) => documentOfText(`${index}`, text));
    expect(textsOf(sampleTexts(documents, 12))).toEqual(['one two', 'three']);
  });

  it('of a larger one keeps to the limit, is spread evenly, and holds whole words', () => {
    const words = (count: number): string => Array.from({ length: count }, (_, i) => `w${i}`).join(' ');
    const file = readDocument(fileOf(words(700_000)));
    const short = Array.from({ length: 400 }, (_, i) => documentOfText(`s${i}`, `s${i} ${words(1000)}`));
    const documents = [file, ...short];
    const total = documents.reduce((sum, document) => sum + document.bytes, 0);
    const limit = 2_000_000;
    const sample = textsOf(sampleTexts(documents, limit));
    const bytes = sample.reduce((sum, text) => sum + byteLength(text), 0);
    expect(bytes).toBeGreaterThan(limit * 0.8);
    expect(bytes).toBeLessThan(limit * 1.2);
    expect(textsOf(sampleTexts(documents, limit))).toEqual(sample);
    const known = new Set([...documents].flatMap((document) => document.text.split(' ')));
    const strange = sample.flatMap((text) => text.trim().split(/\s+/)).filter((word) => !known.has(word));
    expect(strange).toEqual([]);
    const ofFile = sample.filter((text) => !text.startsWith('s')).reduce((sum, text) => sum + byteLength(text), 0);
    expect(Math.abs(ofFile / bytes - file.bytes / total)).toBeLessThan(0.15);
  });
});

describe('counts that are too many', () => {
  it('lose the rarest, ties together, until half of the limit is left; fewer lose nothing', () => {
    const seen = fc.array(fc.tuple(fc.string({ maxLength: 3 }), fc.integer({ min: 1, max: 6 })), { maxLength: 60 });
    fc.assert(
      fc.property(seen, fc.integer({ min: 1, max: 40 }), (entries, limit) => {
        const before = new Map(entries);
        const after = new Map(before);
        forgetRare(after, limit, (count) => count);
        if (before.size <= limit) {
          expect(after).toEqual(before);
          return;
        }
        expect(after.size).toBeLessThanOrEqual(limit / 2);
        const lost = [...before].filter(([name]) => !after.has(name)).map(([, count]) => count);
        for (const count of after.values()) expect(count).toBeGreaterThan(Math.max(...lost));
        // One count less forgotten would have left too many.
        const commonest = lost.filter((count) => count === Math.max(...lost)).length;
        expect(after.size + commonest).toBeGreaterThan(limit / 2);
      }),
    );
  });
});
