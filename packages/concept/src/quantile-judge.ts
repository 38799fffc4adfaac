// A judge by one number a pair, which learns from random pairs of the same part of speech what numbers unrelated words have.
// From: Strata; a measure of a small model or corpus means nothing by itself, and differs by part of speech.
import { RandomStream } from '@strata/nn';
import { type Judge, JudgeError, type Proposal, type Verdict } from './judge.js';
import type { LemmaEntry } from './lemma.js';

/** Two lemmas to be compared. */
export interface LemmaPair {
  readonly a: LemmaEntry;
  readonly b: LemmaEntry;
}

/** What a measure says of a pair: the more, the likelier they belong together; NaN where it cannot tell. */
export interface Measured {
  readonly score: number;
  /** What was measured, for a person. */
  readonly reason: string;
}

/** How strict a judge is. */
export interface QuantileJudgeOptions {
  /** Name in verdicts. */
  readonly name: string;
  /** Lemmas from which random pairs are drawn to learn what an unrelated pair scores; without them `minimum` decides. */
  readonly controls?: readonly LemmaEntry[];
  /** Random pairs a part of speech; 300 unless given. */
  readonly controlPairs?: number;
  /** A pair is accepted when it scores more than this part of the random pairs do; 0.98 unless given. */
  readonly acceptQuantile?: number;
  /** A pair that another resource proposed is accepted when it scores more than this part; as `acceptQuantile` unless given. */
  readonly acceptProposedQuantile?: number;
  /** A pair is refused when it does not score more than this part; in between there is no opinion; 0.8 unless given. */
  readonly refuseQuantile?: number;
  /** Least acceptable score where there are too few controls. */
  readonly minimum: number;
  /** Seed of the random pairs; 1 unless given. */
  readonly seed?: number;
}

interface Thresholds {
  readonly accept: number;
  readonly acceptProposed: number;
  readonly refuse: number;
}

/** Fewer random pairs than this say nothing about a quantile near 1. */
const fewestControls = 40;

/** A judge over `ask`, which answers each pair, in order, and what `measure` makes of an answer; throws JudgeError when answers are missing, or for quantiles out of order. */
export function quantileJudge<Answer>(
  ask: (pairs: readonly LemmaPair[]) => Promise<readonly Answer[]>,
  measure: (pair: LemmaPair, answer: Answer) => Measured,
  options: QuantileJudgeOptions,
): Judge {
  const { name, controls = [], controlPairs = 300, minimum, seed = 1 } = options;
  const { acceptQuantile = 0.98, refuseQuantile = 0.8 } = options;
  const { acceptProposedQuantile = acceptQuantile } = options;
  const rising = [0, refuseQuantile, acceptProposedQuantile, acceptQuantile, 1];
  if (rising.some((quantile, index) => !(quantile >= (rising[index - 1] ?? 0)))) {
    throw new JudgeError(
      `judge "${name}": quantiles ${refuseQuantile} (refuse), ${acceptProposedQuantile} (accept where proposed) and ${acceptQuantile} (accept) found; accepted are 0 <= refuse <= accept where proposed <= accept <= 1.`,
    );
  }
  const learned = new Map<string, Promise<Thresholds>>();

  const measured = async (pairs: readonly LemmaPair[]): Promise<readonly Measured[]> => {
    const answers = await ask(pairs);
    if (answers.length !== pairs.length) {
      throw new JudgeError(
        `judge "${name}": the scorer gave ${answers.length} answers for ${pairs.length} pairs; it must give one a pair, in the same order.`,
      );
    }
    return answers.map((answer, index) => measure(pairs[index]!, answer));
  };

  const learn = async (pos: string): Promise<Thresholds> => {
    const pairs = randomPairs(
      controls.filter((lemma) => lemma.pos === pos),
      controlPairs,
      new RandomStream(seed, `substitution controls ${pos}`),
    );
    const scores = (pairs.length < fewestControls ? [] : await measured(pairs))
      .map(({ score }) => score)
      .filter(Number.isFinite)
      .sort((left, right) => left - right);
    if (scores.length < fewestControls) return { accept: minimum, acceptProposed: minimum, refuse: minimum };
    const quantile = (part: number): number => scores[Math.min(scores.length - 1, Math.floor(part * scores.length))]!;
    return {
      accept: quantile(acceptQuantile),
      acceptProposed: quantile(acceptProposedQuantile),
      refuse: quantile(refuseQuantile),
    };
  };

  const thresholdsOf = (pos: string): Promise<Thresholds> => {
    let thresholds = learned.get(pos);
    if (thresholds === undefined) {
      thresholds = learn(pos);
      learned.set(pos, thresholds);
    }
    return thresholds;
  };

  return {
    name,
    judge: async (pairs: readonly Proposal[]): Promise<Verdict[]> => {
      const answers = await measured(pairs);
      const verdicts: Verdict[] = [];
      for (const [index, pair] of pairs.entries())
        verdicts.push(verdictOf(pair, answers[index]!, await thresholdsOf(pair.a.pos)));
      return verdicts;
    },
  };
}

function verdictOf(pair: Proposal, { score, reason }: Measured, thresholds: Thresholds): Verdict {
  if (!Number.isFinite(score)) return { accept: undefined, score: 0, reason };
  const accept = pair.proposer === undefined ? thresholds.accept : thresholds.acceptProposed;
  const verdict = score >= accept ? true : score < thresholds.refuse ? false : undefined;
  const how =
    verdict === undefined
      ? 'between refusal and acceptance'
      : verdict
        ? 'above random pairs'
        : 'no better than random pairs';
  return { accept: verdict, score, reason: `${how}: ${reason}` };
}

/** Different pairs, each of two different lemmas; as many as asked, or all there are. */
function randomPairs(lemmas: readonly LemmaEntry[], count: number, random: RandomStream): LemmaPair[] {
  const possible = (lemmas.length * (lemmas.length - 1)) / 2;
  const drawn = new Map<string, LemmaPair>();
  // Half of all pairs at most, so that drawing until there are enough stays quick.
  const wanted = Math.min(count, Math.floor(possible / 2));
  while (drawn.size < wanted) {
    const first = random.below(lemmas.length);
    const second = random.below(lemmas.length);
    if (first < second) drawn.set(`${first} ${second}`, { a: lemmas[first]!, b: lemmas[second]! });
  }
  return [...drawn.values()];
}
