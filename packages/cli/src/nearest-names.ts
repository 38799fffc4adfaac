// Which known names a mistyped one may have meant: those with the fewest single-letter edits (Levenshtein 1966).
// From: Strata's house rule that every refusal names the nearest thing that would be accepted.

const LONGEST = 40;

function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, j) => j);
  for (let i = 0; i < from.length; i++) {
    const next = [i + 1];
    for (let j = 0; j < to.length; j++)
      next.push(Math.min(row[j + 1]! + 1, next[j]! + 1, row[j]! + (from[i] === to[j] ? 0 : 1)));
    row = next;
  }
  return row[to.length]!;
}

/** Up to `count` names nearest to `name`, nearest first; ties keep the order of `known`. */
export function nearestNames(name: string, known: Iterable<string>, count: number): string[] {
  const wanted = name.slice(0, LONGEST).toLowerCase();
  return [...new Set(known)]
    .filter((candidate) => Math.abs(candidate.length - wanted.length) <= Math.max(2, wanted.length / 2))
    .map((candidate) => ({ candidate, distance: editDistance(wanted, candidate.slice(0, LONGEST).toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance)
    .slice(0, count)
    .map(({ candidate }) => candidate);
}
