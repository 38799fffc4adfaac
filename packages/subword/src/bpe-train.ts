// Learns BPE merges from counted pre-tokens: the most frequent pair of neighbours becomes a piece, again and again.
// Source: Sennrich, Haddow & Birch 2016, algorithm 1; with incremental pair counts and a heap instead of recounting.
import { bytesFromText, forgetRare, unitBatches } from '@strata/text';
import { BASE_VOCABULARY_SIZE, BpeTokenizer, FIRST_BYTE_ID, type Merge, preTokens, replacePair } from './bpe.js';
import { PairHeap } from './bpe-heap.js';

/** A tokenizer was asked for that cannot be trained. */
export class BpeTrainingError extends Error {
  override readonly name = 'BpeTrainingError';
}

/** What training gives: `exhausted` says that no pair was left to merge before the wanted size was reached. */
export interface TrainedBpe {
  readonly tokenizer: BpeTokenizer;
  readonly requestedSize: number;
  readonly exhausted: boolean;
}

/** Called now and then with the vocabulary's size so far and the size wanted. */
export type BpeProgress = (size: number, requestedSize: number) => void;

// A pair seen once would only spell one pre-token of the corpus.
const MINIMUM_PAIR_COUNT = 2;
const MAXIMUM_VOCABULARY_SIZE = 1_000_000;
const PROGRESS_EVERY = 256;

// Beyond this many distinct pre-tokens the rarest are forgotten: they would only be learned letter by letter anyway.
const MAXIMUM_PRE_TOKENS = 1 << 19;

/**
 * Adds the pre-tokens of a whole text, in one string or in chunks, to `counts` and returns them; a text cut in two has
 * other pre-tokens at the cut. At most 524,288 are remembered: of more, the rarest so far are forgotten.
 */
export function countPreTokens(
  text: string | Iterable<string>,
  counts: Map<string, number> = new Map(),
): Map<string, number> {
  const steps = preTokenSteps(text, counts);
  while (!steps.next().done);
  return counts;
}

/** The same a few thousand characters at a time, each step telling how many it read. */
export function* preTokenSteps(
  text: string | Iterable<string>,
  counts: Map<string, number>,
): Generator<number, void, undefined> {
  for (const batch of unitBatches(typeof text === 'string' ? [text] : text)) {
    for (const { gap, surface } of batch)
      for (const preToken of preTokens(gap, surface)) counts.set(preToken, (counts.get(preToken) ?? 0) + 1);
    forgetRare(counts, MAXIMUM_PRE_TOKENS, (count) => count);
    if (batch.length > 0) yield batch.at(-1)!.end - batch[0]!.gapStart;
  }
}

/**
 * Learns a vocabulary of `vocabularySize` ids (`<|bos|>`, 256 bytes, merges) from counted pre-tokens.
 *
 * Deterministic: equal counts, in any order, give an equal tokenizer; ties go to the pair with the smaller left id,
 * then right id. Throws BpeTrainingError when the size or a count is not a whole number within limits.
 */
export function trainBpe(
  counts: Iterable<readonly [preToken: string, count: number]>,
  vocabularySize: number,
  onProgress?: BpeProgress,
): TrainedBpe {
  checkSize(vocabularySize);
  const pairs = new PairIndex(counts, vocabularySize);
  const merges: Merge[] = [];
  const learned = new Set<string>();
  const idOfPiece = new Map<string, number>();
  const pieces = ['', ...Array.from({ length: 256 }, (_, byte) => String.fromCharCode(byte))];
  while (pieces.length < vocabularySize) {
    const merge = pairs.best(MINIMUM_PAIR_COUNT);
    if (merge === undefined) break;
    const [left, right] = merge;
    const piece = pieces[left]! + pieces[right]!;
    // Two merges may spell the same piece ("a"+"bc", "ab"+"c"): it gets one id, as its bytes are what it is.
    const id = idOfPiece.get(piece) ?? pieces.push(piece) - 1;
    idOfPiece.set(piece, id);
    pairs.apply(merge, id);
    // A merge that spells a piece anew can bring a pair back that was merged before: its place in the order stands.
    if (learned.has(`${left} ${right}`)) continue;
    learned.add(`${left} ${right}`);
    merges.push(merge);
    if (pieces.length % PROGRESS_EVERY === 0) onProgress?.(pieces.length, vocabularySize);
  }
  onProgress?.(pieces.length, vocabularySize);
  return {
    tokenizer: new BpeTokenizer(merges),
    requestedSize: vocabularySize,
    exhausted: pieces.length < vocabularySize,
  };
}

function checkSize(vocabularySize: number): void {
  if (
    Number.isSafeInteger(vocabularySize) &&
    vocabularySize >= BASE_VOCABULARY_SIZE &&
    vocabularySize <= MAXIMUM_VOCABULARY_SIZE
  ) {
    return;
  }
  throw new BpeTrainingError(
    `A subword vocabulary of ${vocabularySize} ids was asked for; accepted is a whole number from ` +
      `${BASE_VOCABULARY_SIZE} (<|bos|> and 256 bytes) to ${MAXIMUM_VOCABULARY_SIZE}. Choose a size in between.`,
  );
}

// All pre-tokens as ids, how often each pair of neighbours occurs, and in which pre-tokens.
class PairIndex {
  private readonly words: number[][] = [];
  private readonly wordCounts: number[] = [];
  private readonly pairCounts = new Map<number, number>();
  // May name words in which the pair no longer occurs, or a word twice.
  private readonly wordsOfPair = new Map<number, number[]>();
  private readonly heap = new PairHeap();

  constructor(
    counts: Iterable<readonly [string, number]>,
    private readonly idLimit: number,
  ) {
    for (const [preToken, count] of counts) {
      if (!Number.isSafeInteger(count) || count < 1) {
        throw new BpeTrainingError(
          `The pre-token ${JSON.stringify(preToken.slice(0, 60))} is counted ${count} times; accepted is a whole ` +
            'number of at least 1. Count pre-tokens with countPreTokens.',
        );
      }
      const word = Array.from(bytesFromText(preToken), (byte) => FIRST_BYTE_ID + byte);
      const index = this.words.push(word) - 1;
      this.wordCounts.push(count);
      this.count(index, count);
    }
    for (const [pair, count] of this.pairCounts) this.heap.push(count, pair);
  }

  // The most frequent pair. An entry of the heap may be out of date: it is corrected when it comes up.
  best(minimumCount: number): Merge | undefined {
    for (let top = this.heap.pop(); top !== undefined; top = this.heap.pop()) {
      const count = this.pairCounts.get(top.pair) ?? 0;
      if (count < minimumCount) continue;
      if (count === top.count) return [Math.floor(top.pair / this.idLimit), top.pair % this.idLimit];
      if (count < top.count) this.heap.push(count, top.pair);
    }
    return undefined;
  }

  apply(merge: Merge, id: number): void {
    const merged = merge[0] * this.idLimit + merge[1];
    const touched = new Set<number>();
    for (const index of new Set(this.wordsOfPair.get(merged))) {
      const word = this.words[index]!;
      if (!holdsPair(word, merge)) continue;
      this.count(index, -this.wordCounts[index]!, touched);
      replacePair(word, merge, id);
      this.count(index, this.wordCounts[index]!, touched);
    }
    this.wordsOfPair.delete(merged);
    this.pairCounts.delete(merged);
    for (const pair of touched) {
      const count = this.pairCounts.get(pair);
      if (count !== undefined && count > 0) this.heap.push(count, pair);
    }
  }

  // Adds (or, with a negative amount, takes away) what one word's pairs count.
  private count(index: number, amount: number, touched?: Set<number>): void {
    const word = this.words[index]!;
    for (let at = 0; at + 1 < word.length; at++) {
      const pair = word[at]! * this.idLimit + word[at + 1]!;
      this.pairCounts.set(pair, (this.pairCounts.get(pair) ?? 0) + amount);
      touched?.add(pair);
      if (amount < 0) continue;
      const found = this.wordsOfPair.get(pair);
      if (found === undefined) this.wordsOfPair.set(pair, [index]);
      else if (found.at(-1) !== index) found.push(index);
    }
  }
}

function holdsPair(word: readonly number[], [left, right]: Merge): boolean {
  for (let at = 0; at + 1 < word.length; at++) if (word[at] === left && word[at + 1] === right) return true;
  return false;
}
