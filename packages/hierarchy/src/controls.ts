// The models that stand beside a ladder: flat transformers of equal cost, and published hierarchies without named units.
// From: Strata, EVALUATION (matched baselines).
import type { LevelName } from '@strata/level';
import type { Config, TrainingConfig } from './config.js';
import { PATCHED_KINDS, type PatchedKind } from './patches.js';

/** 256 bytes and what opens a text. */
const BYTE_VOCABULARY = 257;

/**
 * Flat subword transformers: as many parameters as the whole ladder; as many training FLOPs on as much text as its longest
 * stage reads; or, smaller, on as much as all of its stages read together, without and with the memory that the ladder's
 * concept level has.
 */
export const FLAT_NAMES = ['flat-params', 'flat-flops', 'flat-bytes', 'flat-memory'] as const;
export type FlatName = (typeof FLAT_NAMES)[number];

/** All models that a run may have beside its ladder. */
export const CONTROL_NAMES = [...FLAT_NAMES, ...PATCHED_KINDS] as const;
export type ControlName = (typeof CONTROL_NAMES)[number];

/** True for a flat baseline. */
export function isFlat(stage: string): stage is FlatName {
  return (FLAT_NAMES as readonly string[]).includes(stage);
}

/** True for a hierarchy over patches. */
export function isPatched(stage: string): stage is PatchedKind {
  return (PATCHED_KINDS as readonly string[]).includes(stage);
}

/** Pieces of a control's vocabulary: bytes alone for the one over bytes. */
export function controlVocabulary({ flat }: Config, name: ControlName): number {
  return name === 'spacebyte' ? BYTE_VOCABULARY : flat.vocabularySize;
}

/** True for what is no level of a ladder. */
export function isControl(stage: string): stage is ControlName {
  return (CONTROL_NAMES as readonly string[]).includes(stage);
}

/** How a stage is trained; controls share the settings of `flat`, whose bytes are derived where none are set. */
export function trainingOf(
  config: Config,
  stage: LevelName | ControlName,
): Omit<TrainingConfig, 'bytes'> & { readonly bytes?: number | undefined } {
  return isControl(stage) ? config.flat.training : config[stage].training;
}
