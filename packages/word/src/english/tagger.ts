// Parts of speech of the units of a text, by wink-nlp's English tagger.
// Source: wink-nlp with wink-eng-lite-web-model; fed our own words with single spaces, since its own cutting depends on its cache.
import type { StreamedUnit } from '@strata/text';
import { isHeading } from './capitals.js';
import { type KnownSurface, knownSurface } from './known-surfaces.js';
import { wink } from './wink.js';

/** Units a call of the tagger; more only costs memory. */
const CHUNK_UNITS = 1024;

/** Units in order, with what is known of their surfaces and their Universal POS tags; three columns of one length. */
export interface TaggedUnits {
  readonly units: readonly StreamedUnit[];
  readonly surfaces: readonly KnownSurface[];
  readonly tags: readonly string[];
}

/** Tags the units of one text as they come; white space gets the tag SPACE. The same text always gets the same tags. */
export function* tagUnits(batches: Iterable<readonly StreamedUnit[]>): Generator<TaggedUnits, void, undefined> {
  let pending: StreamedUnit[] = [];
  for (const batch of batches) {
    pending = pending.concat(batch);
    let from = 0;
    while (pending.length - from > CHUNK_UNITS) {
      const to = chunkEnd(pending, from);
      yield tagChunk(pending.slice(from, to));
      from = to;
    }
    pending = pending.slice(from);
  }
  if (pending.length > 0) yield tagChunk(pending);
}

// A chunk ends before a sentence where there is one in its second half, so that no context is torn.
function chunkEnd(units: readonly StreamedUnit[], from: number): number {
  const to = from + CHUNK_UNITS;
  for (let at = to; at > from + CHUNK_UNITS / 2; at--) if (units[at]!.boundary > 0) return at;
  return to;
}

/** Where the sentence that begins at `from` ends. */
export function sentenceEnd(units: readonly StreamedUnit[], from: number): number {
  let to = from + 1;
  while (to < units.length && units[to]!.boundary === 0) to++;
  return to;
}

function tagChunk(units: readonly StreamedUnit[]): TaggedUnits {
  const surfaces = units.map(({ surface }) => knownSurface(surface));
  const found = tagWords(wordsOf(units, surfaces));
  let word = 0;
  const tags = surfaces.map(({ isSpace }) => (isSpace ? 'SPACE' : (found?.[word++] ?? 'X')));
  return { units, surfaces, tags };
}

/** The tag of each word; undefined where the tagger lost count of them. */
function tagWords(words: readonly string[]): readonly string[] | undefined {
  const tagger = wink();
  const { its } = tagger;
  const tokens = tagger.readDoc(words.join(' ')).tokens();
  const tags = tokens.out(its.pos) as unknown as string[];
  if (tags.length === words.length) return tags;
  // The tagger cuts some words further ("cannot"): the first piece speaks for the whole.
  const spaces = tokens.out(its.precedingSpaces) as unknown as string[];
  const first = tags.filter((_, index) => index === 0 || spaces[index] !== '');
  return first.length === words.length ? first : undefined;
}

/** The words of units, without white space, as the tagger reads them best. */
function wordsOf(units: readonly StreamedUnit[], surfaces: readonly KnownSurface[]): string[] {
  const words: string[] = [];
  for (let from = 0, to: number; from < units.length; from = to) {
    to = sentenceEnd(units, from);
    let saysNothing = true;
    const heading = isHeading(surfaces, from, to);
    for (let at = from; at < to; at++) {
      const { isSpace, given, givenSmall } = surfaces[at]!;
      if (isSpace) continue;
      words.push(saysNothing ? givenSmall : given);
      saysNothing = heading;
    }
  }
  return words;
}
