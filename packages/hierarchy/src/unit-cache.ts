// What a unit was encoded as, remembered by its gap and surface: texts repeat themselves, and few gaps are in use.
// From: Strata; emptied when it is full, so its memory has a bound and its answers never change.

const REMEMBERED_UNITS = 1 << 16;

/** Remembers one value for each (gap, surface) met lately. */
export class UnitCache<T> {
  readonly #gaps = new Map<string, Map<string, T>>();
  #size = 0;

  /** The value of a unit; `make` is asked for it when it is not remembered. */
  get(gap: string, surface: string, make: (gap: string, surface: string) => T): T {
    let surfaces = this.#gaps.get(gap);
    if (surfaces === undefined) {
      surfaces = new Map();
      this.#gaps.set(gap, surfaces);
    }
    const known = surfaces.get(surface);
    if (known !== undefined) return known;
    const made = make(gap, surface);
    surfaces.set(surface, made);
    if (++this.#size >= REMEMBERED_UNITS) {
      this.#gaps.clear();
      this.#size = 0;
    }
    return made;
  }
}
