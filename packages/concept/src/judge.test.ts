// Who proposes does not decide: some judge must accept, and none may refuse.
import { describe, expect, it } from 'vitest';
import { type Judge, JudgeError, judgePairs, type Proposal, unmeasured, type Verdict } from './judge.js';
import type { LemmaEntry } from './lemma.js';

const lemma = (id: number): LemmaEntry => ({ id, name: `w${id}`, pos: 'ADJ', count: 1 });
const pair = (a: number, b: number): Proposal => unmeasured(lemma(a), lemma(b));
const saying = (name: string, verdict: (pair: Proposal) => Partial<Verdict>): Judge => ({
  name,
  judge: async (pairs) => pairs.map((each) => ({ accept: undefined, score: 0, reason: 'test', ...verdict(each) })),
});

describe('judgePairs', () => {
  const yes = saying('yes', () => ({ accept: true }));
  const no = saying('no', () => ({ accept: false, apart: true }));
  const silent = saying('silent', () => ({}));

  it('accepts only what some accept and none refuse', async () => {
    const accepted = async (...judges: Judge[]) => (await judgePairs([pair(0, 1)], judges))[0]!.accepted;
    expect(await accepted(yes)).toBe(true);
    expect(await accepted(silent, yes)).toBe(true);
    expect(await accepted(yes, no)).toBe(false);
    expect(await accepted(no, yes)).toBe(false);
    expect(await accepted(silent)).toBe(false);
  });

  it('gives the proposer no voice in accepting its own pairs, but one in refusing them', async () => {
    const own = { ...pair(0, 1), proposer: 'yes' };
    const accepted = async (...judges: Judge[]) => (await judgePairs([own], judges))[0]!.accepted;
    expect(await accepted(yes)).toBe(false);
    expect(await accepted(yes, silent)).toBe(false);
    expect(
      await accepted(
        yes,
        saying('other', () => ({ accept: true })),
      ),
    ).toBe(true);
    expect((await judgePairs([{ ...pair(0, 1), proposer: 'no' }], [yes, no]))[0]!.accepted).toBe(false);
  });

  it('keeps each verdict with its judge, asks nobody about refused pairs, and marks pairs to keep apart', async () => {
    const asked: number[] = [];
    const odd = saying('odd', ({ b }) => (b.id % 2 === 1 ? { accept: false, apart: true } : {}));
    const second: Judge = {
      name: 'second',
      judge: async (pairs) => {
        asked.push(...pairs.map(({ b }) => b.id));
        return yes.judge(pairs);
      },
    };
    const judged = await judgePairs([pair(0, 1), pair(0, 2), pair(0, 3), pair(0, 4)], [odd, second]);
    expect(asked).toEqual([2, 4]);
    expect(judged.map(({ accepted, apart }) => [accepted, apart])).toEqual([
      [false, true],
      [true, false],
      [false, true],
      [true, false],
    ]);
    expect(judged[1]!.verdicts.map(({ judge, accept }) => [judge, accept])).toEqual([
      ['odd', undefined],
      ['second', true],
    ]);
  });

  it('needs a judge, one verdict a pair, and finite scores', async () => {
    await expect(judgePairs([pair(0, 1)], [])).rejects.toThrow(JudgeError);
    await expect(judgePairs([pair(0, 1)], [{ name: 'mute', judge: async () => [] }])).rejects.toThrow(/"mute" gave 0/);
    await expect(judgePairs([pair(0, 1)], [saying('odd', () => ({ score: Number.NaN }))])).rejects.toThrow(/w0\/w1/);
  });
});
