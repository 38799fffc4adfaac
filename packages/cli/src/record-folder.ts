// A record on disk: written beside its place and then renamed, sealed by hashes.json, and checked against it later.
// From: Strata, EVALUATION (Records); the seal is store's manifest, whose checksum names the exact contents of all files.
import { existsSync, mkdtempSync, readdirSync, renameSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import {
  DamagedFileError,
  type JsonValue,
  makeFolder,
  readFileBytes,
  readManifest,
  removeFolder,
  sha256,
  UnreadableFileError,
  verifyFile,
  WriteError,
  type WrittenFile,
  writeFileAtomic,
  writeManifest,
} from '@strata/store';
import { RequestError } from './expected-errors.js';
import { shownPath } from './training.js';

const KIND = { format: 'strata-record', version: 1 };
const HASHES = 'hashes.json';
const README = 'README.md';
const MAXIMUM_README_BYTES = 16 * 1024 * 1024;

/** What hashes.json holds besides the hashes of files. */
export interface Sealed {
  /** For each run: hashes of configuration, corpus and weights. */
  readonly runs: JsonValue;
  /** Where the README's verdict begins when it was still to be written, and the hash of all before it. */
  readonly openVerdict?: { readonly bytes: number; readonly sha256: string };
}

/** Throws RequestError where something stands at a record's place already. */
export function refuseExisting(folder: string): void {
  if (!existsSync(folder)) return;
  throw new RequestError(
    `${shownPath(folder)}: it exists, and a record is never written over. Give another --slug, or move it away yourself.`,
  );
}

/** Writes a record whole or not at all and returns its seal; throws RequestError, WriteError or the errors of writing. */
export function writeRecord(folder: string, files: ReadonlyMap<string, string | Uint8Array>, sealed: Sealed): string {
  refuseExisting(folder);
  makeFolder(dirname(folder));
  let temporary: string | undefined;
  try {
    temporary = mkdtempSync(join(dirname(folder), `.${basename(folder)}.`));
    const written = new Map<string, WrittenFile>();
    for (const [name, contents] of files) written.set(name, writeFileAtomic(join(temporary, name), contents));
    const seal = writeManifest(join(temporary, HASHES), KIND, written, sealed);
    refuseExisting(folder);
    renameSync(temporary, folder);
    temporary = undefined;
    return seal;
  } catch (error) {
    if (!(error instanceof Error && 'syscall' in error)) throw error;
    const found = `writing failed (${error.message})`;
    throw new WriteError({ path: folder, found, next: 'check the disk and run again' }, { cause: error });
  } finally {
    if (temporary !== undefined) removeFolder(temporary);
  }
}

/** What came of checking a record. */
export interface RecordCheck {
  /** The checksum that names all contents; undefined when hashes.json itself is damaged. */
  readonly seal?: string;
  readonly files: number;
  /** What is not as it was recorded. */
  readonly differences: readonly string[];
  /** What has come since and changes nothing that was recorded. */
  readonly notes: readonly string[];
}

/** True if a README differs only where its verdict was still to be written. */
function onlyVerdictWritten(path: string, extra: JsonValue): boolean {
  const { openVerdict } = extra as unknown as Sealed;
  if (openVerdict === undefined || !existsSync(path)) return false;
  const bytes = readFileBytes(path, MAXIMUM_README_BYTES);
  return sha256(bytes.subarray(0, openVerdict.bytes)) === openVerdict.sha256;
}

/** Compares a record with its hashes; throws RequestError where there is no record, or store's errors for a foreign one. */
export function checkRecord(folder: string): RecordCheck {
  const path = join(folder, HASHES);
  if (!existsSync(path))
    throw new RequestError(
      `${shownPath(path)}: there is no such file. Accepted: a folder made by strata record. Check the path.`,
    );
  const next = 'bring the record back from git';
  const differences: string[] = [];
  const notes: string[] = [];
  /** Runs a check; what it finds damaged is a difference. */
  const noticing = <T>(check: () => T): T | undefined => {
    try {
      return check();
    } catch (error) {
      if (!(error instanceof DamagedFileError || error instanceof UnreadableFileError)) throw error;
      differences.push(error.message);
      return undefined;
    }
  };
  const manifest = noticing(() => readManifest(path, KIND, next));
  if (manifest === undefined) return { files: 0, differences, notes };
  for (const name of manifest.files.keys()) {
    if (name === README && noticing(() => onlyVerdictWritten(join(folder, name), manifest.extra)) === true) {
      const { bytes, sha256: hash } = manifest.files.get(name)!;
      const now = readFileBytes(join(folder, name), MAXIMUM_README_BYTES);
      if (now.length !== bytes || sha256(now) !== hash) notes.push(`${name}: its verdict was written since`);
    } else noticing(() => verifyFile(folder, name, manifest, next));
  }
  for (const name of readdirSync(folder).sort())
    if (name !== HASHES && !manifest.files.has(name)) notes.push(`${name}: it was added since`);
  return { seal: manifest.checksum, files: manifest.files.size, differences, notes };
}
