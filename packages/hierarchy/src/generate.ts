// Generation from the top: the prompt climbs all levels, the highest chosen level decides first, each level below
// renders, and the frozen base picks among the candidates the one that reads best. A trace keeps every choice.
import type { LevelName } from '@strata/level';
import { RandomStream } from '@strata/nn';
import { BOS_PIECE } from '@strata/subword';
import { segmentUnits, textFromBytes } from '@strata/text';
import { BOS_ID, CASING_NAMES, OTHER_GAP_ID, SLOT_NAMES, SPELLED_ID } from '@strata/word';
import { type Choice, choose, type SamplingOptions } from './choice.js';
import { MAXIMUM_UNIT_PIECES } from './config.js';
import { GeneratedUnits, type WrittenUnit } from './generated-units.js';
import {
  type GenerationSessions,
  generationSessions,
  RANKED_PIECES,
  RANKING,
  spellingPieces,
} from './generation-graph.js';
import { type Feeds, LadderBatch } from './ladder-batch.js';
import { type UpperLevel, windowShape } from './ladder-graph.js';
import { conceptTables, type Ladder } from './run.js';

/** One choice at one level, as the trace shows it. */
export interface TraceChoice {
  readonly level: LevelName;
  /** What was decided: boundary, pattern, concept, lemma, features, casing, gap, spelling or piece. */
  readonly factor: string;
  readonly chosen: string;
  readonly probability: number;
  readonly bits: number;
  readonly runnersUp: readonly { readonly name: string; readonly probability: number }[];
}

/** One unit of generated text with all that was chosen for it. */
export interface TraceStep {
  readonly text: string;
  readonly boundary: number;
  readonly choices: readonly TraceChoice[];
}

/** A finished generation. */
export interface Generated {
  readonly from: LevelName;
  readonly prompt: string;
  readonly text: string;
  readonly seed: number;
  /** `thought`: an upper level ended the paragraph; `length`: the limit was reached. */
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

/** Writes a choice into the trace and gives its id back. */
type KeepChoice = (level: LevelName, factor: string, choice: Choice, nameOf: (id: number) => string) => number;

const BOUNDARY_NAMES = ['goes on', 'new sentence', 'new paragraph'];
const PARAGRAPH = 2;
const DEFAULTS = { temperature: 0.7, topP: 0.9, seed: 1, maximumUnits: 80 };

/** A ladder ready to generate; sessions are compiled once. */
export class Generator {
  readonly #batch: LadderBatch;
  readonly #shape;

  private constructor(
    readonly ladder: Ladder,
    readonly sessions: GenerationSessions,
  ) {
    this.#shape = windowShape(ladder.config, 1);
    this.#batch = new LadderBatch(
      {
        config: ladder.config,
        vocabulary: ladder.words!.vocabulary,
        ...(ladder.concepts && { concepts: conceptTables(ladder.concepts) }),
      },
      this.#shape,
    );
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
    if (from === 'subword') return this.#fromSubword(prompt, limit, seed, sampling, random);
    const speaks = (level: 'concept' | 'gestalt'): boolean =>
      this.ladder.values[level] !== undefined &&
      (from === 'gestalt' || from === level) &&
      options.skip?.includes(level) !== true;
    const written = new GeneratedUnits(this.ladder, prompt);
    const trace: TraceStep[] = [];
    let endedBy: Generated['endedBy'] = 'length';
    while (trace.length < limit) {
      const step = await this.#unit(
        written,
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
    written: GeneratedUnits,
    speaks: { concept: boolean; gestalt: boolean },
    sampling: SamplingOptions,
    random: RandomStream,
  ): Promise<{ unit: WrittenUnit; trace: TraceStep } | undefined> {
    const { vocabulary } = this.ladder.words!;
    const feeds = await this.#climb(written, speaks);
    const target = (factor: string, value: number): void => {
      (feeds[`target.${factor}`] as Int32Array)[0] = value;
    };
    const distribution = async (factor: string): Promise<Float32Array> =>
      (await this.sessions.descend.run(feeds))[factor].map(Math.exp);
    const choices: TraceChoice[] = [];
    const top: LevelName = speaks.gestalt ? 'gestalt' : speaks.concept ? 'concept' : 'word';
    const keep: KeepChoice = (level, factor, choice, nameOf) => {
      choices.push(traceChoice(level, factor, choice, nameOf));
      return choice.id;
    };

    const boundary = keep(
      top,
      'boundary',
      choose(await distribution('boundary'), sampling, random),
      (id) => BOUNDARY_NAMES[id],
    );
    if (boundary === PARAGRAPH && written.length > 1) return undefined;
    target('boundary', boundary);
    // A sentence that goes on keeps its pattern; the next one's would be built on a sentence that is not over.
    if (boundary === 0 && feeds['row.gestaltBefore'] !== undefined)
      feeds['row.gestaltAfter'] = feeds['row.gestaltBefore'];
    const outputs = await this.sessions.descend.run(feeds);
    if (speaks.gestalt && (boundary > 0 || written.length === 1)) choices.push(this.#patternChoice(feeds, outputs.bag));
    const lemmaProbabilities = outputs.lemma.map(Math.exp);
    lemmaProbabilities[BOS_ID] = 0;
    const lemma = speaks.concept
      ? await this.#lemmaOfConcept(written, lemmaProbabilities, sampling, random, keep)
      : keep('word', 'lemma', choose(lemmaProbabilities, sampling, random), (id) => vocabulary.lemma(id));
    target('lemma', lemma);
    const unit: WrittenUnit =
      lemma === SPELLED_ID
        ? { boundary, ...(await this.#spell(written, outputs.context, sampling, random, choices)) }
        : { boundary, lemma, ...(await this.#inflect(lemma, target, distribution, sampling, random, keep)) };
    return { unit, trace: { text: written.textOf(unit), boundary, choices } };
  }

  /** Fixes the features, casing and gap of a chosen lemma, each given the ones before. */
  async #inflect(
    lemma: number,
    target: (factor: string, value: number) => void,
    distribution: (factor: string) => Promise<Float32Array>,
    sampling: SamplingOptions,
    random: RandomStream,
    keep: KeepChoice,
  ): Promise<{ slot: number; casing: number; gap: number }> {
    const { vocabulary } = this.ladder.words!;
    const legal = (mask: number) => (id: number) => (mask & (1 << id)) !== 0;
    const slots = await distribution('slot');
    const slotChoice = choose(slots, sampling, random, legal(vocabulary.slotMask(lemma)));
    const slot = keep('word', 'features', slotChoice, (id) => SLOT_NAMES[id]);
    target('slot', slot);
    const casings = await distribution('casing');
    const casingChoice = choose(casings, sampling, random, legal(vocabulary.casingMask(lemma, slot)));
    const casing = keep('word', 'casing', casingChoice, (id) => CASING_NAMES[id]);
    target('casing', casing);
    const gaps = await distribution('gap');
    const gapChoice = choose(gaps, sampling, random, (id) => id !== OTHER_GAP_ID);
    const gap = keep('word', 'gap', gapChoice, (id) => JSON.stringify(vocabulary.gap(id)));
    return { slot, casing, gap };
  }

  /** The window so far, climbed: feeds for the descent of the next unit. */
  async #climb(written: GeneratedUnits, speaks: { concept: boolean; gestalt: boolean }): Promise<Feeds> {
    const text = written.window(this.#shape);
    const last = text.units.length - 1;
    const feeds: Feeds = { ...this.#batch.fill(text, [{ start: 0, length: last + 1, scoreFrom: last }]) };
    feeds.position = Int32Array.of(last);
    if (feeds['sentence.unit'] !== undefined) {
      const now = feeds['sentence.unit'][last];
      feeds['sentence.now'] = Int32Array.of(now);
      feeds['sentence.next'] = Int32Array.of(Math.min(now + 1, this.ladder.config.gestalt.sentences - 1));
    }
    const rows = await this.sessions.climb.run(feeds);
    for (const factor of ['boundary', 'lemma', 'slot', 'casing', 'gap']) feeds[`target.${factor}`] = Int32Array.of(0);
    if (feeds['gate.concept'] !== undefined) {
      feeds['gate.concept'] = Float32Array.of(speaks.concept || speaks.gestalt ? 1 : 0);
      feeds['gate.gestalt'] = Float32Array.of(speaks.gestalt ? 1 : 0);
    }
    return { ...feeds, ...rows };
  }

  /** Chooses a concept first; then its members are candidates, and the base picks the one that reads best here. */
  async #lemmaOfConcept(
    written: GeneratedUnits,
    lemmas: Float32Array,
    sampling: SamplingOptions,
    random: RandomStream,
    keep: KeepChoice,
  ): Promise<number> {
    const concepts = this.ladder.concepts!;
    const { vocabulary } = this.ladder.words!;
    const probabilities = new Float64Array(concepts.size);
    for (let lemma = 0; lemma < lemmas.length; lemma++) probabilities[concepts.conceptOf[lemma]] += lemmas[lemma];
    const concept = keep('concept', 'concept', choose(probabilities, sampling, random), (id) => concepts.nameOf(id));
    const members = [...concepts.members[concept]];
    if (members.length === 1) return members[0];
    const given = members.map((lemma) => lemmas[lemma] / probabilities[concept]);
    keep('word', 'candidates', choose(given, { temperature: 0, topP: 1 }, random), (id) =>
      vocabulary.lemma(members[id]),
    );
    const reads = await this.#baseRanks(
      written,
      members.map((lemma) => vocabulary.lemma(lemma)),
    );
    const joint = given.map((probability, i) => probability * reads[i]);
    const total = joint.reduce((sum, value) => sum + value, 0);
    const picked = choose(
      joint.map((value) => value / total),
      { temperature: 0, topP: 1 },
      random,
    );
    keep('subword', 'pick', picked, (id) => vocabulary.lemma(members[id]));
    return members[picked.id];
  }

  /** Probability of each word as the next one under the base, the text so far given. */
  async #baseRanks(written: GeneratedUnits, words: readonly string[]): Promise<number[]> {
    const { windows, pieces: width } = RANKING;
    const recent = written.window(this.#shape).pieces.slice(-(width - RANKED_PIECES));
    const ranks: number[] = [];
    for (let first = 0; first < words.length; first += windows) {
      const group = words
        .slice(first, first + windows)
        .map((word) => this.ladder.tokenizer.encodeUnit(' ', word).slice(0, RANKED_PIECES));
      const pieces = new Int32Array(windows * width);
      const rows = new Int32Array(windows * RANKED_PIECES);
      for (const [b, own] of group.entries()) {
        pieces.set(recent, b * width);
        pieces.set(own, b * width + recent.length);
        for (let k = 0; k < own.length; k++) rows[b * RANKED_PIECES + k] = b * width + recent.length - 1 + k;
      }
      const { next } = await this.sessions.base.run({ pieces, rows });
      const { vocabularySize } = this.ladder.config.subword;
      for (const [b, own] of group.entries())
        ranks.push(
          Math.exp(own.reduce((sum, piece, k) => sum + next[(b * RANKED_PIECES + k) * vocabularySize + piece], 0)),
        );
    }
    return ranks;
  }

  #patternChoice(feeds: Feeds, bag: Float32Array): TraceChoice {
    const concepts = this.ladder.concepts!;
    const pattern = feeds['row.gestaltAfter'] as Float32Array;
    const code = this.ladder.codebook!.nearest(pattern, 0).code;
    const expected = [...bag.keys()].sort((a, b) => bag[b] - bag[a]).slice(0, 6);
    return {
      level: 'gestalt',
      factor: 'pattern',
      chosen: this.ladder.codebook!.nameOf(code),
      probability: 1,
      bits: 0,
      runnersUp: expected.map((id) => ({ name: `expects ${concepts.nameOf(id)}`, probability: Math.exp(bag[id]) })),
    };
  }

  /** Spells an unknown word piece by piece, gap and casing included, until its end. */
  async #spell(
    written: GeneratedUnits,
    context: Float32Array,
    sampling: SamplingOptions,
    random: RandomStream,
    choices: TraceChoice[],
  ): Promise<Omit<WrittenUnit, 'boundary'>> {
    const { tokenizer, words } = this.ladder;
    const end = tokenizer.vocabularySize;
    const recent = written.window(this.#shape).pieces;
    const pieces = new Int32Array(spellingPieces(this.ladder.config));
    pieces.set(recent);
    const own: number[] = [];
    const spelled = (extra: readonly number[] = []): string => textFromBytes(tokenizer.decode([...own, ...extra]));
    let probability = 1;
    while (own.length < MAXIMUM_UNIT_PIECES) {
      const feeds = {
        pieces,
        context,
        'spell.rows': Int32Array.of(0),
        'spell.base': Int32Array.of(recent.length + own.length - 1),
      };
      const { next } = await this.sessions.spell.run(feeds);
      const choice = choose(next.map(Math.exp), sampling, random, (id) =>
        id === end ? isOneUnit(spelled()) : id !== BOS_PIECE && startsUnit(spelled([id])),
      );
      probability *= choice.probability;
      if (choice.id === end) break;
      pieces[recent.length + own.length] = choice.id;
      own.push(choice.id);
    }
    const text = spelled();
    const surface = text.trimStart();
    choices.push({
      level: 'subword',
      factor: 'spelling',
      chosen: surface,
      probability,
      bits: -Math.log2(probability),
      runnersUp: [],
    });
    const gapText = text.slice(0, text.length - surface.length);
    const gap = words!.vocabulary.gapIdOf(gapText);
    const { casing, spelling, lemma, slot } = words!.encodeSurface(surface);
    const escaped = gap === OTHER_GAP_ID ? { escapedGap: gapText } : {};
    return { lemma, slot, casing, gap, ...escaped, ...(spelling !== undefined && { spelling }) };
  }

  async #fromSubword(
    prompt: string,
    limit: number,
    seed: number,
    sampling: SamplingOptions,
    random: RandomStream,
  ): Promise<Generated> {
    const { tokenizer, config } = this.ladder;
    const { pieces: width } = RANKING;
    const written = [BOS_PIECE, ...tokenizer.encode(prompt)];
    const trace: TraceStep[] = [];
    const nameOf = (id: number): string => textFromBytes(tokenizer.pieceBytes(id));
    const sampled: number[] = [];
    let endedBy: Generated['endedBy'] = 'length';
    while (trace.length < limit) {
      const recent = written.slice(-width);
      const pieces = new Int32Array(RANKING.windows * width);
      pieces.set(recent);
      const rows = new Int32Array(RANKING.windows * RANKED_PIECES).fill(recent.length - 1);
      const { next } = await this.sessions.base.run({ pieces, rows });
      const choice = choose(
        next.subarray(0, config.subword.vocabularySize).map(Math.exp),
        sampling,
        random,
        (id) => id !== BOS_PIECE,
      );
      if (nameOf(choice.id).includes('\n\n')) {
        endedBy = 'thought';
        break;
      }
      written.push(choice.id);
      sampled.push(choice.id);
      trace.push({ text: nameOf(choice.id), boundary: 0, choices: [traceChoice('subword', 'piece', choice, nameOf)] });
    }
    return { from: 'subword', prompt, text: textFromBytes(tokenizer.decode(sampled)), seed, endedBy, trace };
  }
}

function traceChoice(level: LevelName, factor: string, choice: Choice, nameOf: (id: number) => string): TraceChoice {
  return {
    level,
    factor,
    chosen: nameOf(choice.id),
    probability: choice.probability,
    bits: -Math.log2(Math.max(choice.probability, Number.MIN_VALUE)),
    runnersUp: choice.runnersUp.map(({ id, probability }) => ({ name: nameOf(id), probability })),
  };
}

/** True where a text is a gap and one surface, so that it may end here. */
function isOneUnit(text: string): boolean {
  return text.trim().length > 0 && segmentUnits(text).length === 1;
}

/** True where a text may still become one unit: white space alone, or a gap and one surface. */
function startsUnit(text: string): boolean {
  return text.length <= MAXIMUM_UNIT_PIECES && (text.trim().length === 0 || segmentUnits(text).length === 1);
}

/** The levels that a ladder can generate from, the highest first. */
export function generatingLevels(ladder: Ladder): LevelName[] {
  const levels: UpperLevel[] = ['gestalt', 'concept', 'word'];
  return [...levels.filter((level) => ladder.values[level] !== undefined), 'subword'];
}
