// Which words are English lemmas, by part of speech: a frozen list, read once, refused where its hash is not the built one.
// Source: scripts/english/build-lemmas.mjs, from WordNet 3.0's index of single words (wink-lexicon) and en-inflectors; see data/english/NOTICE.md.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { InflectionTableError } from './inflections.js';
import { KNOWN_LEMMAS_SHA256 } from './known-lemmas-hash.js';

/** Parts of speech that inflect, as bits of a set. */
export const OPEN_CLASS = { noun: 1, verb: 2, adj: 4, adv: 8 } as const;

let known: ReadonlyMap<string, number> | undefined;

/** The parts of speech of a lower-case word as a set of OPEN_CLASS bits, 0 where it is no known lemma. */
export function openClassesOf(word: string): number {
  known ??= readList();
  return known.get(word) ?? 0;
}

function readList(): ReadonlyMap<string, number> {
  const name = 'data/english/lemmas.txt';
  const advice = `Restore ${name} of packages/word from version control, or run scripts/english/build-lemmas.mjs.`;
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(new URL(`../../${name}`, import.meta.url));
  } catch (cause) {
    throw new InflectionTableError(`List of lemmas: ${name} cannot be read. ${advice}`, { cause });
  }
  const found = createHash('sha256').update(bytes).digest('hex');
  if (found !== KNOWN_LEMMAS_SHA256)
    throw new InflectionTableError(
      `List of lemmas: SHA-256 of ${name} is ${found}; accepted is ${KNOWN_LEMMAS_SHA256}. ${advice}`,
    );
  const words = new Map<string, number>();
  for (const line of new TextDecoder().decode(bytes).trimEnd().split('\n')) {
    const [parts, list] = line.split('\t') as [string, string];
    const set = parts.split('+').reduce((bits, part) => bits | OPEN_CLASS[part as keyof typeof OPEN_CLASS], 0);
    for (const word of list.split(' ')) words.set(word, set);
  }
  return words;
}
