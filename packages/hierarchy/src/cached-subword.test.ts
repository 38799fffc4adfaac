// Reading piece by piece gives what reading the whole window gives, wherever it is cut and taken up again.

import { NORMS, ParameterScope, ParameterValues, POSITIONS, RandomStream } from '@strata/nn';
import { type SubwordSizes, subwordLogits, subwordStates } from '@strata/subword';
import { input, interpret } from '@strata/tensor';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CachedSubword } from './cached-subword.js';

const VOCABULARY = 30;
const CAPACITY = 40;
const CHOICES = NORMS.flatMap((norm) => POSITIONS.map((positions) => ({ norm, positions })));

let sizes: SubwordSizes;
let values: ParameterValues;
let model: CachedSubword;

async function open(choices: (typeof CHOICES)[number]): Promise<void> {
  sizes = { vocabularySize: VOCABULARY, width: 16, depth: 2, headCount: 2, ...choices };
  const scope = new ParameterScope('base');
  subwordStates(scope, input('pieces', [1, 1], 'int32'), sizes);
  values = ParameterValues.initialise(scope.specs(), 3);
  const random = new RandomStream(4, 'weights');
  // Weights large enough for attention to choose: with the small ones of a start, every position is much like another.
  // What RMSNorm scales back stays as wide among proportions, so its streams are made narrower.
  const deviation = choices.norm === 'proportion' ? 0.05 : 0.3;
  for (let i = 0; i < values.flat.length; i++) values.flat[i] += deviation * random.normal();
  model = await CachedSubword.create(sizes, values, 'base', { capacity: CAPACITY, threads: 1 });
}

/** Logits [T, V] of the full pass, in float64. */
function fullPass(pieces: readonly number[]): Float64Array {
  const scope = new ParameterScope('base');
  const states = subwordStates(scope, input('pieces', [1, pieces.length], 'int32'), sizes);
  const feeds = { pieces: [...pieces], ...Object.fromEntries(values.views) };
  return interpret({ logits: subwordLogits(scope, states, sizes) }, feeds).logits!;
}

function expectSame(found: Float32Array, logits: Float64Array, row: number): void {
  const expected = logits.subarray(row * sizes.vocabularySize, (row + 1) * sizes.vocabularySize);
  for (const [i, value] of expected.entries()) expect(Math.abs(found[i]! - value)).toBeLessThan(1e-4);
  expect(found.indexOf(Math.max(...found))).toBe(expected.indexOf(Math.max(...expected)));
}

const somePieces = fc.array(fc.nat(VOCABULARY - 1), { minLength: 1, maxLength: CAPACITY });

describe.each(CHOICES)('CachedSubword with $norm norm and $positions positions', (choices) => {
  beforeAll(() => open(choices));
  afterAll(() => model.dispose());

  it('gives the logits of the full pass, however pieces are divided into steps and blocks', async () => {
    const property = fc.asyncProperty(somePieces, fc.array(fc.integer({ min: 1, max: 20 })), async (pieces, cuts) => {
      const logits = fullPass(pieces);
      model.reset();
      let read = 0;
      for (const count of [...cuts, pieces.length]) {
        const part = pieces.slice(read, read + count);
        if (part.length === 0) break;
        const { logits: found } = part.length === 1 ? await model.step(part[0]!) : await model.read(part);
        read += part.length;
        expectSame(found, logits, read - 1);
      }
      expect(model.cache.length).toBe(pieces.length);
    });
    await fc.assert(property, { numRuns: 30 });
  });

  it('can be cut back and read on otherwise', async () => {
    const property = fc.asyncProperty(somePieces, somePieces, fc.nat(), async (first, second, at) => {
      model.reset();
      await model.read(first);
      const kept = at % first.length;
      model.cache.truncate(kept);
      const other = second.slice(0, CAPACITY - kept);
      const { logits: found } = await model.read(other);
      const whole = [...first.slice(0, kept), ...other];
      expectSame(found, fullPass(whole), whole.length - 1);
    });
    await fc.assert(property, { numRuns: 20 });
  });

  it('refuses more than it has room for, and to be cut to more than it holds', async () => {
    model.reset();
    await model.read(Array(CAPACITY).fill(1));
    await expect(model.step(1)).rejects.toThrow(RangeError);
    await expect(model.read([1, 2])).rejects.toThrow(RangeError);
    expect(() => model.cache.truncate(CAPACITY + 1)).toThrow(RangeError);
  });
});
