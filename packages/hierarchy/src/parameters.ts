// What a level's parameters are, known without running anything: declared by building the level's graph once.
import { LEVEL_NAMES, type LevelName } from '@strata/level';
import type { ParameterSpec } from '@strata/nn';
import { subwordInputNats } from '@strata/subword';
import type { Config } from './config.js';
import { type LadderInventory, ladderScopes, windowShape } from './ladder-scopes.js';
import { unitNats } from './objective.js';

/** Parameters of every level up to the highest one whose vocabulary is known, in the order of declaration. */
export function ladderParameters(config: Config, inventory: LadderInventory): Record<LevelName, ParameterSpec[]> {
  const scopes = ladderScopes();
  const shape = windowShape(config, 1);
  subwordInputNats(scopes.subword, config.subword, 1, 1);
  unitNats(scopes, config, inventory, inventory.conceptCount === undefined ? 'word' : 'gestalt', shape);
  const specs = {} as Record<LevelName, ParameterSpec[]>;
  for (const level of LEVEL_NAMES) specs[level] = scopes[level].specs();
  return specs;
}
