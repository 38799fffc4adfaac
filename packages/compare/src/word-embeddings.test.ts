import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { EmbeddingsFormatError, readEmbeddings } from './word-embeddings.js';

const folder = mkdtempSync(join(tmpdir(), 'strata-embeddings-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const file = join(folder, 'vectors.json');

/** A vector of 100 numbers, then its length and its place, as the package has them. */
const vector = (first: number): number[] => [first, ...new Array<number>(99).fill(0.5), 5, 0];
const json = (vectors: object, dimensions = 100): string =>
  JSON.stringify({ precision: 8, dimensions, words: Object.keys(vectors), vectors, unkVector: [0] });

describe('readEmbeddings', () => {
  it('keeps the vectors of the words that are asked for, wherever the stream is cut', async () => {
    const many = Object.fromEntries(Array.from({ length: 3000 }, (_, i) => [`w${i}`, vector(i)]));
    writeFileSync(file, json({ 'a"b\\]': vector(7), ...many, é: vector(-1.5e-3) }));
    const found = await readEmbeddings(file, new Set(['w2999', 'é', 'a"b\\]', 'absent']));
    expect([...found.keys()].sort()).toEqual(['a"b\\]', 'w2999', 'é']);
    expect([found.get('w2999')![0], found.get('a"b\\]')![0], found.get('é')!.length]).toEqual([2999, 7, 100]);
    expect(found.get('é')![0]).toBeCloseTo(-0.0015, 9);
  });

  it.each([
    ['no vectors', '{"dimensions":100}', 'ends before its vectors do'],
    ['another width', json({ a: vector(1) }, 50), '"dimensions" is 50, not 100'],
    ['a short vector', json({ a: [1, 2] }), 'the vector of "a" has 2 entries'],
    ['what is no number', json({ a: vector(1) }).replace('0.5', 'null'), 'the vector of "a"'],
    ['a file cut short', json({ a: vector(1), b: vector(2) }).slice(0, -400), 'ends before'],
  ])('refuses %s', async (_, text, message) => {
    writeFileSync(file, text);
    await expect(readEmbeddings(file, new Set(['a']))).rejects.toThrow(EmbeddingsFormatError);
    await expect(readEmbeddings(file, new Set(['a']))).rejects.toThrow(message);
  });
});
