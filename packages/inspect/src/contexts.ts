// Where members of a concept stand in the training text: a few snippets, found by streaming it, a chunk at a time.
// From: keyword in context (Luhn 1960). A form names one lemma only, so a surface decides without reading its sentence.
import { setImmediate } from 'node:timers/promises';
import type { Documents } from '@strata/text';
import type { WordTokenizer } from '@strata/word';
import type { ContextAnswer, ContextsAnswer } from './answers.js';

/** Snippets shown, at most; so many a lemma and a document, so that no one of them fills the card. */
const SNIPPETS = 12;
const A_LEMMA = 4;
const A_DOCUMENT = 5;
/** Text read for one card, in UTF-16 code units; a rare word of a large corpus is not sought to its end. */
const LONGEST_SEARCH = 64 << 20;
/** Characters shown on either side, and from one snippet to the next at least. */
const SIDE = 90;
const APART = 5 * SIDE;

/** Snippets around the lemmas of a concept. */
export async function findContexts(
  lemmas: readonly number[],
  words: WordTokenizer,
  documents: Documents,
): Promise<ContextsAnswer> {
  const wanted = new Set(lemmas);
  const pattern = patternOf(lemmas, words);
  if (pattern === undefined) return { contexts: [], note: 'it has no form of its own to look for' };
  const contexts: ContextAnswer[] = [];
  const ofLemma = new Map<number, number>();
  let read = 0;
  for (const document of documents) {
    let ofDocument = 0;
    // A chunk is looked at once its right side is known; what is left of it goes before the next.
    let held = '';
    let from = 0;
    let earliest = 0;
    const look = (end: number): void => {
      pattern.lastIndex = from;
      for (let match = pattern.exec(held); match !== null && match.index < end; match = pattern.exec(held)) {
        from = match.index + match[0].length;
        if (contexts.length >= SNIPPETS || ofDocument >= A_DOCUMENT) return;
        const { lemma } = words.encodeSurface(match[0]);
        const seen = ofLemma.get(lemma) ?? 0;
        if (!wanted.has(lemma) || seen >= A_LEMMA || from < earliest) continue;
        ofLemma.set(lemma, seen + 1);
        ofDocument++;
        earliest = from + APART;
        contexts.push({ document: document.name, ...snippet(held, match.index, from) });
      }
    };
    for (const chunk of document.chunks()) {
      held += chunk;
      read += chunk.length;
      const end = held.length - 2 * SIDE;
      if (end > 0) {
        look(end);
        const cut = Math.max(0, end - SIDE);
        held = held.slice(cut);
        from = Math.max(end, from) - cut;
        earliest -= cut;
      }
      // Others who ask are answered between chunks.
      await setImmediate();
      if (contexts.length >= SNIPPETS || ofDocument >= A_DOCUMENT || read >= LONGEST_SEARCH) break;
    }
    look(held.length);
    if (contexts.length >= SNIPPETS) return { contexts, note: '' };
    if (read >= LONGEST_SEARCH)
      return { contexts, note: `sought in the first ${LONGEST_SEARCH >> 20} million characters only` };
  }
  return { contexts, note: contexts.length === 0 ? 'none of its forms stands in the training text as it is now' : '' };
}

/** A pattern that finds every form of the lemmas as a word of its own, longest first; undefined where there is none. */
function patternOf(lemmas: readonly number[], { vocabulary }: WordTokenizer): RegExp | undefined {
  const forms = new Set<string>();
  for (const lemma of lemmas)
    for (let slot = 0; slot < vocabulary.slotCount; slot++) {
      const form = vocabulary.slotForm(lemma, slot)?.form;
      if (form !== undefined && form !== '') forms.add(form);
    }
  if (forms.size === 0) return undefined;
  const escaped = [...forms]
    .sort((a, b) => b.length - a.length)
    .map((form) => form.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&'));
  // A form of letters may not touch other letters; a mark may touch anything.
  const bounded = [...escaped].map((form) =>
    /^[\p{L}\p{N}]/u.test(form) ? `(?<![\\p{L}\\p{N}])${form}(?![\\p{L}\\p{N}])` : form,
  );
  return new RegExp(bounded.join('|'), 'giu');
}

function snippet(text: string, from: number, to: number): Pick<ContextAnswer, 'before' | 'word' | 'after'> {
  const flat = (part: string): string => part.replace(/\s+/g, ' ');
  const before = flat(text.slice(Math.max(0, from - SIDE), from));
  const after = flat(text.slice(to, to + SIDE));
  return {
    // Cut at white space, as a word's half says nothing.
    before: from > SIDE ? before.replace(/^\S*\s/, '') : before,
    word: text.slice(from, to),
    after: to + SIDE < text.length ? after.replace(/\s\S*$/, '') : after,
  };
}
