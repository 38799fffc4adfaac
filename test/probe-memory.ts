// What the concept level's memory may mean again, worked out from the text alone by walking its units: a second reading for
// the validity tests, which shares no line with how feeds are filled or how the graph mixes. From: Strata, EVALUATION.
import type { Ladder, LadderText } from '@strata/hierarchy';
import { BOS_ID, SPELLED_ID } from '@strata/word';

/** What one share of the pointer means: a concept, and the surface where the word has no name. */
export interface Meaning {
  readonly concept: number;
  readonly surface: string | undefined;
}

/** A unit without its gap; one of white space alone is an excess of it, and has no gap. */
export function surfaceOf({ words }: Ladder, { units }: LadderText, unit: number): string {
  const text = words!.unitText(units, unit);
  return text.trimStart() || text;
}

/** A text's units as what they mean; undefined at `<bos>`. */
export function meaningsOf(ladder: Ladder, text: LadderText): (Meaning | undefined)[] {
  return Array.from(text.units.lemma, (lemma, unit) => {
    if (lemma === BOS_ID) return undefined;
    const concept = ladder.concepts!.conceptOf[lemma]!;
    return { concept, surface: lemma === SPELLED_ID ? surfaceOf(ladder, text, unit) : undefined };
  });
}

/** True of concepts that more than one unit in a thousand of the training text names. */
export function isFrequent({ words, concepts }: Ladder, concept: number): boolean {
  const { vocabulary } = words!;
  let all = vocabulary.size;
  for (let lemma = 0; lemma < vocabulary.size; lemma++) if (lemma !== SPELLED_ID) all += vocabulary.count(lemma);
  const own = concepts!.members[concept]!.reduce((sum, lemma) => sum + vocabulary.count(lemma), 0);
  return own / all > 1e-3;
}

/** What each share of a window that begins at unit `start` means: the document's units before it, then its own in their order. */
export function remembered(ladder: Ladder, text: LadderText, start: number, units: number): (Meaning | undefined)[] {
  const { memory } = ladder.config.concept;
  const meanings = meaningsOf(ladder, text);
  const before: Meaning[] = [];
  for (let back = 1; back <= memory!.units && start >= back && meanings[start] !== undefined; back++) {
    const one = meanings[start - back];
    if (one === undefined) break;
    if (one.surface === undefined && isFrequent(ladder, one.concept)) continue;
    const isKnown = before.some(({ concept, surface }) => concept === one.concept && surface === one.surface);
    if (!isKnown && before.length < memory!.concepts) before.push(one);
  }
  const near = Array.from({ length: units }, (_, j) => meanings[start + j]);
  return [...before, ...new Array<undefined>(memory!.concepts - before.length).fill(undefined), ...near];
}
