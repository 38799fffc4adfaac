// A corpus: whole documents in train, validation and test, never the same text in two of them.
// Whole books are held out, never random sentences (the project's rule for valid scores); files are pinned by sha256.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CorpusDeclarationError, CorpusFileError, CorpusHashError, CorpusSplitError } from './corpus-errors.js';
import { splitFiles } from './corpus-folder.js';
import {
  type CorpusDeclaration,
  type FolderCorpusDeclaration,
  type PackageCorpusDeclaration,
  parseCorpusDeclaration,
  type SplitName,
  splitNames,
} from './declaration.js';
import { type Document, type Documents, fileSha256, readDocument, readFileBytes } from './document.js';
import { JsonLinesFile } from './json-lines.js';
import { SharedTexts, SplitDocuments } from './split-documents.js';

/** A loaded corpus, of which only hashes and sizes are held in memory; `hash` is the sha256 over its documents' hashes, split by split, in order. */
export interface Corpus {
  readonly name: string;
  readonly licence: string;
  readonly train: Documents;
  readonly validation: Documents;
  readonly test: Documents;
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
  const { name, licence, files } =
    'package' in declaration ? packageFiles(declaration) : folderFiles(declaration, options);
  const total = splitNames.reduce((sum, split) => sum + files[split].length, 0);
  let read = 0;
  const shared = new SharedTexts(name);
  const load = (split: SplitName, each: (line: string) => void): SplitDocuments => {
    const documents = new SplitDocuments();
    for (const open of files[split]) {
      documents.add(open(), (document) => {
        shared.check(split, document);
        each(`${split} ${document.sha256}\n`);
      });
      options.onProgress?.(++read, total);
    }
    return documents;
  };
  // What is held out is read first: it is little, and then each training text need only be looked up.
  const heldOut: string[] = [];
  const validation = load('validation', (line) => heldOut.push(line));
  const test = load('test', (line) => heldOut.push(line));
  const hash = createHash('sha256');
  const train = load('train', (line) => hash.update(line));
  for (const line of heldOut) hash.update(line);
  const splits = { train, validation, test };
  for (const split of splitNames) {
    if (splits[split].length > 0) continue;
    throw new CorpusSplitError(
      name,
      `the ${split} split holds no text`,
      `Add a document that is not empty to ${split}.`,
    );
  }
  return { name, licence, ...splits, hash: hash.digest('hex') };
}

/** Opens one file, checks it where its hash was declared, and gives its documents. */
type OpenFile = () => Iterable<Document>;

interface CorpusFiles {
  readonly name: string;
  readonly licence: string;
  readonly files: Record<SplitName, OpenFile[]>;
}

function packageFiles(declaration: PackageCorpusDeclaration): CorpusFiles {
  const { name, licence, normalize } = declaration;
  const folder = join(packageFolder(declaration.package), declaration.folder);
  const books = (split: SplitName): OpenFile[] =>
    declaration[split].map(({ file, sha256: expected }) => () => {
      const path = join(folder, file);
      const found = fileSha256(path);
      if (found !== expected) {
        throw new CorpusHashError(
          path,
          found,
          `${expected}, as corpus "${name}" declares`,
          `Install the version of ${declaration.package} that it was declared with, or declare this file's own hash.`,
        );
      }
      return [readDocument(path, normalize, basename(file, '.txt'))];
    });
  return {
    name,
    licence,
    files: { train: books('train'), validation: books('validation'), test: books('test') },
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

function folderFiles(declaration: FolderCorpusDeclaration, options: LoadCorpusOptions): CorpusFiles {
  const folder = resolve(options.baseFolder ?? '.', declaration.folder);
  const paths = splitFiles(declaration, folder);
  const normalization = declaration.normalize ?? 'none';
  const opened = (split: SplitName): OpenFile[] =>
    paths[split].map(
      (path) => () =>
        path.endsWith('.jsonl') ? new JsonLinesFile(path, normalization) : [readDocument(path, normalization)],
    );
  return {
    name: declaration.name ?? basename(folder),
    licence: declaration.licence ?? 'not declared',
    files: { train: opened('train'), validation: opened('validation'), test: opened('test') },
  };
}
