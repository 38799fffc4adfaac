// Files that are hostile until checked and writes that are atomic: what other packages may use.
// From: Strata, ARCHITECTURE. Everything here is synchronous, so that a write is over when the call returns.
export { AppendFile } from './append-file.js';
export { AtomicFile } from './atomic-file.js';
export {
  type Contents,
  makeFolder,
  removeFile,
  removeFolder,
  removeLeftovers,
  type WrittenFile,
  writeFileAtomic,
} from './atomic-write.js';
export { type ByteSource, type OpenSource, openSource, readFileBytes } from './byte-source.js';
export {
  type Complaint,
  DamagedFileError,
  DiskFullError,
  FileTooLargeError,
  ForeignFileError,
  JsonFileError,
  LockedError,
  MissingFileError,
  ReadOnlyError,
  SafetensorsError,
  StoreError,
  UnreadableFileError,
  VersionError,
  WriteError,
} from './errors.js';
export { sha256, sha256File } from './hash.js';
export {
  JSON_MAXIMUM_DEPTH,
  type JsonObject,
  JsonSyntaxError,
  type JsonValue,
  JsonValueError,
  parseJson,
  stringifyJson,
} from './json.js';
export { readJsonFile, writeJsonFile } from './json-file.js';
export { type LevelToSave, loadLevel, type SavedLevel, saveLevel } from './level-folder.js';
export { lockFolder } from './lock.js';
export { type Manifest, type ManifestKind, readManifest, verifyFile, writeManifest } from './manifest.js';
export {
  decodeSafetensors,
  encodeSafetensors,
  type ReadSafetensorsOptions,
  readSafetensors,
  type SafetensorsContents,
  type StoredTensor,
  type TensorData,
  type TensorToWrite,
  writeSafetensors,
} from './safetensors.js';
export type { StoredDType } from './safetensors-header.js';
