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
  const { validation: known, manifest: of } = keptAt(path);
  // A stage that was deleted and trained again has another manifest; earlier versions kept none.
  if (typeof known === 'number' && (of ?? own) === own) return known;
  const validation = await measure();
  writeJsonFile(path, { stage, manifest: own, validation });
  return validation;
}

/** Why a value is lost, as `path` has it since its training diverged; undefined where it did not. */
export function keptDivergence(path: string): string | undefined {
  const { diverged } = keptAt(path);
  return typeof diverged === 'string' ? diverged : undefined;
}

/** Keeps at `path` why a value is lost: its training would diverge again, step by step the same. */
export function keepDivergence(path: string, stage: string, diverged: string): void {
  writeJsonFile(path, { stage, diverged });
}

interface Kept {
  readonly validation?: unknown;
  readonly manifest?: unknown;
  readonly diverged?: unknown;
}

function keptAt(path: string): Kept {
  return existsSync(path) ? ((readJsonFile(path, MAXIMUM_BYTES) as Kept | null) ?? {}) : {};
}
