// Bits per byte with its ledger, for any text: one function turns nats into bits per byte, for ladder and flat alike.
// From: Strata, EVALUATION (bits per byte, the ledger). One pass, no adaptation; half a window of context at least.
import { compile, type Executable } from '@strata/engine';
import { levelsUpTo } from '@strata/level';
import { RandomStream } from '@strata/nn';
import { SPELLED_ID } from '@strata/word';
import type { Config } from './config.js';
import { feedsFor, LadderBatch } from './ladder-batch.js';
import { ladderScopes, type UpperLevel, type WindowShape, windowShape } from './ladder-scopes.js';
import { encodeLadder, joinLadderTexts, type LadderText } from './ladder-text.js';
import { escapedGapNats } from './nats.js';
import { unitNats } from './objective.js';
import { batchTables, type Ladder, weightFeeds } from './run.js';
import { unitWindows, type Window } from './windows.js';

/** Bits per byte of a text: the total, its parts that add up to it, and what it was measured on. */
export interface Ledger {
  readonly total: number;
  readonly parts: Readonly<Record<string, number>>;
  readonly bytes: number;
  readonly window: { readonly unit: string; readonly length: number; readonly stride: number };
}

/** The one place where nats become bits per byte: sum of nats / (ln 2 * UTF-8 bytes of the original text). */
export function ledgerOf(nats: Readonly<Record<string, number>>, bytes: number, window: Ledger['window']): Ledger {
  const parts: Record<string, number> = {};
  let total = 0;
  for (const [name, value] of Object.entries(nats)) {
    parts[name] = value / Math.LN2 / bytes;
    total += parts[name];
  }
  return { total, parts, bytes, window };
}

/** What to silence or shuffle while scoring, to see whether a channel carries anything. */
export interface Intervention {
  readonly silent?: 'concept' | 'gestalt';
  /**
   * Messages of this level are those for places of another text, drawn at random: from later places of the same text they
   * would tell what comes, and from earlier ones what the text speaks of.
   */
  readonly shuffled?: 'concept' | 'gestalt';
  /** The other text. */
  readonly from?: LadderText;
}

/** Told how many bytes are scored so far. */
export type ScoreProgress = (bytes: number) => void;

/** Nats of one target unit, part by part. */
export interface UnitCost {
  readonly boundary: number;
  readonly concept: number;
  readonly lemma: number;
  readonly features: number;
  readonly spelling: number;
  readonly casing: number;
  readonly gap: number;
}

/** A ladder ready to score texts. */
export class LadderScorer {
  readonly #batch: LadderBatch;
  readonly #weights: Readonly<Record<string, Float32Array>>;

  private constructor(
    readonly ladder: Ladder,
    readonly top: UpperLevel,
    readonly shape: WindowShape,
    readonly executable: Executable,
  ) {
    this.#batch = new LadderBatch(batchTables(ladder), shape);
    this.#weights = weightFeeds(...levelsUpTo(top).map((level) => ladder.values[level]));
  }

  /** Compiles the scoring graph of a ladder up to `top` (its highest level unless given). */
  static async create(
    ladder: Ladder,
    top = ladder.top as UpperLevel,
    shape = windowShape(ladder.config),
  ): Promise<LadderScorer> {
    const hasConcepts = top !== 'word';
    const nats = unitNats(ladderScopes(), ladder.config, ladder.inventory!, top, shape, {
      ...(hasConcepts && { ledger: true, shuffled: true }),
    });
    const executable = await compile({ ...nats }, engineOptions(ladder.config));
    return new LadderScorer(ladder, top, shape, executable);
  }

  /** Calls `each` with every unit's cost, window by window. */
  async costs(
    text: LadderText,
    each: (unit: number, cost: UnitCost) => void,
    intervention: Intervention = {},
    seed = 0,
  ): Promise<void> {
    const { shuffled, from } = intervention;
    this.#silence(intervention);
    const windows = unitWindows(text, this.shape);
    if (shuffled === undefined) return await this.windowCosts(text, windows, each);
    if (from === undefined || from.units.length < 2 || this.shape.windows < 2)
      throw new RangeError(
        'messages are shuffled with those of another text, which has units and stands beside it in a batch of two windows or more',
      );
    const both = joinLadderTexts([text, from]);
    const others = unitWindows(from, this.shape).map((window) => ({
      ...window,
      start: window.start + text.units.length,
    }));
    const own = Math.ceil(this.shape.windows / 2);
    const random = new RandomStream(seed, `shuffle ${shuffled}`);
    for (let first = 0; first < windows.length; first += own) {
      const group = windows.slice(first, first + own);
      const foreign = Array.from({ length: this.shape.windows - own }, () => others[random.below(others.length)]!);
      this.#shuffle(shuffled, group, foreign, random);
      await this.#run(both, [...group, ...foreign], group, each);
    }
    this.#shuffle(shuffled, [], [], random);
  }

  /** The same for windows of one's own choosing; throws RangeError where unknown words of one do not fit the shape. */
  async windowCosts(
    text: LadderText,
    windows: readonly Window[],
    each: (unit: number, cost: UnitCost) => void,
  ): Promise<void> {
    for (let first = 0; first < windows.length; first += this.shape.windows) {
      const group = windows.slice(first, first + this.shape.windows);
      await this.#run(text, group, group, each);
    }
  }

  /** Reads a batch of windows and tells what the units of the first of them, `counted`, cost. */
  async #run(
    text: LadderText,
    windows: readonly Window[],
    counted: readonly Window[],
    each: (unit: number, cost: UnitCost) => void,
  ): Promise<void> {
    const feeds = feedsFor(this.executable, this.#batch.fill(text, windows), this.#weights);
    const outputs = await this.executable.run(feeds);
    this.#collect(text, counted, outputs, each);
  }

  #silence({ silent }: Intervention): void {
    const { feeds } = this.#batch;
    for (const level of ['concept', 'gestalt'] as const)
      if (feeds[`gate.${level}`] !== undefined) feeds[`gate.${level}`]![0] = silent === level ? 0 : 1;
  }

  /** Gives each place of the first windows the message of some place of the others. */
  #shuffle(
    level: 'concept' | 'gestalt',
    group: readonly Window[],
    foreign: readonly Window[],
    random: RandomStream,
  ): void {
    const order = this.#batch.feeds[`shuffle.${level}`] as Int32Array;
    const { units } = this.shape;
    for (let row = 0; row < order.length; row++) {
      const isOwn = row < group.length * units;
      const place = isOwn ? random.below(foreign.length) : 0;
      order[row] = isOwn ? (group.length + place) * units + random.below(foreign[place]!.length) : row;
    }
  }

  #collect(
    text: LadderText,
    group: readonly Window[],
    outputs: Record<string, Float32Array>,
    each: (unit: number, cost: UnitCost) => void,
  ): void {
    const slots = this.#spelledSlots();
    for (const [b, window] of group.entries()) {
      for (let j = window.scoreFrom; j < window.length; j++) {
        const row = b * this.shape.units + j;
        const unit = window.start + j + 1;
        const concept = outputs.concept?.[row] ?? 0;
        const isSpelled = text.units.lemma[unit] === SPELLED_ID;
        const slot = slots.get(row);
        if (isSpelled && slot === undefined)
          throw new RangeError(
            `the window at unit ${window.start} has no room to spell unit ${unit}; score it in shorter ones`,
          );
        each(unit, {
          boundary: outputs.boundary[row],
          concept,
          lemma: outputs.lemma[row] - concept,
          features: outputs.features[row],
          spelling: isSpelled ? outputs.spelling[slot!] : 0,
          casing: outputs.casing[row],
          gap: outputs.gap[row] + (isSpelled ? 0 : this.#escapedGap(text, unit)),
        });
      }
    }
  }

  /** By row, where the nats of its spelled word stand, as the batch recorded it. */
  #spelledSlots(): Map<number, number> {
    const { 'pointer.query': rows, 'pointer.weights': used } = this.#batch.feeds;
    const slots = new Map<number, number>();
    for (const [slot, row] of rows.entries()) if (used[slot] > 0) slots.set(row, slot);
    return slots;
  }

  #escapedGap(text: LadderText, unit: number): number {
    const gap = text.units.escapedGaps.get(unit);
    return gap === undefined ? 0 : escapedGapNats(gap);
  }

  /** Bits per byte of texts, each scored on its own from its first byte. */
  async score(
    texts: readonly string[],
    intervention: Intervention = {},
    onProgress: ScoreProgress = () => {},
  ): Promise<Ledger> {
    const nats: Record<string, number> = {
      boundary: 0,
      concept: 0,
      lemma: 0,
      features: 0,
      spelling: 0,
      casing: 0,
      gap: 0,
    };
    let bytes = 0;
    for (const text of texts) {
      const encoded = encodeLadder([text], this.ladder.words!, this.ladder.tokenizer);
      await this.costs(
        encoded,
        (unit, cost) => {
          for (const [part, value] of Object.entries(cost)) nats[part] += value;
          bytes += encoded.units.byteLengths[unit];
          onProgress(bytes);
        },
        intervention,
      );
    }
    if (this.top === 'word') delete nats.concept;
    return ledgerOf(nats, bytes, { unit: 'word', length: this.shape.units, stride: this.shape.units / 2 });
  }

  dispose(): Promise<void> {
    return this.executable.dispose();
  }
}

/** Engine settings of a configuration. */
export function engineOptions(config: Config): Pick<Config, 'engine' | 'threads' | 'device'> {
  return { engine: config.engine, threads: config.threads, device: config.device };
}
