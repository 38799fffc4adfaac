// What differs between models of pieces when they are trained: the graph, what it is fed besides the pieces, and its ONNX file.
import {
  type Config,
  matrixFlops,
  type Objective,
  type PatchedSizes,
  type PieceModelName,
  patchedGraph,
  patchedObjective,
  patchedOnnx,
  patchedParameters,
  pieceInferenceFlops,
  pieceMemoryFeeds,
  pieceObjective,
  subwordOnnx,
  subwordParameters,
} from '@strata/hierarchy';
import { ParameterScope, type ParameterSpec } from '@strata/nn';
import type { JsonObject } from '@strata/store';
import type { SubwordSizes } from '@strata/subword';
import { validationWithFeeds, withFeeds } from './extra-feeds.js';
import { patchedSteps, patchedValidation } from './patched-data.js';
import type { BatchData, ValidationData } from './stage.js';

/** A model of pieces over windows of one length, ready to be trained. */
export interface PieceDesign {
  readonly sizes: JsonObject;
  readonly specs: readonly ParameterSpec[];
  readonly objective: Objective;
  /** Pieces before each window that batches have to come with. */
  readonly reach: number;
  /** Adds to batches of pieces what else the graph reads. */
  data(pieces: BatchData): BatchData;
  validation(pieces: ValidationData | undefined): ValidationData | undefined;
  onnx(weights: Readonly<Record<string, Float32Array>>): Uint8Array;
  /** FLOPs of reading one window. */
  inferenceFlops(): number;
}

/** A plain transformer, whose parameters stand under `name`. */
export function subwordDesign(name: PieceModelName, sizes: SubwordSizes, length: number, config: Config): PieceDesign {
  const { windows } = config.batch;
  const { memory, ...plain } = sizes;
  const remembered = memory && (() => pieceMemoryFeeds(memory, windows, length));
  return {
    sizes: { ...plain, ...(memory && { memory: { ...memory } }) },
    reach: memory?.pieces ?? 0,
    specs: subwordParameters(name, sizes),
    objective: pieceObjective(new ParameterScope(name), sizes, windows, length, config),
    data: (pieces) => (remembered === undefined ? pieces : withFeeds(pieces, remembered)),
    validation: (pieces) => (remembered === undefined ? pieces : validationWithFeeds(pieces, remembered)),
    onnx: (weights) => subwordOnnx(name, sizes, length, weights),
    inferenceFlops: () => pieceInferenceFlops(name, sizes, length),
  };
}

/** A hierarchy over patches; its parameters stand under its kind. */
export function patchedDesign(sizes: PatchedSizes, length: number, config: Config): PieceDesign {
  const { windows } = config.batch;
  return {
    sizes: { ...sizes },
    reach: 0,
    specs: patchedParameters(sizes),
    objective: patchedObjective(new ParameterScope(sizes.kind), sizes, windows, length, config),
    data: (pieces) => patchedSteps(pieces, sizes.kind, windows, length),
    validation: (pieces) => patchedValidation(pieces, sizes.kind, windows, length),
    onnx: (weights) => patchedOnnx(sizes, length, weights),
    inferenceFlops: () => matrixFlops({ nats: patchedGraph(sizes, 1, length).nats }),
  };
}
