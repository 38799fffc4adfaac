// The map is the same each time, keeps neighbours together, and takes any number of points.
import { RandomStream } from '@strata/nn';
import { describe, expect, it } from 'vitest';
import { layOut } from './layout.js';

const WIDTH = 8;

/** `count` vectors around each of `groups` directions, group by group. */
function grouped(groups: number, count: number): Float32Array {
  const random = new RandomStream(7, 'groups');
  return Float32Array.from({ length: groups * count * WIDTH }, (_, at) => {
    const group = Math.floor(at / (count * WIDTH));
    return (at % WIDTH === group ? 3 : 0) + 0.5 * (random.uniform() - 0.5);
  });
}

describe('a map', () => {
  it('is the same for the same vectors and seed, within its bounds', () => {
    const vectors = grouped(3, 30);
    const first = layOut(vectors, 90, 1);
    expect(first).toHaveLength(180);
    expect(first.every((value) => value >= -1 && value <= 1)).toBe(true);
    expect(layOut(vectors, 90, 1)).toEqual(first);
    expect(layOut(vectors, 90, 2)).not.toEqual(first);
  });

  it('puts what is alike together: the nearest point is of the same group', () => {
    const positions = layOut(grouped(3, 30), 90, 1);
    const distance = (a: number, b: number): number =>
      Math.hypot(positions[2 * a]! - positions[2 * b]!, positions[2 * a + 1]! - positions[2 * b + 1]!);
    const points = [...Array(90).keys()];
    const same = points.filter((point) => {
      const others = points.filter((other) => other !== point);
      const nearest = others.reduce((best, other) => (distance(point, other) < distance(point, best) ? other : best));
      return Math.floor(nearest / 30) === Math.floor(point / 30);
    });
    expect(same.length).toBeGreaterThan(85);
  });

  it('takes equal vectors and fewer points than a neighbourhood has', () => {
    for (const count of [1, 2, 4, 5, 9]) {
      const positions = layOut(new Float32Array(count * WIDTH).fill(1), count, 1);
      expect(positions).toHaveLength(2 * count);
      expect(positions.every(Number.isFinite)).toBe(true);
    }
  });

  it('tells how far it is, from nothing to all', () => {
    const shares: number[] = [];
    layOut(grouped(2, 20), 40, 1, (step, share) => step === 'laying out the map' && shares.push(share));
    expect(shares[0]).toBe(0);
    expect(shares.at(-1)).toBe(1);
    expect(shares).toEqual([...shares].sort((a, b) => a - b));
  });
});
