// Lexical substitution (McCarthy & Navigli 2007): a level ranks given substitutes by what the text costs with each of them
// in the target's place. Measure: generalised average precision (Kishida 2005), as Thater, Dinu & Pinkal (2009) use it.
import { type Exchange, ExchangeScorer, encodeLadder, type Ladder, type Snippet } from '@strata/hierarchy';
import { RandomStream } from '@strata/nn';
import { segmentUnits } from '@strata/text';
import { FIRST_LEMMA_ID } from '@strata/word';
import type { SubstituteTask } from './swords.js';
import { total } from './unit-nats.js';

/** Precision in one order: the sum, over places whose weight is not 0, of the mean weight down to there. */
function averageWeights(weights: readonly number[]): number {
  let [sum, result] = [0, 0];
  for (const [i, weight] of weights.entries()) {
    sum += weight;
    if (weight > 0) result += sum / (i + 1);
  }
  return result;
}

/**
 * Generalised average precision of weights (0 or more) in the order of a ranking: 1 for the best order, and undefined
 * where no weight is above 0.
 */
export function generalisedAveragePrecision(weights: readonly number[]): number | undefined {
  const ideal = averageWeights(weights.toSorted((a, b) => b - a));
  return ideal > 0 ? averageWeights(weights) / ideal : undefined;
}

/** A task as far as a vocabulary knows its words. */
interface KnownTask {
  /** The text with the target's place as exchanges, one a candidate. */
  readonly exchanges: readonly Exchange[];
  readonly weights: readonly number[];
  readonly counts: readonly number[];
}

/** How many words were asked about, and why the others were not. */
export interface SubstituteCounts {
  readonly targets: number;
  /** Targets that the vocabulary does not know as one word. */
  readonly unknownTargets: number;
  /** Targets whose known candidates give no order to find: fewer than two, or all with one weight. */
  readonly withoutOrder: number;
  readonly scoredTargets: number;
  /** Substitutes that are listed for targets which the vocabulary knows. */
  readonly substitutes: number;
  readonly severalWords: number;
  readonly unknownSubstitutes: number;
  /** Substitutes that are forms of the target's own lemma, or named twice. */
  readonly repeated: number;
  /** Candidates of targets that were scored. */
  readonly scoredSubstitutes: number;
  /** Of these, those that the vocabulary has no form for in the target's slot; they stand as they are listed. */
  readonly uninflected: number;
}

/** GAP of one way of ranking, on average over targets, and half the width of its 95% interval. */
export interface RankingScore {
  readonly name: 'word' | 'concept' | 'frequency' | 'random';
  readonly gap: number;
  readonly margin: number;
}

export interface SubstituteRanking {
  readonly counts: SubstituteCounts;
  /** Empty where no target could be scored. */
  readonly scores: readonly RankingScore[];
}

export interface SubstituteRankingOptions {
  /** At most so many targets, drawn by the seed. */
  readonly limit?: number;
  readonly seed?: number;
  /** Told the share of the work that is done. */
  readonly told?: (share: number) => void;
}

/** What is read around a target: about as much as two sentences before it, and a few words after it, which are scored. */
const SNIPPET: Snippet = { before: 28, after: 4, piecesPerUnit: 4 };
/** Orders drawn for the random baseline. */
const SHUFFLES = 20;

/** Ranks substitutes by the word level and by concepts on top of it, beside frequency and chance; the ladder reaches words. */
export async function rankSubstitutes(
  ladder: Ladder,
  tasks: readonly SubstituteTask[],
  { limit = tasks.length, seed = 1, told = () => {} }: SubstituteRankingOptions = {},
): Promise<SubstituteRanking> {
  const drawn = [...new RandomStream(seed, 'substitutes').permutation(tasks.length)].slice(0, limit);
  const { known, counts } = knownTasks(
    ladder,
    drawn.sort((a, b) => a - b).map((i) => tasks[i]!),
  );
  if (known.length === 0) return { counts, scores: [] };
  const exchanges = known.flatMap((task) => task.exchanges);
  const tops = ladder.concepts === undefined ? (['word'] as const) : (['word', 'concept'] as const);
  const scores: RankingScore[] = [];
  for (const [i, top] of tops.entries()) {
    const scorer = await ExchangeScorer.create(ladder, top, SNIPPET);
    try {
      const nats = await scorer.nats(exchanges, (share) => told((i + share) / tops.length));
      let first = 0;
      const gaps = known.map(({ weights }) => gapBy(weights, nats.subarray(first, (first += weights.length))));
      scores.push(scoreOf(top, gaps));
    } finally {
      await scorer.dispose();
    }
  }
  const random = new RandomStream(seed, 'random substitutes');
  const shuffled = ({ weights }: KnownTask): number =>
    total(Array.from({ length: SHUFFLES }, () => gapBy(weights, random.permutation(weights.length)))) / SHUFFLES;
  scores.push(
    scoreOf(
      'frequency',
      known.map((task) =>
        gapBy(
          task.weights,
          task.counts.map((count) => -count),
        ),
      ),
    ),
    scoreOf('random', known.map(shuffled)),
  );
  return { counts, scores };
}

/** GAP of candidates in the order of their costs, the least first; equal costs keep the order of the list. */
function gapBy(weights: readonly number[], costs: ArrayLike<number>): number {
  const order = weights.map((_, i) => i).sort((a, b) => costs[a]! - costs[b]!);
  return generalisedAveragePrecision(order.map((i) => weights[i]!))!;
}

function scoreOf(name: RankingScore['name'], gaps: readonly number[]): RankingScore {
  const gap = total(gaps) / gaps.length;
  const variance = total(gaps.map((value) => (value - gap) ** 2)) / Math.max(1, gaps.length - 1);
  return { name, gap, margin: 1.96 * Math.sqrt(variance / gaps.length) };
}

function knownTasks(
  ladder: Ladder,
  tasks: readonly SubstituteTask[],
): { known: KnownTask[]; counts: SubstituteCounts } {
  const counts = { unknownTargets: 0, withoutOrder: 0, severalWords: 0, unknownSubstitutes: 0, repeated: 0 };
  let [uninflected, substitutes] = [0, 0];
  const known: KnownTask[] = [];
  for (const task of tasks) {
    const text = encodeLadder([task.context], ladder.words!, ladder.tokenizer);
    const place = text.units.surfaceStart.indexOf(task.start, 1);
    const own = text.units.lemma[place];
    const isWhole = own !== undefined && own >= FIRST_LEMMA_ID && isUnit(ladder, task, text, place);
    if (!isWhole) {
      counts.unknownTargets++;
      continue;
    }
    substitutes += task.substitutes.length;
    const candidates = new Map<number, { exchange: Exchange; weight: number; count: number; isInflected: boolean }>();
    const { vocabulary } = ladder.words!;
    for (const { word, weight } of task.substitutes) {
      if (segmentUnits(word).length !== 1) {
        counts.severalWords++;
        continue;
      }
      const listed = ladder.words!.encodeSurface(word);
      const { lemma } = listed;
      if (lemma < FIRST_LEMMA_ID) counts.unknownSubstitutes++;
      else if (lemma === own || candidates.has(lemma)) counts.repeated++;
      else {
        const slot = text.units.slot[place]!;
        const isInflected = vocabulary.slotForm(lemma, slot) !== undefined;
        const exchange = { text, place, lemma, slot: isInflected ? slot : listed.slot };
        candidates.set(lemma, { exchange, weight, count: vocabulary.count(lemma), isInflected });
      }
    }
    const list = [...candidates.values()];
    if (new Set(list.map(({ weight }) => weight)).size < 2) {
      counts.withoutOrder++;
      continue;
    }
    uninflected += list.filter(({ isInflected }) => !isInflected).length;
    known.push({
      exchanges: list.map(({ exchange }) => exchange),
      weights: list.map(({ weight }) => weight),
      counts: list.map(({ count }) => count),
    });
  }
  return {
    known,
    counts: {
      targets: tasks.length,
      ...counts,
      scoredTargets: known.length,
      substitutes,
      scoredSubstitutes: known.reduce((sum, { weights }) => sum + weights.length, 0),
      uninflected,
    },
  };
}

/** Whether a unit's surface is the whole target. */
function isUnit(
  { words }: Ladder,
  { target }: SubstituteTask,
  { units }: { units: Exchange['text']['units'] },
  place: number,
): boolean {
  const { lemma, slot, casing } = units;
  return words!.vocabulary.surfaceOf(lemma[place]!, slot[place]!, casing[place]!) === target;
}
