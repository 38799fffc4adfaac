// The climb of a growing text, unit by unit: each unit is read once, and every level keeps what it has seen. When the
// window is full, its later half is read anew as the beginning of a window of its own, as the windows of scoring move on.
import type { StackCache } from '@strata/nn';
import { emptyGrams, letterGrams, SPELLED_ID, setGrams } from '@strata/word';
import type { BoundSession } from './bound-session.js';
import type { CachedSubword } from './cached-subword.js';
import { type Config, windowPieces } from './config.js';
import type { GeneratedUnits } from './generated-units.js';
import type { Feeds } from './ladder-batch.js';
import type { UpperLevel } from './ladder-scopes.js';
import { levelCache } from './ladder-step.js';
import { type Ladder, remembers } from './run.js';
import { SpokenClimb } from './spoken-climb.js';

/** The sessions of a climb's steps. */
export interface ClimbSessions {
  readonly base: CachedSubword;
  readonly unit: BoundSession;
  readonly firstSentence?: BoundSession;
  readonly nextSentence?: BoundSession;
}

/** States of the last unit read, and the pattern of its sentence: what the next unit is predicted from. */
export interface ClimbRows {
  readonly word: Float32Array;
  readonly concept?: Float32Array;
  readonly pattern?: Float32Array;
}

/** An unnamed word that the window has shown: where it stands, how it is written, and the word level's state there. */
export interface UnnamedSeen {
  readonly unit: number;
  readonly surface: string;
  readonly state: Float32Array;
}

/** One text's place on all levels. */
export class CachedClimb {
  readonly #ladder: Ladder;
  readonly #sessions: ClimbSessions;
  readonly #caches: readonly StackCache[];
  readonly #sentences: StackCache | undefined;
  readonly #config: Config;
  /** Units [start, next) of the text stand in the caches. */
  #start = 0;
  #next = 0;
  #baseState = new Float32Array(0);
  #rows: ClimbRows = { word: new Float32Array(0) };
  /** The sum over the units of the sentence that is being read, and how many they are. */
  readonly #sum: Float32Array;
  #count = 0;
  #pattern: Float32Array | undefined;
  #unnamed: UnnamedSeen[] = [];
  /** What the concept level remembers, where it has a memory. */
  readonly spoken: SpokenClimb | undefined;

  constructor(ladder: Ladder, sessions: ClimbSessions) {
    this.#ladder = ladder;
    this.#sessions = sessions;
    this.#config = ladder.config;
    const levels = (['word', 'concept'] as const).filter((level) => ladder.values[level] !== undefined);
    this.#caches = levels.map((level: UpperLevel) => levelCache(ladder.config, level));
    this.#sentences = ladder.values.gestalt === undefined ? undefined : levelCache(ladder.config, 'gestalt');
    this.#sum = new Float32Array(ladder.config.gestalt.width);
    this.spoken = remembers(ladder) ? new SpokenClimb(ladder) : undefined;
  }

  /** The base with all pieces of the units read; whoever reads on from here cuts it back. */
  get base(): CachedSubword {
    return this.#sessions.base;
  }

  /** The first unit of the window that is being read. */
  get start(): number {
    return this.#start;
  }

  /** The base's state after the last unit read. */
  get baseState(): Float32Array {
    return this.#baseState;
  }

  /** The unnamed words of the window, in their order. */
  get unnamed(): readonly UnnamedSeen[] {
    return this.#unnamed;
  }

  /** Reads what has been written since the last call. */
  async read(written: GeneratedUnits): Promise<ClimbRows> {
    while (this.#next < written.length) {
      if (!this.#hasRoom(written)) await this.#moveOn(written);
      await this.#readUnit(written, this.#next);
    }
    return this.#rows;
  }

  /** The pattern of the sentence after the one being read, if that ends here. */
  async nextPattern(): Promise<Float32Array | undefined> {
    if (this.#sentences === undefined || this.#sentences.room === 0) return this.#pattern;
    return (await this.#sentenceAfter()).pattern!.slice();
  }

  #hasRoom(written: GeneratedUnits): boolean {
    const pieces = this.base.cache.length + written.piecesOf(this.#next).length;
    return this.#next - this.#start < this.#config.batch.units && pieces <= this.#pieceRoom;
  }

  /** Pieces of a window: the base's cache has room for those of a word that is being spelled besides. */
  get #pieceRoom(): number {
    return windowPieces(this.#config);
  }

  /** Starts a window with the later half of this one. */
  async #moveOn(written: GeneratedUnits): Promise<void> {
    const end = this.#next;
    let start = end;
    let pieces = 0;
    while (start > this.#start && end - start < this.#config.batch.units / 2) {
      pieces += written.piecesOf(start - 1).length;
      if (pieces > this.#pieceRoom / 2) break;
      start--;
    }
    this.#start = start;
    this.#next = start;
    for (const cache of [this.base.cache, ...this.#caches]) cache.truncate(0);
    this.#sentences?.truncate(0);
    this.#unnamed = [];
    while (this.#next < end) await this.#readUnit(written, this.#next);
  }

  async #readUnit(written: GeneratedUnits, at: number): Promise<void> {
    const unit = written.unit(at);
    if (at === this.#start) {
      this.spoken?.begin(written, at);
      await this.#firstSentence();
    } else if (unit.boundary > 0) await this.#nextSentence();
    this.#baseState = (await this.base.read(written.piecesOf(at))).state.slice();
    const surface = unit.lemma === SPELLED_ID ? written.surfaceOf(unit) : undefined;
    const feeds: Feeds = { ascended: this.#baseState, ...this.#letters(surface) };
    for (const factor of ['boundary', 'lemma', 'slot', 'casing', 'gap'] as const)
      feeds[`unit.${factor}`] = Int32Array.of(unit[factor]);
    const { concepts } = this.#ladder;
    if (concepts !== undefined) feeds['unit.concept'] = Int32Array.of(concepts.conceptOf[unit.lemma]!);
    for (const cache of this.#caches) Object.assign(feeds, cache.feeds(1));
    const outputs = await this.#sessions.unit.run(feeds);
    for (const cache of this.#caches) cache.append(outputs, 1);
    if (outputs.encoded !== undefined) {
      for (const [i, value] of outputs.encoded.entries()) this.#sum[i]! += value;
      this.#count++;
    }
    this.#rows = {
      word: outputs['row.word']!,
      ...(outputs['row.concept'] && { concept: outputs['row.concept'] }),
      ...(this.#pattern && { pattern: this.#pattern }),
    };
    if (surface !== undefined) this.#unnamed.push({ unit: at, surface, state: outputs['row.word']!.slice() });
    this.spoken?.read(unit.lemma, surface, outputs['row.concept']!);
    this.#next = at + 1;
  }

  /** The letters of a unit without a name, or that it has one. */
  #letters(surface: string | undefined): Feeds {
    const { grams, shares } = emptyGrams(1);
    if (surface !== undefined) setGrams({ grams, shares }, 0, letterGrams(surface, this.#config.word.letters.buckets));
    return {
      'unit.letters': Int32Array.of(surface === undefined ? 0 : 1),
      'letters.grams': grams,
      'letters.shares': shares,
    };
  }

  async #firstSentence(): Promise<void> {
    if (this.#sentences === undefined) return;
    const outputs = await this.#sessions.firstSentence!.run(this.#sentences.feeds(1));
    this.#begin(outputs);
  }

  /** A unit has begun another sentence; those beyond the last that is told apart share its pattern. */
  async #nextSentence(): Promise<void> {
    if (this.#sentences === undefined || this.#sentences.room === 0) return;
    this.#begin(await this.#sentenceAfter());
  }

  #begin(outputs: Record<string, Float32Array>): void {
    this.#sentences!.append(outputs, 1);
    this.#pattern = outputs.pattern!.slice();
    this.#sum.fill(0);
    this.#count = 0;
  }

  #sentenceAfter(): Promise<Record<string, Float32Array>> {
    const pooled = this.#sum.map((value) => value / Math.max(1, this.#count));
    return this.#sessions.nextSentence!.run({ pooled, ...this.#sentences!.feeds(1) });
  }
}
