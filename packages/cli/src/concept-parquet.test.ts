// What another reader finds in the Parquet file is what was put in, and the file is written as the rows come.
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { parquetMetadata, parquetReadObjects } from 'hyparquet';
import { afterAll, describe, expect, it } from 'vitest';
import { writeConceptParquet } from './concept-parquet.js';
import type { ConceptRow } from './concept-rows.js';

const folder = mkdtempSync(join(tmpdir(), 'strata-parquet-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function bytesOf(path: string): ArrayBuffer {
  const bytes = readFileSync(path);
  return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
}

const read = (path: string): Promise<Record<string, unknown>[]> => parquetReadObjects({ file: bytesOf(path) });

const id = fc.nat(4_000_000);
const text = fc.string({ unit: 'grapheme', maxLength: 12 });
const float = fc.float({ noNaN: true, noDefaultInfinity: true });
const anyRows = fc.integer({ min: 1, max: 6 }).chain((width) =>
  fc.array(
    fc.record({
      id,
      lemma: text,
      part_of_speech: fc.constantFrom('NOUN', 'VERB', 'OTHER'),
      concept: id,
      concept_name: text,
      members: fc.integer({ min: 1, max: 32 }),
      count: fc.bigInt(0n, 2n ** 53n - 1n),
      coherence: float,
      text,
      vector: fc.array(float, { minLength: width, maxLength: width }),
      x: float,
      y: float,
    }),
    { maxLength: 40 },
  ),
);

function* manyRows(count: number, width: number): Generator<ConceptRow> {
  for (let row = 0; row < count; row++) {
    yield {
      id: row,
      lemma: `w${row}`,
      part_of_speech: 'NOUN',
      concept: row >> 1,
      concept_name: `w${row & ~1}/w${row | 1}`,
      members: 2,
      count: BigInt(count - row),
      coherence: 0.5,
      text: `w${row} (NOUN)`,
      vector: Array.from({ length: width }, (_, axis) => Math.fround(Math.sin(row * width + axis))),
    };
  }
}

describe('the Parquet file', () => {
  it('reads back as the rows that went in, and is the same bytes for the same rows', async () => {
    await fc.assert(
      fc.asyncProperty(anyRows, async (rows) => {
        const [path, again] = [join(folder, 'any.parquet'), join(folder, 'again.parquet')];
        const options = { withPlaces: true, about: '{"run":"x"}' };
        const written = writeConceptParquet(path, rows, options);
        expect(writeConceptParquet(again, rows, options)).toEqual(written);
        expect(await read(path)).toEqual(rows);
        expect(parquetMetadata(bytesOf(path)).key_value_metadata).toContainEqual({
          key: 'strata',
          value: '{"run":"x"}',
        });
      }),
      { seed: 5, numRuns: 60 },
    );
  });

  it('has no x and y where there is no map', async () => {
    const path = join(folder, 'plain.parquet');
    writeConceptParquet(path, manyRows(3, 4), { withPlaces: false, about: '{}' });
    expect(Object.keys((await read(path))[0]!)).toEqual([
      'id',
      'lemma',
      'part_of_speech',
      'concept',
      'concept_name',
      'members',
      'count',
      'coherence',
      'text',
      'vector',
    ]);
  });

  it('goes to disk as the rows come, 50,000 of them, each read back right', async () => {
    const path = join(folder, 'large.parquet');
    const [total, width] = [50_000, 16];
    let most = 0;
    function* watched(): Generator<ConceptRow> {
      for (const row of manyRows(total, width)) {
        if (row.id % 5000 === 4999) {
          const temporary = readdirSync(folder).find((name) => name.endsWith('.tmp'));
          // What is not written yet is at most a group of 2,000 rows, with 4 bytes for each number.
          most = Math.max(most, (row.id + 1) * width * 4 - statSync(join(folder, temporary!)).size);
        }
        yield row;
      }
    }
    writeConceptParquet(path, watched(), { withPlaces: false, about: '{}' });
    expect(most).toBeLessThanOrEqual(2000 * width * 4);
    const rows = await read(path);
    expect(rows).toHaveLength(total);
    const wanted = [...manyRows(total, width)];
    for (const row of [0, 1999, 2000, 31_415, total - 1]) expect(rows[row]).toEqual(wanted[row]);
  });

  it('leaves the file that was there when the rows break off', () => {
    const path = join(folder, 'kept.parquet');
    writeFileSync(path, 'before');
    function* broken(): Generator<ConceptRow> {
      yield* manyRows(5000, 4);
      throw new RangeError('no more rows');
    }
    expect(() => writeConceptParquet(path, broken(), { withPlaces: false, about: '{}' })).toThrow('no more rows');
    expect(readFileSync(path, 'utf8')).toBe('before');
    expect(readdirSync(folder).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });
});
