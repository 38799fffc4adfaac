// The concept level's memory of a text that is being written: what was spoken of before its window, and the window's own
// units with the level's states, as feeds of one place that looks back. From: Strata, DESIGN (generation).
import { MASKED } from '@strata/nn';
import { BOS_ID } from '@strata/word';
import { farFeeds } from './far-memory.js';
import type { GeneratedUnits } from './generated-units.js';
import type { Feeds } from './ladder-batch.js';
import type { Ladder } from './run.js';
import { type Spoken, setSpoken, spokenBefore } from './spoken.js';
import { logFrequencies } from './table-feeds.js';

/** One thing that may be meant again: a concept, or a word without a name by its surface. */
export interface Slot {
  readonly concept: number;
  readonly surface: string | undefined;
}

/** The memory of one growing text; the ladder's concept level has one. */
export class SpokenClimb {
  readonly #ladder: Ladder;
  readonly #logFrequency: Float32Array;
  readonly #feeds: Feeds;
  #far: readonly Spoken[] = [];
  #near: Slot[] = [];

  constructor(ladder: Ladder) {
    this.#ladder = ladder;
    const { units } = ladder.config.batch;
    const { conceptOf, size: conceptCount } = ladder.concepts!;
    this.#logFrequency = logFrequencies(ladder.words!.vocabulary, { conceptOf, conceptCount });
    this.#feeds = {
      ...farFeeds('memory.concept', 1, this.#config.concepts),
      'near.states': new Float32Array(units * ladder.config.concept.width),
      'near.concepts': new Int32Array(units),
      'near.mask': new Float32Array(units),
      'near.age': new Float32Array(units),
    };
  }

  get #config() {
    return this.#ladder.config.concept.memory!;
  }

  /** A window begins at a unit: what was before it is remembered as a list, and no state is left. */
  begin(written: GeneratedUnits, start: number): void {
    const text = {
      lemma: (at: number) => written.unit(at).lemma,
      surface: (at: number) => written.surfaceOf(written.unit(at)),
    };
    const known = { conceptOf: this.#ladder.concepts!.conceptOf, logFrequency: this.#logFrequency };
    this.#far = spokenBefore(text, start, this.#config, known);
    this.#near = [];
    const { units } = this.#ladder.config.batch;
    setSpoken(this.#feeds, 0, this.#far, this.#logFrequency, this.#config.concepts, units / 2);
  }

  /** The window's next unit was read, and left the concept level in a state [D]. */
  read(lemma: number, surface: string | undefined, state: Float32Array): void {
    const at = this.#near.length;
    const concept = this.#ladder.concepts!.conceptOf[lemma]!;
    (this.#feeds['near.states'] as Float32Array).set(state, at * state.length);
    this.#feeds['near.concepts']![at] = concept;
    this.#near.push({ concept: lemma === BOS_ID ? -1 : concept, surface });
  }

  /** What the place after the last unit read looks back on. */
  feeds(): Feeds {
    const mask = this.#feeds['near.mask']!;
    const age = this.#feeds['near.age']!;
    for (let j = 0; j < mask.length; j++) {
      mask[j] = j < this.#near.length ? 0 : MASKED;
      age[j] = j < this.#near.length ? Math.log(this.#near.length - j) : 0;
    }
    return this.#feeds;
  }

  /** What each share of the memory's distribution would mean again; concept -1 where there is nothing. */
  slots(): Slot[] {
    const before = Array.from({ length: this.#config.concepts }, (_, k) => this.#far[k] ?? NOTHING);
    const units = (this.#feeds['near.mask'] as Float32Array).length;
    return [...before, ...Array.from({ length: units }, (_, j) => this.#near[j] ?? NOTHING)];
  }
}

const NOTHING: Slot = { concept: -1, surface: undefined };

/** A word without a name that may be said again. */
export interface NameAgain {
  readonly surface: string;
  readonly probability: number;
}

/** What is meant again: each concept's share, and each name's, the likeliest first. */
export interface Remembered {
  readonly concepts: ReadonlyMap<number, number>;
  readonly names: readonly NameAgain[];
}

/** Sums the shares of slots by what they mean. */
export function rememberedOf(slots: readonly Slot[], again: Float32Array): Remembered {
  const concepts = new Map<number, number>();
  const names = new Map<string, number>();
  for (const [k, { concept, surface }] of slots.entries()) {
    if (concept < 0) continue;
    concepts.set(concept, (concepts.get(concept) ?? 0) + again[k]!);
    if (surface !== undefined) names.set(surface, (names.get(surface) ?? 0) + again[k]!);
  }
  const ranked = [...names].map(([surface, probability]) => ({ surface, probability }));
  return { concepts, names: ranked.sort((a, b) => b.probability - a.probability) };
}
