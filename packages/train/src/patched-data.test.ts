// A patched model is fed the pieces of its windows and where their patches are, batch by batch.
import { patchesOf } from '@strata/hierarchy';
import { BpeTokenizer } from '@strata/subword';
import { documentOfText } from '@strata/text';
import { describe, expect, it } from 'vitest';
import { patchedValidation } from './patched-data.js';
import { pieceValidation } from './validation-data.js';

describe('patchedValidation', () => {
  it('adds patches to each batch, in the buffer of that batch', () => {
    const [windows, length] = [2, 16];
    const documents = [documentOfText('a', 'The cat sat on the mat. '.repeat(5))];
    const plain = pieceValidation(documents, 1e6, new BpeTokenizer([]), windows, length);
    const { steps, data } = patchedValidation(plain, 'spacebyte', windows, length)!;
    expect(steps).toBeGreaterThan(1);
    const [first, second] = [data(0, 0), data(1, 1)];
    for (const { feeds, bytes, targets } of [first, second]) {
      expect(bytes).toBe(targets);
      const { patchOf } = patchesOf('spacebyte', (feeds.pieces as Int32Array).subarray(0, length));
      expect(feeds.patchOf!.subarray(0, length)).toEqual(patchOf);
    }
    expect(first.feeds.patchOf).not.toEqual(second.feeds.patchOf);
    expect(patchedValidation(undefined, 'blocks', windows, length)).toBeUndefined();
  });
});
