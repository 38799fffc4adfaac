// What the network says about substitution: which lemmas the frozen base would put in a lemma's slots (the proposer's
// evidence), and what it costs the trained word level when one lemma stands in another's contexts (a judge's question).
import type { LemmaEntry, SubstitutionChange, SubstitutionEvidence, SubstitutionPair } from '@strata/concept';
import { compile } from '@strata/engine';
import { subwordLogits, subwordStates } from '@strata/subword';
import { gather, input, logSoftmax, reshape } from '@strata/tensor';
import type { WordVocabulary } from '@strata/word';
import { ExchangeScorer } from './exchange.js';
import { ladderScopes } from './ladder-scopes.js';
import type { LadderText } from './ladder-text.js';
import { type Ladder, weightFeeds } from './run.js';
import { engineOptions } from './score.js';

/** Told how much of a long reading is done, 0 to 1, and awaited; what it throws ends the reading. */
export type ShareProgress = (share: number) => void | Promise<void>;

/** Every lemma of a word vocabulary as distillation sees it. */
export function lemmaEntries(vocabulary: WordVocabulary): LemmaEntry[] {
  return Array.from({ length: vocabulary.size }, (_, id) => ({
    id,
    name: vocabulary.lemma(id),
    pos: vocabulary.partOfSpeech(id),
    count: vocabulary.count(id),
  }));
}

/** Where lemmas occur: at most `limit` units each, spread evenly over the text. */
export function occurrences(text: LadderText, lemmas: readonly LemmaEntry[], limit: number): Map<number, number[]> {
  const places = new Map<number, number[]>(lemmas.map((lemma) => [lemma.id, []]));
  const seen = new Map<number, number>();
  // Counted here, as the text may be a sample of what the vocabulary was counted on.
  const counts = new Map<number, number>();
  for (const id of text.units.lemma) if (places.has(id)) counts.set(id, (counts.get(id) ?? 0) + 1);
  const strideOf = (id: number): number => Math.max(1, Math.floor(counts.get(id)! / limit));
  for (let unit = 1; unit < text.units.length; unit++) {
    const id = text.units.lemma[unit];
    const own = places.get(id);
    if (own === undefined || own.length === limit) continue;
    const nth = seen.get(id) ?? 0;
    seen.set(id, nth + 1);
    if (nth % strideOf(id) === 0) own.push(unit);
  }
  return places;
}

/** Pieces of each candidate's form in each slot, or -1 where the slot is not legal or the form is not one piece. */
function formPieces(ladder: Ladder, lemmas: readonly LemmaEntry[]): Int32Array[] {
  const { vocabulary } = ladder.words!;
  return vocabulary.language.slots.map((_, slot) =>
    Int32Array.from(lemmas, (lemma) => {
      const form = vocabulary.slotForm(lemma.id, slot);
      if (form === undefined) return -1;
      const pieces = ladder.tokenizer.encodeUnit(' ', form.form);
      return pieces.length === 1 ? pieces[0] : -1;
    }),
  );
}

/** Lemmas whose forms are tried in slots, the first: a profile over more says little more, and would be quadratic in the vocabulary. */
const CANDIDATES = 2048;
const ROWS = 512;
/** Windows of text read for evidence at most; a larger corpus is sampled evenly. */
const WINDOWS = 1536;

/**
 * Reads the text once through the frozen base and collects, for each lemma, the lift it gives to the first lemmas' forms in
 * this lemma's slots (inflected to the slot that stands there), and its mean states before and at the word.
 */
export async function substitutionEvidence(
  ladder: Ladder,
  text: LadderText,
  lemmas: readonly LemmaEntry[],
  contexts: number,
  onProgress: ShareProgress = () => {},
): Promise<SubstitutionEvidence> {
  const { config } = ladder;
  const { width } = config.subword;
  const { vocabularySize } = config.subword;
  const { windows } = config.batch;
  const pieces = Math.ceil(config.batch.units * config.batch.piecesPerUnit);
  const scopes = ladderScopes();
  const states = reshape(subwordStates(scopes.subword, input('pieces', [windows, pieces], 'int32'), config.subword), [
    windows * pieces,
    width,
  ]);
  const before = gather(states, input('before', [ROWS], 'int32'));
  const after = gather(states, input('after', [ROWS], 'int32'));
  const logProbabilities = logSoftmax(subwordLogits(scopes.subword, before, config.subword));
  const executable = await compile({ before, after, logProbabilities }, engineOptions(config));

  const candidates = lemmas.slice(0, CANDIDATES);
  const columns = formPieces(ladder, candidates);
  const columnCount = candidates.length;
  const unigram = unigramLogProbabilities(text.pieces, vocabularySize);
  const rowOf = new Map(lemmas.map((lemma, row) => [lemma.id, row]));
  const profile = new Float32Array(lemmas.length * columnCount);
  const asked = new Uint16Array(profile.length);
  const sums = { before: new Float32Array(lemmas.length * width), after: new Float32Array(lemmas.length * width) };
  const counts = new Int32Array(lemmas.length);

  const collect = (outputs: Record<string, Float32Array>, group: readonly number[]): void => {
    for (const [r, unit] of group.entries()) {
      const row = rowOf.get(text.units.lemma[unit])!;
      counts[row]++;
      for (const part of ['before', 'after'] as const)
        for (let k = 0; k < width; k++) sums[part][row * width + k] += outputs[part][r * width + k];
      const forms = columns[text.units.slot[unit]];
      for (let c = 0; c < columnCount; c++) {
        const piece = forms[c];
        if (piece < 0 || c === row) continue;
        profile[row * columnCount + c] += outputs.logProbabilities[r * vocabularySize + piece] - unigram[piece];
        asked[row * columnCount + c]++;
      }
    }
  };

  const wanted = [...occurrences(text, lemmas, contexts).values()].flat().sort((a, b) => a - b);
  const feeds = {
    pieces: new Int32Array(windows * pieces),
    before: new Int32Array(ROWS),
    after: new Int32Array(ROWS),
    ...weightFeeds(ladder.values.subword),
  };
  try {
    for (const { group, share } of readingGroups(text, wanted, windows, pieces, feeds)) {
      collect(await executable.run(feeds), group);
      await onProgress(share);
    }
  } finally {
    await executable.dispose();
  }
  for (let i = 0; i < profile.length; i++) if (asked[i] > 0) profile[i] /= asked[i];
  for (let row = 0; row < lemmas.length; row++)
    for (const part of [sums.before, sums.after])
      for (let k = 0; k < width; k++) part[row * width + k] /= Math.max(1, counts[row]);
  return {
    lemmas: [...lemmas],
    profile,
    columnLemma: Int32Array.from(candidates, (lemma) => lemma.id),
    before: sums.before,
    after: sums.after,
  };
}

function unigramLogProbabilities(pieces: Int32Array, vocabularySize: number): Float64Array {
  const counts = new Float64Array(vocabularySize).fill(1);
  for (const piece of pieces) counts[piece]++;
  return counts.map((count) => Math.log(count / (pieces.length + vocabularySize)));
}

/** Fills `feeds` with windows that hold wanted units, group by group; gives the units whose rows were asked for, and the share read with them. */
function* readingGroups(
  text: LadderText,
  wanted: readonly number[],
  windows: number,
  width: number,
  feeds: { pieces: Int32Array; before: Int32Array; after: Int32Array },
): Generator<{ group: number[]; share: number }> {
  const plan = plannedWindows(text, wanted, width);
  for (let first = 0; first < plan.length; first += windows) {
    const group: number[] = [];
    for (const [b, { start, units }] of plan.slice(first, first + windows).entries()) {
      feeds.pieces.fill(0, b * width, (b + 1) * width);
      feeds.pieces.set(text.pieces.subarray(start, start + width), b * width);
      for (const unit of units) {
        if (group.length === ROWS) break;
        feeds.before[group.length] = b * width + text.spans.start(unit) - 1 - start;
        feeds.after[group.length] = b * width + text.spans.end(unit) - 1 - start;
        group.push(unit);
      }
    }
    yield { group, share: Math.min(1, (first + windows) / plan.length) };
  }
}

/** Windows of pieces that cover the wanted units, each with a quarter of a window before its first unit. */
function plannedWindows(
  text: LadderText,
  wanted: readonly number[],
  width: number,
): { start: number; units: number[] }[] {
  const plan: { start: number; units: number[] }[] = [];
  for (const unit of wanted) {
    const current = plan.at(-1);
    if (current !== undefined && text.spans.end(unit) <= current.start + width) current.units.push(unit);
    else plan.push({ start: Math.max(0, text.spans.start(unit) - Math.floor(width / 4)), units: [unit] });
  }
  if (plan.length <= WINDOWS) return plan;
  return Array.from({ length: WINDOWS }, (_, i) => plan[Math.floor((i * plan.length) / WINDOWS)]);
}

/** What is read around a place: short, as thousands of pairs are tried. */
const SNIPPET = { before: 7, after: 3, piecesPerUnit: 8 };

/** The trained word level as a scorer of substitutions: mean change over a few contexts, in the word and what follows it. */
export class SubstitutionScorer {
  readonly #places: Map<number, number[]>;
  readonly #own = new Map<number, number>();

  private constructor(
    readonly ladder: Ladder,
    readonly text: LadderText,
    readonly scorer: ExchangeScorer,
    places: Map<number, number[]>,
  ) {
    this.#places = places;
  }

  /** `contexts` is the number of places tried for each lemma. */
  static async create(
    ladder: Ladder,
    text: LadderText,
    lemmas: readonly LemmaEntry[],
    contexts: number,
  ): Promise<SubstitutionScorer> {
    const scorer = await ExchangeScorer.create(ladder, 'word', SNIPPET);
    const room = ((SNIPPET.before + SNIPPET.after) * SNIPPET.piecesPerUnit) / 2;
    const inside = (unit: number): boolean =>
      unit > SNIPPET.before + 1 && unit + SNIPPET.after < text.units.length && fits(text, unit, room);
    const places = occurrences(text, lemmas, contexts * 2);
    for (const [id, found] of places) places.set(id, found.filter(inside).slice(0, contexts));
    return new SubstitutionScorer(ladder, text, scorer, places);
  }

  /** Changes of log-likelihood in nats, one a pair; NaN where a lemma has no context or the other has no such form. */
  async changes(
    pairs: readonly SubstitutionPair[],
    onProgress: ShareProgress = () => {},
  ): Promise<SubstitutionChange[]> {
    const jobs: { lemma: number; place: number; add: (nats: number) => void }[] = [];
    const totals = pairs.map(() => ({ aInB: { sum: 0, count: 0 }, bInA: { sum: 0, count: 0 } }));
    const own = new Set(pairs.flatMap((pair) => [pair.a.id, pair.b.id]));
    for (const id of own)
      for (const place of this.#places.get(id) ?? [])
        if (!this.#own.has(place)) jobs.push({ lemma: id, place, add: (nats) => this.#own.set(place, nats) });
    // Unknown own costs are a share of this reading that is known to nobody before: the follower is only let in.
    await this.#run(jobs, () => onProgress(0));
    jobs.length = 0;
    for (const [i, { a, b }] of pairs.entries())
      for (const [guest, host, total] of [
        [a.id, b.id, totals[i].aInB],
        [b.id, a.id, totals[i].bInA],
      ] as const)
        for (const place of this.#places.get(host) ?? []) {
          if (this.ladder.words!.vocabulary.slotForm(guest, this.text.units.slot[place]) === undefined) continue;
          const add = (nats: number): void => {
            total.sum += this.#own.get(place)! - nats;
            total.count++;
          };
          jobs.push({ lemma: guest, place, add });
        }
    await this.#run(jobs, onProgress);
    const mean = ({ sum, count }: { sum: number; count: number }): number => (count === 0 ? Number.NaN : sum / count);
    return totals.map(({ aInB, bInA }) => ({ aInB: mean(aInB), bInA: mean(bInA) }));
  }

  async #run(
    jobs: readonly { lemma: number; place: number; add: (nats: number) => void }[],
    onProgress: ShareProgress,
  ): Promise<void> {
    const exchanges = jobs.map(({ lemma, place }) => ({ text: this.text, lemma, place }));
    const nats = await this.scorer.nats(exchanges, onProgress);
    for (const [i, job] of jobs.entries()) job.add(nats[i]);
  }

  dispose(): Promise<void> {
    return this.scorer.dispose();
  }
}

function fits(text: LadderText, unit: number, pieces: number): boolean {
  return text.spans.end(unit + SNIPPET.after) - text.spans.start(unit - SNIPPET.before) <= pieces;
}
