// The adjective test: "white hare" and "brown hare" go on differently; does a model know? In held-out sentences an adjective
// is swapped for another that the training text has with that noun, and the next content word is scored under both.
// From: Strata, the founding text (the white hare and the brown). Every swap is a phrase that could have stood there.
import { forgetRare, segmentUnits } from '@strata/text';
import { coarsePartOfSpeech, type ReadUnit } from '@strata/word';
import { type PairsScore, scorePairs } from './pairs.js';
import { total } from './unit-nats.js';

/** How often each adjective stands before each noun, by `noun adjective`. */
export type AdjectiveCounts = Map<string, number>;

/** A place of held-out text: what stands before the adjective, then from the noun to the next content word. */
export interface HareItem {
  readonly before: string;
  readonly adjective: string;
  /** The adjective that is tried instead. */
  readonly swapped: string;
  /** The noun and all after it that stands before the next content word, gaps included. */
  readonly between: string;
  /** The next content word with its gap. */
  readonly next: string;
}

/** What adjectives do to the next content word. */
export interface HareScore {
  /** How often the word that follows is likelier after the adjective that truly stood there. */
  readonly right: PairsScore;
  /** Bits that the right adjective saves on the next content word, on average, and half the width of its 95% interval. */
  readonly saved: number;
  readonly savedMargin: number;
  /** Mean absolute difference in bits between the two adjectives. */
  readonly moved: number;
  /** The same between the right adjective and none. */
  readonly movedByAny: number;
}

/** Pairs that are remembered at most. */
const PAIRS = 1 << 20;
/** Times that a pair is seen in training text at least. */
const SEEN = 2;
/** Tagged as adjectives, but they say which or how many, not of what kind. */
const WHICH: ReadonlySet<string> = new Set(
  'better best certain few first former last least less many more most much next other own same second several such third very whole'.split(
    ' ',
  ),
);
/** Units of a sentence that are kept before the adjective at most. */
const CONTEXT = 24;
/** Units after the noun within which the next content word must come. */
const REACH = 6;
const LOWER = /^\p{Ll}+$/u;
const CONTENT: ReadonlySet<string> = new Set(['NOUN', 'VERB', 'ADJ', 'ADV', 'PROPN']);

const isPhrase = (first: ReadUnit | undefined, second: ReadUnit | undefined): boolean =>
  first?.tag === 'ADJ' &&
  second?.tag === 'NOUN' &&
  second.unit.boundary === 0 &&
  second.unit.gap !== '' &&
  LOWER.test(first.unit.surface) &&
  !WHICH.has(first.unit.surface) &&
  LOWER.test(second.unit.surface);

/** Sentences of a read text, one after the other. */
function* sentencesOf(batches: Iterable<readonly ReadUnit[]>): Generator<readonly ReadUnit[], void, undefined> {
  let sentence: ReadUnit[] = [];
  for (const batch of batches)
    for (const read of batch) {
      if (read.unit.boundary > 0 && sentence.length > 0) {
        yield sentence;
        sentence = [];
      }
      sentence.push(read);
    }
  if (sentence.length > 0) yield sentence;
}

/** Counts adjectives before nouns in a read text, in bounded memory: the rarest pairs are forgotten. */
export function countAdjectives(counts: AdjectiveCounts, batches: Iterable<readonly ReadUnit[]>): void {
  for (const sentence of sentencesOf(batches))
    for (const [at, read] of sentence.entries()) {
      const noun = sentence[at + 1];
      if (!isPhrase(read, noun)) continue;
      const pair = `${noun!.unit.surface} ${read.unit.surface}`;
      counts.set(pair, (counts.get(pair) ?? 0) + 1);
      forgetRare(counts, PAIRS, (count) => count);
    }
}

/** The adjectives of each noun that are seen often enough, the most frequent first, ties in the order of their letters. */
export function adjectivesOf(counts: AdjectiveCounts): Map<string, string[]> {
  const byNoun = new Map<string, [adjective: string, count: number][]>();
  for (const [pair, count] of counts) {
    if (count < SEEN) continue;
    const [noun, adjective] = pair.split(' ') as [string, string];
    const own = byNoun.get(noun);
    if (own === undefined) byNoun.set(noun, [[adjective, count]]);
    else own.push([adjective, count]);
  }
  return new Map(
    [...byNoun].map(([noun, own]) => [
      noun,
      own.sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).map(([adjective]) => adjective),
    ]),
  );
}

const opensWithVowel = (word: string): boolean => /^[aeiou]/u.test(word);
const ARTICLE = /(?<=^|\s)an?$/iu;

/** All places of a read text where the adjective can be swapped. */
export function hareItems(
  batches: Iterable<readonly ReadUnit[]>,
  adjectives: ReadonlyMap<string, readonly string[]>,
): HareItem[] {
  const items: HareItem[] = [];
  for (const sentence of sentencesOf(batches))
    for (let at = 1; at + 1 < sentence.length; at++) {
      const [read, noun] = [sentence[at]!, sentence[at + 1]!];
      if (!isPhrase(read, noun)) continue;
      const ahead = sentence.slice(at + 2, at + 2 + REACH).findIndex(({ tag }) => CONTENT.has(coarsePartOfSpeech(tag)));
      const known = adjectives.get(noun.unit.surface);
      const adjective = read.unit.surface;
      if (ahead < 0 || known?.includes(adjective) !== true) continue;
      const text = (from: number, to: number): string =>
        sentence
          .slice(from, to)
          .map(({ unit }) => unit.gap + unit.surface)
          .join('');
      const before = text(Math.max(0, at - CONTEXT), at).trimStart() + read.unit.gap;
      // "A white hare", but "an old one": a swap must leave the article right.
      const isBound = ARTICLE.test(before.trimEnd());
      const swapped = known.find(
        (other) => other !== adjective && (!isBound || opensWithVowel(other) === opensWithVowel(adjective)),
      );
      if (swapped === undefined) continue;
      const item = {
        before,
        adjective,
        swapped,
        between: text(at + 1, at + 2 + ahead),
        next: text(at + 2 + ahead, at + 3 + ahead),
      };
      if (isWhole(item)) items.push(item);
    }
  return items;
}

/** Texts that are scored for an item: with each of both adjectives and with none, up to the next content word and with it. */
export function hareTexts({ before, adjective, swapped, between, next }: HareItem): string[] {
  const article = opensWithVowel(between.trimStart()) ? 'an' : 'a';
  const bare = before.trimEnd().replace(ARTICLE, (found) => (found[0] === 'A' ? `A${article.slice(1)}` : article));
  return [before + adjective, before + swapped, bare].flatMap((start) => [start + between, start + between + next]);
}

/** Whether the next content word is one more unit in all its texts, so that two sums differ by its cost alone. */
function isWhole(item: HareItem): boolean {
  const texts = hareTexts(item);
  return [0, 2, 4].every((at) => {
    const ends = segmentUnits(texts[at + 1]!).map(({ end }) => end);
    return ends.at(-2) === texts[at]!.length && segmentUnits(texts[at]!).length === ends.length - 1;
  });
}

/** At most `limit` items, evenly from all. */
export function someItems(items: readonly HareItem[], limit: number): HareItem[] {
  if (items.length <= limit) return [...items];
  return Array.from({ length: limit }, (_, i) => items[Math.floor((i * items.length) / limit)]!);
}

/** The score from the nats of all `hareTexts` of all items; each content word costs what its text costs more. */
export function hareScore(nats: Float64Array): HareScore {
  const items = nats.length / 6;
  const bits = (item: number, variant: number): number =>
    (nats[6 * item + 2 * variant + 1]! - nats[6 * item + 2 * variant]!) / Math.LN2;
  const each = [...Array(items).keys()];
  const mean = (value: (item: number) => number): number => total(each.map(value)) / Math.max(1, items);
  const savedBy = (item: number): number => bits(item, 1) - bits(item, 0);
  const saved = mean(savedBy);
  return {
    right: scorePairs(each.flatMap((item) => [bits(item, 0), bits(item, 1)])),
    saved,
    savedMargin: 1.96 * Math.sqrt(mean((item) => (savedBy(item) - saved) ** 2) / Math.max(1, items)),
    moved: mean((item) => Math.abs(savedBy(item))),
    movedByAny: mean((item) => Math.abs(bits(item, 2) - bits(item, 0))),
  };
}
