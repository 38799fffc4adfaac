// The stages in their order: base, words, concepts, gestalts, and the controls. Each reads what lies below it in the run
// folder, trains, and saves its own folder; nothing below is written again.
import { CONTROL_NAMES, type Config, type StageName } from '@strata/hierarchy';
import { levelsUpTo } from '@strata/level';
import { trainControl, trainSubword } from './piece-stages.js';
import type { StageResult } from './stage.js';
import type { StageContext } from './stage-parts.js';
import { trainConcept, trainGestalt, trainWord } from './upper-stages.js';

/** The stages of a configuration in the order in which they are trained: its levels, and its controls. */
export function stagesOf({ top, controls }: Config): readonly StageName[] {
  return [...levelsUpTo(top), ...CONTROL_NAMES.filter((name) => controls.includes(name))];
}

/** What a stage stands on, in a configuration that has it: it can be trained once these are. */
export function stageNeeds({ top }: Config, stage: StageName): readonly StageName[] {
  const levels: readonly StageName[] = levelsUpTo(top);
  const place = levels.indexOf(stage);
  return place < 0 ? levels : levels.slice(0, place);
}

/** The function that trains each stage. */
export const STAGES: Readonly<Record<StageName, (context: StageContext) => Promise<StageResult>>> = {
  subword: trainSubword,
  word: trainWord,
  concept: trainConcept,
  gestalt: trainGestalt,
  'flat-params': (context) => trainControl(context, 'flat-params'),
  'flat-flops': (context) => trainControl(context, 'flat-flops'),
  'flat-bytes': (context) => trainControl(context, 'flat-bytes'),
  'flat-memory': (context) => trainControl(context, 'flat-memory'),
  spacebyte: (context) => trainControl(context, 'spacebyte'),
  blocks: (context) => trainControl(context, 'blocks'),
};
