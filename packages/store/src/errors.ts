// The named errors of everything that touches a file: each says which file, what was found, what is accepted, what to do next.
// From: Strata's house rules for errors.

/** The four parts of a message about a file. */
export interface Complaint {
  readonly path: string;
  readonly found: string;
  readonly accepted?: string;
  readonly next: string;
}

/** Any error about a file; `message` is fit to be shown to a person without a stack. */
export class StoreError extends Error {
  readonly path: string;

  constructor(complaint: Complaint, options?: ErrorOptions) {
    const accepted = complaint.accepted === undefined ? '' : ` Accepted: ${complaint.accepted}.`;
    super(`${complaint.path}: ${complaint.found}.${accepted} Next: ${complaint.next}.`, options);
    this.name = new.target.name;
    this.path = complaint.path;
  }
}

/** The file or folder is not there. */
export class MissingFileError extends StoreError {}

/** The file is there but cannot be read: a folder, a device, no permission, a failing disk. */
export class UnreadableFileError extends StoreError {}

/** A write failed for another reason than a full or a read-only disk. */
export class WriteError extends StoreError {}

/** No space (or no quota) is left where the file should go. */
export class DiskFullError extends WriteError {}

/** The place where the file should go may not be written. */
export class ReadOnlyError extends WriteError {}

/** The file is, or would be, larger than what is ever read back. */
export class FileTooLargeError extends StoreError {}

/** The file is not strict JSON in UTF-8. */
export class JsonFileError extends StoreError {}

/** The bytes are not a valid safetensors file, or the tensors cannot be written as one. */
export class SafetensorsError extends StoreError {}

/** The file was written by Strata, and its bytes are no longer those that were written. */
export class DamagedFileError extends StoreError {}

/** The file was not written by Strata, or for something else. */
export class ForeignFileError extends StoreError {}

/** Another process is writing the folder. */
export class LockedError extends StoreError {}

/** The file was written by another version of the format. */
export class VersionError extends StoreError {}

const errnoCode = (error: unknown): string | undefined =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' && 'syscall' in error
    ? error.code
    : undefined;

/** Turns a system error met while writing `path` into a named one; an error that is not the system's comes back as it is. */
export function writeFailure(path: string, error: unknown): unknown {
  const code = errnoCode(error);
  if (code === undefined) return error;
  const options = { cause: error };
  switch (code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return new DiskFullError(
        { path, found: `no space is left to write it (${code})`, next: 'free some space on that disk and run again' },
        options,
      );
    case 'EROFS':
    case 'EACCES':
    case 'EPERM':
      return new ReadOnlyError(
        {
          path,
          found: `this place may not be written (${code})`,
          next: 'choose another folder or change its permissions, and run again',
        },
        options,
      );
    case 'ENOENT':
      return new WriteError(
        { path, found: `its folder does not exist (${code})`, next: 'create the folder and run again' },
        options,
      );
    case 'EISDIR':
    case 'ENOTDIR':
    case 'ENOTEMPTY':
      return new WriteError(
        {
          path,
          found: `a folder stands where a file should be, or a file where a folder should be (${code})`,
          next: 'move it away or choose another name, and run again',
        },
        options,
      );
    default:
      return new WriteError({ path, found: `writing failed (${code})`, next: 'check the disk and run again' }, options);
  }
}

/** Turns a system error met while reading `path` into a named one; an error that is not the system's comes back as it is. */
export function readFailure(path: string, error: unknown): unknown {
  const code = errnoCode(error);
  if (code === undefined) return error;
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    return new MissingFileError({ path, found: 'there is no such file', next: 'check the path' }, { cause: error });
  }
  return new UnreadableFileError(
    { path, found: `reading failed (${code})`, next: 'check the permissions and the disk' },
    { cause: error },
  );
}

/** A name from a file, quoted and cut so that a hostile one cannot flood a message. */
export function quoted(name: string): string {
  return JSON.stringify(name.length > 80 ? `${name.slice(0, 80)}…` : name);
}
