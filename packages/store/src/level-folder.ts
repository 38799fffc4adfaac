// A trained level as a folder: config.json, vocabulary.json, model.safetensors and, written last, manifest.json.
// From: Strata, DESIGN (a run is a folder that explains itself).
import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { makeFolder, removeFile, removeLeftovers, type WrittenFile } from './atomic-write.js';
import { DamagedFileError, FileTooLargeError, JsonFileError, MissingFileError, SafetensorsError } from './errors.js';
import type { JsonValue } from './json.js';
import { readJsonFile, writeJsonFile } from './json-file.js';
import { readManifest, verifyFile, writeManifest } from './manifest.js';
import { readSafetensors, type TensorData, writeSafetensors } from './safetensors.js';

/** What a level consists of; `config`, `vocabulary` and `extra` must be plain JSON values. */
export interface LevelToSave {
  readonly config: unknown;
  readonly vocabulary?: unknown;
  readonly parameters: ReadonlyMap<string, TensorData>;
  /** Anything the manifest should carry besides: seeds, the commit, the hashes of corpus and base. */
  readonly extra?: unknown;
}

/** A level as it was saved; `checksum` names its exact contents, for whatever is trained on top of it. */
export interface SavedLevel {
  readonly config: JsonValue;
  readonly vocabulary?: JsonValue;
  readonly parameters: Map<string, TensorData>;
  readonly extra: JsonValue;
  readonly checksum: string;
}

const KIND = { format: 'strata-level', version: 1 };
const MANIFEST = 'manifest.json';
const CONFIG = 'config.json';
const VOCABULARY = 'vocabulary.json';
const MODEL = 'model.safetensors';
const MAXIMUM_CONFIG_BYTES = 1024 * 1024;
const MAXIMUM_VOCABULARY_BYTES = 256 * 1024 * 1024;

function refuseTooLong(path: string, { bytes }: WrittenFile, maximumBytes: number): void {
  if (bytes <= maximumBytes) return;
  const accepted = `at most ${maximumBytes} bytes`;
  throw new FileTooLargeError({ path, found: `${bytes} bytes`, accepted, next: 'keep large data in parameters' });
}

/**
 * Saves a level into `folder` (created if missing) and returns its checksum. The old manifest goes first and the new one
 * comes last, so that a save that was killed is never mistaken for a whole level. Other files in the folder are let be.
 * Throws WriteError, SafetensorsError, JsonValueError or FileTooLargeError.
 */
export function saveLevel(folder: string, level: LevelToSave): string {
  makeFolder(folder);
  removeFile(join(folder, MANIFEST));
  removeLeftovers(folder);
  const files = new Map<string, WrittenFile>();
  const keepJson = (name: string, value: unknown, indent: number, maximumBytes: number): void => {
    const written = writeJsonFile(join(folder, name), value, indent);
    refuseTooLong(join(folder, name), written, maximumBytes);
    files.set(name, written);
  };
  keepJson(CONFIG, level.config, 2, MAXIMUM_CONFIG_BYTES);
  if (level.vocabulary === undefined) removeFile(join(folder, VOCABULARY));
  else keepJson(VOCABULARY, level.vocabulary, 0, MAXIMUM_VOCABULARY_BYTES);
  files.set(MODEL, writeSafetensors(join(folder, MODEL), level.parameters, { format: 'strata-level' }));
  return writeManifest(join(folder, MANIFEST), KIND, files, level.extra ?? null);
}

/**
 * Loads a level after checking version, lengths and hashes of all its files; throws MissingFileError, DamagedFileError,
 * ForeignFileError or VersionError, each with `next` (by default: delete the folder and train the level again).
 */
export function loadLevel(
  folder: string,
  next = `delete ${folder} and run: strata train ${basename(folder)}`,
): SavedLevel {
  const manifestPath = join(folder, MANIFEST);
  if (!existsSync(manifestPath)) {
    if (!existsSync(join(folder, CONFIG)) && !existsSync(join(folder, MODEL))) {
      throw new MissingFileError({ path: folder, found: 'no level is saved here', next });
    }
    throw new DamagedFileError({ path: manifestPath, found: 'it is missing: a save was not finished', next });
  }
  const manifest = readManifest(manifestPath, KIND, next);
  const wanted = manifest.files.has(VOCABULARY) ? [CONFIG, VOCABULARY, MODEL] : [CONFIG, MODEL];
  for (const name of wanted) verifyFile(folder, name, manifest, next);
  try {
    const config = readJsonFile(join(folder, CONFIG), MAXIMUM_CONFIG_BYTES);
    const vocabulary = wanted.includes(VOCABULARY)
      ? { vocabulary: readJsonFile(join(folder, VOCABULARY), MAXIMUM_VOCABULARY_BYTES) }
      : {};
    const parameters = new Map<string, TensorData>();
    for (const [name, { shape, data }] of readSafetensors(join(folder, MODEL)).tensors) {
      parameters.set(name, { shape, data });
    }
    return { config, ...vocabulary, parameters, extra: manifest.extra, checksum: manifest.checksum };
  } catch (error) {
    if (!(error instanceof JsonFileError || error instanceof SafetensorsError)) throw error;
    // The bytes fit their hashes and still cannot be read: they were wrong when they were written.
    throw new DamagedFileError({ path: error.path, found: error.message, next }, { cause: error });
  }
}
