// A priority queue of pairs: the highest count first, the smaller pair among equals.
// A binary heap (Williams 1964) over two parallel arrays, since training pushes some hundred thousand entries.

/** A pair of ids, packed in one number, with the count it had when it was pushed. */
export interface CountedPair {
  readonly count: number;
  readonly pair: number;
}

/** A maximum heap of counted pairs whose order is total, so that it never depends on the order of pushing. */
export class PairHeap {
  private readonly counts: number[] = [];
  private readonly pairs: number[] = [];

  /** Adds a pair with its count. */
  push(count: number, pair: number): void {
    let at = this.counts.length;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!comesFirst(count, pair, this.counts[parent]!, this.pairs[parent]!)) break;
      this.put(at, this.counts[parent]!, this.pairs[parent]!);
      at = parent;
    }
    this.put(at, count, pair);
  }

  /** Takes the first pair out, or undefined when there is none. */
  pop(): CountedPair | undefined {
    const count = this.counts[0];
    const pair = this.pairs[0];
    if (count === undefined || pair === undefined) return undefined;
    const lastCount = this.counts.pop()!;
    const lastPair = this.pairs.pop()!;
    if (this.counts.length > 0) this.sink(lastCount, lastPair);
    return { count, pair };
  }

  private sink(count: number, pair: number): void {
    const size = this.counts.length;
    let at = 0;
    for (let child = 1; child < size; child = 2 * at + 1) {
      const right = child + 1;
      const rightFirst =
        right < size && comesFirst(this.counts[right]!, this.pairs[right]!, this.counts[child]!, this.pairs[child]!);
      const first = rightFirst ? right : child;
      if (!comesFirst(this.counts[first]!, this.pairs[first]!, count, pair)) break;
      this.put(at, this.counts[first]!, this.pairs[first]!);
      at = first;
    }
    this.put(at, count, pair);
  }

  private put(at: number, count: number, pair: number): void {
    this.counts[at] = count;
    this.pairs[at] = pair;
  }
}

function comesFirst(count: number, pair: number, otherCount: number, otherPair: number): boolean {
  return count > otherCount || (count === otherCount && pair < otherPair);
}
