// A judge by the company that two lemmas keep in the corpus, or in a sample of a large one (Firth 1957, "A synopsis of linguistic theory").
// It is asked about pairs that a model's states or a lexicon proposed, and has seen neither.
import { companyVectors } from './company.js';
import { type Follower, unfollowed } from './follower.js';
import type { Judge } from './judge.js';
import type { LemmaEntry } from './lemma.js';
import { type QuantileJudgeOptions, quantileJudge } from './quantile-judge.js';

/** A cosine from which two lemmas keep like company, where there are too few random pairs to learn it from. */
const leastCosine = 0.5;

/** The judge over a corpus, the `units` of which are lemma ids below `vocabularySize`; `lemmas` are those it can be asked about. */
export async function companyJudge(
  units: Int32Array,
  lemmas: readonly LemmaEntry[],
  vocabularySize: number,
  options: Partial<QuantileJudgeOptions> = {},
  follower: Follower = unfollowed,
): Promise<Judge> {
  const { vectors, width } = await companyVectors(units, lemmas, vocabularySize, {
    ...(options.seed !== undefined && { seed: options.seed }),
    follower,
  });
  // A lemma that stands nowhere in a sample has no company, which is no reason to refuse it.
  const isKnown = (row: number): boolean => vectors.subarray(row * width, (row + 1) * width).some((part) => part !== 0);
  const rowOf = new Map(lemmas.map(({ id }, row) => [id, row] as const).filter(([, row]) => isKnown(row)));
  return quantileJudge(
    async (pairs) =>
      pairs.map(({ a, b }) => {
        const [first, second] = [rowOf.get(a.id), rowOf.get(b.id)];
        if (first === undefined || second === undefined) return Number.NaN;
        let cosine = 0;
        for (let k = 0; k < width; k++) cosine += vectors[first * width + k]! * vectors[second * width + k]!;
        return cosine;
      }),
    (_, cosine) => ({
      score: cosine,
      reason: Number.isNaN(cosine)
        ? 'too rare to know its company'
        : `cosine ${cosine.toFixed(2)} of what stands beside them`,
    }),
    { controls: lemmas, minimum: leastCosine, ...options, name: options.name ?? 'company' },
  );
}
