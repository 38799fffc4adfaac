// Validation reads held-out text as scoring does: every target once, every byte counted once, and no more than is asked for.
import { fileURLToPath } from 'node:url';
import { readConfig, windowShape } from '@strata/hierarchy';
import { BOS_PIECE, countPreTokens, trainBpe } from '@strata/subword';
import { byteLength, documentOfText, segmentUnits } from '@strata/text';
import { buildLexicon, WordTokenizer, WordVocabulary } from '@strata/word';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ValidationData } from './stage.js';
import { firstTexts, pieceValidation, unitValidation } from './validation-data.js';

const LEARNED =
  'The cat sat on the mat. "Stop!" said the king; the cats ran.\n\nThen it rained, xyzzy and all. '.repeat(10);
const tokenizer = trainBpe(countPreTokens(LEARNED), 300).tokenizer;
const words = new WordTokenizer(WordVocabulary.fromLexicon(buildLexicon([LEARNED]), { size: 12 }));
const config = readConfig(fileURLToPath(new URL('../../../configs/toy.yaml', import.meta.url)));
const tables = { config, words, tokenizer };

const someTexts = fc.array(
  fc.array(fc.constantFrom('the cat', ' sat', '. Then', '\n\n', ' xyzzy', ' é', ' Qq'), {
    minLength: 1,
    maxLength: 300,
  }),
  { minLength: 1, maxLength: 4 },
);
const documentsOf = (parts: readonly (readonly string[])[]) =>
  parts.map((part, index) => documentOfText(`${index}`, part.join('')));

function totals({ steps, data }: ValidationData): { bytes: number; targets: number; weights: number } {
  const sum = { bytes: 0, targets: 0, weights: 0 };
  for (let index = 0; index < steps; index++) {
    const { feeds, bytes, targets } = data(index, (index % 2) as 0 | 1);
    expect(targets).toBeGreaterThan(0);
    sum.bytes += bytes;
    sum.targets += targets;
    sum.weights += (feeds.weights as Float32Array).reduce((total, weight) => total + Math.max(0, weight), 0);
  }
  return sum;
}

describe('validation text', () => {
  it('is the first bytes of the documents, cut where units end', () => {
    fc.assert(
      fc.property(someTexts, fc.integer({ min: 0, max: 2000 }), (parts, limit) => {
        const documents = documentsOf(parts);
        const texts = firstTexts(documents, limit);
        const bytes = texts.reduce((sum, text) => sum + byteLength(text), 0);
        expect(bytes).toBeLessThanOrEqual(limit);
        for (const [i, text] of texts.entries()) expect(documents[i]!.text.startsWith(text)).toBe(true);
        const all = documents.reduce((sum, document) => sum + document.bytes, 0);
        // A unit has at most 32 bytes, its gap included.
        if (all <= limit) expect(bytes).toBe(all);
        else expect(bytes).toBeGreaterThan(limit - 32);
      }),
    );
  });
});

describe('validation over units', () => {
  it('scores every unit of every text once, with all of its bytes', () => {
    fc.assert(
      fc.property(someTexts, (parts) => {
        const documents = documentsOf(parts);
        const found = totals(unitValidation(documents, 1e6, tables, windowShape(config))!);
        const units = documents.reduce((sum, document) => sum + segmentUnits(document.text).length, 0);
        const bytes = documents.reduce((sum, document) => sum + document.bytes, 0);
        expect(found).toEqual({ bytes, targets: units, weights: units });
      }),
      { numRuns: 30 },
    );
  });

  it('has nothing to say of too little text', () => {
    expect(unitValidation(documentsOf([['the cat']]), 2, tables, windowShape(config))).toBeUndefined();
    expect(pieceValidation(documentsOf([['the cat']]), 2, tokenizer, 2, 16)).toBeUndefined();
  });
});

describe('validation over pieces', () => {
  it('scores every piece of every text once, each from the pieces before it', () => {
    fc.assert(
      fc.property(someTexts, fc.integer({ min: 2, max: 40 }), (parts, width) => {
        const documents = documentsOf(parts);
        const validation = pieceValidation(documents, 1e6, tokenizer, 3, width)!;
        const pieces = documents.reduce((sum, document) => sum + tokenizer.encode(document.text).length, 0);
        const bytes = documents.reduce((sum, document) => sum + document.bytes, 0);
        expect(totals(validation)).toEqual({ bytes, targets: pieces, weights: pieces });
        const { feeds } = validation.data(0, 0);
        expect(feeds.pieces[0]).toBe(BOS_PIECE);
        for (let j = 1; j < width; j++) if (feeds.pieces[j] !== 0) expect(feeds.pieces[j]).toBe(feeds.targets[j - 1]);
      }),
      { numRuns: 50 },
    );
  });
});
