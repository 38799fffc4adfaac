// Text with seeded slips of the pen: what they cost a model, on the words themselves and on what comes after them.
// From: Strata, EVALUATION (robustness to typos); one slip a word, of Damerau's (1964), keys as on a QWERTY keyboard.
import { RandomStream } from '@strata/nn';
import { byteLength, MAXIMUM_UNIT_BYTES, segmentUnits } from '@strata/text';
import type { MinimalPair } from './pairs.js';
import { bitsPerByteOf, total, type UnitNats } from './unit-nats.js';

/** The share of words that are damaged. */
export const TYPO_SHARE = 0.05;
/** Letters that a word has at least to be damaged. */
const SHORTEST = 4;
const WORD = /^\p{L}+$/u;

const ROWS = ['qwertyuiop', 'asdfghjkl', 'zxcvbnm'];

/** The keys beside each key: in its row, and in the rows above and below. */
const NEIGHBOURS: ReadonlyMap<string, readonly string[]> = new Map(
  ROWS.flatMap((row, r) =>
    [...row].map((key, at) => {
      const beside = [
        row[at - 1],
        row[at + 1],
        ROWS[r - 1]?.[at],
        ROWS[r - 1]?.[at + 1],
        ROWS[r + 1]?.[at - 1],
        ROWS[r + 1]?.[at],
      ];
      return [key, beside.filter((other) => other !== undefined)] as const;
    }),
  ),
);

/** A slip at a place of a word; it may change nothing, as where equal letters are swapped. */
type Slip = (letters: string[], at: number, random: RandomStream) => void;

const swap: Slip = (letters, at) => {
  const to = Math.min(at, letters.length - 2);
  [letters[to], letters[to + 1]] = [letters[to + 1]!, letters[to]!];
};
const drop: Slip = (letters, at) => {
  letters.splice(at, 1);
};
const double: Slip = (letters, at) => {
  letters.splice(at, 0, letters[at]!);
};
const replace: Slip = (letters, at, random) => {
  const letter = letters[at]!;
  const beside = NEIGHBOURS.get(letter.toLowerCase());
  if (beside === undefined) return;
  const other = beside[random.below(beside.length)]!;
  letters[at] = letter === letter.toLowerCase() ? other : other.toUpperCase();
};
const SLIPS: readonly Slip[] = [swap, drop, double, replace];
/** Draws until a slip changes something; a word of one letter repeated can still be doubled or dropped from. */
const TRIES = 20;

/** A word with one slip; the word as it is where it is too short, no word, or would not be one unit any more. */
export function slipOf(word: string, random: RandomStream): string {
  if (!isDamageable(word)) return word;
  for (let tries = 0; tries < TRIES; tries++) {
    const letters = [...word];
    SLIPS[random.below(SLIPS.length)]!(letters, random.below(letters.length), random);
    const slipped = letters.join('');
    if (slipped !== word && byteLength(slipped) <= MAXIMUM_UNIT_BYTES) return slipped;
  }
  return word;
}

function isDamageable(word: string): boolean {
  return WORD.test(word) && [...word].length >= SHORTEST;
}

/** A text with slips, and which of its units have one; its units are those of the clean text, one to one. */
export interface DamagedText {
  readonly text: string;
  readonly damaged: readonly number[];
}

/** Damages a share of a text's words; the same seed makes the same slips. */
export function damageText(text: string, seed: number, share = TYPO_SHARE): DamagedText {
  const random = new RandomStream(seed, 'typos');
  const spans = segmentUnits(text);
  const damaged: number[] = [];
  let out = '';
  for (const [unit, { gapStart, start, end }] of spans.entries()) {
    const word = text.slice(start, end);
    const gap = text.slice(gapStart, start);
    if (!isDamageable(word) || random.uniform() >= share) {
      out += gap + word;
      continue;
    }
    const slipped = slipOf(word, random);
    // A part of a longer word that was cut: with other letters the cut might fall elsewhere.
    const isCut = gap === '' && /\p{L}$/u.test(text.slice(Math.max(0, start - 2), start));
    const isWhole = slipped !== word && !isCut && standsAlone(slipped, text, spans[unit + 1]);
    if (isWhole) damaged.push(unit);
    out += gap + (isWhole ? slipped : word);
  }
  return { text: out, damaged };
}

/** Whether a word stays one unit before what follows it: clitics ("n't") look back at it. */
function standsAlone(word: string, text: string, next: { gapStart: number; end: number } | undefined): boolean {
  if (next === undefined) return segmentUnits(word).length === 1;
  const after = text.slice(next.gapStart, next.end);
  const [first, second] = segmentUnits(word + after);
  return first?.end === word.length && second?.end === word.length + after.length;
}

/** What slips cost a model. */
export interface TypoCost {
  /** Bits per byte of the clean text and of the damaged one, each by its own bytes. */
  readonly clean: number;
  readonly damaged: number;
  /** Bits that a slip costs on the word that has it, on average. */
  readonly perTypo: number;
  /** Bits that it costs on all other words together. */
  readonly spread: number;
}

/** The cost of slips, from the units of the clean and of the damaged text; no slips cost nothing. */
export function typoCost(clean: UnitNats, damaged: UnitNats, units: readonly number[]): TypoCost {
  const onWords = total(units.map((unit) => damaged.nats[unit]! - clean.nats[unit]!));
  const onAll = total(damaged.nats) - total(clean.nats);
  const each = Math.LN2 * Math.max(1, units.length);
  return {
    clean: bitsPerByteOf(clean),
    damaged: bitsPerByteOf(damaged),
    perTypo: onWords / each,
    spread: (onAll - onWords) / each,
  };
}

/** A pair with the same slip in both sentences, in a word that both have; undefined where they share no such word. */
export function damagePair({ good, bad }: MinimalPair, random: RandomStream): MinimalPair | undefined {
  const wordsOf = (sentence: string): string[] =>
    segmentUnits(sentence)
      .map(({ start, end }) => sentence.slice(start, end))
      .filter(isDamageable);
  const others = new Set(wordsOf(bad));
  const shared = [...new Set(wordsOf(good))].filter((word) => others.has(word));
  if (shared.length === 0) return undefined;
  const word = shared[random.below(shared.length)]!;
  const slipped = slipOf(word, random);
  if (slipped === word) return undefined;
  return { good: withWord(good, word, slipped), bad: withWord(bad, word, slipped) };
}

function withWord(sentence: string, word: string, slipped: string): string {
  return segmentUnits(sentence)
    .map(({ gapStart, start, end }) => {
      const own = sentence.slice(start, end);
      return sentence.slice(gapStart, start) + (own === word ? slipped : own);
    })
    .join('');
}
