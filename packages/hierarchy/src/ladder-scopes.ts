// What every graph of a ladder is built in: the scopes of its levels, its inputs, and the shape of its windows.
import type { LevelName } from '@strata/level';
import { ParameterScope } from '@strata/nn';
import type { WordInventory } from '@strata/word';
import { type Config, windowPieces } from './config.js';
import { GraphInputs } from './graph-inputs.js';

/** The levels that read units of the word tokenizer. */
export type UpperLevel = Exclude<LevelName, 'subword'>;

/** Boundary values: none, sentence, paragraph. */
export const BOUNDARY_COUNT = 3;

/** What the vocabularies of a run fix about its graphs. */
export interface LadderInventory {
  readonly word: WordInventory;
  /** Absent until concepts are distilled. */
  readonly conceptCount?: number;
  /** Members of the largest concept. */
  readonly memberWidth?: number;
}

/** Windows, units a window, pieces a window, pieces of spelled words a window. */
export interface WindowShape {
  readonly windows: number;
  readonly units: number;
  readonly pieces: number;
  readonly spelledPieces: number;
}

/** The window shape of a configuration, for `windows` windows at once. */
export function windowShape(config: Config, windows = config.batch.windows): WindowShape {
  return {
    windows,
    units: config.batch.units,
    pieces: windowPieces(config),
    spelledPieces: config.batch.spelledPieces,
  };
}

/**
 * Unknown words that a window may be asked to say: each is a unit, and a piece and an end at least. As many as a window
 * has units may have been read before; no such bound holds for those.
 */
export function spelledWords({ units, spelledPieces }: WindowShape): number {
  return Math.min(units, Math.floor(spelledPieces / 2) + 1);
}

/** What one graph is built in: a scope a level, whose parameters are all under its name, and the inputs. */
export interface LadderScopes extends Readonly<Record<LevelName, ParameterScope>> {
  readonly inputs: GraphInputs;
}

export function ladderScopes(): LadderScopes {
  return {
    subword: new ParameterScope('subword'),
    word: new ParameterScope('word'),
    concept: new ParameterScope('concept'),
    gestalt: new ParameterScope('gestalt'),
    inputs: new GraphInputs(),
  };
}
