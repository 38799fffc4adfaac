// Generation from the top: the prompt climbs all levels, the highest chosen level decides first, each level below
// renders, and the frozen base picks among the candidates the one that reads best. A trace keeps every choice.
import type { LevelName } from '@strata/level';
import { RandomStream } from '@strata/nn';
import { BOS_ID, CASING_NAMES, OTHER_GAP_ID, SPELLED_ID } from '@strata/word';
import { BaseReader } from './base-reader.js';
import { CachedClimb } from './cached-climb.js';
import { choose, type SamplingOptions } from './choice.js';
import { GeneratedUnits, type WrittenUnit } from './generated-units.js';
import { type GenerationSessions, generationSessions } from './generation-graph.js';
import type { Feeds } from './ladder-batch.js';
import type { UpperLevel } from './ladder-graph.js';
import type { Ladder } from './run.js';
import { StepTrace, type TraceStep } from './trace.js';

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

/** A unit of which all but its boundary is decided. */
type Unbounded = Omit<WrittenUnit, 'boundary'>;

const BOUNDARY_NAMES = ['goes on', 'new sentence', 'new paragraph'];
const PARAGRAPH = 2;
/** A word is spelled only where the level is as sure as this that none it knows fits. */
const SPELLING_CONFIDENCE = 0.5;
/** Rendering a chosen lemma is less free than choosing it: its temperature is so much lower. */
const RENDERING = 0.5;
const GREEDY: SamplingOptions = { temperature: 0, topP: 1 };
const DEFAULTS = { temperature: 0.7, topP: 0.9, seed: 1, maximumUnits: 80 };

/** A ladder ready to generate; sessions are compiled once. */
export class Generator {
  readonly #base: BaseReader;

  private constructor(
    readonly ladder: Ladder,
    readonly sessions: GenerationSessions,
  ) {
    this.#base = new BaseReader(ladder, sessions);
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
    if (options.skip?.some((level) => level === from || level === 'subword' || level === 'word') === true)
      throw new GenerationError(
        `--skip ${options.skip.join(',')}: only concept or gestalt can be skipped, and not the level of --from`,
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
    const written = GeneratedUnits.ofPrompt(this.ladder, prompt);
    this.sessions.climb.base.reset();
    const climb = new CachedClimb(this.ladder, this.sessions.climb);
    const trace: TraceStep[] = [];
    let endedBy: Generated['endedBy'] = 'length';
    while (trace.length < limit) {
      const step = await this.#unit(
        { written, climb },
        { concept: speaks('concept'), gestalt: speaks('gestalt') },
        sampling,
        random,
      );
      if (step === undefined) {
        endedBy = 'thought';
        break;
      }
      written.append(step.unit);
      trace.push(step.trace);
    }
    return { from, prompt, text: trace.map((step) => step.text).join(''), seed, endedBy, trace };
  }

  /** Decides one unit factor by factor; undefined when the upper level ends the paragraph. */
  async #unit(
    { written, climb }: Place,
    speaks: { concept: boolean; gestalt: boolean },
    sampling: SamplingOptions,
    random: RandomStream,
  ): Promise<{ unit: WrittenUnit; trace: TraceStep } | undefined> {
    const feeds = await this.#climb({ written, climb }, speaks);
    const trace = new StepTrace();
    const top: LevelName = speaks.gestalt ? 'gestalt' : speaks.concept ? 'concept' : 'word';
    const boundaries = (await this.sessions.boundary.run(feeds)).boundary.map(Math.exp);
    const boundary = trace.keep(top, 'boundary', choose(boundaries, sampling, random), (id) => BOUNDARY_NAMES[id]);
    if (boundary === PARAGRAPH && written.length > 1) return undefined;
    feeds['target.boundary'] = Int32Array.of(boundary);
    // A sentence that goes on keeps its pattern; the next one's would be built on a sentence that is not over.
    if (feeds['row.gestaltBefore'] !== undefined)
      feeds['row.gestaltAfter'] = boundary === 0 ? feeds['row.gestaltBefore'] : (await climb.nextPattern())!;
    const outputs = await this.sessions.lemma.run(feeds);
    if (speaks.gestalt && (boundary > 0 || written.length === 1)) this.#notePattern(feeds, outputs.bag, trace);
    const lemmas = outputs.lemma.map(Math.exp);
    lemmas[BOS_ID] = 0;
    if (lemmas[SPELLED_ID] < SPELLING_CONFIDENCE) lemmas[SPELLED_ID] = 0;
    const decided = speaks.concept
      ? await this.#fromConcept(climb, feeds, lemmas, sampling, random, trace)
      : await this.#fromLemma(feeds, lemmas, sampling, random, trace);
    const unit = decided ?? (await this.#spell({ written, climb }, feeds, outputs.context, sampling, random, trace));
    return {
      unit: { boundary, ...unit },
      trace: { text: written.textOf({ boundary, ...unit }), boundary, choices: trace.choices },
    };
  }

  /** The word level alone: a lemma, then its inflection; undefined where it is to be spelled. */
  async #fromLemma(
    feeds: Feeds,
    lemmas: Float32Array,
    sampling: SamplingOptions,
    random: RandomStream,
    trace: StepTrace,
  ): Promise<Unbounded | undefined> {
    const { vocabulary } = this.ladder.words!;
    const lemma = trace.keep('word', 'lemma', choose(lemmas, sampling, random), (id) => vocabulary.lemma(id));
    return lemma === SPELLED_ID ? undefined : this.#inflect(feeds, lemma, sampling, random, trace);
  }

  /**
   * A concept first; its members are the candidates. The word level inflects each, and where there are several the
   * base picks the one that reads best here, weighed by p(lemma | concept). Undefined where the word is to be spelled.
   */
  async #fromConcept(
    climb: CachedClimb,
    feeds: Feeds,
    lemmas: Float32Array,
    sampling: SamplingOptions,
    random: RandomStream,
    trace: StepTrace,
  ): Promise<Unbounded | undefined> {
    const concepts = this.ladder.concepts!;
    const { vocabulary } = this.ladder.words!;
    const probabilities = new Float64Array(concepts.size);
    for (let lemma = 0; lemma < lemmas.length; lemma++) probabilities[concepts.conceptOf[lemma]] += lemmas[lemma];
    const chosen = choose(probabilities, sampling, random);
    const concept = trace.keep('concept', 'concept', chosen, (id) => concepts.nameOf(id));
    const members = [...concepts.members[concept]];
    if (members.length === 1)
      return members[0] === SPELLED_ID ? undefined : this.#inflect(feeds, members[0], sampling, random, trace);
    const given = members.map((lemma) => lemmas[lemma] / probabilities[concept]);
    trace.keep('word', 'candidates', choose(given, GREEDY, random), (id) => vocabulary.lemma(members[id]));
    const units: Unbounded[] = [];
    for (const lemma of members) units.push(await this.#inflect(feeds, lemma, GREEDY, random, new StepTrace()));
    const forms = units.map(({ lemma, slot, casing, gap }) => ({
      gap: vocabulary.gap(gap),
      surface: vocabulary.surfaceOf(lemma, slot, casing),
    }));
    const reads = await this.#base.rank(climb, forms);
    const joint = given.map((probability, i) => probability * reads[i]);
    const total = joint.reduce((sum, value) => sum + value, 0);
    const shares = joint.map((value) => (total > 0 ? value / total : 1 / joint.length));
    return units[trace.keep('subword', 'pick', choose(shares, GREEDY, random), (id) => forms[id].surface)];
  }

  /** Fixes the features, casing and gap of a lemma, each given the ones before. */
  async #inflect(
    feeds: Feeds,
    lemma: number,
    sampling: SamplingOptions,
    random: RandomStream,
    trace: StepTrace,
  ): Promise<Unbounded> {
    const { vocabulary } = this.ladder.words!;
    const own: Feeds = { ...feeds, 'target.lemma': Int32Array.of(lemma) };
    const rendering = { ...sampling, temperature: sampling.temperature * RENDERING };
    const probabilities = async (factor: 'slot' | 'casing'): Promise<Float32Array> =>
      (await this.sessions.form.run(own))[factor].map(Math.exp);
    const legal = (mask: number) => (id: number) => (mask & (1 << id)) !== 0;
    const slots = choose(await probabilities('slot'), rendering, random, legal(vocabulary.slotMask(lemma)));
    const slot = trace.keep('word', 'features', slots, (id) => vocabulary.slotName(id));
    own['target.slot'] = Int32Array.of(slot);
    const casings = choose(await probabilities('casing'), rendering, random, legal(vocabulary.casingMask(lemma, slot)));
    const casing = trace.keep('word', 'casing', casings, (id) => CASING_NAMES[id]);
    own['target.casing'] = Int32Array.of(casing);
    return { lemma, slot, casing, gap: await this.#gap(own, sampling, random, trace) };
  }

  /** An unknown word: one that was read before, or one that the base spells with the word level's message. */
  async #spell(
    { written, climb }: Place,
    feeds: Feeds,
    context: Float32Array,
    sampling: SamplingOptions,
    random: RandomStream,
    trace: StepTrace,
  ): Promise<Unbounded> {
    const words = this.ladder.words!;
    const seen = await this.#base.point(climb, context, written.length, sampling, random, trace);
    if (seen !== undefined) {
      const { casing, spelling, lemma, slot } = words.encodeSurface(seen);
      const own = {
        ...feeds,
        'target.lemma': Int32Array.of(lemma),
        'target.slot': Int32Array.of(slot),
        'target.casing': Int32Array.of(casing),
      };
      const gap = await this.#gap(own, sampling, random, trace);
      return { lemma, slot, casing, gap, ...(spelling !== undefined && { spelling }) };
    }
    const text = await this.#base.spell(climb, context, sampling, random, trace);
    const surface = text.trimStart();
    const gapText = text.slice(0, text.length - surface.length);
    const gap = words.vocabulary.gapIdOf(gapText);
    const { casing, spelling, lemma, slot } = words.encodeSurface(surface);
    const escaped = gap === OTHER_GAP_ID ? { escapedGap: gapText } : {};
    return { lemma, slot, casing, gap, ...escaped, ...(spelling !== undefined && { spelling }) };
  }

  /** The gap before a unit whose other factors are in `feeds`. */
  async #gap(feeds: Feeds, sampling: SamplingOptions, random: RandomStream, trace: StepTrace): Promise<number> {
    const gaps = (await this.sessions.form.run(feeds)).gap.map(Math.exp);
    const rendering = { ...sampling, temperature: sampling.temperature * RENDERING };
    const chosen = choose(gaps, rendering, random, (id) => id !== OTHER_GAP_ID);
    return trace.keep('word', 'gap', chosen, (id) => JSON.stringify(this.ladder.words!.vocabulary.gap(id)));
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
  async #climb({ written, climb }: Place, speaks: { concept: boolean; gestalt: boolean }): Promise<Feeds> {
    const rows = await climb.read(written);
    const feeds: Feeds = { 'row.word': rows.word };
    if (rows.concept !== undefined) feeds['row.concept'] = rows.concept;
    if (rows.pattern !== undefined) feeds['row.gestaltBefore'] = rows.pattern;
    for (const factor of ['boundary', 'lemma', 'slot', 'casing', 'gap']) feeds[`target.${factor}`] = Int32Array.of(0);
    feeds['gate.concept'] = Float32Array.of(speaks.concept || speaks.gestalt ? 1 : 0);
    feeds['gate.gestalt'] = Float32Array.of(speaks.gestalt ? 1 : 0);
    return feeds;
  }
}

/** The levels that a ladder can generate from, the highest first. */
export function generatingLevels(ladder: Ladder): LevelName[] {
  const levels: UpperLevel[] = ['gestalt', 'concept', 'word'];
  return [...levels.filter((level) => ladder.values[level] !== undefined), 'subword'];
}
