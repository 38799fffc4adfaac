// A corpus: whole documents in train, validation and test, never the same text in two of them.
// Whole books are held out, never random sentences (the project's rule for valid scores); files are pinned by sha256.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  CorpusDeclarationError,
  CorpusFileError,
  CorpusHashError,
  CorpusSplitError,
  sharedTextError,
} from './corpus-errors.js';
import { splitFiles } from './corpus-folder.js';
import {
  type CorpusDeclaration,
  type FolderCorpusDeclaration,
  type PackageCorpusDeclaration,
  parseCorpusDeclaration,
  type SplitName,
  splitNames,
} from './declaration.js';
import { type Document, documentOfBytes, readDocument, readFileBytes, readJsonLines, sha256 } from './document.js';

/** A loaded corpus; `hash` is the sha256 over its documents' hashes, split by split, in order. */
export interface Corpus {
  readonly name: string;
  readonly licence: string;
  readonly train: readonly Document[];
  readonly validation: readonly Document[];
  readonly test: readonly Document[];
  readonly hash: string;
}

/** How to load a corpus. */
export interface LoadCorpusOptions {
  /** What a relative folder is relative to; the working directory by default. */
  readonly baseFolder?: string;
  /** Called after each file with how many of how many are read. */
  readonly onProgress?: (read: number, total: number) => void;
}

const dataFolder = fileURLToPath(new URL('../../../data', import.meta.url));

/** Reads and checks the declaration of a corpus that comes with the project, by name; throws CorpusFileError. */
export function namedCorpus(name: string): CorpusDeclaration {
  const path = join(dataFolder, `${name}.json`);
  if (/^[\w-]+$/.test(name) && existsSync(path)) return readCorpusDeclaration(path);
  const known = readdirSync(dataFolder).filter((file) => file.endsWith('.json'));
  const names = known.filter((file) => /"package"\s*:/.test(readFileSync(join(dataFolder, file), 'utf8')));
  const choice = names.map((file) => basename(file, '.json')).sort();
  throw new CorpusFileError(
    `corpus "${name}"`,
    'no such corpus',
    `Use one of ${choice.join(', ')}, or declare a folder.`,
  );
}

/** Reads and checks a declaration from a JSON file; throws CorpusFileError or CorpusDeclarationError. */
export function readCorpusDeclaration(path: string): CorpusDeclaration {
  const bytes = readFileBytes(path);
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder().decode(bytes));
  } catch (error) {
    throw new CorpusDeclarationError(path, 'the file', error instanceof Error ? error.message : 'not JSON', 'JSON');
  }
  return parseCorpusDeclaration(value, path);
}

/**
 * Loads and checks a corpus: hashes, splits, and that no text stands in two splits; empty documents are left out.
 * Throws CorpusFileError, CorpusHashError, CorpusSplitError or JsonLineError.
 */
export function loadCorpus(declaration: CorpusDeclaration, options: LoadCorpusOptions = {}): Corpus {
  const { name, licence, splits } =
    'package' in declaration ? loadPackage(declaration, options) : loadFolder(declaration, options);
  for (const split of splitNames) {
    if (splits[split].length > 0) continue;
    throw new CorpusSplitError(
      name,
      `the ${split} split holds no text`,
      `Add a document that is not empty to ${split}.`,
    );
  }
  rejectShared(name, splits);
  const hashes = splitNames.flatMap((split) => splits[split].map((document) => `${split} ${document.sha256}\n`));
  return { name, licence, ...splits, hash: sha256(hashes.join('')) };
}

type Splits = Record<SplitName, Document[]>;

interface Loaded {
  readonly name: string;
  readonly licence: string;
  readonly splits: Splits;
}

function loadPackage(declaration: PackageCorpusDeclaration, options: LoadCorpusOptions): Loaded {
  const { name, licence, normalize } = declaration;
  const folder = join(packageFolder(declaration.package), declaration.folder);
  const total = splitNames.reduce((sum, split) => sum + declaration[split].length, 0);
  let read = 0;
  const books = (split: SplitName): Document[] =>
    declaration[split].map(({ file, sha256: expected }) => {
      const path = join(folder, file);
      const raw = readFileBytes(path);
      const found = sha256(raw);
      if (found !== expected) {
        throw new CorpusHashError(
          path,
          found,
          `${expected}, as corpus "${name}" declares`,
          `Install the version of ${declaration.package} that it was declared with, or declare this file's own hash.`,
        );
      }
      options.onProgress?.(++read, total);
      return documentOfBytes(path, basename(file, '.txt'), raw, normalize);
    });
  return {
    name,
    licence,
    splits: filled({ train: books('train'), validation: books('validation'), test: books('test') }),
  };
}

// The package is only looked up, never run.
function packageFolder(name: string): string {
  try {
    return dirname(createRequire(import.meta.url).resolve(`${name}/package.json`));
  } catch {
    throw new CorpusFileError(`package ${name}`, 'not installed', `Add ${name} to the dependencies and install.`);
  }
}

function loadFolder(declaration: FolderCorpusDeclaration, options: LoadCorpusOptions): Loaded {
  const folder = resolve(options.baseFolder ?? '.', declaration.folder);
  const files = splitFiles(declaration, folder);
  const total = splitNames.reduce((sum, split) => sum + files[split].length, 0);
  let read = 0;
  const documents = (split: SplitName): Document[] =>
    files[split].flatMap((path) => {
      const normalization = declaration.normalize ?? 'none';
      const found = path.endsWith('.jsonl') ? readJsonLines(path, normalization) : [readDocument(path, normalization)];
      options.onProgress?.(++read, total);
      return found;
    });
  return {
    name: declaration.name ?? basename(folder),
    licence: declaration.licence ?? 'not declared',
    splits: filled({ train: documents('train'), validation: documents('validation'), test: documents('test') }),
  };
}

function filled(splits: Splits): Splits {
  const kept = (documents: Document[]): Document[] => documents.filter((document) => document.bytes > 0);
  return { train: kept(splits.train), validation: kept(splits.validation), test: kept(splits.test) };
}

/** Shorter lines of a .jsonl file may stand in several splits: "CHORUS." is no text that was held out. */
const SHARED_BYTES = 256;
const LINE_OF_FILE = /:\d+$/;

function rejectShared(corpus: string, splits: Splits): void {
  const seen = new Map<string, { split: SplitName; name: string }>();
  for (const split of splitNames) {
    for (const document of splits[split]) {
      if (document.bytes < SHARED_BYTES && LINE_OF_FILE.test(document.name)) continue;
      const other = seen.get(document.sha256);
      if (other !== undefined && other.split !== split) {
        throw sharedTextError(corpus, `${other.name} and ${document.name}`, other.split, split);
      }
      seen.set(document.sha256, { split, name: document.name });
    }
  }
}
