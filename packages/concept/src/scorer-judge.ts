// A judge that asks a second model: what does it cost when b stands in a's contexts, and a in b's?
// Both directions count, by the worse one; what is acceptable is learned from random pairs of the same part of speech.
import { RandomStream } from '@strata/nn';
import { type Judge, JudgeError, type Proposal, type Verdict } from './judge.js';
import type { LemmaEntry } from './lemma.js';

/** Two lemmas to be exchanged. */
export interface SubstitutionPair {
  readonly a: LemmaEntry;
  readonly b: LemmaEntry;
}

/** Mean change of log-likelihood in nats: a standing in b's contexts, b standing in a's; NaN where there was no context. */
export interface SubstitutionChange {
  readonly aInB: number;
  readonly bInA: number;
}

/** How the scorer judge decides. */
export interface ScorerJudgeOptions {
  /** Name in verdicts; "scorer" unless given. */
  readonly name?: string;
  /** Lemmas from which random pairs are drawn to learn what an unrelated pair costs; without them `minimum` decides. */
  readonly controls?: readonly LemmaEntry[];
  /** Random pairs a part of speech; 300 unless given. */
  readonly controlPairs?: number;
  /** A pair is accepted when it costs less than this part of the random pairs do; 0.98 unless given. */
  readonly acceptQuantile?: number;
  /** A pair is refused when it does not cost less than this part; in between there is no opinion; 0.8 unless given. */
  readonly refuseQuantile?: number;
  /** A pair that another resource proposed is accepted when it costs less than this part; as `acceptQuantile` unless given. */
  readonly acceptProposedQuantile?: number;
  /** Least acceptable change in nats, corrected for frequency, where there are too few controls; -2 unless given. */
  readonly minimum?: number;
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

/** A judge over `scoreSubstitution`, which gives one change a pair, in order; throws JudgeError when it does not. */
export function scorerJudge(
  scoreSubstitution: (pairs: readonly SubstitutionPair[]) => Promise<readonly SubstitutionChange[]>,
  options: ScorerJudgeOptions = {},
): Judge {
  const { name = 'scorer', controls = [], controlPairs = 300, minimum = -2, seed = 1 } = options;
  const { acceptQuantile = 0.98, refuseQuantile = 0.8 } = options;
  const { acceptProposedQuantile = acceptQuantile } = options;
  const rising = [0, refuseQuantile, acceptProposedQuantile, acceptQuantile, 1];
  if (rising.some((quantile, index) => !(quantile >= (rising[index - 1] ?? 0)))) {
    throw new JudgeError(
      `judge "${name}": quantiles ${refuseQuantile} (refuse), ${acceptProposedQuantile} (accept where proposed) and ${acceptQuantile} (accept) found; accepted are 0 <= refuse <= accept where proposed <= accept <= 1.`,
    );
  }
  const learned = new Map<string, Promise<Thresholds>>();

  const score = async (pairs: readonly SubstitutionPair[]): Promise<readonly SubstitutionChange[]> => {
    const changes = await scoreSubstitution(pairs);
    if (changes.length !== pairs.length) {
      throw new JudgeError(
        `judge "${name}": the scorer gave ${changes.length} changes for ${pairs.length} pairs; it must give one a pair, in the same order.`,
      );
    }
    return changes;
  };

  const learn = async (pos: string): Promise<Thresholds> => {
    const pairs = randomPairs(
      controls.filter((lemma) => lemma.pos === pos),
      controlPairs,
      new RandomStream(seed, `substitution controls ${pos}`),
    );
    const costs = (pairs.length < fewestControls ? [] : await score(pairs))
      .map((change, index) => worseDirection(pairs[index]!, change))
      .filter(Number.isFinite)
      .sort((left, right) => left - right);
    if (costs.length < fewestControls) return { accept: minimum, acceptProposed: minimum, refuse: minimum };
    const quantile = (part: number): number => costs[Math.min(costs.length - 1, Math.floor(part * costs.length))]!;
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
      const changes = await score(pairs.map(({ a, b }) => ({ a, b })));
      const verdicts: Verdict[] = [];
      for (const [index, pair] of pairs.entries()) {
        verdicts.push(verdictOf(pair, changes[index]!, await thresholdsOf(pair.a.pos)));
      }
      return verdicts;
    },
  };
}

function verdictOf(pair: Proposal, change: SubstitutionChange, thresholds: Thresholds): Verdict {
  const { refuse } = thresholds;
  const accept = pair.proposer === undefined ? thresholds.accept : thresholds.acceptProposed;
  const worse = worseDirection(pair, change);
  if (!Number.isFinite(worse)) {
    return { accept: undefined, score: 0, reason: 'no contexts to try the exchange in' };
  }
  const { a, b } = pair;
  const measured = `${b.name} for ${a.name} ${signed(change.bInA)}, ${a.name} for ${b.name} ${signed(change.aInB)} nats`;
  const verdict = worse >= accept ? true : worse < refuse ? false : undefined;
  const limit =
    verdict === undefined ? 'between refusal and acceptance' : verdict ? 'fits both ways' : 'does not fit both ways';
  return {
    accept: verdict,
    score: worse,
    reason: `${limit}: ${measured}; corrected for frequency, the worse is ${signed(worse)}`,
  };
}

/**
 * The worse of both directions in nats, corrected for frequency: a rare word for a frequent one costs log p(a)/p(b) even
 * where it fits perfectly, and the other way round it gains as much for nothing.
 */
export function worseDirection({ a, b }: SubstitutionPair, { aInB, bInA }: SubstitutionChange): number {
  const rarity = Math.log((a.count + 1) / (b.count + 1));
  return Math.min(bInA + rarity, aInB - rarity);
}

function signed(nats: number): string {
  return `${nats >= 0 ? '+' : ''}${nats.toFixed(2)}`;
}

/** Different pairs, each of two different lemmas; as many as asked, or all there are. */
function randomPairs(lemmas: readonly LemmaEntry[], count: number, random: RandomStream): SubstitutionPair[] {
  const possible = (lemmas.length * (lemmas.length - 1)) / 2;
  const drawn = new Map<string, SubstitutionPair>();
  // Half of all pairs at most, so that drawing until there are enough stays quick.
  const wanted = Math.min(count, Math.floor(possible / 2));
  while (drawn.size < wanted) {
    const first = random.below(lemmas.length);
    const second = random.below(lemmas.length);
    if (first < second) drawn.set(`${first} ${second}`, { a: lemmas[first]!, b: lemmas[second]! });
  }
  return [...drawn.values()];
}
