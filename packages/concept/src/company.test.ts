// Lemmas that keep like company have like vectors, whatever else is in the text, and always the same ones.
import { RandomStream } from '@strata/nn';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { companyVectors } from './company.js';
import { companyJudge } from './company-judge.js';
import type { Follower } from './follower.js';
import { type Proposal, unmeasured } from './judge.js';
import type { LemmaEntry } from './lemma.js';

const GROUPS = 6;
const MEMBERS = 8;
const VOCABULARY = GROUPS * MEMBERS + GROUPS * 4;
/** Lemmas 0..47 in six groups; each stands between words that only its group has. */
const lemmas: LemmaEntry[] = Array.from({ length: GROUPS * MEMBERS }, (_, id) => ({
  id,
  name: `lemma${id}`,
  pos: 'NOUN',
  count: 60,
}));
const groupOf = (id: number): number => Math.floor(id / MEMBERS);

function plantedText(seed: number, occurrences = 60): Int32Array {
  const random = new RandomStream(seed, 'planted');
  const beside = (id: number): number => GROUPS * MEMBERS + groupOf(id) * 4 + random.below(4);
  return Int32Array.from(
    Array.from({ length: occurrences * lemmas.length }, () => random.below(lemmas.length)).flatMap((id) => [
      beside(id),
      id,
      beside(id),
    ]),
  );
}

function cosine(vectors: Float32Array, width: number, a: number, b: number): number {
  let sum = 0;
  for (let k = 0; k < width; k++) sum += vectors[a * width + k]! * vectors[b * width + k]!;
  return sum;
}

describe('companyVectors', () => {
  it('puts every member nearer to each of its group than to any of another', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 1000 }), async (seed) => {
        const { vectors, width } = await companyVectors(plantedText(seed), lemmas, VOCABULARY, { width: 12 });
        for (let a = 0; a < lemmas.length; a++) {
          const own = lemmas.flatMap(({ id }) =>
            id !== a && groupOf(id) === groupOf(a) ? [cosine(vectors, width, a, id)] : [],
          );
          const other = lemmas.flatMap(({ id }) => (groupOf(id) === groupOf(a) ? [] : [cosine(vectors, width, a, id)]));
          expect(Math.min(...own)).toBeGreaterThan(Math.max(...other));
        }
      }),
      { numRuns: 10, seed: 3 },
    );
  });

  it('are of length one, the same for the same text, and zero for a lemma that stands nowhere', async () => {
    const units = plantedText(1);
    const absent = { id: VOCABULARY, name: 'absent', pos: 'NOUN', count: 0 };
    const [once, again] = await Promise.all(
      [1, 2].map(() => companyVectors(units, [...lemmas, absent], VOCABULARY + 1, { width: 12 })),
    );
    expect(again).toEqual(once);
    const { vectors, width } = once!;
    for (let row = 0; row < lemmas.length; row++) expect(cosine(vectors, width, row, row)).toBeCloseTo(1, 5);
    expect(cosine(vectors, width, lemmas.length, lemmas.length)).toBe(0);
  });

  it('are finite for any text, however little it says', async () => {
    const text = fc.array(fc.integer({ min: 0, max: VOCABULARY - 1 }), { maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(text, async (units) => {
        const { vectors } = await companyVectors(Int32Array.from(units), lemmas, VOCABULARY, { width: 12 });
        expect(vectors.every(Number.isFinite)).toBe(true);
      }),
      { numRuns: 50, seed: 4 },
    );
  });

  it('have no more numbers than there are lemmas, and none of no lemmas', async () => {
    expect((await companyVectors(plantedText(1), lemmas.slice(0, 5), VOCABULARY)).width).toBe(5);
    expect(await companyVectors(plantedText(1), [], VOCABULARY)).toEqual({ vectors: new Float32Array(), width: 0 });
  });
});

describe('companyVectors, followed', () => {
  it('says how far each part is, never more than there is, and end with what the follower throws', async () => {
    const parts: { part: string; total: number; done: number[] }[] = [];
    const follower: Follower = {
      begin: (part, total) => parts.push({ part, total, done: [] }),
      reach: async (done) => {
        parts.at(-1)!.done.push(done);
        if (parts.length === 2 && done === parts[1]!.total) throw new RangeError('enough');
      },
    };
    await expect(companyVectors(plantedText(1), lemmas, VOCABULARY, { width: 12, follower })).rejects.toThrow('enough');
    expect(parts.map(({ part }) => part)).toEqual(['company is counted', 'company becomes vectors']);
    expect(parts[0]!.done.at(-1)).toBe(parts[0]!.total);
    for (const { total, done } of parts) {
      expect(done).toEqual([...done].sort((left, right) => left - right));
      expect(Math.max(...done)).toBeLessThanOrEqual(total);
    }
  });
});

describe('companyJudge', () => {
  const pair = (a: number, b: number): Proposal => unmeasured(lemmas[a]!, lemmas[b]!);

  it('accepts what keeps like company and refuses what does not', async () => {
    const judge = await companyJudge(plantedText(1), lemmas, VOCABULARY, { acceptQuantile: 0.8, refuseQuantile: 0.5 });
    const verdicts = await judge.judge([pair(0, 1), pair(0, MEMBERS), pair(9, 10)]);
    expect(verdicts.map(({ accept }) => accept)).toEqual([true, false, true]);
    expect(verdicts[0]!.reason).toMatch(/above random pairs: cosine 0\.\d\d of what stands beside them/);
  });

  it('has no opinion on a lemma that stands nowhere in the text', async () => {
    // The first is in no place, as may be where the text is a sample: it is not unlike the second for that.
    const judge = await companyJudge(
      plantedText(1).filter((id) => id !== 0),
      lemmas,
      VOCABULARY,
    );
    expect(await judge.judge([pair(0, 1)])).toMatchObject([{ accept: undefined, score: 0 }]);
  });

  it('has no opinion on a lemma that it was not given', async () => {
    const judge = await companyJudge(plantedText(1), lemmas.slice(1), VOCABULARY);
    expect(await judge.judge([pair(0, 1)])).toMatchObject([{ accept: undefined, score: 0 }]);
  });
});
