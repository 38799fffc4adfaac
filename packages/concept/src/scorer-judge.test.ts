// The second scorer accepts what can be exchanged both ways, and is fooled neither by one direction nor by rarity.
import { RandomStream } from '@strata/nn';
import { describe, expect, it } from 'vitest';
import { type Judge, JudgeError, type Proposal } from './judge.js';
import {
  type ScorerJudgeOptions,
  type SubstitutionChange,
  type SubstitutionPair,
  scorerJudge,
} from './scorer-judge.js';

const lemma = (id: number, name: string, count = 100) => ({ id, name, pos: 'NOUN', count });
const proposal = (a = lemma(0, 'car'), b = lemma(1, 'automobile')): Proposal => ({
  a,
  b,
  similarity: 0.5,
  rankAB: 1,
  rankBA: 1,
  liftAB: 1,
  liftBA: 1,
  shared: [],
});
const always = (change: SubstitutionChange) => async (pairs: readonly SubstitutionPair[]) => pairs.map(() => change);

/** A judge to whom an automobile scores above 90 of 100 random pairs. */
function ranked(options: ScorerJudgeOptions = {}): Judge {
  const controls = Array.from({ length: 60 }, (_, id) => lemma(id + 10, `word${id}`));
  let next = 0;
  return scorerJudge(
    async (pairs) =>
      pairs.map(({ b }) => {
        const score = b.name === 'automobile' ? 90 : next++;
        return { aInB: score, bInA: score };
      }),
    { controls, controlPairs: 100, ...options },
  );
}

describe('scorerJudge', () => {
  it('accepts a pair that fits both ways', async () => {
    const [verdict] = await scorerJudge(always({ aInB: -0.5, bInA: -1 })).judge([proposal()]);
    expect(verdict).toMatchObject({ accept: true, score: -1 });
    expect(verdict!.reason).toMatch(/automobile for car -1\.00, car for automobile -0\.50/);
  });

  it('refuses a pair that fits one way only', async () => {
    const oneWay = scorerJudge(always({ aInB: 3, bInA: -8 }));
    expect((await oneWay.judge([proposal()]))[0]!.accept).toBe(false);
    const otherWay = scorerJudge(always({ aInB: -8, bInA: 3 }));
    expect((await otherWay.judge([proposal()]))[0]!.accept).toBe(false);
  });

  it('does not blame a rare word for being rare, nor praise a frequent one', async () => {
    const [rare] = [proposal(lemma(0, 'car', 99_999), lemma(1, 'automobile', 99))];
    // A thousandfold rarity costs 6.9 nats one way and gains them the other way.
    expect((await scorerJudge(always({ aInB: 6.4, bInA: -7.4 })).judge([rare]))[0]!.accept).toBe(true);
    expect((await scorerJudge(always({ aInB: 0, bInA: -0.5 })).judge([rare]))[0]!.accept).toBe(false);
  });

  it('learns from random pairs of the part of speech what is acceptable', async () => {
    const random = new RandomStream(1, 'test');
    const controls = Array.from({ length: 60 }, (_, id) => lemma(id + 10, `word${id}`));
    let asked = 0;
    const judge = scorerJudge(
      async (pairs) => {
        asked += pairs.length;
        return pairs.map(({ a, b }) => {
          const cost = b.name === 'automobile' ? -6 : a.name === 'cat' ? -12 : -10 + random.uniform();
          return { aInB: cost, bInA: cost };
        });
      },
      { controls, controlPairs: 100 },
    );
    const verdicts = await judge.judge([proposal(), proposal(lemma(2, 'cat'), lemma(3, 'dog'))]);
    expect(verdicts.map((verdict) => verdict.accept)).toEqual([true, false]);
    expect(asked).toBe(102);
    await judge.judge([proposal()]);
    expect(asked).toBe(103);
  });

  it('has no opinion between the quantiles, or without contexts', async () => {
    const judge = ranked();
    expect((await judge.judge([proposal()]))[0]!.accept).toBeUndefined();
    const none = scorerJudge(always({ aInB: Number.NaN, bInA: 0 }));
    expect((await none.judge([proposal()]))[0]).toMatchObject({ accept: undefined, score: 0 });
  });

  it('asks less of what another resource proposed', async () => {
    const judge = ranked({ acceptProposedQuantile: 0.85 });
    const [own, others] = await judge.judge([proposal(), { ...proposal(), proposer: 'lexicon' }]);
    expect([own!.accept, others!.accept]).toEqual([undefined, true]);
    expect(() => scorerJudge(async () => [], { acceptProposedQuantile: 0.5 })).toThrow(/0.5 \(accept where proposed\)/);
  });

  it('refuses a scorer that answers fewer pairs than it was asked', async () => {
    await expect(scorerJudge(async () => []).judge([proposal()])).rejects.toThrow(JudgeError);
    expect(() => scorerJudge(always({ aInB: 0, bInA: 0 }), { refuseQuantile: 0.99 })).toThrow(/quantiles/);
  });
});
