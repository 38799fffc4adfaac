// A patched control outside of training: loaded from its folder, scored, and written as an ONNX file.
// Its folder holds what every level's does; `config.json` says its sizes and its window.
import { toOnnx } from '@strata/engine';
import { ParameterScope, type ParameterSpec, ParameterValues } from '@strata/nn';
import { loadLevel } from '@strata/store';
import { BpeTokenizer } from '@strata/subword';
import { input, logSoftmax } from '@strata/tensor';
import { z } from 'zod';
import { type PatchedSizes, patchedInputNats, patchedLogits, patchedSizesSchema } from './patched.js';
import { PatchFeeds, patchCapacity, placesPerPatch } from './patches.js';
import type { PieceGraph } from './piece-scorer.js';

/** What `config.json` of a patched model says. */
export const patchedConfigSchema = patchedSizesSchema.extend({ window: z.int().min(1) });

/** A patched model with its weights. */
export interface LoadedPatched {
  readonly tokenizer: BpeTokenizer;
  readonly values: ParameterValues;
  readonly sizes: PatchedSizes;
  /** Pieces of a window. */
  readonly window: number;
  readonly checksum: string;
  /** Hash of the corpus it learned from. */
  readonly corpus: string;
}

/** Parameters of a patched model; they stand under its kind. */
export function patchedParameters(sizes: PatchedSizes): ParameterSpec[] {
  const scope = new ParameterScope(sizes.kind);
  patchedInputNats(scope, sizes, 1, 4);
  return scope.specs();
}

/** Loads a patched model from the folder where `saveLevel` put it; throws what `loadLevel` throws, ParameterError, ZodError. */
export function loadPatched(folder: string): LoadedPatched {
  const level = loadLevel(folder);
  const { window, ...sizes } = patchedConfigSchema.parse(level.config);
  const values = new ParameterValues(patchedParameters(sizes));
  values.load(level.parameters);
  return {
    tokenizer: BpeTokenizer.fromJSON(level.vocabulary),
    values,
    sizes,
    window,
    checksum: level.checksum,
    corpus: (level.extra as { corpus?: string } | null)?.corpus ?? '',
  };
}

/** The graph of a patched model over `windows` windows of `length` pieces, and its feeds. */
export function patchedGraph(sizes: PatchedSizes, windows: number, length: number): PieceGraph {
  const patches = new PatchFeeds(sizes.kind, windows, length);
  return {
    nats: patchedInputNats(new ParameterScope(sizes.kind), sizes, windows, length),
    feeds: ({ pieces }) => patches.fill(pieces),
  };
}

/** ONNX bytes of a patched model: `pieces` int32 [1, length] and the feeds of `PatchFeeds` -> `next` [length, V], log-probabilities. */
export function patchedOnnx(
  sizes: PatchedSizes,
  length: number,
  weights: Readonly<Record<string, Float32Array>>,
): Uint8Array {
  const logits = patchedLogits(
    new ParameterScope(sizes.kind),
    input('pieces', [1, length], 'int32'),
    input('patchPlaces', [patchCapacity(sizes.kind, length) * placesPerPatch(sizes.kind)], 'int32'),
    input('patchOf', [length], 'int32'),
    sizes,
  );
  return toOnnx({ next: logSoftmax(logits) }, { initializers: new Map(Object.entries(weights)) });
}
