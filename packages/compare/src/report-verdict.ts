// What the figures allow one to say about the ladder against its flat baselines, and what weakens it.
// A difference under twice the seed spread is a tie (the project's rule for matched baselines); a loss is said as plainly as a win.
import { ladderOf, ownFlatsOf } from './model-kinds.js';
import { bitsPerByte, exactly, percent, ratio } from './report-figures.js';
import type { ModelRecord, Report, ScoringContext } from './report-schema.js';
import { label } from './report-visible.js';

export { flatsOf, isFlat, ladderOf } from './model-kinds.js';

/** What came of it: 'mixed' when it depends on the baseline, 'unmeasured' when there is none, 'incomparable' when texts differ. */
export type Outcome = 'wins' | 'loses' | 'tie' | 'mixed' | 'unmeasured' | 'incomparable';

/** The honest reading of a report: a headline of a few words, one sentence with the figures, and what a reader must know beside it. */
export interface Verdict {
  readonly outcome: Outcome;
  readonly headline: string;
  readonly sentence: string;
  readonly caveats: readonly string[];
}

/** One model against one baseline on one text, in bits per byte; `gap` is negative when the model is better. */
export interface Comparison {
  readonly baseline: ModelRecord;
  readonly model: number;
  readonly other: number;
  readonly gap: number;
  /** Largest minus smallest over the seeds of either model, the larger of the two; undefined when each was trained once. */
  readonly spread: number | undefined;
  /** Whether `model` and `other` are means over seeds. */
  readonly averaged: boolean;
  readonly outcome: 'wins' | 'loses' | 'tie';
}

type Split = 'validation' | 'test';

const HEADLINES: Record<Outcome, string> = {
  wins: 'The ladder wins',
  loses: 'The ladder loses here',
  tie: 'A tie',
  mixed: 'It depends on the baseline',
  unmeasured: 'Nothing to compare with yet',
  incomparable: 'No comparison is possible',
};

/** Largest minus smallest bits per byte over a model's seeds; undefined with fewer than two seeds. */
export function seedSpread(model: ModelRecord, split: Split): number | undefined {
  if (!model.seeds || model.seeds.length < 2) return undefined;
  const scores = model.seeds.map((seed) => seed[split]);
  return Math.max(...scores) - Math.min(...scores);
}

/** Bits per byte of a model on one text: the mean over its seeds, or the ledger's total where there is one seed. */
export function meanScore(model: ModelRecord, split: Split): number {
  const { seeds } = model;
  if (!seeds || seeds.length < 2) return model.bitsPerByte[split].total;
  return seeds.reduce((sum, seed) => sum + seed[split], 0) / seeds.length;
}

/** Compares `model` with `baseline` on one text: means over seeds where every seed is known, else the ledger's totals. */
export function compareModels(model: ModelRecord, baseline: ModelRecord, split: Split): Comparison {
  // Means only when both sides have them, so that a lucky seed never meets an average.
  const both = (model.seeds?.length ?? 0) > 1 && (baseline.seeds?.length ?? 0) > 1;
  const score = (of: ModelRecord) => (both ? meanScore(of, split) : of.bitsPerByte[split].total);
  const [mine, other] = [score(model), score(baseline)];
  const spreads = [seedSpread(model, split), seedSpread(baseline, split)].filter((spread) => spread !== undefined);
  const spread = spreads.length > 0 ? Math.max(...spreads) : undefined;
  const gap = mine - other;
  // Half a thousandth: what is equal as printed is never called a win.
  const tie = Math.abs(gap) < Math.max(2 * (spread ?? 0), 0.0005);
  return {
    baseline,
    model: mine,
    other,
    gap,
    spread,
    averaged: both,
    outcome: tie ? 'tie' : gap < 0 ? 'wins' : 'loses',
  };
}

/** Judges the ladder against every flat baseline that was matched to it, on the test text. */
export function judge(report: Report): Verdict {
  const ladder = ladderOf(report);
  const flats = ownFlatsOf(report);
  const verdict = (outcome: Outcome, sentence: string, caveats: readonly string[] = []): Verdict => ({
    outcome,
    headline: HEADLINES[outcome],
    sentence,
    caveats: [...caveats, ...channelCaveats(report)],
  });
  if (!ladder) return verdict('unmeasured', 'The whole ladder has not been scored in this run.');
  const own = ladder.bitsPerByte.test;
  if (flats.length === 0) {
    return verdict(
      'unmeasured',
      `The ladder reads the test text at ${bitsPerByte(own.total)} bits per byte; no flat baseline was trained beside it.`,
    );
  }
  const other = flats.find((flat) => flat.bitsPerByte.test.bytes !== own.bytes);
  if (other) {
    return verdict(
      'incomparable',
      `The ladder was scored on ${exactly(own.bytes)} bytes of test text and ${label(other.name)} on ${exactly(other.bitsPerByte.test.bytes)}: score both on the same text.`,
    );
  }
  const comparisons = flats.map((flat) => compareModels(ladder, flat, 'test'));
  const outcomes = new Set(comparisons.map((comparison) => comparison.outcome));
  const outcome = outcomes.size === 1 ? comparisons[0]!.outcome : 'mixed';
  return verdict(outcome, sentenceFor(comparisons), [
    ...comparisons.flatMap((comparison) => comparisonCaveats(ladder, comparison)),
    ...(own.upperBound ? ['The ladder’s figure is an upper bound: a choice of sense was not summed out.'] : []),
  ]);
}

function sentenceFor(comparisons: readonly Comparison[]): string {
  const clauses = comparisons.map(({ baseline, other, gap, spread, outcome }) => {
    const name = label(baseline.name);
    const size = `${bitsPerByte(Math.abs(gap))} (${percent(Math.abs(gap) / (other || 1))})`;
    if (outcome === 'tie') {
      const why =
        spread === undefined
          ? 'the same to three decimals'
          : `a gap of ${bitsPerByte(Math.abs(gap))}, under twice the seed spread of ${bitsPerByte(spread)}`;
      return `a tie with ${name} at ${bitsPerByte(other)}, ${why}`;
    }
    return `${size} ${outcome === 'wins' ? 'below' : 'above'} ${name} at ${bitsPerByte(other)}`;
  });
  const { model, averaged } = comparisons[0]!;
  return `${bitsPerByte(model)} bits per byte on the test text${averaged ? ' (mean over seeds)' : ''}: ${clauses.join('; ')}.`;
}

function comparisonCaveats(ladder: ModelRecord, comparison: Comparison): string[] {
  const { baseline, outcome, spread } = comparison;
  const name = label(baseline.name);
  const caveats: string[] = [];
  if (spread === undefined) {
    caveats.push(`One seed each against ${name}: the spread is unknown, so a small gap may be chance.`);
  } else {
    const fewest = Math.min(ladder.seeds?.length ?? 1, baseline.seeds?.length ?? 1);
    if (fewest < 3)
      caveats.push(`Only ${fewest} seed${fewest === 1 ? '' : 's'} on one side against ${name}; three are asked for.`);
  }
  const validation = compareModels(ladder, baseline, 'validation');
  if (validation.outcome !== outcome) {
    const said = { wins: 'wins', loses: 'loses', tie: 'ties' }[validation.outcome];
    caveats.push(
      `On the validation text it ${said} against ${name}: ${bitsPerByte(validation.model)} to ${bitsPerByte(validation.other)}.`,
    );
  }
  const costs = [
    ['parameters', ladder.parameters, baseline.parameters],
    ['training FLOPs', ladder.trainFlops, baseline.trainFlops],
    ['bytes of training text', ladder.bytesSeen, baseline.bytesSeen],
  ] as const;
  // Within 5% two costs count as matched.
  const unequal = costs.filter(([, mine, other]) => mine > 0 && other > 0 && Math.abs(mine / other - 1) > 0.05);
  if (unequal.length > 0) {
    const parts = unequal.map(([what, mine, other]) => `${ratio(mine / other)} the ${what}`);
    caveats.push(`Against ${name} the ladder used ${join(parts)}.`);
  }
  const [mine, other] = [ladder.bitsPerByte.test.context, baseline.bitsPerByte.test.context];
  if (!sameContext(mine, other)) caveats.push(`The scoring windows of the ladder and ${name} differ; see the ledger.`);
  return caveats;
}

/** Equal windows and strides, or windows that are equal in bytes to within 5%. */
function sameContext(a: ScoringContext, b: ScoringContext): boolean {
  if (a.unit === b.unit) return a.window === b.window && a.stride === b.stride;
  const inBytes = (of: ScoringContext) => (of.unit === 'bytes' ? of.window : of.windowBytes);
  const [left, right] = [inBytes(a), inBytes(b)];
  return left !== undefined && right !== undefined && Math.abs(left / right - 1) <= 0.05;
}

function channelCaveats(report: Report): string[] {
  const dead = report.channels.filter((channel) => channel.verdict === 'dead');
  return dead.map(
    (channel) =>
      `The channel from ${label(channel.level)} to ${label(channel.to)} is dead: spoiling its message costs nothing.`,
  );
}

function join(parts: readonly string[]): string {
  return parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`;
}
