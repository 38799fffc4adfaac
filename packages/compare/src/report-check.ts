// Small checks that turn unknown data into typed data and say where and why they refuse.
// One function a kind, composed as parser combinators are; the report's own fields are declared in report-schema.ts.

/** Thrown when a report is not what it should be; the message names the place, what was found and what is accepted. */
export class ReportFormatError extends Error {
  override readonly name = 'ReportFormatError';
  constructor(
    readonly path: string,
    problem: string,
    next = 'Write report.json again with the version of Strata that reads it.',
  ) {
    super(`${path}: ${problem}. ${next}`);
  }
}

/** Returns `found` as a T, or throws ReportFormatError naming `path`. */
export type Check<T> = (found: unknown, path: string) => T;

/** A string; `nonEmpty` refuses ''. */
export const text =
  (nonEmpty = false): Check<string> =>
  (found, path) => {
    if (typeof found !== 'string') throw new ReportFormatError(path, `found ${describe(found)}, expected a string`);
    if (nonEmpty && found === '') throw new ReportFormatError(path, 'found an empty string, expected a name');
    return found;
  };

/** A finite number within [least, most]; `whole` refuses fractions. */
export const number =
  (least = -Infinity, most = Infinity, whole = false): Check<number> =>
  (found, path) => {
    const kind = whole ? 'a whole number' : 'a number';
    const range = least > -Infinity ? ` ${most < Infinity ? `from ${least} to ${most}` : `of at least ${least}`}` : '';
    const accepted =
      typeof found === 'number' &&
      Number.isFinite(found) &&
      found >= least &&
      found <= most &&
      (!whole || Number.isInteger(found));
    if (!accepted) throw new ReportFormatError(path, `found ${describe(found)}, expected ${kind}${range}`);
    return found;
  };

/** true or false. */
export const flag: Check<boolean> = (found, path) => {
  if (typeof found !== 'boolean') throw new ReportFormatError(path, `found ${describe(found)}, expected true or false`);
  return found;
};

/** One of a closed list of values. */
export const oneOf =
  <T extends string | number>(...accepted: readonly T[]): Check<T> =>
  (found, path) => {
    const match = accepted.find((value) => value === found);
    if (match === undefined) {
      const list = accepted.map((value) => JSON.stringify(value)).join(', ');
      throw new ReportFormatError(path, `found ${describe(found)}, expected ${list}`);
    }
    return match;
  };

/** An array of at most `most` elements that all pass `check`. */
export const list =
  <T>(check: Check<T>, most = Infinity): Check<readonly T[]> =>
  (found, path) => {
    if (!Array.isArray(found)) throw new ReportFormatError(path, `found ${describe(found)}, expected a list`);
    if (found.length > most)
      throw new ReportFormatError(path, `found a list of ${found.length}, expected at most ${most}`);
    return found.map((element, index) => check(element, `${path}[${index}]`));
  };

/** An object with free names, whose every value passes `check`. */
export const named =
  <T>(check: Check<T>): Check<Readonly<Record<string, T>>> =>
  (found, path) => {
    if (!isObject(found)) throw new ReportFormatError(path, `found ${describe(found)}, expected an object`);
    // fromEntries defines own properties, so that a name such as __proto__ stays a name.
    return Object.fromEntries(Object.entries(found).map(([name, value]) => [name, check(value, `${path}.${name}`)]));
  };

/** A field that may be missing. */
export const optional =
  <T>(check: Check<T>): Check<T | undefined> =>
  (found, path) =>
    found === undefined ? undefined : check(found, path);

/** An object with exactly these fields; an unknown field fails with the nearest known name. */
export const object =
  <T extends object>(fields: { readonly [K in keyof T]-?: Check<T[K]> }): Check<T> =>
  (found, path) => {
    if (!isObject(found)) throw new ReportFormatError(path, `found ${describe(found)}, expected an object`);
    for (const name of Object.keys(found)) {
      if (Object.hasOwn(fields, name)) continue;
      const known = Object.keys(fields);
      throw new ReportFormatError(
        `${path}.${name}`,
        `unknown field; the nearest known one is "${nearest(name, known)}", accepted are ${known.join(', ')}`,
        'Rename or remove it.',
      );
    }
    const checked: Partial<T> = {};
    for (const name of Object.keys(fields) as (keyof T & string)[]) {
      const value = fields[name](Object.hasOwn(found, name) ? found[name] : undefined, `${path}.${name}`);
      if (value !== undefined) checked[name] = value;
    }
    return checked as T;
  };

function isObject(found: unknown): found is Record<string, unknown> {
  return typeof found === 'object' && found !== null && !Array.isArray(found);
}

function describe(found: unknown): string {
  if (found === undefined) return 'nothing';
  if (Array.isArray(found)) return `a list of ${found.length}`;
  if (typeof found === 'object' && found !== null) return 'an object';
  const shown = typeof found === 'string' ? JSON.stringify(found) : String(found);
  return shown.length > 60 ? `${shown.slice(0, 60)}...` : shown;
}

function nearest(name: string, known: readonly string[]): string {
  return known.reduce((best, other) => (editDistance(name, other) < editDistance(name, best) ? other : best));
}

/** Insertions, deletions and substitutions that turn `a` into `b` (Levenshtein 1966). */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 0; i < a.length; i++) {
    const next = [i + 1];
    for (let j = 0; j < b.length; j++) {
      next.push(Math.min(next[j]! + 1, row[j + 1]! + 1, row[j]! + (a[i] === b[j] ? 0 : 1)));
    }
    row = next;
  }
  return row[b.length]!;
}
