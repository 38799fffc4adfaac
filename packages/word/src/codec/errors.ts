// What can be wrong with a file of encoded words: one class, since all of it is the reader's file and is mended alike.
// From: Strata's house rules for errors.

/** A file of encoded words cannot be decoded: foreign, of another version or language, cut, or changed. */
export class WordFileError extends Error {
  override readonly name = 'WordFileError';

  constructor(path: string, found: string, accepted: string, next: string) {
    super(`${path}: ${found}. Accepted: ${accepted}. Next: ${next}.`);
  }
}

/** A language broke its contract: a reading does not realise back to its surface. A mistake of ours. */
export class LossyReadingError extends Error {
  override readonly name = 'LossyReadingError';
}
