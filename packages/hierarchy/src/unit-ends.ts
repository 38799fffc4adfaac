// Whether a unit is over, in the base's own pieces: a piece that begins another unit says that the one before has ended.
// From: Pimentel & Meister 2024 (the probability of a word has the probability of its end in it).
import { BOS_PIECE, type BpeTokenizer } from '@strata/subword';
import { isAbbreviation, segmentUnits, textFromBytes } from '@strata/text';

/** Surfaces whose ends are remembered, a byte a piece each. */
const REMEMBERED_SURFACES = 1024;

const PLAIN_WORD = /^[A-Za-z]{2,12}$/u;

/**
 * A surface that ends before the same pieces: plain words differ only in what may follow an n ("do" and "n't"), all else
 * stands for itself. One table serves nearly all words then, and making one takes milliseconds.
 */
function representative(surface: string): string {
  if (!PLAIN_WORD.test(surface) || isAbbreviation(surface)) return surface;
  return /n$/iu.test(surface) ? 'an' : 'as';
}

/** Tells pieces that go on with a unit from those that begin the next one. */
export class UnitEnds {
  /** Pieces by how they begin: as white space, or as all of their text. */
  readonly #pieces = new Map<string, number[]>();
  readonly #vocabularySize: number;
  readonly #remembered = new Map<string, Uint8Array>();

  constructor(tokenizer: BpeTokenizer) {
    this.#vocabularySize = tokenizer.vocabularySize;
    for (let piece = 0; piece < tokenizer.vocabularySize; piece++) {
      const text = textFromBytes(tokenizer.pieceBytes(piece));
      const beginning = /^\s/u.test(text) ? ' ' : text;
      const alike = this.#pieces.get(beginning);
      if (alike === undefined) this.#pieces.set(beginning, [piece]);
      else alike.push(piece);
    }
  }

  /** The probability that a surface ends here, from log-probabilities [V] of the next piece. */
  probability(surface: string, next: Float32Array): number {
    const ends = this.#endsOf(surface);
    let probability = 0;
    for (let piece = 0; piece < ends.length; piece++) if (ends[piece] === 1) probability += Math.exp(next[piece]!);
    return probability;
  }

  /** 1 for each piece before which a surface is over. */
  #endsOf(surface: string): Uint8Array {
    return this.#endsLike(representative(surface));
  }

  #endsLike(surface: string): Uint8Array {
    const known = this.#remembered.get(surface);
    if (known !== undefined) return known;
    const ends = new Uint8Array(this.#vocabularySize);
    // A clitic is one after a word only.
    const text = segmentUnits(surface).length === 1 ? surface : `a${surface}`;
    for (const [beginning, pieces] of this.#pieces)
      if (segmentUnits(text + beginning).some(({ end }) => end === text.length))
        for (const piece of pieces) ends[piece] = 1;
    // It stands for the beginning of another text.
    ends[BOS_PIECE] = 1;
    if (this.#remembered.size >= REMEMBERED_SURFACES) this.#remembered.clear();
    this.#remembered.set(surface, ends);
    return ends;
  }
}
