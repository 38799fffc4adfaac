// From evidence to a vocabulary: planted groups are recovered, refused pairs are not, and every lemma has its place.
import { describe, expect, it } from 'vitest';
import { plantedEvidence } from '../test/planted-evidence.js';
import { buildConcepts } from './build-concepts.js';
import { EvidenceError } from './evidence.js';
import type { Judge } from './judge.js';
import type { LemmaEntry } from './lemma.js';
import { propose } from './propose.js';
import { scorerJudge } from './scorer-judge.js';
import { ConceptVocabulary } from './vocabulary.js';

const firstId = 3;
const { evidence, groups } = plantedEvidence(
  { groups: 30, groupSize: 4, loners: 40, width: 48, seed: 9, noise: 0.8 },
  firstId,
);
const special: LemmaEntry[] = ['<bos>', '<spelled>', 'the'].map((name, id) => ({ id, name, pos: 'X', count: 9 }));
const rare: LemmaEntry[] = ['rare', 'rarer'].map((name, index) => ({
  id: firstId + evidence.lemmas.length + index,
  name,
  pos: 'NOUN',
  count: 1,
}));
const lemmas = [...special, ...evidence.lemmas, ...rare];
const groupOf = new Map(groups.flatMap((ids, group) => ids.map((id) => [id, group] as const)));

/** A judge that knows which lemmas were planted together. */
const knowing: Judge = {
  name: 'knowing',
  judge: async (pairs) =>
    pairs.map(({ a, b }) => ({
      accept: groupOf.has(a.id) && groupOf.get(a.id) === groupOf.get(b.id),
      score: 1,
      reason: 'planted together',
    })),
};
/** A scorer under which whatever was planted together can be exchanged, and nothing else. */
const scorer = scorerJudge(async (pairs) =>
  pairs.map(({ a, b }) => {
    const change = groupOf.has(a.id) && groupOf.get(a.id) === groupOf.get(b.id) ? -0.5 : -9;
    return { aInB: change, bInA: change };
  }),
);

describe('buildConcepts', () => {
  it('recovers the planted groups and leaves all others single', async () => {
    const built = await buildConcepts({ lemmas, evidence, judges: [scorer] });
    const found = built.members
      .map((ids) => [...ids].sort((left, right) => left - right))
      .filter((ids) => ids.length > 1);
    expect(found).toEqual(groups);
    expect(built.lemmaCount).toBe(lemmas.length);
    expect(built.distillation).toMatchObject({ judges: ['scorer'], maximumSize: 8 });
    const { together } = built.why(groups[0]![0]!);
    expect(together).toHaveLength(3);
    expect(together[0]!.otherInOwn).toBeGreaterThan(2);
    expect(together[0]!.verdicts[0]).toMatchObject({ judge: 'scorer', accept: true });
  });

  it('gives the same vocabulary again, byte for byte', async () => {
    const [once, again] = await Promise.all([1, 2].map(() => buildConcepts({ lemmas, evidence, judges: [knowing] })));
    expect(JSON.stringify(once)).toBe(JSON.stringify(again));
  });

  it('respects the size cap', async () => {
    const built = await buildConcepts({ lemmas, evidence, judges: [knowing] }, { maximumSize: 3 });
    expect(built.largestConcept).toBe(3);
  });

  it('takes no pair that fits in one direction only', async () => {
    const oneWay = scorerJudge(async (pairs) => pairs.map(() => ({ aInB: 2, bInA: -9 })));
    const built = await buildConcepts({ lemmas, evidence, judges: [oneWay] });
    expect(built.size).toBe(lemmas.length);
  });

  it('never lets antonyms meet through a third, though the proposer did not compare them', async () => {
    const proposed = new Set((await propose(evidence, { neighbours: 2 })).map(({ a, b }) => `${a.id} ${b.id}`));
    const joined = (a: number, b: number) => proposed.has(`${Math.min(a, b)} ${Math.max(a, b)}`);
    const triangle = groups
      .flatMap((ids) => ids.flatMap((a) => ids.flatMap((b) => ids.map((c) => [a, b, c] as const))))
      .find(([a, b, c]) => a < c && a !== b && b !== c && joined(a, b) && joined(b, c) && !joined(a, c));
    const [first, , last] = triangle!;
    const opposing: Judge = {
      name: 'opposing',
      judge: async (pairs) =>
        pairs.map(({ a, b }) =>
          a.id === first && b.id === last
            ? { accept: false, apart: true, score: -1, reason: 'antonyms' }
            : { accept: undefined, score: 0, reason: 'none' },
        ),
    };
    const built = await buildConcepts({ lemmas, evidence, judges: [opposing, knowing] }, { neighbours: 2 });
    expect(built.conceptOf[first]).not.toBe(built.conceptOf[last]);
    expect(built.why(first).apart[0]!.verdicts[0]!.reason).toBe('antonyms');
  });

  it('joins what another resource proposes where a judge agrees, and says who proposed it', async () => {
    const posOf = (group: readonly number[]): string => lemmas[group[0]!]!.pos;
    const partner = groups.slice(1).find((group) => posOf(group) === posOf(groups[0]!))!;
    const [first, second] = [groups[0]![0]!, partner[0]!].sort((left, right) => left - right) as [number, number];
    const proposer = { name: 'lexicon', pairs: async () => [[first, second] as const] };
    const agreeing: Judge = {
      name: 'agreeing',
      judge: async (pairs) =>
        pairs.map(({ proposer: by }) => ({ accept: by === 'lexicon', score: 1, reason: 'asked' })),
    };
    const built = await buildConcepts({ lemmas, evidence, judges: [agreeing], proposers: [proposer] });
    expect(built.conceptOf[first]).toBe(built.conceptOf[second]);
    expect(built.distillation).toMatchObject({ proposers: ['base', 'lexicon'] });
    const { links } = ConceptVocabulary.fromJSON(built.toJSON()).concept(built.conceptOf[first]!);
    expect(links[0]).toMatchObject({ a: first, b: second, proposer: 'lexicon', accepted: true });
    const lexicon: Judge = { ...agreeing, name: 'lexicon' };
    const alone = await buildConcepts({ lemmas, evidence, judges: [lexicon], proposers: [proposer] });
    expect(alone.conceptOf[first]).not.toBe(alone.conceptOf[second]);
  });

  it('refuses evidence that was gathered for another vocabulary', async () => {
    const other = lemmas.map((lemma) => (lemma.id === firstId ? { ...lemma, name: 'else' } : lemma));
    await expect(buildConcepts({ lemmas: other, evidence, judges: [knowing] })).rejects.toThrow(EvidenceError);
  });
});
