// The lexicon of a corpus: what occurs, how often, and one analysis a form, chosen without context.
// Source: the project's own design; each form has its most frequent part of speech (the baseline of Charniak et al. 1993).
import { segmentUnits } from '@strata/text';
import { splitCasing } from './casing.js';
import { type CountedForm, chooseAnalyses } from './choose-analyses.js';
import type { Lexicon } from './lexicon-types.js';
import { tagUnits } from './tagger.js';

/** How far `buildLexicon` is. */
export interface LexiconProgress {
  readonly documents: number;
  readonly characters: number;
}

/**
 * Counts and analyses the word forms of training texts.
 *
 * Forms are counted with their casing taken off; the result does not depend on the order of the documents.
 */
export function buildLexicon(documents: Iterable<string>, onProgress?: (progress: LexiconProgress) => void): Lexicon {
  const forms = new Map<string, CountedForm>();
  const gaps = new Map<string, number>();
  let count = 0;
  let characters = 0;
  for (const text of documents) {
    const spans = segmentUnits(text);
    const surfaces = spans.map(({ start, end }) => text.slice(start, end));
    const tagged = tagUnits(surfaces, (index) => spans[index]!.boundary > 0);
    spans.forEach((span, index) => {
      const gap = text.slice(span.gapStart, span.start);
      gaps.set(gap, (gaps.get(gap) ?? 0) + 1);
      const { form, casing } = splitCasing(surfaces[index]!);
      let counted = forms.get(form);
      if (counted === undefined) {
        counted = { casings: [0, 0, 0], tags: new Map(), lowerTags: new Map(), hints: new Map() };
        forms.set(form, counted);
      }
      const { tag, lemmaHint } = tagged[index]!;
      counted.casings[casing]!++;
      increment(counted.tags, tag);
      if (casing === 0) increment(counted.lowerTags, tag);
      increment(counted.hints, lemmaHint.toLowerCase());
    });
    count++;
    characters += text.length;
    onProgress?.({ documents: count, characters });
  }
  return { ...chooseAnalyses(forms), gaps: new Map([...gaps].sort(([a], [b]) => (a < b ? -1 : 1))) };
}

function increment(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
