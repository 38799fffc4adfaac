// The order of training windows: every window once an epoch, the same order each time, another in each epoch.
import { RandomStream } from '@strata/nn';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TrainingWindows } from './windows.js';
import { Permutation } from './windows-permutation.js';

const orderOf = (length: number, seed: number, stream = 'order'): number[] => {
  const permutation = new Permutation(length, new RandomStream(seed, stream));
  return Array.from({ length }, (_, index) => permutation.at(index));
};

describe('Permutation', () => {
  it('holds every item exactly once', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 3000 }), fc.integer(), (length, seed) => {
        expect(orderOf(length, seed).sort((a, b) => a - b)).toEqual(Array.from({ length }, (_, index) => index));
      }),
      { numRuns: 300 },
    );
  });

  it('is determined by its stream, and differs between streams', () => {
    expect(orderOf(1000, 1)).toEqual(orderOf(1000, 1));
    expect(orderOf(1000, 1)).not.toEqual(orderOf(1000, 2));
    expect(orderOf(1000, 1, 'epoch 0')).not.toEqual(orderOf(1000, 1, 'epoch 1'));
  });

  it('stays within its length and meets no item twice, beyond 2^32 items too', () => {
    for (const length of [2 ** 31 + 1, 2 ** 40 + 12_345, 2 ** 52]) {
      const permutation = new Permutation(length, new RandomStream(7, 'large'));
      const items = Array.from({ length: 2000 }, (_, index) => permutation.at(length - 1 - index));
      expect(new Set(items).size).toBe(items.length);
      for (const item of items) {
        expect(Number.isSafeInteger(item)).toBe(true);
        expect(item).toBeGreaterThanOrEqual(0);
        expect(item).toBeLessThan(length);
      }
    }
    expect(() => new Permutation(0, new RandomStream(1, ''))).toThrow(RangeError);
  });

  it('spreads like a random order: neighbours and halves are as mixed as chance has it', () => {
    const length = 10_000;
    const order = orderOf(length, 3);
    const fixed = order.filter((item, index) => item === index).length;
    const following = order.filter((item, index) => index > 0 && item === order[index - 1]! + 1).length;
    const stayed = order.slice(0, length / 2).filter((item) => item < length / 2).length;
    // Of a random order: Poisson(1) twice, and 2500 +- 25; the bounds are eight standard deviations away.
    expect(fixed).toBeLessThan(9);
    expect(following).toBeLessThan(9);
    expect(Math.abs(stayed - length / 4)).toBeLessThan(200);
  });
});

describe('TrainingWindows', () => {
  it('reads every window of an epoch once, cut at one phase, and all of them again in the next', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 40, max: 900 }),
        fc.integer({ min: 1, max: 19 }),
        fc.integer(),
        (length, width, seed) => {
          const windows = new TrainingWindows(length, width, seed, 'word');
          const count = Math.floor((length - 1 - width) / width);
          const orders = [0, 1].map((epoch) => {
            const starts = Array.from({ length: count }, (_, sample) => windows.start(epoch * count + sample));
            const phase = Math.min(...starts);
            expect(phase).toBeGreaterThanOrEqual(0);
            expect(phase).toBeLessThan(width);
            expect([...starts].sort((a, b) => a - b)).toEqual(
              Array.from({ length: count }, (_, nth) => phase + nth * width),
            );
            // The target of the last input is there too.
            expect(Math.max(...starts) + width).toBeLessThan(length);
            return starts;
          });
          const again = new TrainingWindows(length, width, seed, 'word');
          expect(again.start(count + count - 1)).toBe(orders[1]!.at(-1));
          expect(again.batch(0, count)).toEqual(orders[0]);
        },
      ),
    );
  });

  it('has another order and mostly another phase in each epoch', () => {
    const windows = new TrainingWindows(100_000, 64, 1, 'word');
    const count = Math.floor((100_000 - 65) / 64);
    const epochs = [0, 1, 2].map((epoch) => Array.from({ length: count }, (_, i) => windows.start(epoch * count + i)));
    expect(new Set(epochs.map((starts) => starts.map((start) => Math.floor(start / 64)).join())).size).toBe(3);
    expect(new Set(epochs.map((starts) => starts[0]! % 64)).size).toBeGreaterThan(1);
  });
});
