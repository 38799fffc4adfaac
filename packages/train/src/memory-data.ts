// Steps and validation of a flat model with a memory: those of pieces, with what stood before each window.
import { PieceMemoryFeeds } from '@strata/hierarchy';
import type { PieceMemory } from '@strata/subword';
import type { BatchData, ValidationData } from './stage.js';

/** Adds the memory's feeds to batches of `windows` windows of `length` pieces that were read with its reach. */
export function memorySteps(data: BatchData, memory: PieceMemory, windows: number, length: number): BatchData {
  const buffers = [
    new PieceMemoryFeeds(memory, windows, length),
    new PieceMemoryFeeds(memory, windows, length),
  ] as const;
  return (batch, buffer) => {
    const step = data(batch, buffer);
    const { pieces, targets } = step.feeds as { pieces: Int32Array; targets: Int32Array };
    return { ...step, feeds: { ...step.feeds, ...buffers[buffer].fill(pieces, targets, step.before ?? []) } };
  };
}

/** The same for validation; undefined where there is none. */
export function memoryValidation(
  validation: ValidationData | undefined,
  memory: PieceMemory,
  windows: number,
  length: number,
): ValidationData | undefined {
  return validation && { ...validation, data: memorySteps(validation.data, memory, windows, length) };
}
