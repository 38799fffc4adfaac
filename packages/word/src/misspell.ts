// Misspellings as people make them, for a reader of letters to learn from: one slip or two, drawn from a stream.
// From: the four slips of Damerau (1964), with those that English shows most: doubled letters and confused vowels.
import type { RandomStream } from '@strata/nn';

const VOWELS = [...'aeiou'];
const LETTERS = [...'abcdefghijklmnopqrstuvwxyz'];
/** How often a word has a second slip. */
const SECOND_SLIP = 0.3;
/** Words shorter than this are left alone: a slip would leave nothing of them. */
const SHORTEST = 4;

/** A slip at a place of a word; most leave the first letter alone, as people do. */
type Slip = (letters: string[], at: number, random: RandomStream) => void;

const one = <T>(from: readonly T[], random: RandomStream): T => from[random.below(from.length)]!;

const drop: Slip = (letters, at) => {
  letters.splice(at, 1);
};
const swap: Slip = (letters, at) => {
  const next = letters[at + 1];
  if (next === undefined) return;
  letters[at + 1] = letters[at]!;
  letters[at] = next;
};
const double: Slip = (letters, at) => {
  if (letters[at + 1] === letters[at]) letters.splice(at, 1);
  else letters.splice(at, 0, letters[at]!);
};
const insert: Slip = (letters, at, random) => {
  letters.splice(at, 0, one(random.uniform() < 0.5 ? VOWELS : LETTERS, random));
};
const replace: Slip = (letters, at, random) => {
  letters[at] = one(VOWELS.includes(letters[at]!) ? VOWELS : LETTERS, random);
};

/** Slips by how often they are made. */
const SLIPS: readonly (readonly [share: number, slip: Slip])[] = [
  [0.3, drop],
  [0.15, swap],
  [0.15, double],
  [0.15, insert],
  [0.25, replace],
];

/** The word with a slip or two, or as it is where it is short or a slip changes nothing. */
export function misspell(word: string, random: RandomStream): string {
  const letters = [...word];
  if (letters.length < SHORTEST) return word;
  for (let slips = random.uniform() < SECOND_SLIP ? 2 : 1; slips > 0; slips--) {
    let left = random.uniform();
    const [, slip] = SLIPS.find(([share]) => (left -= share) < 0) ?? SLIPS[0]!;
    const at = random.uniform() < 0.1 ? 0 : 1 + random.below(letters.length - 1);
    slip(letters, at, random);
  }
  return letters.join('');
}
