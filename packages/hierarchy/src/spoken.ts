// What a text has spoken of before a window, and which of it each coming unit would mean again, as feeds of the concept
// level's memory. From: Strata, DESIGN (a level above sees further than the one below); Grave et al. 2017.
import type { ConceptMemoryConfig } from '@strata/concept';
import { MASKED } from '@strata/nn';
import { BOS_ID, SPELLED_ID } from '@strata/word';
import { DOCUMENT_START, differentBefore, farFeeds, setFar } from './far-memory.js';
import type { Feeds } from './ladder-batch.js';
import type { WindowShape } from './ladder-scopes.js';

/** A concept that was spoken of: how often, and how many units ago last; words without a name are told apart by their surface. */
export interface Spoken {
  readonly concept: number;
  readonly surface: string | undefined;
  readonly count: number;
  readonly ago: number;
}

/** A text as the memory reads it. */
export interface SpokenText {
  lemma(at: number): number;
  /** The surface of a word without a name. */
  surface(at: number): string;
}

/** What concepts a memory keeps, by their share of the training text. */
export interface SpokenConcepts {
  readonly conceptOf: Int32Array;
  readonly logFrequency: Float32Array;
}

/** Concepts of a larger share of the text are spoken of everywhere, so that having been named says nothing. */
const LARGEST_LOG_SHARE = Math.log(1e-3);

/** The different concepts of the units before unit `from` in its document, those named last first; none where it opens one. */
export function spokenBefore(
  text: SpokenText,
  from: number,
  config: ConceptMemoryConfig,
  { conceptOf, logFrequency }: SpokenConcepts,
): Spoken[] {
  if (text.lemma(from) === BOS_ID) return [];
  const kept = differentBefore(Math.min(config.units, from), config.concepts, (ago) => {
    const lemma = text.lemma(from - ago);
    if (lemma === BOS_ID) return DOCUMENT_START;
    if (lemma === SPELLED_ID) return text.surface(from - ago);
    const concept = conceptOf[lemma]!;
    return logFrequency[concept]! > LARGEST_LOG_SHARE ? undefined : concept;
  });
  return kept.map(({ key, count, ago }) =>
    typeof key === 'string'
      ? { concept: conceptOf[SPELLED_ID]!, surface: key, count, ago }
      : { concept: key, surface: undefined, count, ago },
  );
}

/** Inputs that say what one window remembers, written at its place; places lie `halfWindow` units into it on average. */
export function setSpoken(
  feeds: Feeds,
  place: number,
  spoken: readonly Spoken[],
  logFrequency: Float32Array,
  room: number,
  halfWindow: number,
): void {
  const entries = spoken.map(({ concept, count, ago }) => ({
    id: concept,
    count,
    ago,
    logShare: logFrequency[concept]!,
  }));
  setFar(feeds, 'memory.concept', place, room, entries, halfWindow);
}

/** What each place of a batch's windows could point at. */
interface Slots {
  readonly concept: Int32Array;
  readonly surface: (string | undefined)[];
}

/** What the units to come mean, by row of the batch. */
export interface SpokenRows {
  readonly targetConcept: Int32Array;
  /** Rows of spelled words to come, whether each is there, and each one's surface. */
  readonly spelledRow: Int32Array;
  readonly spelledWeight: Float32Array;
  /** The row whose message is read at each row: its own, unless messages are shuffled. */
  readonly order: Int32Array;
}

/** The memory's feeds for batches of one shape. */
export class SpokenWindows {
  readonly feeds: Feeds;
  readonly #slots: Slots[];
  readonly #width: number;
  readonly #targets: (string | undefined)[];

  constructor(
    readonly config: ConceptMemoryConfig,
    readonly concepts: SpokenConcepts,
    readonly shape: WindowShape,
    /** Words that a window may be asked to spell. */
    readonly spelled: number,
    readonly halfWindow: number,
  ) {
    const { windows, units } = shape;
    this.#width = config.concepts + units;
    this.feeds = {
      ...farFeeds('memory.concept', windows, config.concepts),
      'memory.match': new Float32Array(windows * units * this.#width),
      'memory.same': new Float32Array(windows * spelled * this.#width),
    };
    this.#slots = Array.from({ length: windows }, () => ({
      concept: new Int32Array(this.#width),
      surface: new Array<string | undefined>(this.#width),
    }));
    this.#targets = new Array<string | undefined>(windows * units);
  }

  /** What window number `place`, from unit `start` on, may point at: what was spoken of before, and its own units. */
  fillWindow(text: SpokenText, start: number, length: number, place: number): void {
    const { config, concepts, shape } = this;
    const spoken = length === 0 ? [] : spokenBefore(text, start, config, concepts);
    setSpoken(this.feeds, place, spoken, concepts.logFrequency, config.concepts, this.halfWindow);
    const { concept, surface } = this.#slots[place]!;
    concept.fill(-1);
    surface.fill(undefined);
    for (const [k, one] of spoken.entries()) {
      concept[k] = one.concept;
      surface[k] = one.surface;
    }
    for (let j = 0; j < shape.units; j++) {
      const lemma = j < length ? text.lemma(start + j) : BOS_ID;
      concept[config.concepts + j] = lemma === BOS_ID ? -1 : concepts.conceptOf[lemma]!;
      if (lemma === SPELLED_ID) surface[config.concepts + j] = text.surface(start + j);
      const isUnnamed = j < length && text.lemma(start + j + 1) === SPELLED_ID;
      this.#targets[place * shape.units + j] = isUnnamed ? text.surface(start + j + 1) : undefined;
    }
  }

  /** Which of it each unit to come would mean again, once all windows are filled. */
  match({ targetConcept, spelledRow, spelledWeight, order }: SpokenRows): void {
    const { units } = this.shape;
    const width = this.#width;
    const match = this.feeds['memory.match'] as Float32Array;
    for (let row = 0; row < targetConcept.length; row++) {
      // Of the row's own window, what stands after it is there too; no share is ever given to that.
      const { concept } = this.#slots[Math.floor(order[row]! / units)]!;
      const target = targetConcept[row]!;
      for (let k = 0; k < width; k++) match[row * width + k] = concept[k] === target ? 0 : MASKED;
    }
    const same = this.feeds['memory.same'] as Float32Array;
    same.fill(MASKED);
    for (let slot = 0; slot < spelledRow.length; slot++) {
      if (spelledWeight[slot] === 0) continue;
      const row = spelledRow[slot]!;
      const { surface } = this.#slots[Math.floor(order[row]! / units)]!;
      const target = this.#targets[row];
      for (let k = 0; k < width; k++) if (surface[k] !== undefined && surface[k] === target) same[slot * width + k] = 0;
    }
  }
}
