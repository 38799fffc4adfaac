// The frozen base at work in a generation: it ranks candidate words, spells unknown ones with the word level's message,
// and writes alone where generation starts at the bottom.
import type { RandomStream } from '@strata/nn';
import { BOS_PIECE } from '@strata/subword';
import { segmentUnits, textFromBytes } from '@strata/text';
import { choose, type SamplingOptions } from './choice.js';
import { MAXIMUM_UNIT_PIECES } from './config.js';
import { type GenerationSessions, RANKED_PIECES, RANKING, spellingPieces } from './generation-graph.js';
import type { Ladder } from './run.js';
import { StepTrace, type TraceStep } from './trace.js';

/** Reads and writes pieces for a generation. */
export class BaseReader {
  constructor(
    readonly ladder: Ladder,
    readonly sessions: GenerationSessions,
  ) {}

  /** Probability of each text, gap included, as what comes next after the pieces read so far. */
  async rank(read: Int32Array, candidates: readonly { gap: string; surface: string }[]): Promise<number[]> {
    const { windows, pieces: width } = RANKING;
    const { vocabularySize } = this.ladder.config.subword;
    const recent = read.slice(-(width - RANKED_PIECES));
    const ranks: number[] = [];
    for (let first = 0; first < candidates.length; first += windows) {
      const group = candidates
        .slice(first, first + windows)
        .map(({ gap, surface }) => this.ladder.tokenizer.encodeUnit(gap, surface).slice(0, RANKED_PIECES));
      const pieces = new Int32Array(windows * width);
      const rows = new Int32Array(windows * RANKED_PIECES);
      for (const [b, own] of group.entries()) {
        pieces.set(recent, b * width);
        pieces.set(own, b * width + recent.length);
        for (let k = 0; k < own.length; k++) rows[b * RANKED_PIECES + k] = b * width + recent.length - 1 + k;
      }
      const { next } = await this.sessions.rank.run({ pieces, rows });
      for (const [b, own] of group.entries()) {
        const nats = own.map((piece, k) => next[(b * RANKED_PIECES + k) * vocabularySize + piece]);
        ranks.push(Math.exp(nats.reduce((sum, value) => sum + value, 0)));
      }
    }
    return ranks;
  }

  /** Spells an unknown word after the pieces read so far, gap and casing included, until its end. */
  async spell(
    read: Int32Array,
    context: Float32Array,
    sampling: SamplingOptions,
    random: RandomStream,
    trace: StepTrace,
  ): Promise<string> {
    const { tokenizer, config } = this.ladder;
    const end = tokenizer.vocabularySize;
    const pieces = new Int32Array(spellingPieces(config));
    pieces.set(read);
    const own: number[] = [];
    const spelled = (extra: readonly number[] = []): string => textFromBytes(tokenizer.decode([...own, ...extra]));
    let probability = 1;
    while (own.length < MAXIMUM_UNIT_PIECES) {
      const { next } = await this.sessions.spell.run({
        pieces,
        context,
        'spell.rows': Int32Array.of(0),
        'spell.base': Int32Array.of(read.length + own.length - 1),
      });
      const choice = choose(next.map(Math.exp), sampling, random, (id) =>
        id === end ? isOneUnit(spelled()) : id !== BOS_PIECE && startsUnit(spelled([id])),
      );
      probability *= choice.probability;
      if (choice.id === end) break;
      pieces[read.length + own.length] = choice.id;
      own.push(choice.id);
    }
    trace.note('subword', 'spelling', spelled().trimStart(), probability);
    return spelled();
  }

  /** Writes at most `limit` pieces after a prompt; ends where a paragraph would. */
  async write(
    prompt: string,
    limit: number,
    sampling: SamplingOptions,
    random: RandomStream,
  ): Promise<{ text: string; steps: TraceStep[]; ended: boolean }> {
    const { tokenizer } = this.ladder;
    const { pieces: width } = RANKING;
    const written = [BOS_PIECE, ...tokenizer.encode(prompt)];
    const first = written.length;
    const nameOf = (id: number): string => textFromBytes(tokenizer.pieceBytes(id));
    const steps: TraceStep[] = [];
    let ended = false;
    while (steps.length < limit && !ended) {
      const recent = written.slice(-width);
      const pieces = new Int32Array(width);
      pieces.set(recent);
      const { next } = await this.sessions.next.run({ pieces, rows: Int32Array.of(recent.length - 1) });
      const choice = choose(next.map(Math.exp), sampling, random, (id) => id !== BOS_PIECE);
      ended = nameOf(choice.id).includes('\n\n');
      if (ended) break;
      written.push(choice.id);
      const trace = new StepTrace();
      trace.keep('subword', 'piece', choice, nameOf);
      steps.push({ text: nameOf(choice.id), boundary: 0, choices: trace.choices });
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
