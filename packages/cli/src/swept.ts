// What a value of a sweep reached, kept beside the run that it was measured on: a study that is resumed need not ask again.
import { existsSync } from 'node:fs';
import { readJsonFile, sha256, writeJsonFile } from '@strata/store';

const MAXIMUM_BYTES = 1 << 16;

/** Bits per byte of validation text as `path` has them of the stage with this manifest; else measured, and kept there. */
export async function sweptValidation(
  path: string,
  stage: string,
  manifest: Uint8Array,
  measure: () => Promise<number>,
): Promise<number> {
  const own = sha256(manifest);
  if (existsSync(path)) {
    const found = readJsonFile(path, MAXIMUM_BYTES) as { validation?: unknown; manifest?: unknown } | null;
    // A stage that was deleted and trained again has another manifest; earlier versions kept none.
    if (typeof found?.validation === 'number' && (found.manifest ?? own) === own) return found.validation;
  }
  const validation = await measure();
  writeJsonFile(path, { stage, manifest: own, validation });
  return validation;
}
