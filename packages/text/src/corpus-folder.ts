// Which files of a folder are train, validation and test: by sub-folders, by declared patterns, by order of name.
// Whole files only, as a score is valid only on texts of which nothing was trained on.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { CorpusFileError, CorpusSplitError, sharedTextError } from './corpus-errors.js';
import { type FolderCorpusDeclaration, type SplitName, splitNames } from './declaration.js';

/** The paths of a folder corpus's files, split by split; throws CorpusFileError or CorpusSplitError. */
export function splitFiles(declaration: FolderCorpusDeclaration, folder: string): Record<SplitName, string[]> {
  const { files, folders } = listFolder(folder);
  const declared = splitNames.filter((split) => declaration[split] !== undefined);
  const subFolders = splitNames.filter((split) => folders.includes(split));
  if (subFolders.length > 0 && declared.length === 0) return splitBySubFolders(folder, subFolders);
  const taken = new Map<string, SplitName>();
  const split: Record<SplitName, string[]> = { train: [], validation: [], test: [] };
  for (const name of declared) {
    for (const pattern of declaration[name]!) {
      const matching = files.filter((file) => matches(file, pattern) && taken.get(file) !== name);
      if (!files.some((file) => matches(file, pattern))) {
        throw new CorpusSplitError(
          folder,
          `no .txt or .jsonl file matches "${pattern}" of ${name}`,
          'Correct the pattern.',
        );
      }
      for (const file of matching) {
        const other = taken.get(file);
        if (other !== undefined) throw sharedTextError(folder, file, other, name);
        taken.set(file, name);
        split[name].push(file);
      }
    }
  }
  const rest = files.filter((file) => !taken.has(file));
  const missing = splitNames.filter((name) => !declared.includes(name));
  if (rest.length < missing.length) {
    throw new CorpusSplitError(
      folder,
      `found ${rest.length} .txt or .jsonl files for ${missing.join(', ')}, of which each needs one`,
      `Add at least ${missing.length - rest.length} more, or make sub-folders train, validation and test.`,
    );
  }
  if (missing.includes('test')) split.test = [rest.pop()!];
  if (missing.includes('validation')) split.validation = [rest.pop()!];
  if (missing.includes('train')) split.train = rest;
  const paths = (name: SplitName): string[] => split[name].map((file) => join(folder, file));
  return { train: paths('train'), validation: paths('validation'), test: paths('test') };
}

function splitBySubFolders(folder: string, present: readonly SplitName[]): Record<SplitName, string[]> {
  const missing = splitNames.find((name) => !present.includes(name));
  if (missing !== undefined) {
    throw new CorpusSplitError(
      folder,
      `found the sub-folder ${present.join(', ')} but not ${missing}`,
      `Add ${missing}.`,
    );
  }
  const files = (name: SplitName): string[] => {
    const found = listFolder(join(folder, name)).files.map((file) => join(folder, name, file));
    if (found.length > 0) return found;
    throw new CorpusSplitError(join(folder, name), 'no .txt or .jsonl file', 'Add at least one.');
  };
  return { train: files('train'), validation: files('validation'), test: files('test') };
}

// In order of name by code units, which is the same on every machine.
function listFolder(folder: string): { files: string[]; folders: string[] } {
  try {
    const entries = readdirSync(folder, { withFileTypes: true });
    return {
      files: entries
        .filter((entry) => !entry.isDirectory() && /\.(txt|jsonl)$/.test(entry.name))
        .map((entry) => entry.name)
        .sort(),
      folders: entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name),
    };
  } catch (error) {
    const reason = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    const found = reason === 'ENOENT' ? 'no such folder' : `cannot be listed (${reason})`;
    throw new CorpusFileError(folder, found, 'Name a folder that holds .txt or .jsonl files.');
  }
}

function matches(file: string, pattern: string): boolean {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replace(/\*+/g, '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`, 's').test(file);
}
