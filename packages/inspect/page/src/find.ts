// Finding concepts by what is typed: exact members first, then those that begin so, the frequent before the rare.
import type { ConceptColumns } from '../../src/answers.js';

/** Names of a concept's members, as far as the columns have them. */
function membersOf(columns: ConceptColumns, id: number): readonly string[] {
  const further = columns.further[id] ?? [];
  // A lemma may hold a stroke of its own ("and/or"), which only a concept of several would be split at.
  const named = columns.sizes[id]! > 1 ? columns.names[id]!.split('/') : [columns.names[id]!];
  return [...named, ...further];
}

/** At most `limit` concepts for a text. */
export function find(columns: ConceptColumns, text: string, limit: number): number[] {
  const sought = text.trim().toLowerCase();
  if (sought === '') return [];
  const ranked: { id: number; rank: number }[] = [];
  for (let id = 0; id < columns.names.length; id++) {
    let rank = 9;
    for (const member of membersOf(columns, id)) {
      const name = member.toLowerCase();
      if (name === sought) rank = 0;
      else if (name.startsWith(sought)) rank = Math.min(rank, 1);
      else if (name.includes(sought)) rank = Math.min(rank, 2);
    }
    if (rank < 9) ranked.push({ id, rank });
  }
  return ranked
    .sort((a, b) => a.rank - b.rank || columns.counts[b.id]! - columns.counts[a.id]! || a.id - b.id)
    .slice(0, limit)
    .map(({ id }) => id);
}
