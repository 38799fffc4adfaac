// What can be wrong with a corpus: each error names the file, what was found, what is accepted and what to do next.

/** A file or folder of a corpus is not there or cannot be read. */
export class CorpusFileError extends Error {
  override readonly name = 'CorpusFileError';
  constructor(path: string, found: string, next: string) {
    super(`${path}: ${found}. ${next}`);
  }
}

/** A file is not the one that the corpus was declared with, or it changed since it was loaded. */
export class CorpusHashError extends Error {
  override readonly name = 'CorpusHashError';
  constructor(path: string, found: string, expected: string, next: string) {
    super(`${path}: sha256 is ${found}, expected ${expected}. ${next}`);
  }
}

/** A corpus cannot be divided into train, validation and test, or one of them holds no text. */
export class CorpusSplitError extends Error {
  override readonly name = 'CorpusSplitError';
  constructor(where: string, found: string, next: string) {
    super(`${where}: ${found}. ${next}`);
  }
}

/** A line of a .jsonl file is not an object with a string "text". */
export class JsonLineError extends Error {
  override readonly name = 'JsonLineError';
  constructor(path: string, line: number, found: string) {
    super(
      `${path}:${line}: ${found}; accepted is one JSON object a line with a string "text". ` +
        'Correct or delete this line, or save the file as plain .txt.',
    );
  }
}

/** A corpus declaration has an unknown, missing or wrong entry. */
export class CorpusDeclarationError extends Error {
  override readonly name = 'CorpusDeclarationError';
  constructor(source: string, path: string, found: string, accepted: string, next = `Correct ${path} in ${source}.`) {
    super(`${source}: ${path}: ${found}; accepted is ${accepted}. ${next}`);
  }
}

/** The error for a file or a text that stands in two splits. */
export function sharedTextError(where: string, what: string, split: string, other: string): CorpusSplitError {
  return new CorpusSplitError(
    where,
    `${what}: the same text stands in ${split} and ${other}`,
    'Keep it in one of them.',
  );
}
