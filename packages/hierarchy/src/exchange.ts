// What a text costs a ladder with another lemma in a unit's place: that word and a few after it, in a snippet around it.
// From: Strata; distillation judges pairs so, and substitutes are ranked so (Zhou et al. 2019, the paraphrase's likelihood).
import { MAXIMUM_UNIT_PIECES } from './config.js';
import type { UpperLevel, WindowShape } from './ladder-scopes.js';
import { encodeLadderUnits, type LadderText, unitsOf } from './ladder-text.js';
import type { Ladder } from './run.js';
import { LadderScorer } from './score.js';
import type { Window } from './windows.js';

/** Another lemma in the place of unit `place` (1 or more, a word with a name), in the slot that stands there unless one is given. */
export interface Exchange {
  readonly text: LadderText;
  readonly place: number;
  readonly lemma: number;
  readonly slot?: number;
}

/** How much is read around an exchanged word: units before it at most, and units after it, which are scored too. */
export interface Snippet {
  readonly before: number;
  readonly after: number;
  /** Room for pieces, a unit on average; snippets are cut shorter where it does not suffice. */
  readonly piecesPerUnit: number;
}

/** Units scored in one pass. */
const ROWS = 640;
/** Passes whose snippets are encoded as one text: a second or so, after which whoever follows is let in. */
const PASSES = 4;

/** The window shape of snippets; as many of them as make one pass. */
export function snippetShape({ before, after, piecesPerUnit }: Snippet): WindowShape {
  const units = before + after;
  const pieces = units * piecesPerUnit;
  return { windows: Math.max(1, Math.floor(ROWS / units)), units, pieces, spelledPieces: pieces + units };
}

/** A ladder up to one of its levels as a scorer of exchanges. */
export class ExchangeScorer {
  private constructor(
    readonly ladder: Ladder,
    readonly snippet: Snippet,
    readonly scorer: LadderScorer,
  ) {}

  /** Compiles the scoring graph up to `top` over snippets. */
  static async create(ladder: Ladder, top: UpperLevel, snippet: Snippet): Promise<ExchangeScorer> {
    return new ExchangeScorer(ladder, snippet, await LadderScorer.create(ladder, top, snippetShape(snippet)));
  }

  /** Nats of boundary, lemma and features of each exchanged word and of those after it; `told` the share that is done. */
  async nats(
    exchanges: readonly Exchange[],
    told: (share: number) => void | Promise<void> = () => {},
  ): Promise<Float64Array> {
    const nats = new Float64Array(exchanges.length);
    const perText = this.scorer.shape.windows * PASSES;
    const opening = this.ladder.words!.encode('');
    for (let first = 0; first < exchanges.length; first += perText) {
      const group = exchanges.slice(first, first + perText);
      const windows: Window[] = [];
      const owner: number[] = [];
      const snippets = group.flatMap((exchange, i) => {
        const { from, to } = this.#span(exchange);
        const units = unitsOf(exchange.text.units, from, to);
        const at = exchange.place - from;
        units.lemma[at] = exchange.lemma;
        if (exchange.slot !== undefined) units.slot[at] = exchange.slot;
        // Opened as a text of its own, so that no snippet is remembered in the next.
        windows.push({ start: owner.length + opening.length, length: to - from - 1, scoreFrom: at - 1 });
        for (let unit = from - opening.length; unit < to; unit++) owner.push(first + i);
        return [opening, units];
      });
      const text = encodeLadderUnits(snippets, this.ladder.words!, this.ladder.tokenizer);
      await this.scorer.windowCosts(text, windows, (unit, { boundary, concept, lemma, features }) => {
        nats[owner[unit]!] += boundary + (concept + lemma) + features;
      });
      await told(Math.min(1, (first + perText) / exchanges.length));
    }
    return nats;
  }

  /** The units [from, to) of a snippet: one before the place at least, and as much else as has room. */
  #span({ text: { units, spans }, place }: Exchange): { from: number; to: number } {
    let from = Math.max(0, place - this.snippet.before);
    let to = Math.min(units.length, place + 1 + this.snippet.after);
    const own = spans.end(place) - spans.start(place);
    const isTooLong = (): boolean =>
      spans.end(to - 1) - spans.start(from) - own + MAXIMUM_UNIT_PIECES > this.scorer.shape.pieces;
    while (from < place - 1 && isTooLong()) from++;
    while (to > place + 1 && isTooLong()) to--;
    return { from, to };
  }

  dispose(): Promise<void> {
    return this.scorer.dispose();
  }
}
