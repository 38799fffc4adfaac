// What a corpus is made of, declared as data: books of an installed package with their hashes, or a folder of files.
// Strict, in the manner of the project's configs: an unknown key fails with the nearest name.
import { CorpusDeclarationError } from './corpus-errors.js';
import { type Normalization, normalizations } from './normalize.js';

/** One book of a package: its file in the declared folder, and the sha256 of the file's bytes. */
export interface BookDeclaration {
  readonly file: string;
  readonly title: string;
  readonly sha256: string;
}

/** A corpus of whole books out of an installed package, each pinned by its hash. */
export interface PackageCorpusDeclaration {
  readonly name: string;
  readonly licence: string;
  readonly package: string;
  /** The folder of the books within the package. */
  readonly folder: string;
  readonly normalize: Normalization;
  readonly train: readonly BookDeclaration[];
  readonly validation: readonly BookDeclaration[];
  readonly test: readonly BookDeclaration[];
}

/**
 * A corpus of the .txt and .jsonl files of a folder. A split is a list of file names or patterns (`*`, `?`); those left
 * out are made of the remaining files in order of name: the last is test, the last but one validation, the rest train.
 * A folder with sub-folders train, validation and test is split by them.
 */
export interface FolderCorpusDeclaration {
  readonly name?: string;
  readonly licence?: string;
  readonly folder: string;
  readonly normalize?: Normalization;
  readonly train?: readonly string[];
  readonly validation?: readonly string[];
  readonly test?: readonly string[];
}

export type CorpusDeclaration = PackageCorpusDeclaration | FolderCorpusDeclaration;

/** The three parts of a corpus. */
export const splitNames = ['train', 'validation', 'test'] as const;
export type SplitName = (typeof splitNames)[number];

/** Checks what was read from a config or a data file; `source` names it in errors. Throws CorpusDeclarationError. */
export function parseCorpusDeclaration(value: unknown, source: string): CorpusDeclaration {
  const entry = object(value, source, 'the declaration');
  return 'package' in entry ? packageCorpus(entry, source) : folderCorpus(entry, source);
}

function packageCorpus(entry: Entry, source: string): PackageCorpusDeclaration {
  knownKeys(entry, ['name', 'licence', 'package', 'folder', 'normalize', ...splitNames], source, '');
  const books = (split: SplitName): BookDeclaration[] =>
    list(entry[split], source, split).map((item, index) => book(item, source, `${split}[${index}]`));
  return {
    name: string(entry.name, source, 'name'),
    licence: string(entry.licence, source, 'licence'),
    package: string(entry.package, source, 'package'),
    folder: within(string(entry.folder, source, 'folder'), source, 'folder'),
    normalize: normalization(entry.normalize, source),
    train: books('train'),
    validation: books('validation'),
    test: books('test'),
  };
}

function book(value: unknown, source: string, path: string): BookDeclaration {
  const entry = object(value, source, path);
  knownKeys(entry, ['file', 'title', 'sha256'], source, `${path}.`);
  const sha256 = string(entry.sha256, source, `${path}.sha256`);
  if (!/^[0-9a-f]{64}$/.test(sha256)) {
    throw new CorpusDeclarationError(source, `${path}.sha256`, `found ${shown(sha256)}`, '64 digits of 0-9 and a-f');
  }
  return {
    file: within(string(entry.file, source, `${path}.file`), source, `${path}.file`),
    title: string(entry.title, source, `${path}.title`),
    sha256,
  };
}

function folderCorpus(entry: Entry, source: string): FolderCorpusDeclaration {
  knownKeys(entry, ['name', 'licence', 'folder', 'normalize', ...splitNames], source, '');
  const patterns = (split: SplitName): string[] =>
    list(entry[split], source, split).map((item, index) => string(item, source, `${split}[${index}]`));
  return {
    folder: string(entry.folder, source, 'folder'),
    ...(entry.name !== undefined && { name: string(entry.name, source, 'name') }),
    ...(entry.licence !== undefined && { licence: string(entry.licence, source, 'licence') }),
    ...(entry.normalize !== undefined && { normalize: normalization(entry.normalize, source) }),
    ...(entry.train !== undefined && { train: patterns('train') }),
    ...(entry.validation !== undefined && { validation: patterns('validation') }),
    ...(entry.test !== undefined && { test: patterns('test') }),
  };
}

type Entry = Readonly<Partial<Record<string, unknown>>>;

function object(value: unknown, source: string, path: string): Entry {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value };
  throw new CorpusDeclarationError(source, path, `found ${shown(value)}`, 'an object');
}

function list(value: unknown, source: string, path: string): readonly unknown[] {
  if (Array.isArray(value) && value.length > 0) return value;
  throw new CorpusDeclarationError(source, path, `found ${shown(value)}`, 'a list with at least one entry');
}

function string(value: unknown, source: string, path: string): string {
  if (typeof value === 'string' && value !== '') return value;
  throw new CorpusDeclarationError(source, path, `found ${shown(value)}`, 'a string that is not empty');
}

function normalization(value: unknown, source: string): Normalization {
  const found = normalizations.find((name) => name === value);
  if (found !== undefined) return found;
  throw new CorpusDeclarationError(source, 'normalize', `found ${shown(value)}`, normalizations.join(' or '));
}

// A file of a package must lie in the package, whoever wrote the declaration.
function within(path: string, source: string, key: string): string {
  if (!/^([/\\]|[a-z]:)/i.test(path) && !path.split(/[/\\]/).includes('..')) return path;
  throw new CorpusDeclarationError(source, key, `found ${shown(path)}`, 'a path within the package, without ".."');
}

function knownKeys(entry: Entry, known: readonly string[], source: string, prefix: string): void {
  const stranger = Object.keys(entry).find((key) => !known.includes(key));
  if (stranger === undefined) return;
  const distances = known.map((key) => editDistance(stranger.slice(0, 40), key));
  const nearest = known[distances.indexOf(Math.min(...distances))]!;
  throw new CorpusDeclarationError(
    source,
    `${prefix}${stranger.slice(0, 40)}`,
    'unknown key',
    known.join(', '),
    `Did you mean "${nearest}"?`,
  );
}

// Levenshtein 1966, one row at a time.
function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let i = 0; i < from.length; i++) {
    const next = [i + 1];
    for (let j = 0; j < to.length; j++) {
      next.push(Math.min(row[j + 1]! + 1, next[j]! + 1, row[j]! + (from[i] === to[j] ? 0 : 1)));
    }
    row = next;
  }
  return row.at(-1)!;
}

function shown(value: unknown): string {
  if (value === undefined) return 'nothing';
  return (JSON.stringify(value) ?? typeof value).slice(0, 60);
}
