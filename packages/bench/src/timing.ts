// Times of something done again and again: the least says what the machine can do, the median what it does.
// From: Strata, STYLE: these machines are noisy, so parts are timed in turns within one run and compared as ratios.

/** Seconds of repeated runs. */
export interface Times {
  readonly least: number;
  readonly median: number;
  readonly runs: number;
}

/** Collects the times of one thing. */
export class Stopwatch {
  readonly #seconds: number[] = [];

  /** Runs once and keeps the time. */
  async time<T>(work: () => T | Promise<T>): Promise<T> {
    const started = performance.now();
    const result = await work();
    this.#seconds.push((performance.now() - started) / 1000);
    return result;
  }

  /** Keeps a time that was put together elsewhere, in seconds. */
  add(seconds: number): void {
    this.#seconds.push(seconds);
  }

  /** The time of the latest run in seconds. */
  get latest(): number {
    return this.#seconds.at(-1) ?? Number.NaN;
  }

  times(): Times {
    const sorted = this.#seconds.toSorted((a, b) => a - b);
    return {
      least: sorted[0] ?? Number.NaN,
      median: sorted[Math.floor(sorted.length / 2)] ?? Number.NaN,
      runs: sorted.length,
    };
  }
}
