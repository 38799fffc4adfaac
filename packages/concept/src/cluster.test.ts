// Clusters stay small, tight and reproducible, whatever pairs come in.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AcceptedPair, ClusterError, cluster } from './cluster.js';

const lemmasOf = (count: number) =>
  Array.from({ length: count }, (_, id) => ({ id, name: `w${id}`, pos: 'NOUN', count: 1 }));

const clique = (ids: number[], similarity: number): AcceptedPair[] =>
  ids.flatMap((a) => ids.filter((b) => a < b).map((b) => ({ a, b, similarity })));

const count = 24;
const anyPairs = fc
  .array(fc.tuple(fc.nat(count - 1), fc.nat(count - 1), fc.integer({ min: 1, max: 20 })), { maxLength: 120 })
  .map((drawn) => {
    const pairs = new Map<string, AcceptedPair>();
    for (const [a, b, tenths] of drawn) if (a < b) pairs.set(`${a} ${b}`, { a, b, similarity: tenths / 20 });
    return [...pairs.values()];
  });

describe('cluster', () => {
  it('recovers cliques', () => {
    const accepted = [...clique([0, 1, 2], 0.9), ...clique([3, 4, 5, 6], 0.8), ...clique([7, 8], 0.5)];
    expect(cluster(accepted, lemmasOf(10))).toEqual([
      [0, 1, 2],
      [3, 4, 5, 6],
      [7, 8],
    ]);
  });

  it('does not follow a chain: warm is with hot, and with cool, but hot and cool are not together', () => {
    const accepted = [
      { a: 0, b: 1, similarity: 0.9 },
      { a: 1, b: 2, similarity: 0.8 },
    ];
    expect(cluster(accepted, lemmasOf(3))).toEqual([[0, 1]]);
  });

  it('lets one missing pair pass in a cluster of four, unless that pair must stay apart', () => {
    const accepted = clique([0, 1, 2, 3], 0.8).filter(({ a, b }) => !(a === 0 && b === 3));
    expect(cluster(accepted, lemmasOf(4))).toEqual([[0, 1, 2, 3]]);
    const split = cluster(accepted, lemmasOf(4), { apart: [{ a: 3, b: 0 }] });
    expect(split.some((ids) => ids.includes(0) && ids.includes(3))).toBe(false);
  });

  it('caps the size', () => {
    const sizes = cluster(clique([...Array(20).keys()], 0.9), lemmasOf(20), { maximumSize: 8 }).map(
      (ids) => ids.length,
    );
    expect(Math.max(...sizes)).toBe(8);
  });

  it('keeps its promises for any pairs: disjoint, capped, agreed on, apart, whatever the order of the pairs', () => {
    fc.assert(
      fc.property(anyPairs, anyPairs, fc.integer({ min: 1, max: 6 }), (accepted, apart, maximumSize) => {
        const clusters = cluster(accepted, lemmasOf(count), { maximumSize, apart });
        const friends = new Set(accepted.map(({ a, b }) => `${a} ${b}`));
        const strangers = new Set(apart.map(({ a, b }) => `${a} ${b}`));
        const ids = clusters.flat();
        expect(new Set(ids).size).toBe(ids.length);
        for (const members of clusters) {
          expect(members.length).toBeGreaterThan(1);
          expect(members.length).toBeLessThanOrEqual(maximumSize);
          for (const member of members) {
            const others = members.filter((other) => other !== member);
            const keys = others.map((other) => `${Math.min(member, other)} ${Math.max(member, other)}`);
            expect(keys.filter((key) => friends.has(key)).length).toBeGreaterThan(others.length / 2);
            expect(keys.some((key) => strangers.has(key))).toBe(false);
          }
        }
        const turned = accepted.map(({ a, b, similarity }) => ({ a: b, b: a, similarity })).reverse();
        expect(cluster(turned, lemmasOf(count), { maximumSize, apart })).toEqual(clusters);
      }),
      { seed: 7, numRuns: 300 },
    );
  });

  it('refuses pairs across parts of speech, unknown lemmas and options out of range', () => {
    const lemmas = [...lemmasOf(2), { id: 2, name: 'run', pos: 'VERB', count: 1 }];
    expect(() => cluster([{ a: 0, b: 2, similarity: 1 }], lemmas)).toThrow(ClusterError);
    expect(() => cluster([{ a: 0, b: 9, similarity: 1 }], lemmas)).toThrow(/ids 0 and 9/);
    expect(() => cluster([], lemmas, { maximumSize: 0 })).toThrow(/maximumSize 0/);
  });
});
