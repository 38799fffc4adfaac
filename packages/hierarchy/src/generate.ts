// Generation from the top: the prompt climbs all levels, the highest chosen level decides first, each level below
// renders, and the frozen base picks among the candidates the one that reads best. A trace keeps every choice.
import type { LevelName } from '@strata/level';
import { RandomStream } from '@strata/nn';
import { byteLength, segmentUnits } from '@strata/text';
import { BOS_ID, OTHER_GAP_ID, SPELLED_ID } from '@strata/word';
import { BaseReader } from './base-reader.js';
import { CachedClimb } from './cached-climb.js';
import { choose, type SamplingOptions } from './choice.js';
import { GeneratedUnits, type WrittenUnit } from './generated-units.js';
import { type GenerationSessions, generationSessions } from './generation-graph.js';
import type { Feeds } from './ladder-batch.js';
import type { UpperLevel } from './ladder-scopes.js';
import type { Ladder } from './run.js';
import { rememberedOf } from './spoken-climb.js';
import { StepTrace, type TraceStep } from './trace.js';
import { type WordPlace, WordWriter } from './word-writer.js';

/** A finished generation. */
export interface Generated {
  readonly from: LevelName;
  readonly prompt: string;
  readonly text: string;
  readonly seed: number;
  /** `thought`: the level that generation starts from ended the paragraph; `length`: the limit was reached. */
  readonly endedBy: 'thought' | 'length';
  readonly trace: readonly TraceStep[];
}

/** What to generate. */
export interface GenerateOptions extends Partial<SamplingOptions> {
  readonly prompt: string;
  readonly from: LevelName;
  /** Levels that stay silent although they lie below `from`. */
  readonly skip?: readonly LevelName[];
  readonly seed?: number;
  /** Units (from subword: pieces) written at most. */
  readonly maximumUnits?: number;
  /** From the word level up: no further unit is begun once the continuation has so many bytes. */
  readonly maximumBytes?: number;
  /** From the word level up: goes on where a paragraph ends. */
  readonly paragraphs?: boolean;
  /**
   * From the concept level up: concepts that a person puts in the place of the drawn ones, by the number of the unit
   * written, from 0. Units before the first are those of the same seed without it; from there on all is rendered again.
   */
  readonly puts?: ReadonlyMap<number, number>;
}

/** A request that this ladder cannot fulfil. */
export class GenerationError extends Error {
  override name = 'GenerationError';
}

/** A text that grows, and how far the levels have read it. */
interface Place {
  readonly written: GeneratedUnits;
  readonly climb: CachedClimb;
}

/** What holds for one unit alone. */
interface UnitOptions {
  readonly paragraphs: boolean;
  readonly given: GivenGap | undefined;
  readonly put: number | undefined;
}

/** Which levels have a say besides the word level. */
interface Speaking {
  readonly concept: boolean;
  readonly gestalt: boolean;
  /** Whether the base picks among words. */
  readonly subword: boolean;
}

const BOUNDARY_NAMES = ['goes on', 'new sentence', 'new paragraph'];
const PARAGRAPH = 2;
/** A word is spelled only where the level is as sure as this that none it knows fits. */
const SPELLING_CONFIDENCE = 0.5;
const DEFAULTS = { temperature: 0.7, topP: 0.9, seed: 1, maximumUnits: 80 };

/** A ladder ready to generate; sessions are compiled once. */
export class Generator {
  readonly #base: BaseReader;
  readonly #words: WordWriter;

  private constructor(
    readonly ladder: Ladder,
    readonly sessions: GenerationSessions,
  ) {
    this.#base = new BaseReader(ladder, sessions);
    this.#words = new WordWriter(ladder, sessions, this.#base);
  }

  /** Compiles the sessions of a ladder that reaches the word level at least. */
  static async create(ladder: Ladder): Promise<Generator> {
    if (ladder.top === 'subword')
      throw new GenerationError('this run has a base but no word level yet; run: strata train word');
    return new Generator(ladder, await generationSessions(ladder));
  }

  dispose(): Promise<void> {
    return this.sessions.dispose();
  }

  /** Continues a prompt; throws GenerationError where the run has no such level or the prompt is empty. */
  async generate(options: GenerateOptions): Promise<Generated> {
    const { prompt, from } = options;
    if (prompt.length === 0)
      throw new GenerationError('the prompt is empty; give at least one character with --prompt "..."');
    if (from !== 'subword' && this.ladder.values[from] === undefined)
      throw new GenerationError(
        `this run has no ${from} level yet; run: strata train ${from}, or use --from ${this.ladder.top}`,
      );
    if (options.skip?.some((level) => level === from || level === 'word') === true)
      throw new GenerationError(
        `--skip ${options.skip.join(',')}: only subword, concept or gestalt can be skipped, and not the level of --from`,
      );
    const sampling = { temperature: options.temperature ?? DEFAULTS.temperature, topP: options.topP ?? DEFAULTS.topP };
    const seed = options.seed ?? DEFAULTS.seed;
    const random = new RandomStream(seed, `generate from ${from}`);
    const limit = options.maximumUnits ?? DEFAULTS.maximumUnits;
    if (from === 'subword') {
      const { text, steps, ended } = await this.#base.write(prompt, limit, sampling, random);
      return { from, prompt, text, seed, endedBy: ended ? 'thought' : 'length', trace: steps };
    }
    const speaks = (level: 'concept' | 'gestalt'): boolean =>
      this.ladder.values[level] !== undefined &&
      (from === 'gestalt' || from === level) &&
      options.skip?.includes(level) !== true;
    const puts = this.#checkedPuts(options.puts, speaks('concept'));
    const { body, gap } = heldGap(prompt);
    const written = GeneratedUnits.ofPrompt(this.ladder, body);
    this.sessions.climb.base.reset();
    const climb = new CachedClimb(this.ladder, this.sessions.climb);
    const trace: TraceStep[] = [];
    let endedBy: Generated['endedBy'] = 'length';
    let left = options.maximumBytes ?? Number.POSITIVE_INFINITY;
    while (trace.length < limit && left > 0) {
      const given = trace.length === 0 ? gap : undefined;
      const step = await this.#unit(
        { written, climb },
        {
          concept: speaks('concept'),
          gestalt: speaks('gestalt'),
          subword: options.skip?.includes('subword') !== true,
        },
        sampling,
        random,
        { paragraphs: options.paragraphs === true, given, put: puts.get(trace.length) },
      );
      if (step === undefined) {
        endedBy = 'thought';
        break;
      }
      written.append(step.unit);
      trace.push(step.trace);
      left -= byteLength(step.trace.text);
    }
    const unreached = [...puts.keys()].find((unit) => unit >= trace.length);
    if (unreached !== undefined)
      throw new GenerationError(
        `a concept is put at unit ${unreached}, but the text ends after ${trace.length}; put it at an earlier unit, or allow more units`,
      );
    return { from, prompt, text: trace.map((step) => step.text).join(''), seed, endedBy, trace };
  }

  /** Concepts to be put, once they are known to be there; throws GenerationError. */
  #checkedPuts(puts: GenerateOptions['puts'], conceptsChoose: boolean): ReadonlyMap<number, number> {
    if (puts === undefined || puts.size === 0) return new Map();
    if (!conceptsChoose)
      throw new GenerationError('no concept is chosen here, so none can be put; generate from concept or gestalt');
    const { concepts } = this.ladder;
    const start = concepts!.conceptOf[BOS_ID];
    for (const [unit, concept] of puts)
      if (concepts!.concepts[concept] === undefined || concept === start)
        throw new GenerationError(
          `concept ${concept} is put at unit ${unit}; this run has concepts 0 to ${concepts!.size - 1}, and ${start} only opens a text`,
        );
    return puts;
  }

  /** Decides one unit factor by factor; undefined when the upper level ends the paragraph. */
  async #unit(
    { written, climb }: Place,
    speaks: Speaking,
    sampling: SamplingOptions,
    random: RandomStream,
    { paragraphs, given, put }: UnitOptions,
  ): Promise<{ unit: WrittenUnit; trace: TraceStep } | undefined> {
    const feeds = await this.#climb({ written, climb }, speaks);
    const trace = new StepTrace();
    const top: LevelName = speaks.gestalt ? 'gestalt' : speaks.concept ? 'concept' : 'word';
    const boundaries = (await this.sessions.boundary.run(feeds)).boundary.map(Math.exp);
    const drawn = choose(
      boundaries,
      sampling,
      random,
      (id) => given === undefined || (id === PARAGRAPH) === given.blank,
    );
    const boundary = trace.keep(top, 'boundary', drawn, (id) => BOUNDARY_NAMES[id]);
    if (boundary === PARAGRAPH && written.length > 1 && !paragraphs && given === undefined) return undefined;
    feeds['target.boundary'] = Int32Array.of(boundary);
    // A sentence that goes on keeps its pattern; the next one's would be built on a sentence that is not over.
    if (feeds['row.gestaltBefore'] !== undefined)
      feeds['row.gestaltAfter'] = boundary === 0 ? feeds['row.gestaltBefore'] : (await climb.nextPattern())!;
    const outputs = await this.sessions.lemma.run(feeds);
    if (speaks.gestalt && (boundary > 0 || written.length === 1)) this.#notePattern(feeds, outputs.bag, trace);
    const lemmas = outputs.lemma.map(Math.exp);
    lemmas[BOS_ID] = 0;
    const remembers = climb.spoken !== undefined && (speaks.concept || speaks.gestalt);
    const again = remembers ? rememberedOf(climb.spoken.slots(), outputs.again!) : undefined;
    const namesAgain = again?.names.reduce((sum, { probability }) => sum + probability, 0) ?? 0;
    // Where a person asks for a word without a name, it may be a new one whatever the confidence.
    const isAskedFor = put !== undefined && put === this.ladder.concepts?.conceptOf[SPELLED_ID];
    // A name that was said before is no new spelling, so no such confidence is asked of it.
    const newOnes = isAskedFor || lemmas[SPELLED_ID] >= SPELLING_CONFIDENCE;
    const unnamed = newOnes ? lemmas[SPELLED_ID] : Math.min(lemmas[SPELLED_ID], namesAgain);
    lemmas[SPELLED_ID] = unnamed;
    const { context } = outputs;
    const basePicks = speaks.subword;
    const place: WordPlace = {
      written,
      climb,
      feeds,
      context,
      sampling,
      random,
      trace,
      basePicks,
      put,
      again,
      unnamed,
    };
    const decided = speaks.concept
      ? await this.#words.fromConcept(place, lemmas)
      : await this.#words.fromLemma(place, lemmas);
    const unit = { boundary, ...(decided ?? (await this.#words.unknown(place))) };
    if (given === undefined) return { unit, trace: { text: written.textOf(unit), boundary, choices: trace.choices } };
    const bound = this.#withGap(unit, given.gap);
    const choices = trace.choices.filter(({ factor }) => factor !== 'gap');
    return { unit: bound, trace: { text: written.textOf(bound).slice(given.gap.length), boundary, choices } };
  }

  /** A unit after the gap that the prompt has written already. */
  #withGap({ escapedGap: _, ...unit }: WrittenUnit, gap: string): WrittenUnit {
    const id = this.ladder.words!.vocabulary.gapIdOf(gap);
    return { ...unit, gap: id, ...(id === OTHER_GAP_ID && { escapedGap: gap }) };
  }

  /** Names the pattern of the sentence that begins, and the concepts it expects. */
  #notePattern(feeds: Feeds, bag: Float32Array, trace: StepTrace): void {
    const concepts = this.ladder.concepts!;
    const { code } = this.ladder.codebook!.nearest(feeds['row.gestaltAfter'] as Float32Array, 0);
    const expected = [...bag.keys()].sort((a, b) => bag[b] - bag[a]).slice(0, 6);
    const runnersUp = expected.map((id) => ({
      name: `expects ${concepts.nameOf(id)}`,
      probability: Math.exp(bag[id]),
    }));
    trace.note('gestalt', 'pattern', this.ladder.codebook!.nameOf(code), 1, runnersUp);
  }

  /** The text so far, climbed: feeds for the descent of the next unit. */
  async #climb({ written, climb }: Place, speaks: Speaking): Promise<Feeds> {
    const rows = await climb.read(written);
    const feeds: Feeds = { 'row.word': rows.word, ...climb.spoken?.feeds() };
    if (rows.concept !== undefined) feeds['row.concept'] = rows.concept;
    if (rows.pattern !== undefined) feeds['row.gestaltBefore'] = rows.pattern;
    for (const factor of ['boundary', 'lemma', 'slot', 'casing', 'gap']) feeds[`target.${factor}`] = Int32Array.of(0);
    feeds['gate.concept'] = Float32Array.of(speaks.concept || speaks.gestalt ? 1 : 0);
    feeds['gate.gestalt'] = Float32Array.of(speaks.gestalt ? 1 : 0);
    return feeds;
  }
}

/** A gap that stands in the prompt before the first unit to be written; `blank` where it holds a blank line. */
interface GivenGap {
  readonly gap: string;
  readonly blank: boolean;
}

/** A prompt without the white space at its end: that belongs to the unit to come, and is no unit of its own. */
function heldGap(prompt: string): { body: string; gap: GivenGap | undefined } {
  const [before, last] = segmentUnits(prompt).slice(-2);
  const gap = last === undefined ? '' : prompt.slice(last.start);
  if (gap.trim() !== '' || gap === '' || prompt.slice(before!.start, before!.end).trim() === '')
    return { body: prompt, gap: undefined };
  const blank = segmentUnits(`${prompt}x`).at(-1)!.boundary === PARAGRAPH;
  return { body: prompt.slice(0, -gap.length), gap: { gap, blank } };
}

/** The levels that a ladder can generate from, the highest first. */
export function generatingLevels(ladder: Ladder): LevelName[] {
  const levels: UpperLevel[] = ['gestalt', 'concept', 'word'];
  return [...levels.filter((level) => ladder.values[level] !== undefined), 'subword'];
}
