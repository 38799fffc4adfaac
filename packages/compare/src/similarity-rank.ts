// Do vectors order pairs of words as people do? SimLex-999 (Hill, Reichart & Korhonen 2015) by Spearman's rank correlation.
// Formats: the original table with its header, and its three bare columns (Faruqui & Dyer 2014).

/** Two words and how near in meaning people found them, 0 to 10. */
export interface RatedPair {
  readonly a: string;
  readonly b: string;
  readonly rating: number;
}

/** A file that is no list of rated pairs; the message names file and line. */
export class SimlexFormatError extends Error {
  override readonly name = 'SimlexFormatError';
}

const ACCEPTED =
  'Accepted are lines of "word<tab>word<tab>rating", ratings from 0 to 10, or the table of SimLex-999 with its header (word1, word2, ..., SimLex999).';

/** Reads rated pairs; throws SimlexFormatError. */
export function parseSimlex(text: string, path: string): RatedPair[] {
  const lines = text.replace(/^\ufeff/u, '').split(/\r?\n/u);
  const header = lines[0]!.split('\t').map((name) => name.trim());
  const hasHeader = header[0] === 'word1';
  const [columnA, columnB, column] = hasHeader
    ? ['word1', 'word2', 'SimLex999'].map((name) => header.indexOf(name))
    : [0, 1, 2];
  if (Math.min(columnA!, columnB!, column!) < 0)
    throw new SimlexFormatError(
      `${path}, line 1: the header has ${header.map((name) => JSON.stringify(name.slice(0, 20))).join(', ')}. ${ACCEPTED}`,
    );
  const columns = hasHeader ? header.length : 3;
  const pairs = lines.flatMap((line, at): RatedPair[] => {
    if ((at === 0 && hasHeader) || line.trim() === '') return [];
    const fields = line.split('\t').map((field) => field.trim());
    const [a, b, rating] = [fields[columnA!], fields[columnB!], fields[column!]];
    const value = rating === undefined || !/^\d+(\.\d+)?$/.test(rating) ? Number.NaN : Number(rating);
    if (fields.length !== columns || !a || !b || !(value >= 0 && value <= 10))
      throw new SimlexFormatError(
        `${path}, line ${at + 1}: found ${JSON.stringify(line.slice(0, 60))}. ${ACCEPTED} Correct the line or leave it out.`,
      );
    return [{ a: a.toLowerCase(), b: b.toLowerCase(), rating: value }];
  });
  if (pairs.length === 0) throw new SimlexFormatError(`${path}: no pairs. ${ACCEPTED}`);
  return pairs;
}

/** Ratings by either word, then the other; of a pair that is rated twice the last. */
export function ratingsByPair(pairs: readonly RatedPair[]): ReadonlyMap<string, ReadonlyMap<string, number>> {
  const ratings = new Map<string, Map<string, number>>();
  for (const { a, b, rating } of pairs)
    for (const [own, other] of [
      [a, b],
      [b, a],
    ] as const) {
      const found = ratings.get(own) ?? new Map<string, number>();
      ratings.set(own, found.set(other, rating));
    }
  return ratings;
}

/** Ranks from 1, the least first; equal values share the mean of their ranks. */
export function midRanks(values: ArrayLike<number>): Float64Array {
  const order = Array.from({ length: values.length }, (_, i) => i).sort((i, j) => values[i]! - values[j]!);
  const ranks = new Float64Array(values.length);
  for (let first = 0; first < order.length; ) {
    let end = first + 1;
    while (end < order.length && values[order[end]!] === values[order[first]!]) end++;
    for (let at = first; at < end; at++) ranks[order[at]!] = (first + 1 + end) / 2;
    first = end;
  }
  return ranks;
}

/** Spearman's rank correlation of two lists of one length: Pearson's of their mid-ranks; undefined where one is constant. */
export function spearman(left: ArrayLike<number>, right: ArrayLike<number>): number | undefined {
  const [x, y] = [midRanks(left), midRanks(right)];
  const mean = (x.length + 1) / 2;
  let [product, squareX, squareY] = [0, 0, 0];
  for (let i = 0; i < x.length; i++) {
    product += (x[i]! - mean) * (y[i]! - mean);
    squareX += (x[i]! - mean) ** 2;
    squareY += (y[i]! - mean) ** 2;
  }
  return squareX > 0 && squareY > 0 ? product / Math.sqrt(squareX * squareY) : undefined;
}

/** How vectors rank rated pairs. */
export interface SimilarityRank {
  /** Pairs whose words both have a vector. */
  readonly covered: number;
  /** Spearman over covered pairs; undefined for fewer than two. */
  readonly rho?: number;
  /** The same over all pairs, those that are not covered put at the median of the others' cosines. */
  readonly rhoOfAll?: number;
}

/** Ranks rated pairs by the cosine of their words' vectors; `vectorOf` gives undefined for an unknown word. */
export function similarityRank(
  pairs: readonly RatedPair[],
  vectorOf: (word: string) => ArrayLike<number> | undefined,
): SimilarityRank {
  const cosines = pairs.map(({ a, b }) => {
    const [left, right] = [vectorOf(a), vectorOf(b)];
    return left === undefined || right === undefined ? undefined : cosine(left, right);
  });
  const covered = pairs.flatMap(({ rating }, i) => (cosines[i] === undefined ? [] : [{ rating, cosine: cosines[i]! }]));
  const sorted = covered.map((pair) => pair.cosine).sort((x, y) => x - y);
  const middle = sorted.length / 2;
  const median = (sorted[Math.ceil(middle) - 1]! + sorted[Math.floor(middle)]!) / 2;
  const ratings = pairs.map(({ rating }) => rating);
  const rho = spearman(
    covered.map((pair) => pair.cosine),
    covered.map(({ rating }) => rating),
  );
  const rhoOfAll =
    covered.length === 0
      ? undefined
      : spearman(
          cosines.map((value) => value ?? median),
          ratings,
        );
  return { covered: covered.length, ...(rho !== undefined && { rho }), ...(rhoOfAll !== undefined && { rhoOfAll }) };
}

/** Cosine of two vectors of one width; 0 where one is zero. Rounded to seven digits, so that equal directions tie. */
export function cosine(left: ArrayLike<number>, right: ArrayLike<number>): number {
  let [product, squareLeft, squareRight] = [0, 0, 0];
  for (let k = 0; k < left.length; k++) {
    product += left[k]! * right[k]!;
    squareLeft += left[k]! ** 2;
    squareRight += right[k]! ** 2;
  }
  const lengths = Math.sqrt(squareLeft * squareRight);
  return lengths === 0 ? 0 : Math.round((product / lengths) * 1e7) / 1e7;
}
