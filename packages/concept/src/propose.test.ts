// The proposer finds who can stand in for whom, the same way every time, and says why.
import { describe, expect, it } from 'vitest';
import { plantedEvidence } from '../test/planted-evidence.js';
import { EvidenceError } from './evidence.js';
import { Proposer, propose } from './propose.js';

const plan = { groups: 40, groupSize: 4, loners: 60, width: 48, seed: 3, noise: 0.7 };

describe('propose', () => {
  it('finds nearly all planted pairs and ranks them before all others', async () => {
    const { evidence, groups } = plantedEvidence(plan, 10);
    const planted = new Set(
      groups.flatMap((ids) => ids.flatMap((a) => ids.filter((b) => a < b).map((b) => `${a} ${b}`))),
    );
    const best = (await propose(evidence)).slice(0, planted.size).filter(({ a, b }) => planted.has(`${a.id} ${b.id}`));
    expect(best.length).toBeGreaterThan(0.97 * planted.size);
  });

  it('gives the same pairs again, and in the same order', async () => {
    const { evidence } = plantedEvidence(plan);
    expect(await propose(evidence)).toEqual(await propose(evidence));
  });

  it('never proposes across parts of speech, nor a lemma with itself, and orders each pair by id', async () => {
    const { evidence } = plantedEvidence({ ...plan, noise: 2 });
    const proposals = await propose(evidence, { minimumSimilarity: -1 });
    expect(proposals.length).toBeGreaterThan(100);
    for (const { a, b } of proposals) {
      expect(a.pos).toBe(b.pos);
      expect(a.id).toBeLessThan(b.id);
    }
  });

  it('proposes only mutual neighbours, and names both ranks', async () => {
    const { evidence } = plantedEvidence({ ...plan, noise: 1.5 });
    const neighbours = 5;
    const proposals = await propose(evidence, { neighbours, minimumSimilarity: -1 });
    for (const { rankAB, rankBA } of proposals) {
      expect(rankAB).toBeGreaterThanOrEqual(1);
      expect(rankAB).toBeLessThanOrEqual(neighbours);
      expect(rankBA).toBeGreaterThanOrEqual(1);
      expect(rankBA).toBeLessThanOrEqual(neighbours);
    }
    const places = proposals.map(({ a, rankAB }) => `${a.id} ${rankAB}`);
    expect(new Set(places).size).toBe(places.length);
  });

  it('reports lifts of both directions from the right cells, and undefined for a lemma without a column', async () => {
    const lemmas = ['big', 'large'].map((name, id) => ({ id, name, pos: 'ADJ', count: 5 }));
    const evidence = {
      lemmas,
      profile: Float32Array.of(9, 3, 5, 1, 2, 8, 0.5, 4),
      columnLemma: Int32Array.of(0, 1, 1, 7),
      before: Float32Array.of(1, 0, 1, 0.1),
      after: Float32Array.of(1, 0, 1, 0.1),
    };
    const pair = (await Proposer.create(evidence)).pair(1, 0)!;
    expect(pair).toMatchObject({ liftAB: 5, liftBA: 2, shared: [7], rankAB: 0, rankBA: 0 });
    expect(pair.a.name).toBe('big');
    const without = (await Proposer.create({ ...evidence, columnLemma: Int32Array.of(0, 7, 7, 8) })).pair(0, 1)!;
    expect(without.liftAB).toBeUndefined();
    expect(without.liftBA).toBe(2);
    expect(without.shared).toEqual([7, 8]);
    expect((await Proposer.create(evidence)).pair(0, 9)).toBeUndefined();
  });

  it('refuses evidence that does not fit together, saying which array', async () => {
    const { evidence } = plantedEvidence({ ...plan, groups: 2, loners: 2 });
    await expect(propose({ ...evidence, profile: evidence.profile.subarray(1) })).rejects.toThrow(/evidence\.profile/);
    await expect(propose({ ...evidence, after: evidence.after.subarray(1) })).rejects.toThrow(/evidence\.after/);
    const before = evidence.before.slice();
    before[5] = Number.NaN;
    await expect(propose({ ...evidence, before })).rejects.toThrow(/evidence\.before, row of "noun0a", column 5: NaN/);
    const [first, ...rest] = evidence.lemmas;
    await expect(propose({ ...evidence, lemmas: [{ ...first!, pos: 'PROPN' }, ...rest] })).rejects.toThrow(
      EvidenceError,
    );
    await expect(propose({ ...evidence, lemmas: [rest[0]!, ...rest] })).rejects.toThrow(/twice/);
  });

  it('has nothing to say about nothing', async () => {
    const empty = new Float32Array(0);
    expect(
      await propose({ lemmas: [], profile: empty, columnLemma: new Int32Array(0), before: empty, after: empty }),
    ).toEqual([]);
  });
});
