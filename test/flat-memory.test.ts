// The flat model with a memory: what it pays is a distribution's, it looks back no further than it says and never ahead,
// and training reads the same memory as scoring.
import { compile } from '@strata/engine';
import {
  encodePieces,
  loadPieces,
  loadSubword,
  type PieceScorer,
  pieceScorer,
  type Run,
  weightFeeds,
} from '@strata/hierarchy';
import { MASKED, ParameterScope } from '@strata/nn';
import { BOS_PIECE, subwordLogits, subwordMemory, subwordStates } from '@strata/subword';
import { exp, input, logSoftmax } from '@strata/tensor';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freshFolder, removeFolders, smallCorpus, trainSmall } from './small-run.js';

let run: Run;
let scorer: PieceScorer;
let encoded: Int32Array;
const NAME = 'flat-memory';

beforeAll(async () => {
  run = await trainSmall(freshFolder(), smallCorpus(), ['subword', 'word', 'concept', 'gestalt', NAME]);
  const model = loadPieces(run, NAME);
  // Barely trained, it hardly remembers: what is tested has to hold where it does.
  for (const [name, view] of model.values.views) {
    if (name.endsWith('anew_bias')) view.fill(-6);
    if (name.endsWith('tastes.weight')) for (let i = 0; i < view.length; i++) view[i] = 0.3 * Math.sin(3 * i);
  }
  scorer = await pieceScorer(model, run);
  const [book] = smallCorpus().test;
  encoded = encodePieces([book!.text], model.tokenizer);
});
afterAll(async () => {
  await scorer.dispose();
  removeFolders();
});

async function natsOf(pieces: Int32Array): Promise<Float64Array> {
  const nats = new Float64Array(pieces.length);
  await scorer.costs(pieces, (piece, cost) => {
    nats[piece] = cost;
  });
  return nats;
}

/** A text with another piece at a place. */
function changed(at: number): Int32Array {
  const other = encoded.slice();
  other[at] = other[at] === 300 ? 301 : 300;
  return other;
}

const movedBefore = (a: Float64Array, b: Float64Array, from: number, to: number): boolean =>
  Array.from({ length: to - from }, (_, i) => from + i).some((i) => Math.abs(a[i]! - b[i]!) > 1e-5);

describe('a flat model with a memory', () => {
  it('sees nothing of what comes, and what was before its window as far as it says', async () => {
    const { sizes, window } = loadSubword(run, NAME);
    const reach = sizes.memory!.pieces;
    const nats = await natsOf(encoded);
    const late = Math.floor(encoded.length / 2);
    expect(movedBefore(nats, await natsOf(changed(late)), 1, late)).toBe(false);
    // A piece that the window of the last scored pieces does not hold, but their memory does.
    const last = encoded.length - 1;
    const remembered = last - window - Math.floor(reach / 2);
    expect(movedBefore(nats, await natsOf(changed(remembered)), last - 2, last + 1)).toBe(true);
    const forgotten = last - 2 * window - reach;
    expect(forgotten).toBeGreaterThan(0);
    expect(movedBefore(nats, await natsOf(changed(forgotten)), last - 2, last + 1)).toBe(false);
  });

  it('pays what its whole distribution gives, which sums to one', async () => {
    const { sizes, window } = loadSubword(run, NAME);
    const { different, pieces: reach } = sizes.memory!;
    const { values } = scorer.model;
    const scope = new ParameterScope(NAME);
    const read = input('pieces', [1, window], 'int32');
    const states = subwordStates(scope, read, sizes);
    const { message } = subwordMemory(scope, states, read, sizes);
    const executable = await compile({
      own: logSoftmax(subwordLogits(scope, states, sizes)),
      again: exp(message.again),
      anew: exp(message.anew),
    });
    const paid = await natsOf(encoded);
    // The second window of scoring: it has text before it.
    const start = window - Math.floor(window / 2);
    const before = encoded.subarray(Math.max(0, start - reach), start);
    const far = farPieces(before, different, window);
    const outputs = await executable.run({
      ...weightFeeds(values),
      pieces: encoded.slice(start, start + window),
      ...far.feeds,
    });
    const slots = different + window;
    const vocabulary = sizes.vocabularySize;
    let repeats = 0;
    for (let j = Math.floor(window / 2); j < window; j++) {
      const next = new Float64Array(vocabulary);
      for (let id = 0; id < vocabulary; id++)
        next[id] = outputs.anew![j]! * Math.exp(outputs.own![j * vocabulary + id]!);
      for (let k = 0; k < slots; k++) {
        const share = outputs.again![j * slots + k]!;
        const id = k < different ? far.pieces[k] : encoded[start + k - different]!;
        if (id === undefined || k - different > j) expect(share).toBe(0);
        else next[id]! += share;
      }
      expect(Math.abs(next.reduce((sum, value) => sum + value, 0) - 1)).toBeLessThan(1e-5);
      const target = encoded[start + j + 1]!;
      if (far.pieces.includes(target)) repeats++;
      expect(paid[start + j + 1]).toBeCloseTo(-Math.log(next[target]!), 3);
    }
    expect(repeats).toBeGreaterThan(0);
    await executable.dispose();
  });
});

/** The different pieces before a window, the latest first, and their feeds, worked out by hand. */
function farPieces(
  before: Int32Array,
  different: number,
  window: number,
): { pieces: number[]; feeds: Record<string, Float32Array | Int32Array> } {
  const since = before.lastIndexOf(BOS_PIECE);
  const own = [...before.subarray(since + 1)].toReversed();
  const pieces = [...new Set(own)].slice(0, different);
  const ids = new Int32Array(different);
  const mask = new Float32Array(different).fill(MASKED);
  const features = new Float32Array(different * 4);
  for (const [k, piece] of pieces.entries()) {
    ids[k] = piece;
    mask[k] = 0;
    const count = own.filter((one) => one === piece).length;
    const age = Math.log(own.indexOf(piece) + 1 + window / 2);
    features.set([1, Math.log(count), (age - 5) / 2, 0], 4 * k);
  }
  return { pieces, feeds: { 'memory.piece': ids, 'memory.mask': mask, 'memory.features': features } };
}
