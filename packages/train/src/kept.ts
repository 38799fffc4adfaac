// What a stage learned before its first step, kept beside its checkpoints: a resumed stage need not learn it again.
// From: Strata; vocabularies and concepts take minutes of a large corpus, and go with the checkpoints when the stage ends.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type JsonValue, makeFolder, readJsonFile, StoreError, writeJsonFile } from '@strata/store';

const MAXIMUM_KEPT_BYTES = 256 * 1024 * 1024;

/**
 * The value of file `name` in `folder` if it was learned from what `key` names, else what `learn` gives, kept for the
 * next time. A file that cannot be read is learned anew; of one that was learned from something else `onOther` is told,
 * who may refuse to have it replaced.
 */
export async function kept<T extends { toJSON(): unknown }>(
  folder: string,
  name: string,
  key: string,
  read: (json: JsonValue, path: string) => T,
  learn: () => Promise<T>,
  onOther: () => void = () => {},
): Promise<T> {
  const path = join(folder, name);
  const found = existsSync(path) ? keptRecord(path) : undefined;
  if (found?.value !== undefined && found.key === key) return read(found.value, path);
  if (found !== undefined) onOther();
  const learned = await learn();
  makeFolder(folder);
  writeJsonFile(path, { key, value: learned.toJSON() }, 0);
  return learned;
}

/** The value that `kept` has put into a file; undefined where there is none that can be read. */
export function keptValue(folder: string, name: string): JsonValue | undefined {
  const path = join(folder, name);
  return existsSync(path) ? keptRecord(path)?.value : undefined;
}

function keptRecord(path: string): { key?: JsonValue; value?: JsonValue } | undefined {
  try {
    return (readJsonFile(path, MAXIMUM_KEPT_BYTES) as { key?: JsonValue; value?: JsonValue } | null) ?? undefined;
  } catch (error) {
    if (error instanceof StoreError) return undefined;
    throw error;
  }
}
