// Every concept as columns of numbers and names: what the map and the search of the page need of all of them at once.
// From: Strata; columns are a third of the same as objects, and 50,000 concepts are 2 MB.
import type { ConceptVocabulary } from '@strata/concept';
import type { ConceptColumns } from './answers.js';

/** Members that a concept's name shows (concept/vocabulary.ts, conceptName). */
const NAMED_MEMBERS = 3;

/** The columns of a vocabulary. */
export function conceptColumns(vocabulary: ConceptVocabulary): ConceptColumns {
  const { concepts } = vocabulary;
  const tags = [...new Set(concepts.map(({ pos }) => pos))];
  const tagOf = new Map(tags.map((tag, index) => [tag, index]));
  const further: Record<string, readonly string[]> = {};
  for (const { id, members } of concepts)
    if (members.length > NAMED_MEMBERS) further[id] = members.slice(NAMED_MEMBERS).map(({ name }) => name);
  return {
    names: concepts.map(({ name }) => name),
    pos: concepts.map(({ pos }) => tagOf.get(pos)!),
    tags,
    sizes: concepts.map(({ members }) => members.length),
    counts: concepts.map(({ members }) => members.reduce((sum, { count }) => sum + count, 0)),
    coherence: concepts.map(({ id, members }) =>
      members.length > 1 ? Number(vocabulary.coherence(id).toFixed(4)) : 0,
    ),
    further,
  };
}
