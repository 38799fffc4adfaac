// Minimal pairs: two sentences that differ in one point of grammar; a model is right where it finds the good one likelier.
// Formats: Zorro (Huebner et al. 2021: bad and good lines in turns), BLiMP (Warstadt et al. 2020: JSON lines).

/** One pair. */
export interface MinimalPair {
  readonly good: string;
  readonly bad: string;
}

/** A file that holds no pairs; the message names file and line. */
export class PairsFormatError extends Error {
  override readonly name = 'PairsFormatError';
}

/** Reads pairs in the format that the content shows; throws PairsFormatError. */
export function parsePairs(text: string, path: string): MinimalPair[] {
  const lines = text.split(/\r?\n/u);
  while (lines.length > 0 && lines.at(-1)!.trim() === '') lines.pop();
  if (lines.length === 0) throw new PairsFormatError(`${path}: no lines; accepted are Zorro and BLiMP files.`);
  return lines[0]!.trimStart().startsWith('{') ? blimp(lines, path) : zorro(lines, path);
}

function zorro(lines: readonly string[], path: string): MinimalPair[] {
  if (lines.length % 2 !== 0)
    throw new PairsFormatError(`${path}: ${lines.length} lines; accepted are bad and good sentences in turns.`);
  const pairs: MinimalPair[] = [];
  for (let at = 0; at < lines.length; at += 2) {
    const [bad, good] = [lines[at]!.trim(), lines[at + 1]!.trim()];
    if (bad === '' || good === '')
      throw new PairsFormatError(`${path}, line ${at + (bad === '' ? 1 : 2)}: empty; accepted is one sentence a line.`);
    pairs.push({ bad, good });
  }
  return pairs;
}

function blimp(lines: readonly string[], path: string): MinimalPair[] {
  return lines.map((line, at) => {
    let value: unknown;
    try {
      value = JSON.parse(line);
    } catch {
      throw new PairsFormatError(`${path}, line ${at + 1}: not JSON; accepted is one object a line.`);
    }
    const { sentence_good: good, sentence_bad: bad } = (value ?? {}) as Record<string, unknown>;
    if (typeof good !== 'string' || typeof bad !== 'string' || good === '' || bad === '')
      throw new PairsFormatError(
        `${path}, line ${at + 1}: accepted are the strings "sentence_good" and "sentence_bad".`,
      );
    return { good, bad };
  });
}

/** A tokenised, lower-case sentence as prose has it: a capital first, "I", marks and clitics joined to their words. */
export function asProse(sentence: string): string {
  const joined = sentence
    .replace(/ (?=[.,;:!?])/gu, '')
    .replace(/ (?=(?:n't|'(?:s|m|d|ll|ve|re))\b)/gu, '')
    .replace(/\bi\b/gu, 'I');
  return joined.slice(0, 1).toUpperCase() + joined.slice(1);
}

/** How often the good sentence was likelier, of how many; a tie counts half. */
export interface PairsScore {
  readonly pairs: number;
  readonly accuracy: number;
  /** Half the width of the 95% interval of the accuracy (normal approximation). */
  readonly margin: number;
}

/** Scores pairs from the nats of their sentences, good and bad of one pair side by side. */
export function scorePairs(nats: ArrayLike<number>): PairsScore {
  const pairs = nats.length / 2;
  let right = 0;
  for (let pair = 0; pair < pairs; pair++) {
    const [good, bad] = [nats[2 * pair]!, nats[2 * pair + 1]!];
    right += good < bad ? 1 : good === bad ? 0.5 : 0;
  }
  const accuracy = right / pairs;
  return { pairs, accuracy, margin: 1.96 * Math.sqrt((accuracy * (1 - accuracy)) / pairs) };
}
