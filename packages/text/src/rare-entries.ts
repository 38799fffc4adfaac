// Counting more different things than memory holds: when there are too many, the rarest are forgotten.
// From: lossy counting (Manku & Motwani 2002): what is forgotten was rare so far, and begins anew if it comes again.

/** Forgets the rarest entries until at most half of `limit` are left, once there are more than `limit`; ties go together. */
export function forgetRare<T>(counts: Map<string, T>, limit: number, countOf: (entry: T) => number): void {
  if (counts.size <= limit) return;
  const entriesOfCount = new Map<number, number>();
  for (const entry of counts.values()) {
    const count = countOf(entry);
    entriesOfCount.set(count, (entriesOfCount.get(count) ?? 0) + 1);
  }
  let left = counts.size;
  let rarest = 0;
  for (const count of [...entriesOfCount.keys()].sort((a, b) => a - b)) {
    if (left <= limit / 2) break;
    left -= entriesOfCount.get(count)!;
    rarest = count;
  }
  for (const [name, entry] of counts) if (countOf(entry) <= rarest) counts.delete(name);
}
