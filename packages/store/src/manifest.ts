// A manifest: the list of a folder's files with their hashes, sealed by a checksum of itself and written last, so that
// a folder is whole exactly when its manifest is. From: Strata; the idea of a commit record (Gray 1978, section 5.8).
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { WrittenFile } from './atomic-write.js';
import {
  DamagedFileError,
  FileTooLargeError,
  ForeignFileError,
  JsonFileError,
  quoted,
  VersionError,
} from './errors.js';
import { sha256, sha256File } from './hash.js';
import { type JsonObject, type JsonValue, stringifyJson } from './json.js';
import { readJsonFile, writeJsonFile } from './json-file.js';

/** What kind of manifest to write or to expect. */
export interface ManifestKind {
  readonly format: string;
  readonly version: number;
}

/** The files a manifest answers for, by plain name, and whatever else it carries. */
export interface Manifest {
  readonly files: ReadonlyMap<string, WrittenFile>;
  readonly extra: JsonValue;
  /** SHA-256 of all the rest: it names the exact contents of all files. */
  readonly checksum: string;
}

const MAXIMUM_MANIFEST_BYTES = 64 * 1024 * 1024;
const PLAIN_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]*$/;
const SHA256 = /^[0-9a-f]{64}$/;

const isObject = (value: JsonValue | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Writes a sealed manifest atomically and returns its checksum; throws JsonValueError, FileTooLargeError or WriteError. */
export function writeManifest(
  path: string,
  kind: ManifestKind,
  files: ReadonlyMap<string, WrittenFile>,
  extra: unknown,
): string {
  const { format, version } = kind;
  const body = { format, version, files: Object.fromEntries(files), extra };
  const checksum = sha256(stringifyJson(body));
  refuseTooLong(path, Buffer.byteLength(stringifyJson({ ...body, checksum }, 2)));
  writeJsonFile(path, { ...body, checksum });
  return checksum;
}

/** Throws FileTooLargeError if a manifest of that many bytes could be written but never read again. */
function refuseTooLong(path: string, bytes: number): void {
  if (bytes < MAXIMUM_MANIFEST_BYTES) return;
  const accepted = `less than ${MAXIMUM_MANIFEST_BYTES} bytes`;
  throw new JsonFileError({
    path,
    found: `it would be ${bytes} bytes long`,
    accepted,
    next: 'keep large data in tensors',
  });
}

/** Reads a manifest and checks its seal; throws MissingFileError, DamagedFileError, ForeignFileError or VersionError. */
export function readManifest(path: string, kind: ManifestKind, next: string): Manifest {
  const damaged = (found: string, options?: ErrorOptions): never => {
    throw new DamagedFileError({ path, found, accepted: 'the manifest as it was written', next }, options);
  };
  let document: JsonValue;
  try {
    document = readJsonFile(path, MAXIMUM_MANIFEST_BYTES);
  } catch (error) {
    if (error instanceof JsonFileError || error instanceof FileTooLargeError)
      return damaged('it is not the JSON that was written', { cause: error });
    throw error;
  }
  if (!isObject(document) || document.format !== kind.format) {
    const format = isObject(document) ? document.format : undefined;
    const found = typeof format === 'string' ? `its format is ${quoted(format)}` : 'it names no format';
    throw new ForeignFileError({ path, found, accepted: `format ${quoted(kind.format)}`, next });
  }
  const { checksum, ...body } = document;
  if (typeof checksum !== 'string' || sha256(stringifyJson(body)) !== checksum) {
    return damaged('its checksum does not fit its contents');
  }
  if (body.version !== kind.version) {
    const found = `version ${JSON.stringify(body.version)}`;
    throw new VersionError({ path, found, accepted: `version ${kind.version}`, next });
  }
  const files = new Map<string, WrittenFile>();
  for (const [name, record] of Object.entries(isObject(body.files) ? body.files : damaged('it lists no files'))) {
    if (!PLAIN_NAME.test(name) || !isObject(record)) return damaged(`it lists ${quoted(name)}`);
    const { bytes, sha256: hash } = record;
    if (typeof bytes !== 'number' || typeof hash !== 'string' || !SHA256.test(hash)) {
      return damaged(`it has no length and hash for ${quoted(name)}`);
    }
    files.set(name, { bytes, sha256: hash });
  }
  return { files, extra: body.extra ?? null, checksum };
}

/** Checks one file of a folder against its manifest by length, then by hash; throws DamagedFileError. */
export function verifyFile(folder: string, name: string, manifest: Manifest, next: string): void {
  const path = join(folder, name);
  const record = manifest.files.get(name);
  if (record === undefined) {
    throw new DamagedFileError({ path, found: 'the manifest does not list it', next });
  }
  if (!existsSync(path)) throw new DamagedFileError({ path, found: 'it is missing', next });
  const { size } = statSync(path);
  if (size !== record.bytes) {
    throw new DamagedFileError({ path, found: `${size} bytes`, accepted: `${record.bytes} bytes`, next });
  }
  const hash = sha256File(path);
  if (hash !== record.sha256) {
    throw new DamagedFileError({ path, found: `SHA-256 ${hash}`, accepted: `SHA-256 ${record.sha256}`, next });
  }
}
