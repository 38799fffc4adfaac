// Paths of this machine, made relative to the project before they enter a record: another reader has no use for them.
// From: Strata's house rule that nothing tracked names the machine it was written on.
import { homedir } from 'node:os';
import { basename, isAbsolute, resolve } from 'node:path';
import { type Checkout, realPath } from './git-tree.js';

/** Where things lie that are outside the project. */
const OUTSIDE = 'elsewhere';

// Two parts at least, after nothing that makes a slash something else: and/or, https://, ~/x, </b>, $HOME/x.
const POSIX_PATH = /(?<![\w.:/~<>)\]}*$-])\/[\w.-]+\/[\w.-]+(?:\/[\w.-]+)*/;
const WINDOWS_PATH = /(?<!\w)[A-Za-z]:\\+\w[\w.\\-]*/;

/** The first absolute path in a text; undefined where there is none. */
export function absolutePathIn(text: string): string | undefined {
  return (POSIX_PATH.exec(text) ?? WINDOWS_PATH.exec(text))?.[0];
}

const escapeForPattern = (text: string): string => text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');

/** Turns known absolute paths into what a record shows instead. */
export class RecordPaths {
  /** Absolute spellings and what is shown for each; the root is shown as nothing. */
  readonly #shown = new Map<string, string>();

  constructor(readonly checkout: Checkout) {
    if (homedir().length > 1) this.#add(homedir(), '~');
    this.#add(checkout.root, '');
  }

  /** How a record names a path: from the project's root, or by its own name where it lies outside. */
  show(path: string): string {
    const full = resolve(path);
    if (realPath(full) === this.checkout.root) return '.';
    const inside = this.checkout.inside(full);
    if (inside !== undefined) {
      // A link, or another working directory, may lead inside from elsewhere.
      if (!full.startsWith(this.checkout.root)) this.#add(full, inside);
      return inside;
    }
    const shown = `${OUTSIDE}/${basename(full)}`;
    this.#add(full, shown);
    return shown;
  }

  /** A text in which every known path, and every path below one, is shown as the record names it. */
  localise(text: string): string {
    const places = [...this.#shown].sort(([a], [b]) => b.length - a.length);
    return places.reduce((rest, [path, shown]) => {
      const pattern = new RegExp(
        `(?<![\\w.-])${escapeForPattern(path)}(?:([/\\\\]+)(?=[\\w.-])|(?![\\w-]|\\.\\w))`,
        'g',
      );
      return rest.replace(pattern, (_, slash: string | undefined) =>
        slash === undefined ? shown || '.' : shown === '' ? '' : `${shown}/`,
      );
    }, text);
  }

  #add(path: string, shown: string): void {
    if (!isAbsolute(path)) return;
    for (const spelling of [path, realPath(path)]) {
      this.#shown.set(spelling, shown);
      // As JSON and YAML write it, and as git does.
      this.#shown.set(spelling.replaceAll('\\', '\\\\'), shown);
      this.#shown.set(spelling.replaceAll('\\', '/'), shown);
    }
  }
}
