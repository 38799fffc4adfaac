import type { LemmaEntry } from '@strata/concept';
import { RandomStream } from '@strata/nn';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clusterSizes, nearestClusters, randomClusters } from './cluster-controls.js';
import type { Clusters } from './concept-quality.js';

const TAGS = ['NOUN', 'VERB', 'ADJ'];
const lemmasOf = (tags: readonly number[]): LemmaEntry[] =>
  tags.map((tag, id) => ({ id, name: `w${id}`, pos: TAGS[tag]!, count: 100 - id }));

/** Lemmas and a partition of some of them into clusters of one part of speech. */
const partitions = fc
  .record({
    tags: fc.array(fc.nat(2), { minLength: 1, maxLength: 60 }),
    sizes: fc.array(fc.integer({ min: 1, max: 5 }), { maxLength: 20 }),
  })
  .map(({ tags, sizes }) => {
    const lemmas = lemmasOf(tags);
    const clusters: LemmaEntry[][] = [];
    const left = new Map(TAGS.map((pos) => [pos, lemmas.filter((lemma) => lemma.pos === pos)]));
    for (const [i, size] of sizes.entries()) {
      const pool = left.get(TAGS[i % 3]!)!;
      if (pool.length >= size) clusters.push(pool.splice(0, size));
    }
    return { lemmas, clusters };
  });

function expectSameSizes(found: Clusters, clusters: Clusters): void {
  expect(new Map(clusterSizes(found))).toEqual(new Map(clusterSizes(clusters)));
  for (const cluster of found) expect(new Set(cluster.map(({ pos }) => pos)).size).toBe(1);
  const ids = found.flat().map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
}

describe('controls', () => {
  it('have exactly the sizes and parts of speech of what they stand beside, each lemma once', () => {
    fc.assert(
      fc.property(partitions, fc.nat(), fc.boolean(), ({ lemmas, clusters }, seed, isSparse) => {
        const sizes = clusterSizes(clusters);
        expectSameSizes(randomClusters(sizes, lemmas, new RandomStream(seed, 'test')), clusters);
        const random = new RandomStream(seed, 'vectors');
        const vectors = lemmas.map(() => [random.normal(), random.normal(), random.normal()]);
        // A control has to fill its clusters also where many lemmas have no vector.
        const vectorOf = ({ id }: LemmaEntry) => (isSparse && id % 3 > 0 ? undefined : vectors[id]!);
        expectSameSizes(nearestClusters(sizes, lemmas, vectorOf), clusters);
      }),
      { numRuns: 60 },
    );
  });

  it('are the same for the same seed and others for another', () => {
    const lemmas = lemmasOf(new Array(40).fill(0));
    const sizes = new Map([['NOUN', [3, 2, 2, 2]]]);
    const names = (seed: number): string =>
      randomClusters(sizes, lemmas, new RandomStream(seed, 'x'))
        .flat()
        .map(({ name }) => name)
        .join();
    expect(names(1)).toBe(names(1));
    expect(names(1)).not.toBe(names(2));
  });

  it('by vectors join what lies together: the nearest pairs first, then whatever is nearest to all members', () => {
    const lemmas = lemmasOf([0, 0, 0, 0, 0, 0, 0]);
    const degrees = [0, 90, 1, 91, 3, 200, 300];
    const vectorOf = ({ id }: LemmaEntry) => [
      (id + 1) * Math.cos((degrees[id]! * Math.PI) / 180),
      (id + 1) * Math.sin((degrees[id]! * Math.PI) / 180),
    ];
    const found = nearestClusters(new Map([['NOUN', [3, 2]]]), lemmas, vectorOf);
    const ids = found.map((cluster) => cluster.map(({ id }) => id).sort());
    expect(ids).toEqual([
      [0, 2, 4],
      [1, 3],
    ]);
  });

  it('refuse sizes that the lemmas cannot fill', () => {
    const sizes = new Map([['VERB', [2]]]);
    expect(() => randomClusters(sizes, lemmasOf([0, 0, 1]), new RandomStream(1, 'x'))).toThrow(
      'clusters hold 2 lemmas of part of speech VERB; only 1 may be drawn',
    );
  });
});
