// Parts of speech of the units of a text, by wink-nlp's English tagger; one instance for the whole process.
// Source: wink-nlp with wink-eng-lite-web-model; fed our own words with single spaces, since its own cutting depends on its cache.
import model from 'wink-eng-lite-web-model';
import winkNLP, { type ItsFunction, type WinkMethods } from 'wink-nlp';

/** What the tagger says of one unit: a Universal POS tag, and a lemma that is only a hint (it respells words). */
export interface TaggedUnit {
  readonly tag: string;
  readonly lemmaHint: string;
}

/** Units a call of the tagger; more only costs memory. */
const CHUNK_UNITS = 1024;

const SPACE = /^\s/u;
/** What the tagger can be trusted to keep as it is given; anything else stands as a mark. */
const READABLE = /^[\p{L}\p{M}\p{N}\p{P}\p{S}]+$/u;

let tagger: WinkMethods | undefined;

/** Tags the surfaces of one text in order; white space gets the tag SPACE. The same text always gets the same tags. */
export function tagUnits(surfaces: readonly string[], startsSentence: (index: number) => boolean): TaggedUnit[] {
  const tagged: TaggedUnit[] = [];
  let from = 0;
  while (from < surfaces.length) {
    let to = Math.min(surfaces.length, from + CHUNK_UNITS);
    // A chunk ends before a sentence where there is one in its second half, so that no context is torn.
    for (let at = to; at > from + CHUNK_UNITS / 2 && at < surfaces.length; at--) {
      if (startsSentence(at)) {
        to = at;
        break;
      }
    }
    tagChunk(surfaces.slice(from, to), tagged);
    from = to;
  }
  return tagged;
}

function tagChunk(surfaces: readonly string[], tagged: TaggedUnit[]): void {
  // More than about twenty instances crash, and making one takes a third of a second.
  tagger ??= winkNLP(model, ['pos']);
  const { its } = tagger;
  const words = surfaces.filter((surface) => !SPACE.test(surface));
  const tokens = tagger.readDoc(words.map(readable).join(' ')).tokens();
  const spaces = tokens.out(its.precedingSpaces) as unknown as string[];
  const tags = tokens.out(its.pos) as unknown as string[];
  // The package types its.lemma for one argument more than its own call passes.
  const hints = tokens.out(its.lemma as unknown as ItsFunction<string>) as unknown as string[];
  // The tagger cuts some words further ("cannot"): the first piece speaks for the whole, and no lemma is known.
  const starts: number[] = [];
  spaces.forEach((space, index) => {
    if (index === 0 || space !== '') starts.push(index);
  });
  const aligned = starts.length === words.length;
  let word = 0;
  for (const surface of surfaces) {
    if (SPACE.test(surface)) {
      tagged.push({ tag: 'SPACE', lemmaHint: surface });
      continue;
    }
    const start = starts[word]!;
    const whole = aligned && (starts[word + 1] ?? tags.length) === start + 1;
    tagged.push({ tag: aligned ? tags[start]! : 'X', lemmaHint: whole ? hints[start]! : surface });
    word++;
  }
}

function readable(surface: string): string {
  return READABLE.test(surface) ? surface.replaceAll('’', "'") : '*';
}
