// A folder of an encoded text: binary files written in one stream, whole exactly when their manifest is there.
// From: the commit record of store's manifests; what a killed writer left has none and is written anew.
import { createHash, type Hash } from 'node:crypto';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import {
  AppendFile,
  DamagedFileError,
  ForeignFileError,
  type JsonObject,
  type Manifest,
  MissingFileError,
  makeFolder,
  readManifest,
  removeFolder,
  VersionError,
  verifyFile,
  type WrittenFile,
  writeManifest,
} from '@strata/store';

const KIND = { format: 'strata-encoded', version: 1 };
const MANIFEST = 'manifest.json';
const NEXT = 'nothing: the text is encoded anew';

/** How an encoding shows itself, and how it is stopped. */
export interface EncodingOptions {
  /** Told the bytes of text encoded so far. */
  readonly onProgress?: (bytes: number) => void;
  /** Stops the encoding; what is written so far is removed. */
  readonly signal?: AbortSignal | undefined;
}

/** An encoding was asked to stop. */
export class EncodingStoppedError extends Error {
  override name = 'EncodingStoppedError';
}

interface GrowingFile {
  readonly file: AppendFile;
  readonly hash: Hash;
  bytes: number;
}

/** Writes the files of an encoded text; throws DiskFullError, ReadOnlyError or WriteError, after which `discard` is due. */
export class EncodedWriter {
  readonly #files: ReadonlyMap<string, GrowingFile>;

  /** Begins anew: whatever the folder held is removed. */
  constructor(
    readonly folder: string,
    names: readonly string[],
  ) {
    removeFolder(folder);
    makeFolder(folder);
    this.#files = new Map(
      names.map((name) => [name, { file: new AppendFile(join(folder, name)), hash: createHash('sha256'), bytes: 0 }]),
    );
  }

  /** Bytes of a file so far. */
  length(name: string): number {
    return this.#files.get(name)!.bytes;
  }

  /** Appends the bytes of a typed array to a file, in the byte order of the machine. */
  append(name: string, values: ArrayBufferView): void {
    const growing = this.#files.get(name)!;
    const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    growing.file.append(bytes);
    growing.hash.update(bytes);
    growing.bytes += bytes.length;
  }

  /** Waits until all is on the disk, then writes the manifest that makes the folder whole. */
  commit(extra: JsonObject): void {
    const written = new Map<string, WrittenFile>();
    for (const [name, { file, hash, bytes }] of this.#files) {
      file.close();
      written.set(name, { bytes, sha256: hash.digest('hex') });
    }
    writeManifest(join(this.folder, MANIFEST), KIND, written, extra);
  }

  /** Closes and removes all that was written. */
  discard(): void {
    for (const { file } of this.#files.values()) {
      try {
        file.close();
      } catch {
        // The disk that refused the text may refuse this too; the folder goes either way.
      }
    }
    removeFolder(this.folder);
  }
}

/** Lets `write` fill a folder, commits what it returns, and gives the manifest; on any error nothing stays. */
export async function writeEncoded(
  folder: string,
  names: readonly string[],
  write: (writer: EncodedWriter) => Promise<JsonObject>,
): Promise<Manifest> {
  const writer = new EncodedWriter(folder, names);
  try {
    writer.commit(await write(writer));
    return readManifest(join(folder, MANIFEST), KIND, NEXT);
  } catch (error) {
    writer.discard();
    throw error;
  }
}

/**
 * The manifest of a folder whose files are all as they were written, checked by their hashes; undefined if there is none.
 * Throws DamagedFileError, ForeignFileError or VersionError where there is something else.
 */
export function readEncoded(folder: string): Manifest | undefined {
  let manifest: Manifest;
  try {
    manifest = readManifest(join(folder, MANIFEST), KIND, NEXT);
  } catch (error) {
    if (error instanceof MissingFileError) return undefined;
    throw error;
  }
  for (const name of manifest.files.keys()) verifyFile(folder, name, manifest, NEXT);
  return manifest;
}

/** True for the errors of `readEncoded` after which the text is encoded anew. */
export function isUnusable(error: unknown): error is Error {
  return error instanceof DamagedFileError || error instanceof ForeignFileError || error instanceof VersionError;
}

/** Bytes of text between two breaths: a tenth of a second, so that nobody waits for an answer. */
const BREATH_BYTES = 1 << 20;

/** Lets signals and progress have their turn now and then during a long reading. */
export class Breather {
  #last = 0;

  constructor(readonly options: EncodingOptions) {}

  /** To be called often, with the bytes read so far; throws EncodingStoppedError once the signal asks for it. */
  async breathe(bytes: number): Promise<void> {
    if (bytes - this.#last < BREATH_BYTES) return;
    this.#last = bytes;
    const { onProgress, signal } = this.options;
    onProgress?.(bytes);
    await setImmediate();
    if (signal?.aborted === true) throw new EncodingStoppedError(`stopped after ${bytes} bytes of text were read`);
  }
}
