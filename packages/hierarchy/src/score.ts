// Bits per byte with its ledger, for any text: one function turns nats into bits per byte, for ladder and flat alike.
// From: Strata, EVALUATION (bits per byte, the ledger). One pass, no adaptation; half a window of context at least.
import { compile, type Executable } from '@strata/engine';
import { levelsUpTo } from '@strata/level';
import { RandomStream } from '@strata/nn';
import { SPELLED_ID } from '@strata/word';
import type { Config } from './config.js';
import { feedsFor, LadderBatch } from './ladder-batch.js';
import { ladderScopes, type UpperLevel, type WindowShape, windowShape } from './ladder-scopes.js';
import { encodeLadder, type LadderText } from './ladder-text.js';
import { escapedGapNats } from './nats.js';
import { unitNats } from './objective.js';
import { batchTables, conceptTables, type Ladder, weightFeeds } from './run.js';
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
  readonly shuffled?: 'concept' | 'gestalt';
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

  private constructor(
    readonly ladder: Ladder,
    readonly top: UpperLevel,
    readonly shape: WindowShape,
    readonly executable: Executable,
  ) {
    this.#batch = new LadderBatch(batchTables(ladder), shape);
  }

  /** Compiles the scoring graph of a ladder up to `top` (its highest level unless given). */
  static async create(
    ladder: Ladder,
    top = ladder.top as UpperLevel,
    shape = windowShape(ladder.config),
  ): Promise<LadderScorer> {
    const hasConcepts = top !== 'word';
    const nats = unitNats(ladderScopes(), ladder.config, ladder.inventory!, top, shape, {
      ...(hasConcepts && { memberWidth: conceptTables(ladder.concepts!).cap, shuffled: true }),
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
    this.#intervene(intervention, seed);
    await this.windowCosts(text, unitWindows(text, this.shape), each);
  }

  /** The same for windows of one's own choosing; throws RangeError where unknown words of one do not fit the shape. */
  async windowCosts(
    text: LadderText,
    windows: readonly Window[],
    each: (unit: number, cost: UnitCost) => void,
  ): Promise<void> {
    const weights = weightFeeds(...levelsUpTo(this.top).map((level) => this.ladder.values[level]));
    for (let first = 0; first < windows.length; first += this.shape.windows) {
      const group = windows.slice(first, first + this.shape.windows);
      const feeds = this.#batch.fill(text, group);
      const outputs = await this.executable.run(feedsFor(this.executable, feeds, weights));
      this.#collect(text, group, outputs, each);
    }
  }

  #intervene(intervention: Intervention, seed: number): void {
    const { feeds } = this.#batch;
    for (const level of ['concept', 'gestalt'] as const) {
      if (feeds[`gate.${level}`] === undefined) continue;
      feeds[`gate.${level}`][0] = intervention.silent === level ? 0 : 1;
      const order = feeds[`shuffle.${level}`] as Int32Array;
      if (intervention.shuffled === level)
        order.set(new RandomStream(seed, `shuffle ${level}`).permutation(order.length));
      else for (let i = 0; i < order.length; i++) order[i] = i;
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
