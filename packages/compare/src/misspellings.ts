// Misspelled words: is the right lemma among the first that the ascended letters come near, alone and in context?
// Format: Norvig's list ("right: wrong, wrong*count", a line a word). From: Strata, EVALUATION (robustness to typos).
import { encodeLadder, type Ladder, type LadderText, Recogniser } from '@strata/hierarchy';
import { RandomStream } from '@strata/nn';
import { segmentUnits } from '@strata/text';
import { FIRST_LEMMA_ID, SPELLED_ID } from '@strata/word';

/** A word and how somebody wrote it. */
export interface Misspelling {
  readonly right: string;
  readonly wrong: string;
}

/** A file that holds no misspellings; the message names file and line. */
export class MisspellingsFormatError extends Error {
  override readonly name = 'MisspellingsFormatError';
}

/** A list none of whose pairs can be asked about; the message says why. */
export class NoMisspellingsError extends Error {
  override readonly name = 'NoMisspellingsError';
}

/** Reads misspellings; throws MisspellingsFormatError. */
export function parseMisspellings(text: string, path: string): Misspelling[] {
  const found = text.split(/\r?\n/u).flatMap((line, at) => {
    if (line.trim() === '') return [];
    const colon = line.indexOf(':', 1);
    const right = line.slice(0, colon).trim();
    const wrongs = line.slice(colon + 1).split(',');
    if (colon === -1 || right === '')
      throw new MisspellingsFormatError(`${path}, line ${at + 1}: accepted is "right: wrong, wrong", a line a word.`);
    return wrongs
      .map((wrong) => ({ right, wrong: wrong.replace(/\*\d+\s*$/u, '').trim() }))
      .filter(({ wrong }) => wrong !== '');
  });
  if (found.length === 0)
    throw new MisspellingsFormatError(`${path}: no misspellings; accepted is "right: wrong, wrong".`);
  return found;
}

/** How often the right lemma was the first, and among the first ten, of how many; shares of no words are 0. */
export interface RecognitionScore {
  readonly words: number;
  readonly first: number;
  readonly firstTen: number;
}

/** What became of misspelled words. */
export interface MisspellingsReport {
  /** Pairs of the list whose right word has a name here and whose wrong one has none. */
  readonly eligible: number;
  /** By the letters alone. */
  readonly letters: RecognitionScore;
  /** The same by how many slips lie between right and wrong: 1, 2, 3 and more. */
  readonly bySlips: Readonly<Record<'1' | '2' | '3+', RecognitionScore>>;
  /** Of those words that the held-out text has: by the letters, by the context before them, by both together. */
  readonly inText: Readonly<Record<'letters' | 'context' | 'both', RecognitionScore>>;
}

/** How many pairs of a list are asked about, in whose order, and what the list is called. */
export interface MisspellingsOptions {
  readonly limit?: number;
  readonly seed?: number;
  readonly source?: string;
}

/** A misspelling of a lemma that has a name. */
interface Case extends Misspelling {
  readonly lemma: number;
}

/** The cases that a ladder can be asked about, in an order that a seed draws; throws NoMisspellingsError. */
function casesOf({ words }: Ladder, pairs: readonly Misspelling[], seed: number, source: string): Case[] {
  const single = (word: string): boolean => segmentUnits(word).length === 1;
  const cases: Case[] = [];
  let [several, unnamed, known] = [0, 0, 0];
  for (const { right, wrong } of pairs) {
    const { lemma } = words!.encodeSurface(right);
    if (!single(right) || !single(wrong)) several++;
    else if (lemma < FIRST_LEMMA_ID) unnamed++;
    else if (words!.encodeSurface(wrong).lemma !== SPELLED_ID) known++;
    else cases.push({ right, wrong, lemma });
  }
  if (cases.length === 0)
    throw new NoMisspellingsError(
      `${source}: ${pairs.length} pairs were read and none counts. Lemma not in the run's vocabulary: ${unnamed}; ` +
        `misspelling is itself a known word: ${known}; not one word each: ${several}. ` +
        'Add pairs whose right word the run knows, or train one with a larger word.vocabularySize.',
    );
  return [...new RandomStream(seed, 'misspellings').permutation(cases.length)].map((i) => cases[i]!);
}

/** Slips between two words: letters dropped, added, replaced or swapped with their neighbours (Damerau 1964). */
export function slipsBetween(a: string, b: string): number {
  const [left, right] = [[...a.toLowerCase()], [...b.toLowerCase()]];
  let [before, last] = [[] as number[], Array.from({ length: right.length + 1 }, (_, j) => j)];
  for (let i = 1; i <= left.length; i++) {
    const row = [i];
    for (let j = 1; j <= right.length; j++) {
      const same = left[i - 1] === right[j - 1];
      row[j] = Math.min(last[j]! + 1, row[j - 1]! + 1, last[j - 1]! + (same ? 0 : 1));
      if (i > 1 && j > 1 && left[i - 1] === right[j - 2] && left[i - 2] === right[j - 1])
        row[j] = Math.min(row[j]!, before[j - 2]! + 1);
    }
    [before, last] = [last, row];
  }
  return last[right.length]!;
}

/** The place, from 0, of an id in a distribution: how many are likelier. */
function placeOf(values: Float32Array, id: number): number {
  let place = 0;
  for (const value of values) if (value > values[id]!) place++;
  return place;
}

function scoreOf(places: readonly number[]): RecognitionScore {
  const share = (most: number): number =>
    places.length === 0 ? 0 : places.filter((place) => place < most).length / places.length;
  return { words: places.length, first: share(1), firstTen: share(10) };
}

/** First unit of each lemma in an encoded text, where it has a context. */
function firstUnits(text: LadderText): Map<number, number> {
  const units = new Map<number, number>();
  text.units.lemma.forEach((lemma, unit) => {
    if (unit > 1 && lemma >= FIRST_LEMMA_ID && !units.has(lemma)) units.set(lemma, unit);
  });
  return units;
}

/**
 * Measures at most `limit` misspellings; contexts are the first places of the right words in `heldOut`, and `source`
 * names the list in errors. Throws NoMisspellingsError, RecognitionError.
 */
export async function measureMisspellings(
  ladder: Ladder,
  pairs: readonly Misspelling[],
  heldOut: string,
  { limit = 1000, seed = 1, source = 'the list' }: MisspellingsOptions = {},
): Promise<MisspellingsReport> {
  const eligible = casesOf(ladder, pairs, seed, source);
  const cases = eligible.slice(0, limit);
  const recogniser = await Recogniser.create(ladder);
  try {
    const letters = await recogniser.byLetters(cases.map(({ wrong }) => wrong));
    const places = cases.map(({ lemma }, i) => placeOf(letters[i]!, lemma));
    const slips = cases.map(({ right, wrong }) => slipsBetween(right, wrong));
    const bySlips = (least: number, most: number): RecognitionScore =>
      scoreOf(places.filter((_, i) => slips[i]! >= least && slips[i]! <= most));
    const text = encodeLadder([heldOut], ladder.words!, ladder.tokenizer);
    const units = firstUnits(text);
    const placed = [...cases.keys()].filter((i) => units.has(cases[i]!.lemma));
    const contexts = (
      await recogniser.byContext(
        text,
        placed.map((i) => units.get(cases[i]!.lemma)!),
      )
    ).map((values) => withoutFrequency(values, ladder));
    const inText = (values: (i: number, at: number) => Float32Array): RecognitionScore =>
      scoreOf(placed.map((i, at) => placeOf(values(i, at), cases[i]!.lemma)));
    return {
      eligible: eligible.length,
      letters: scoreOf(places),
      bySlips: { 1: bySlips(0, 1), 2: bySlips(2, 2), '3+': bySlips(3, Number.POSITIVE_INFINITY) },
      inText: {
        letters: inText((i) => letters[i]!),
        context: inText((_, at) => contexts[at]!),
        both: inText((i, at) => contexts[at]!.map((value, id) => value + letters[i]![id]!)),
      },
    };
  } finally {
    await recogniser.dispose();
  }
}

/**
 * How much likelier a context makes each lemma than it is anyway: a list of misspellings has rare words as often as
 * frequent ones. What has no name is left out, since the question is which lemma it is.
 */
function withoutFrequency(values: Float32Array, { words }: Ladder): Float32Array {
  const { vocabulary } = words!;
  return values.map((value, id) =>
    id < FIRST_LEMMA_ID ? Number.NEGATIVE_INFINITY : value - Math.log(vocabulary.count(id) + 1),
  );
}
