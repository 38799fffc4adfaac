// What was asked for last, in bounded memory: two generations, of which the older is given up as a whole.
// From: Strata; the clock of Corbató 1968 with one hand for all: what is asked for again and again is never made anew.

/** A function of strings that remembers its last results, at least `limit` and at most twice as many. */
export class Recent<T extends object> {
  #young = new Map<string, T>();
  #old: ReadonlyMap<string, T> = new Map();

  constructor(
    private readonly limit: number,
    private readonly make: (key: string) => T,
  ) {}

  get(key: string): T {
    return this.#young.get(key) ?? this.#renewed(key);
  }

  #renewed(key: string): T {
    const value = this.#old.get(key) ?? this.make(key);
    if (this.#young.size >= this.limit) {
      this.#old = this.#young;
      this.#young = new Map();
    }
    this.#young.set(key, value);
    return value;
  }
}
