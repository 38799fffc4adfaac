// A stack read in steps is the stack read at once, to the last digits that float64 has, whatever it is made of.
import { input, interpret } from '@strata/tensor';
import { describe, expect, it } from 'vitest';
import { MASKED } from './attention.js';
import { cachedStack, cacheNames, StackCache } from './cached-transformer.js';
import { NORMS } from './norms.js';
import { ParameterScope, ParameterValues } from './parameters.js';
import { POSITIONS } from './positions.js';
import { RandomStream } from './random.js';
import { type StackSizes, transformerStack } from './transformer.js';

const [LENGTH, CAPACITY, WIDTH, HEADS] = [9, 12, 12, 3] as const;
const EACH = WIDTH / HEADS;
const OPTIONS = { capacity: CAPACITY, prefix: 'c' };
const CHOICES = NORMS.flatMap((norm) => POSITIONS.map((positions) => ({ norm, positions })));
const random = new RandomStream(1, 'cached');
const x = Array.from({ length: LENGTH * WIDTH }, () => 0.4 * random.normal());

type Arrays = Record<string, ArrayLike<number>>;

/** States of all positions, read `count` at a time with keys and values kept in float64. */
function inSteps(sizes: StackSizes, weights: Arrays, count: number): number[] {
  const step = cachedStack(new ParameterScope('s'), input('x', [1, count, WIDTH]), sizes, OPTIONS);
  const layers = Array.from({ length: sizes.depth }, (_, layer) => cacheNames('c', layer));
  const kept: Record<string, Float64Array> = {};
  for (const { keys, values } of layers)
    for (const name of [keys, values]) kept[name] = new Float64Array(CAPACITY * WIDTH);
  const mask = new Array<number>(CAPACITY).fill(MASKED);
  const states: number[] = [];
  for (let at = 0; at < LENGTH; at += count) {
    const feeds: Arrays = { ...weights, ...kept, 'c.mask': mask, x: x.slice(at * WIDTH, (at + count) * WIDTH) };
    if (sizes.positions !== 'none') feeds['c.positions'] = Array.from({ length: count }, (_, i) => at + i);
    const found = interpret({ hidden: step.hidden, ...step.outputs }, feeds);
    states.push(...found.hidden!);
    for (const { keys, values, newKeys, newValues } of layers)
      for (let i = 0; i < count * WIDTH; i++) {
        const [head, place, axis] = [Math.floor(i / (count * EACH)), Math.floor(i / EACH) % count, i % EACH];
        kept[keys]![(head * EACH + axis) * CAPACITY + at + place] = found[newKeys]![i]!;
        kept[values]![(head * CAPACITY + at + place) * EACH + axis] = found[newValues]![i]!;
      }
    mask.fill(0, at, at + count);
  }
  return states;
}

describe.each(CHOICES)('cachedStack with $norm norm and $positions positions', (choices) => {
  const sizes = { width: WIDTH, depth: 2, headCount: HEADS, feedForward: 32, ...choices };
  const scope = new ParameterScope('s');
  const hidden = transformerStack(scope, input('x', [1, LENGTH, WIDTH]), sizes);
  const values = ParameterValues.initialise(scope.specs(), 2);
  const weights = Object.fromEntries([...values.views].map(([name, view]) => [name, view.map((w) => 2 * w)]));

  it('reads branches side by side as each would be read alone', () => {
    const [kept, lengths, count] = [4, [2, 1, 3], 7];
    const rows = (from: number, to: number): number[] => x.slice(from * WIDTH, to * WIDTH);
    const cache = new StackCache(sizes, CAPACITY, 'c');
    const before = cachedStack(new ParameterScope('s'), input('x', [1, kept, WIDTH]), sizes, OPTIONS);
    const read = interpret(
      { hidden: before.hidden, ...before.outputs },
      { ...weights, ...cache.feeds(kept), x: rows(0, kept) },
    );
    cache.append(Object.fromEntries(Object.entries(read).map(([name, one]) => [name, Float32Array.from(one)])), kept);
    const side = cachedStack(new ParameterScope('s'), input('x', [1, count, WIDTH]), sizes, {
      ...OPTIONS,
      branches: true,
    });
    // The branches are rows 3.., 5.. and 2.. of x; what is left over is padding.
    const starts = [3, 5, 2];
    const branches = starts.flatMap((start, i) => rows(start, start + lengths[i]!));
    const padded = [...branches, ...rows(0, count - branches.length / WIDTH)];
    const found = interpret({ hidden: side.hidden }, { ...weights, ...cache.branchFeeds(lengths, count), x: padded });
    let row = 0;
    for (const [i, start] of starts.entries()) {
      const length = kept + lengths[i]!;
      const alone = transformerStack(new ParameterScope('s'), input('x', [1, length, WIDTH]), sizes);
      const branch = rows(start, start + lengths[i]!);
      const whole = interpret({ alone }, { ...weights, x: [...rows(0, kept), ...branch] }).alone!;
      for (let t = kept; t < length; t++, row++)
        for (let axis = 0; axis < WIDTH; axis++)
          expect(Math.abs(found.hidden![row * WIDTH + axis]! - whole[t * WIDTH + axis]!)).toBeLessThan(1e-4);
    }
    // A real cache keeps float32, unlike the one of `inSteps`.
    expect(cache.length).toBe(kept);
  });

  it.each([1, 3, 9])('gives the states of the full pass, %i positions a step', (count) => {
    const whole = interpret({ hidden }, { ...weights, x }).hidden!;
    for (const [i, value] of inSteps(sizes, weights, count).entries())
      expect(Math.abs(value - whole[i]!), `axis ${i % WIDTH} of ${Math.floor(i / WIDTH)}`).toBeLessThan(1e-6);
  });
});
