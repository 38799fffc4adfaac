// Agglomerative clustering over accepted pairs only: average linkage (Sokal & Michener 1958), where a pair that was not
// accepted counts 0, and a merge must leave every member accepted with most of the others, so that no chain can grow.
import type { LemmaEntry } from './lemma.js';

/** Two lemma ids that the judges accepted, and how alike they are. */
export interface AcceptedPair {
  readonly a: number;
  readonly b: number;
  readonly similarity: number;
}

/** How clusters may grow. */
export interface ClusterOptions {
  /** Most members of a cluster; 8 unless given. */
  readonly maximumSize?: number;
  /** Each member must be accepted with more than this part of the others; 0.5 unless given. */
  readonly agreement?: number;
  /** Pairs of lemma ids that must never share a cluster (antonyms). */
  readonly apart?: readonly { readonly a: number; readonly b: number }[];
  /** Disjoint groups of lemma ids that share a cluster whatever was accepted, beyond `maximumSize` too: a person's word. */
  readonly together?: readonly (readonly number[])[];
}

/** Accepted pairs that name no lemma, groups that contradict other options, or options out of range. */
export class ClusterError extends Error {
  override readonly name = 'ClusterError';
}

interface Cluster {
  readonly members: number[];
  /** Sum of the similarities of accepted pairs across, by the other cluster's key. */
  readonly linked: Map<number, number>;
}

interface Merge {
  readonly linkage: number;
  readonly first: number;
  readonly second: number;
}

/** Clusters of two or more lemma ids, each in order of id, by their first id; the order of the pairs does not matter; throws ClusterError. */
export function cluster(
  accepted: readonly AcceptedPair[],
  lemmas: readonly LemmaEntry[],
  options: ClusterOptions = {},
): number[][] {
  const { maximumSize = 8, agreement = 0.5, apart = [], together = [] } = options;
  if (!Number.isInteger(maximumSize) || maximumSize < 1 || !(agreement >= 0 && agreement < 1)) {
    throw new ClusterError(
      `maximumSize ${maximumSize} and agreement ${agreement} found; accepted are a whole number of at least 1 and a part from 0 to below 1.`,
    );
  }
  const friends = acceptedGraph(accepted, lemmas);
  const strangers = new Set(apart.map(({ a, b }) => pairKey(a, b)));
  const clusters = new Map<number, Cluster>();
  const groupOf = checkedGroups(together, lemmas, strangers);
  // A group is one cluster from the start, under its least id; links into it add up there.
  const startOf = (id: number): number => groupOf.get(id)?.[0] ?? id;
  for (const members of new Set(groupOf.values()))
    clusters.set(members[0]!, { members: [...members], linked: new Map() });
  for (const id of friends.keys()) if (!groupOf.has(id)) clusters.set(id, { members: [id], linked: new Map() });
  for (const [id, linked] of friends) {
    const start = startOf(id);
    const sums = clusters.get(start)!.linked;
    for (const [other, similarity] of linked) {
      const end = startOf(other);
      if (end !== start) sums.set(end, (sums.get(end) ?? 0) + similarity);
    }
  }

  const mayMerge = (left: Cluster, right: Cluster): boolean => {
    const members = [...left.members, ...right.members];
    if (members.length > maximumSize) return false;
    return members.every((member) => {
      const others = members.filter((other) => other !== member);
      if (others.some((other) => strangers.has(pairKey(member, other)))) return false;
      const own = groupOf.get(member);
      const agreeing = others.filter((other) => friends.get(member)?.has(other) || own?.includes(other)).length;
      return agreeing > agreement * others.length;
    });
  };

  // Links across fall into a queue by linkage; an entry is stale once either cluster has changed its key.
  const queue = new MergeQueue();
  const offer = (first: number, second: number): void => {
    const left = clusters.get(first)!;
    const right = clusters.get(second)!;
    const sum = left.linked.get(second)!;
    queue.push({
      linkage: sum / (left.members.length * right.members.length),
      first: Math.min(first, second),
      second: Math.max(first, second),
    });
  };
  for (const [id, { linked }] of clusters) for (const other of linked.keys()) if (id < other) offer(id, other);

  // Fresh keys lie above all lemma ids, so that a key never means two clusters; order among equals is by age, then by id.
  let nextKey = lemmas.reduce((largest, lemma) => Math.max(largest, lemma.id), 0) + 1;
  for (let merge = queue.pop(); merge !== undefined; merge = queue.pop()) {
    const left = clusters.get(merge.first);
    const right = clusters.get(merge.second);
    if (left === undefined || right === undefined || !mayMerge(left, right)) continue;
    const key = nextKey++;
    const linked = new Map<number, number>();
    for (const part of [left, right]) {
      for (const [other, sum] of part.linked) {
        if (other === merge.first || other === merge.second) continue;
        linked.set(other, (linked.get(other) ?? 0) + sum);
      }
    }
    clusters.delete(merge.first);
    clusters.delete(merge.second);
    clusters.set(key, { members: [...left.members, ...right.members], linked });
    for (const [other, sum] of linked) {
      const neighbour = clusters.get(other)!.linked;
      neighbour.delete(merge.first);
      neighbour.delete(merge.second);
      neighbour.set(key, sum);
      offer(other, key);
    }
  }
  return [...clusters.values()]
    .filter(({ members }) => members.length > 1)
    .map(({ members }) => members.sort((left, right) => left - right))
    .sort((left, right) => left[0]! - right[0]!);
}

/** The group of each lemma id that has one, in order of id; throws ClusterError unless groups are disjoint, of one part of speech and not apart. */
function checkedGroups(
  together: readonly (readonly number[])[],
  lemmas: readonly LemmaEntry[],
  strangers: ReadonlySet<string>,
): Map<number, readonly number[]> {
  const groupOf = new Map<number, readonly number[]>();
  if (together.length === 0) return groupOf;
  const posOf = new Map(lemmas.map((lemma) => [lemma.id, lemma.pos]));
  const ordered = together
    .map((group) => [...group].sort((left, right) => left - right))
    .sort((left, right) => left[0]! - right[0]!);
  for (const group of ordered) {
    const pos = posOf.get(group[0]!);
    for (const [index, id] of group.entries()) {
      const enemy = group.slice(index + 1).find((other) => strangers.has(pairKey(id, other)));
      if (pos === undefined || posOf.get(id) !== pos || groupOf.has(id) || enemy !== undefined) {
        throw new ClusterError(
          `lemma ids ${group.join(', ')} are to be together${enemy === undefined ? '' : `, and ${id} and ${enemy} apart`}; groups are disjoint, of different lemmas of one part of speech, and hold no pair that is apart.`,
        );
      }
      groupOf.set(id, group);
    }
  }
  return groupOf;
}

/** Similarity of every accepted pair, both ways round; in order of id, whatever the order of the pairs. */
function acceptedGraph(
  accepted: readonly AcceptedPair[],
  lemmas: readonly LemmaEntry[],
): Map<number, Map<number, number>> {
  const posOf = new Map(lemmas.map((lemma) => [lemma.id, lemma.pos]));
  const ordered = accepted
    .map(({ a, b, similarity }) => ({ a: Math.min(a, b), b: Math.max(a, b), similarity }))
    .sort((left, right) => left.a - right.a || left.b - right.b);
  const graph = new Map<number, Map<number, number>>();
  for (const { a, b, similarity } of ordered) {
    const pos = posOf.get(a);
    if (a === b || pos === undefined || posOf.get(b) !== pos || !Number.isFinite(similarity)) {
      throw new ClusterError(
        `accepted pair of lemma ids ${a} and ${b} with similarity ${similarity} found; a pair is two different lemmas of the list, of one part of speech, with a finite similarity.`,
      );
    }
    for (const [from, to] of [
      [a, b],
      [b, a],
    ] as const) {
      const linked = graph.get(from);
      if (linked) linked.set(to, similarity);
      else graph.set(from, new Map([[to, similarity]]));
    }
  }
  return new Map([...graph].sort((left, right) => left[0] - right[0]));
}

function pairKey(a: number, b: number): string {
  return a < b ? `${a} ${b}` : `${b} ${a}`;
}

/** A binary heap of merges: the strongest linkage first, then the lesser keys. */
class MergeQueue {
  readonly #heap: Merge[] = [];

  push(merge: Merge): void {
    const heap = this.#heap;
    let at = heap.push(merge) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!precedes(heap[at]!, heap[parent]!)) break;
      [heap[at], heap[parent]] = [heap[parent]!, heap[at]!];
      at = parent;
    }
  }

  pop(): Merge | undefined {
    const heap = this.#heap;
    const top = heap[0];
    const last = heap.pop();
    if (top === undefined || last === undefined || heap.length === 0) return top;
    heap[0] = last;
    for (let at = 0; ; ) {
      let first = at;
      for (const child of [2 * at + 1, 2 * at + 2]) {
        if (child < heap.length && precedes(heap[child]!, heap[first]!)) first = child;
      }
      if (first === at) return top;
      [heap[at], heap[first]] = [heap[first]!, heap[at]!];
      at = first;
    }
  }
}

function precedes(left: Merge, right: Merge): boolean {
  if (left.linkage !== right.linkage) return left.linkage > right.linkage;
  return left.first - right.first < 0 || (left.first === right.first && left.second < right.second);
}
