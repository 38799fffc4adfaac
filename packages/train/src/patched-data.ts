// Steps and validation of a patched model: those of pieces, with the two feeds that say where patches are.
import { type PatchedKind, PatchFeeds } from '@strata/hierarchy';
import type { BatchData, ValidationData } from './stage.js';

/** Adds `patchPlaces` and `patchOf` to batches of `windows` windows of `length` pieces, such as `pieceSteps` gives. */
export function patchedSteps(data: BatchData, kind: PatchedKind, windows: number, length: number): BatchData {
  const buffers = [new PatchFeeds(kind, windows, length), new PatchFeeds(kind, windows, length)] as const;
  return (batch, buffer) => {
    const step = data(batch, buffer);
    return { ...step, feeds: { ...step.feeds, ...buffers[buffer].fill(step.feeds.pieces as Int32Array) } };
  };
}

/** The same for validation, such as `pieceValidation` gives; undefined where there is none. */
export function patchedValidation(
  validation: ValidationData | undefined,
  kind: PatchedKind,
  windows: number,
  length: number,
): ValidationData | undefined {
  return validation && { ...validation, data: patchedSteps(validation.data, kind, windows, length) };
}
