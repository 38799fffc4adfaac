// What a level's parameters are, known without running anything: declared by building the level's graph once.
import { LEVEL_NAMES, type LevelName } from '@strata/level';
import type { ParameterSpec } from '@strata/nn';
import { subwordNats } from '@strata/subword';
import { input } from '@strata/tensor';
import type { Config } from './config.js';
import { type LadderInventory, ladderScopes, windowShape } from './ladder-scopes.js';
import { unitNats } from './objective.js';

/** Parameters of every level up to the highest one whose vocabulary is known, in the order of declaration. */
export function ladderParameters(config: Config, inventory: LadderInventory): Record<LevelName, ParameterSpec[]> {
  const scopes = ladderScopes();
  const shape = windowShape(config, 1);
  subwordNats(scopes.subword, input('pieces', [1, 1], 'int32'), input('targets', [1], 'int32'), config.subword);
  unitNats(scopes, config, inventory, inventory.conceptCount === undefined ? 'word' : 'gestalt', shape);
  const specs = {} as Record<LevelName, ParameterSpec[]>;
  for (const level of LEVEL_NAMES) specs[level] = scopes[level].specs();
  return specs;
}
