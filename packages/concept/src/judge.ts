// What judges are: whoever proposes a pair does not decide about it.
// A pair is accepted when at least one judge that did not propose it accepts it and none refuses it.
import type { LemmaEntry } from './lemma.js';

/** Two lemmas of one part of speech that the proposer finds alike; `a.id < b.id`. */
export interface Proposal {
  readonly a: LemmaEntry;
  readonly b: LemmaEntry;
  /** Cosine of the two lemmas' vectors, -1 to 1. */
  readonly similarity: number;
  /** Place of b among a's nearest neighbours, 1 the nearest; 0 when b is not among them (a pair asked for to close a triangle). */
  readonly rankAB: number;
  /** Place of a among b's nearest neighbours, 1 the nearest; 0 when a is not among them. */
  readonly rankBA: number;
  /** Mean lift in nats of b's forms in a's slots; undefined when b has no column. */
  readonly liftAB: number | undefined;
  /** Mean lift in nats of a's forms in b's slots; undefined when a has no column. */
  readonly liftBA: number | undefined;
  /** Lemma ids of the other words that fit the slots of both, the best first. */
  readonly shared: readonly number[];
  /** Who proposed the pair, when it was not the base's evidence; this judge's acceptance then counts for nothing. */
  readonly proposer?: string;
}

/** A pair of which the base was not asked. */
export function unmeasured(a: LemmaEntry, b: LemmaEntry): Proposal {
  return { a, b, similarity: 0, rankAB: 0, rankBA: 0, liftAB: undefined, liftBA: undefined, shared: [] };
}

/** One judge's answer about one pair. */
export interface Verdict {
  /** true accepts, false refuses, undefined has no opinion. */
  readonly accept: boolean | undefined;
  /** How strongly, in the judge's own unit; finite. */
  readonly score: number;
  /** One line for a person. */
  readonly reason: string;
  /** Set when the two must never share a concept, even through other members (antonyms). */
  readonly apart?: boolean;
}

/** Somebody who decides about pairs that another has proposed; answers come in the order of the pairs. */
export interface Judge {
  readonly name: string;
  judge(pairs: readonly Proposal[]): Promise<Verdict[]>;
}

/** A verdict with the name of who gave it. */
export interface NamedVerdict extends Verdict {
  readonly judge: string;
}

/** A proposal after all judges have spoken. */
export interface JudgedPair {
  readonly proposal: Proposal;
  readonly verdicts: readonly NamedVerdict[];
  readonly accepted: boolean;
  /** Whether a judge demands that the two never share a concept. */
  readonly apart: boolean;
}

/** A judge that broke the contract: a wrong number of verdicts, or a score that is no number. */
export class JudgeError extends Error {
  override readonly name = 'JudgeError';
}

/**
 * Asks the judges in their order, each only about pairs that none before has refused, so that the cheap ones should come
 * first; a pair is accepted when some judge other than its proposer accepts and none refuses; throws JudgeError.
 */
export async function judgePairs(pairs: readonly Proposal[], judges: readonly Judge[]): Promise<JudgedPair[]> {
  if (judges.length === 0) {
    throw new JudgeError(
      'no judge was given: the proposer may not decide alone. Pass companyJudge(...), or wordNetJudge(...) where its package is installed.',
    );
  }
  const verdicts = pairs.map((): NamedVerdict[] => []);
  let open = pairs.map((_, index) => index);
  for (const judge of judges) {
    if (open.length === 0) break;
    const given = await judge.judge(open.map((index) => pairs[index]!));
    if (given.length !== open.length) {
      throw new JudgeError(
        `judge "${judge.name}" gave ${given.length} verdicts for ${open.length} pairs; it must give one a pair, in the same order.`,
      );
    }
    open.forEach((index, place) => {
      const verdict = given[place]!;
      if (!Number.isFinite(verdict.score)) {
        const { a, b } = pairs[index]!;
        throw new JudgeError(
          `judge "${judge.name}" scored ${a.name}/${b.name} as ${verdict.score}; a score must be finite (0 for no opinion).`,
        );
      }
      verdicts[index]!.push({ judge: judge.name, ...verdict });
    });
    open = open.filter((index) => verdicts[index]!.at(-1)!.accept !== false);
  }
  const unrefused = new Set(open);
  return pairs.map((proposal, index) => ({
    proposal,
    verdicts: verdicts[index]!,
    accepted:
      unrefused.has(index) &&
      verdicts[index]!.some(({ judge, accept }) => accept === true && judge !== proposal.proposer),
    apart: verdicts[index]!.some((verdict) => verdict.apart === true),
  }));
}
