// Steps and validation of a model of pieces that is fed more than the pieces: the same feeds as in scoring, a buffer each.
import type { Feeds, PieceBatch } from '@strata/hierarchy';
import type { BatchData, ValidationData } from './stage.js';

/** Fills what a batch of pieces is fed as besides; each has arrays of its own. */
type Fill = (batch: PieceBatch) => Feeds;

/** Adds further feeds to batches of pieces, such as `pieceSteps` gives. */
export function withFeeds(data: BatchData, make: () => Fill): BatchData {
  const buffers = [make(), make()] as const;
  return (batch, buffer) => {
    const step = data(batch, buffer);
    const { pieces, targets } = step.feeds as { pieces: Int32Array; targets: Int32Array };
    return { ...step, feeds: { ...step.feeds, ...buffers[buffer]({ pieces, targets, before: step.before ?? [] }) } };
  };
}

/** The same for validation, such as `pieceValidation` gives; undefined where there is none. */
export function validationWithFeeds(
  validation: ValidationData | undefined,
  make: () => Fill,
): ValidationData | undefined {
  return validation && { ...validation, data: withFeeds(validation.data, make) };
}
