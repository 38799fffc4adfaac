// The frozen base at work in a generation: it ranks candidate words, spells unknown ones with the word level's message,
// and writes alone where generation starts at the bottom.
import { MASKED, type RandomStream } from '@strata/nn';
import { BOS_PIECE } from '@strata/subword';
import { segmentUnits, textFromBytes } from '@strata/text';
import { SPELLED_ID, SPELLER_MEMORY } from '@strata/word';
import type { CachedClimb } from './cached-climb.js';
import { choose, type SamplingOptions } from './choice.js';
import { MAXIMUM_UNIT_PIECES, windowPieces } from './config.js';
import type { GenerationSessions } from './generation-graph.js';
import type { Ladder } from './run.js';
import { StepTrace, type TraceStep } from './trace.js';
import { UnitEnds } from './unit-ends.js';
import { gapAndSurface, setPrevious } from './unnamed-words.js';

/** Reads and writes pieces for a generation; what it reads ahead, it takes back. */
export class BaseReader {
  readonly #ends: UnitEnds;

  constructor(
    readonly ladder: Ladder,
    readonly sessions: GenerationSessions,
  ) {
    this.#ends = new UnitEnds(ladder.tokenizer);
  }

  /**
   * Probability of each candidate, gap included, as the next unit after those that the climb has read: of all its pieces
   * and of its end, so that a word is no likelier for being the beginning of others. What has more pieces than a unit
   * can have is none.
   */
  async rank(climb: CachedClimb, candidates: readonly { gap: string; surface: string }[]): Promise<number[]> {
    const { tokenizer } = this.ladder;
    const pieces = candidates.map(({ gap, surface }) => tokenizer.encodeUnit(gap, surface));
    const readable = pieces.map((own) => (own.length > MAXIMUM_UNIT_PIECES ? [] : own));
    const first = await this.#next(climb.baseState);
    const after = await this.sessions.branches.next(readable);
    return readable.map((own, i) => {
      if (own.length === 0) return 0;
      const before = [first, ...after[i]!];
      const nats = own.reduce((sum, piece, at) => sum + before[at]![piece]!, 0);
      return Math.exp(nats) * this.#ends.probability(candidates[i]!.surface, before[own.length]!);
    });
  }

  /** Log-probabilities of the next piece. */
  async #next(state: Float32Array): Promise<Float32Array> {
    return (await this.sessions.next.run({ state })).next!;
  }

  /** Spells an unknown word after the units that the climb has read, gap and casing included, until its end. */
  async spell(
    climb: CachedClimb,
    context: Float32Array,
    sampling: SamplingOptions,
    random: RandomStream,
    trace: StepTrace,
  ): Promise<{ gap: string; surface: string }> {
    const { tokenizer } = this.ladder;
    const { base } = this.sessions.climb;
    const end = tokenizer.vocabularySize;
    const read = base.cache.length;
    const own: number[] = [];
    const spelled = (extra: readonly number[] = []): string => textFromBytes(tokenizer.decode([...own, ...extra]));
    const row = { 'spell.rows': Int32Array.of(0), 'spell.base': Int32Array.of(0) };
    const words = this.ladder.words!;
    const hasName = (): boolean =>
      own.length > 0 && words.encodeSurface(gapAndSurface(tokenizer, own).surface).lemma !== SPELLED_ID;
    const previous = new Int32Array(SPELLER_MEMORY);
    let state = climb.baseState;
    let probability = 1;
    while (own.length < MAXIMUM_UNIT_PIECES) {
      setPrevious(previous, 0, own, 0, own.length);
      const { next } = await this.sessions.spell.run({
        'spell.previous': previous,
        state,
        context,
        ...row,
        'spell.closed': Float32Array.of(hasName() ? MASKED : 0),
      });
      const choice = choose(next!.map(Math.exp), sampling, random, (id) =>
        id === end ? isOneUnit(spelled()) : id !== BOS_PIECE && startsUnit(spelled([id])),
      );
      probability *= choice.probability;
      if (choice.id === end) break;
      own.push(choice.id);
      state = (await base.step(choice.id)).state;
    }
    base.cache.truncate(read);
    const written = own.map((piece) => textFromBytes(tokenizer.pieceBytes(piece)));
    trace.note('subword', 'spelling', written.join('·').trimStart(), probability);
    return gapAndSurface(tokenizer, own);
  }

  /** Whether an unknown word of the window is meant (its surface), or a new one is written (undefined). */
  async point(
    climb: CachedClimb,
    context: Float32Array,
    next: number,
    sampling: SamplingOptions,
    random: RandomStream,
    trace: StepTrace,
  ): Promise<string | undefined> {
    const keys = this.ladder.config.batch.units;
    const seen = climb.unnamed;
    const { width } = this.ladder.config.word;
    const states = new Float32Array(keys * width);
    const age = new Float32Array(keys);
    const mask = new Float32Array(keys + 1).fill(MASKED, seen.length, keys);
    for (const [k, { unit, state }] of seen.entries()) {
      states.set(state, k * width);
      age[k] = Math.log(next - unit);
    }
    const { point } = await this.sessions.point.run({
      context,
      states,
      'pointer.query': Int32Array.of(0),
      'pointer.key': Int32Array.from({ length: keys }, (_, k) => k),
      'pointer.mask': mask,
      'pointer.age': age,
    });
    // Occurrences of one word are one choice; whether to write is the last.
    const surfaces = [...new Set(seen.map(({ surface }) => surface))];
    const shares = new Float64Array(surfaces.length + 1);
    for (const [k, { surface }] of seen.entries()) shares[surfaces.indexOf(surface)]! += Math.exp(point![k]!);
    shares[surfaces.length] = Math.exp(point![keys]!);
    const chosen = trace.keep('word', 'pointer', choose(shares, sampling, random), (id) => surfaces[id] ?? '<written>');
    return surfaces[chosen];
  }

  /**
   * Writes at most `limit` pieces after a prompt; ends where a paragraph would. When the window is full, its later half is
   * read anew as the beginning of the next one.
   */
  async write(
    prompt: string,
    limit: number,
    sampling: SamplingOptions,
    random: RandomStream,
  ): Promise<{ text: string; steps: TraceStep[]; ended: boolean }> {
    const { tokenizer } = this.ladder;
    const { base } = this.sessions.climb;
    const window = windowPieces(this.ladder.config);
    const written = [BOS_PIECE, ...tokenizer.encode(prompt)];
    const first = written.length;
    const nameOf = (id: number): string => textFromBytes(tokenizer.pieceBytes(id));
    const steps: TraceStep[] = [];
    base.reset();
    let { state } = await base.read(written.slice(-(first > window ? Math.floor(window / 2) : window)));
    let ended = false;
    while (steps.length < limit) {
      const next = await this.#next(state);
      const choice = choose(next.map(Math.exp), sampling, random, (id) => id !== BOS_PIECE);
      ended = nameOf(choice.id).includes('\n\n');
      if (ended) break;
      written.push(choice.id);
      const trace = new StepTrace();
      trace.keep('subword', 'piece', choice, nameOf);
      steps.push({ text: nameOf(choice.id), boundary: 0, choices: trace.choices });
      if (base.cache.length < window) state = (await base.step(choice.id)).state;
      else {
        base.reset();
        state = (await base.read(written.slice(-Math.floor(window / 2)))).state;
      }
    }
    return { text: textFromBytes(tokenizer.decode(written.slice(first))), steps, ended };
  }
}

/** True where a text is a gap and one surface, so that it may end here. */
function isOneUnit(text: string): boolean {
  return text.trim().length > 0 && segmentUnits(text).length === 1;
}

/** True where a text may still become one unit: white space alone, or a gap and one surface. */
function startsUnit(text: string): boolean {
  return text.length <= MAXIMUM_UNIT_PIECES && (text.trim().length === 0 || segmentUnits(text).length === 1);
}
