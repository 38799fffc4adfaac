// Steps and validation of a patched model: those of pieces, with the two feeds that say where patches are.
import { type Feeds, type PatchedKind, PatchFeeds, type PieceBatch } from '@strata/hierarchy';
import { validationWithFeeds, withFeeds } from './extra-feeds.js';
import type { BatchData, ValidationData } from './stage.js';

function patchFeeds(kind: PatchedKind, windows: number, length: number): (batch: PieceBatch) => Feeds {
  const patches = new PatchFeeds(kind, windows, length);
  return ({ pieces }) => patches.fill(pieces);
}

/** Adds `patchPlaces` and `patchOf` to batches of `windows` windows of `length` pieces, such as `pieceSteps` gives. */
export function patchedSteps(data: BatchData, kind: PatchedKind, windows: number, length: number): BatchData {
  return withFeeds(data, () => patchFeeds(kind, windows, length));
}

/** The same for validation, such as `pieceValidation` gives; undefined where there is none. */
export function patchedValidation(
  validation: ValidationData | undefined,
  kind: PatchedKind,
  windows: number,
  length: number,
): ValidationData | undefined {
  return validationWithFeeds(validation, () => patchFeeds(kind, windows, length));
}
