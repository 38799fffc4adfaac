// The configuration of a run: one strict schema, assembled from the levels' own, with derived values filled in.
// Few dials: sizes and bytes per level; everything else has a default or is derived (see `resolve`).
import { conceptConfigSchema } from '@strata/concept';
import { gestaltConfigSchema } from '@strata/gestalt';
import { LEVEL_NAMES } from '@strata/level';
import { NORMS, POSITIONS, type StackChoices } from '@strata/nn';
import { subwordConfigSchema } from '@strata/subword';
import { wordConfigSchema } from '@strata/word';
import { z } from 'zod';
import { CONTROL_NAMES } from './controls.js';

/** A unit holds at most 16 bytes of gap and 16 of surface (see `segmentUnits`), each byte a piece at worst. */
export const MAXIMUM_UNIT_PIECES = 32;

/** Pieces of one window, and of one step, at most: beyond them no machine holds the attention of a step. */
const MAXIMUM_WINDOW = 8192;
const MAXIMUM_BATCH = 1 << 20;

/** How one level is trained. */
export const trainingSchema = z.strictObject({
  /** Bytes of text that this stage sees, counted with repetition. */
  bytes: z.number().min(1000),
  learningRate: z.number().positive().max(1),
  schedule: z.enum(['cosine', 'warmup-stable-decay']).default('cosine'),
  /** Share of the steps spent warming up. */
  warmup: z.number().min(0).max(0.5).default(0.05),
  weightDecay: z.number().min(0).max(1).default(0.1),
  /** `muon` moves the matrices of transformer stacks by Muon, all else by AdamW; rates mean the same for both. */
  optimiser: z.enum(['adamw', 'muon']).default('adamw'),
  /** Rates and decays of their own for parameters whose name fits a pattern in which * stands for anything. */
  groups: z
    .array(
      z.strictObject({
        match: z.string().min(1).max(200),
        learningRate: z.number().min(0).max(100).optional(),
        weightDecay: z.number().min(0).max(1).optional(),
        beta2: z.number().min(0).lt(1).optional(),
      }),
    )
    .max(64)
    .default([]),
  /** Batches whose gradients make one step: a larger batch in the memory of a small one. */
  accumulate: z.int().min(1).max(4096).default(1),
  /** Held-out text is read every so many steps (0: never), so many bytes of it. */
  validation: z
    .strictObject({
      every: z.int().min(0).max(1_000_000).default(100),
      bytes: z.int().min(1000).max(100_000_000).default(20_000),
    })
    .prefault({}),
  /** Ends the stage when so many validations in a row have not been better, and keeps the weights of the best one. */
  earlyStopping: z
    .strictObject({
      patience: z.int().min(1).max(10_000),
      /** Bits per byte that count as better. */
      minimumDelta: z.number().min(0).max(10).default(0),
    })
    .optional(),
});

export type TrainingConfig = z.infer<typeof trainingSchema>;

const corpusSchema = z.union([
  z.strictObject({ declared: z.string().min(1) }),
  z.strictObject({
    folder: z.string().min(1),
    normalize: z.enum(['gutenberg', 'none']).default('none'),
    train: z.array(z.string()).optional(),
    validation: z.array(z.string()).optional(),
    test: z.array(z.string()).optional(),
  }),
]);

const training = { training: trainingSchema };

export const configSchema = z.strictObject({
  name: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, 'a run is named by letters, digits, ".", "_" and "-"'),
  seed: z
    .int()
    .min(0)
    .max(2 ** 31 - 1),
  corpus: corpusSchema,
  /** The highest level of the ladder, and what its controls are matched to. */
  top: z.enum(['word', 'concept', 'gestalt']).default('gestalt'),
  /** One training step reads `windows` windows of `units` words each; `piecesPerUnit` bounds the pieces of a window. */
  batch: z.strictObject({
    windows: z.int().min(1).max(4096),
    units: z.int().min(8).max(65_536),
    piecesPerUnit: z.number().min(1).max(16).default(1.5),
    /** Pieces of unknown words in a window that the speller is asked for, each word's end counted. */
    spelledPieces: z
      .int()
      .min(MAXIMUM_UNIT_PIECES + 1)
      .max(65_536)
      .default(128),
  }),
  subword: subwordConfigSchema.extend(training),
  word: wordConfigSchema.extend(training),
  concept: conceptConfigSchema.extend(training),
  gestalt: gestaltConfigSchema.extend(training),
  /** Models beside the ladder, all trained by the settings of `flat`. */
  controls: z.array(z.enum(CONTROL_NAMES)).default(['flat-params']),
  /** Without bytes, a control reads as much as the ladder's stages do, and is given as many training FLOPs as all of them. */
  flat: z.strictObject({
    vocabularySize: z.int().min(257).max(65_536),
    /** Of the flat models; the hierarchies over patches keep RMSNorm and rotary positions. */
    norm: z.enum(NORMS).optional(),
    positions: z.enum(POSITIONS).optional(),
    training: trainingSchema.extend({ bytes: trainingSchema.shape.bytes.optional() }),
  }),
  /** How a run is measured: bytes of validation and test text at most (0: all). */
  evaluation: z.strictObject({
    validationBytes: z.int().min(0),
    testBytes: z.int().min(0),
    prompt: z.string().min(1),
  }),
  /** How often a training is saved, and how many of the last checkpoints are kept. */
  checkpoints: z
    .strictObject({
      seconds: z.number().min(0).max(86_400).default(30),
      keep: z.int().min(1).max(1000).default(2),
    })
    .prefault({}),
  /** What computes. TensorFlow.js takes tfjs-node where that is installed, else plain JavaScript, which is for small models. */
  engine: z.enum(['onnxruntime', 'tfjs']).default('onnxruntime'),
  /** `cpu` is the only provider proven here; others are passed to the engine. */
  device: z.enum(['cpu', 'cuda', 'webgpu']).default('cpu'),
  /** Threads of the engine; results repeat bit for bit for the same number of threads. */
  threads: z.int().min(1).max(256).default(2),
  /** Compute activations again on the way back instead of keeping them: memory of one layer instead of all, a third more work. */
  recompute: z.boolean().default(false),
});

export type Config = z.infer<typeof configSchema>;

/** What is wrong with a stack's heads: they divide its width, and rotary positions turn pairs of axes. */
function impossibleHeads(
  path: string,
  { width, headCount, positions = 'rotary' }: StackChoices & { readonly width: number; readonly headCount: number },
): string[] {
  const each = width / headCount;
  const found = `${path}: width ${width} over ${headCount} heads gives ${each} per head`;
  if (!Number.isInteger(each))
    return [`${found}; attention needs a whole number. Set ${path}.width or ${path}.headCount`];
  if (positions === 'rotary' && each % 2 !== 0)
    return [
      `${found}; rotary positions need an even whole number. Set ${path}.width or ${path}.headCount, or ${path}.positions to alibi or none`,
    ];
  return [];
}

/** Checks that cross several keys: heads divide widths, windows hold what they must. */
export function impossibleSizes(config: Config): string[] {
  const problems: string[] = [];
  for (const level of LEVEL_NAMES) problems.push(...impossibleHeads(level, config[level]));
  for (const stage of ['subword', 'word', 'concept', 'gestalt', 'flat'] as const) {
    const { earlyStopping, validation } = config[stage].training;
    if (earlyStopping !== undefined && validation.every === 0)
      problems.push(
        `${stage}.training: earlyStopping needs validations, and validation.every is 0, which means never. Set ${stage}.training.validation.every`,
      );
  }
  if (config.batch.units * config.batch.piecesPerUnit < 4 * MAXIMUM_UNIT_PIECES)
    problems.push(
      `batch: ${config.batch.units} units of ${config.batch.piecesPerUnit} pieces is a window of under ${4 * MAXIMUM_UNIT_PIECES} pieces, too short for words of any length with their context. Set batch.units or batch.piecesPerUnit higher`,
    );
  if (windowPieces(config) > MAXIMUM_WINDOW)
    problems.push(
      `batch: ${config.batch.units} units of ${config.batch.piecesPerUnit} pieces is a window of ${windowPieces(config)} pieces; ` +
        `attention holds the square of it, so at most ${MAXIMUM_WINDOW} are accepted. Set batch.units or batch.piecesPerUnit lower`,
    );
  if (config.batch.windows * windowPieces(config) > MAXIMUM_BATCH)
    problems.push(
      `batch: ${config.batch.windows} windows of ${windowPieces(config)} pieces are more than ${MAXIMUM_BATCH} in one step. Set batch.windows lower; training.accumulate of a stage makes up for it`,
    );
  return problems;
}

/** Pieces in one window of the base. */
export function windowPieces(config: Config): number {
  return Math.ceil(config.batch.units * config.batch.piecesPerUnit);
}
