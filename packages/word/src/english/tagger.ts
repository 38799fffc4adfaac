// Parts of speech of the units of a text, by wink-nlp's English tagger.
// Source: wink-nlp with wink-eng-lite-web-model; fed our own words with single spaces, since its own cutting depends on its cache.
import type { StreamedUnit } from '@strata/text';
import { isHeading, withoutCapital } from './capitals.js';
import { wink } from './wink.js';

/** Units a call of the tagger; more only costs memory. */
const CHUNK_UNITS = 1024;

const SPACE = /^\s/u;
/** What the tagger can be trusted to keep as it is given; anything else stands as a mark. */
const READABLE = /^[\p{L}\p{M}\p{N}\p{P}\p{S}]+$/u;

/** Units in order, each with its Universal POS tag. */
export type TaggedUnits = readonly { readonly unit: StreamedUnit; readonly tag: string }[];

/** Tags the units of one text as they come; white space gets the tag SPACE. The same text always gets the same tags. */
export function* tagUnits(batches: Iterable<readonly StreamedUnit[]>): Generator<TaggedUnits, void, undefined> {
  let pending: StreamedUnit[] = [];
  for (const batch of batches) {
    pending = pending.concat(batch);
    let from = 0;
    for (; pending.length - from > CHUNK_UNITS; from = chunkEnd(pending, from))
      yield tagChunk(pending.slice(from, chunkEnd(pending, from)));
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

function tagChunk(units: readonly StreamedUnit[]): TaggedUnits {
  const tagger = wink();
  const { its } = tagger;
  const words = wordsOf(units);
  const tokens = tagger.readDoc(words.join(' ')).tokens();
  const spaces = tokens.out(its.precedingSpaces) as unknown as string[];
  const tags = tokens.out(its.pos) as unknown as string[];
  // The tagger cuts some words further ("cannot"): the first piece speaks for the whole.
  const starts: number[] = [];
  spaces.forEach((space, index) => {
    if (index === 0 || space !== '') starts.push(index);
  });
  const aligned = starts.length === words.length;
  let word = 0;
  return units.map((unit) => {
    if (SPACE.test(unit.surface)) return { unit, tag: 'SPACE' };
    return { unit, tag: aligned ? tags[starts[word++]!]! : 'X' };
  });
}

/** The words of units, without white space, as the tagger reads them best. */
function wordsOf(units: readonly StreamedUnit[]): string[] {
  const words: string[] = [];
  let sentence: string[] = [];
  const finish = (): void => {
    const heading = isHeading(sentence);
    sentence.forEach((surface, index) => {
      words.push(readable(index === 0 || heading ? withoutCapital(surface) : surface));
    });
    sentence = [];
  };
  for (const { surface, boundary } of units) {
    if (boundary > 0) finish();
    if (!SPACE.test(surface)) sentence.push(surface);
  }
  finish();
  return words;
}

function readable(surface: string): string {
  return READABLE.test(surface) ? surface.replaceAll('’', "'") : '*';
}
