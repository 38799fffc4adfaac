// Reading English in context: tags, put right by rules of syntax, pick among the readings that a form can have.
// From: Strata, WORDS (analysis by synthesis: only what realises back to the form is a reading).
import type { StreamedUnit } from '@strata/text';
import type { Reading, ReadUnit } from '../language.js';
import { choose, ROLE, type Role } from './choose.js';
import { CLOSED_SET } from './closed-sets.js';
import { resolveSentence, type Word } from './syntax.js';
import { sentenceEnd, type TaggedUnits, tagUnits } from './tagger.js';

/** Reads units as they come, sentence by sentence; the same text always gets the same readings. */
export function* readEnglish(
  batches: Iterable<readonly StreamedUnit[]>,
): Generator<readonly ReadUnit[], void, undefined> {
  for (const tagged of tagUnits(batches)) {
    const read: ReadUnit[] = [];
    for (let from = 0, to: number; from < tagged.units.length; from = to) {
      to = sentenceEnd(tagged.units, from);
      readSentence(tagged, from, to, read);
    }
    yield read;
  }
}

/** Reads the units [from, to) of one sentence and appends them to `read`. */
function readSentence({ units, surfaces, tags }: TaggedUnits, from: number, to: number, read: ReadUnit[]): void {
  const words: Word[] = [];
  for (let at = from; at < to; at++) {
    const { known, isSpace, isCountry } = surfaces[at]!;
    if (!isSpace) words.push({ known, tag: isCountry ? 'PROPN' : tags[at]!, participle: false, past: false });
  }
  resolveSentence(words);
  let next = 0;
  for (let at = from; at < to; at++) {
    const { known, casing, isSpace } = surfaces[at]!;
    const word = isSpace ? undefined : words[next++]!;
    const tag = word?.tag ?? 'SPACE';
    const reading = choose(known, tag, word === undefined ? ROLE.none : roleOf(word, words[next]));
    read.push(new Read(units[at]!, known.form, casing, reading, tag));
  }
}

// A class, since V8 may come to allocate what a literal makes among old objects, where a unit's short life is dear.
class Read implements ReadUnit {
  constructor(
    readonly unit: StreamedUnit,
    readonly form: string,
    readonly casing: number,
    readonly reading: Reading,
    readonly tag: string,
  ) {}
}

function roleOf({ known, participle, past }: Word, following: Word | undefined): Role {
  const cutOff = (known.sets & CLOSED_SET.cutOff) !== 0;
  if (cutOff && following !== undefined && (following.known.sets & CLOSED_SET.not) !== 0) return ROLE.cutOff;
  return participle ? ROLE.participle : past ? ROLE.past : ROLE.none;
}
