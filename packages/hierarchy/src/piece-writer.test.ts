// A model of pieces that writes promises the same text for the same seed, of the length asked for, whatever its window.
import { ParameterScope, ParameterValues, RandomStream } from '@strata/nn';
import { BOS_PIECE, BpeTokenizer, subwordLogits, subwordNats, subwordStates } from '@strata/subword';
import { input, interpret } from '@strata/tensor';
import { byteLength } from '@strata/text';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodePieces } from './ladder-text.js';
import { PieceWriter } from './piece-writer.js';
import type { LoadedSubword } from './run.js';

const WINDOW = 12;
const tokenizer = new BpeTokenizer([]);
const sizes = { vocabularySize: tokenizer.vocabularySize, width: 16, depth: 1, headCount: 2 };

let model: LoadedSubword;
let writer: PieceWriter;

beforeAll(async () => {
  const scope = new ParameterScope('flat');
  subwordNats(scope, input('pieces', [1, 1], 'int32'), input('targets', [1], 'int32'), sizes);
  const values = ParameterValues.initialise(scope.specs(), 3);
  const random = new RandomStream(4, 'weights');
  for (let i = 0; i < values.flat.length; i++) values.flat[i] += 0.3 * random.normal();
  model = { tokenizer, values, sizes } as unknown as LoadedSubword;
  writer = await PieceWriter.create(model, 'flat', WINDOW, {});
});
afterAll(() => writer.dispose());

describe('PieceWriter', () => {
  it('writes as many bytes as asked for, far beyond its window, and the same ones for the same seed', async () => {
    const options = { temperature: 1, topP: 1, seed: 5, bytes: 60 };
    const text = await writer.write('The hare', options);
    expect(byteLength(text)).toBeGreaterThanOrEqual(60);
    expect(await writer.write('The hare', options)).toBe(text);
    expect(await writer.write('The hare', { ...options, seed: 6 })).not.toBe(text);
  });

  it('greedily, writes what a full pass over all that stands before finds likeliest', async () => {
    const prompt = 'hare ';
    const text = await writer.write(prompt, { temperature: 0, topP: 1, seed: 1, bytes: WINDOW - prompt.length });
    const pieces = encodePieces([prompt + text], tokenizer);
    const scope = new ParameterScope('flat');
    const states = subwordStates(scope, input('pieces', [1, pieces.length], 'int32'), sizes);
    const feeds = { pieces: [...pieces], ...Object.fromEntries(model.values.views) };
    const logits = interpret({ logits: subwordLogits(scope, states, sizes) }, feeds).logits!;
    for (let at = prompt.length; at + 1 < pieces.length; at++) {
      const row = logits.slice(at * sizes.vocabularySize, (at + 1) * sizes.vocabularySize);
      row[BOS_PIECE] = Number.NEGATIVE_INFINITY;
      expect(pieces[at + 1]).toBe(row.indexOf(Math.max(...row)));
    }
  });
});
