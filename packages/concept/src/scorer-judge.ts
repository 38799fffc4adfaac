// A judge that asks a second model: what does it cost when b stands in a's contexts, and a in b's?
// Both directions count, by the worse one.
import type { Judge } from './judge.js';
import { type LemmaPair, type QuantileJudgeOptions, quantileJudge } from './quantile-judge.js';

/** Two lemmas to be exchanged. */
export type SubstitutionPair = LemmaPair;

/** Mean change of log-likelihood in nats: a standing in b's contexts, b standing in a's; NaN where there was no context. */
export interface SubstitutionChange {
  readonly aInB: number;
  readonly bInA: number;
}

/** How the scorer judge decides; scores are nats, and -2 the least acceptable where nothing else is known. */
export type ScorerJudgeOptions = Partial<QuantileJudgeOptions>;

/** A judge over `scoreSubstitution`, which gives one change a pair, in order; throws JudgeError when it does not. */
export function scorerJudge(
  scoreSubstitution: (pairs: readonly SubstitutionPair[]) => Promise<readonly SubstitutionChange[]>,
  options: ScorerJudgeOptions = {},
): Judge {
  return quantileJudge(
    scoreSubstitution,
    (pair, change) => {
      const score = worseDirection(pair, change);
      const reason = Number.isFinite(score) ? described(pair, change, score) : 'no contexts to try the exchange in';
      return { score, reason };
    },
    { minimum: -2, ...options, name: options.name ?? 'scorer' },
  );
}

function described({ a, b }: SubstitutionPair, change: SubstitutionChange, worse: number): string {
  const measured = `${b.name} for ${a.name} ${signed(change.bInA)}, ${a.name} for ${b.name} ${signed(change.aInB)} nats`;
  return `${measured}; corrected for frequency, the worse is ${signed(worse)}`;
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
