// One step of the climb: the same level functions as the full pass, over one unit, with cached stacks.
// The gestalt's stack moves once a sentence; its graphs stand beside, since most units do not end one.
import { conceptStates } from '@strata/concept';
import { gestaltEncoded, gestaltSentences, gestaltStack, gestaltStart } from '@strata/gestalt';
import { cachedStack, feedForwardWidth, type ParameterScope, type StackBuilder, StackCache } from '@strata/nn';
import { input, type Node, reshape } from '@strata/tensor';
import { wordStates } from '@strata/word';
import type { Config } from './config.js';
import { conceptInput, conceptInventory, unitInputs } from './ladder-graph.js';
import { type LadderInventory, ladderScopes, type UpperLevel } from './ladder-scopes.js';
import { ladderLetters } from './ladder-unnamed.js';

/** A builder of cached stacks over one position, and the outputs that they leave. */
function stepBuilder(prefix: string, capacity: number): { stack: StackBuilder; outputs: Record<string, Node> } {
  const outputs: Record<string, Node> = {};
  const stack = (scope: ParameterScope, x_11D: Node, sizes: Parameters<StackBuilder>[2]): Node => {
    const step = cachedStack(scope, x_11D, sizes, { capacity, prefix });
    Object.assign(outputs, step.outputs);
    return step.hidden;
  };
  return { stack, outputs };
}

/** The cache of a level's stack. */
export function levelCache(config: Config, level: UpperLevel): StackCache {
  const capacity = level === 'gestalt' ? config.gestalt.sentences : config.batch.units;
  return new StackCache({ ...config[level], feedForward: feedForwardWidth(config[level].width) }, capacity, level);
}

/**
 * Words and concepts up to `top`, one unit: from its factors `unit.*` [1, 1], its concept, the base's state `ascended`
 * [1, 1, Dbase] and its letters, as far as they are read, to `row.word`, `row.concept` [1, D] and `encoded` [1, Dg], what it adds to its sentence.
 */
export function unitStep(config: Config, inventory: LadderInventory, top: UpperLevel): Record<string, Node> {
  const scopes = ladderScopes();
  const capacity = config.batch.units;
  const read = unitInputs(scopes.inputs, 'unit', [1, 1]);
  const words = stepBuilder('word', capacity);
  const { base, letters } = config.word.input;
  const ascended = {
    ...(base !== 'none' && { base: input('ascended', [1, 1, config.subword.width]) }),
    ...(letters && { letters: ladderLetters(scopes, config, 1, [1, 1]) }),
  };
  const word_11D = wordStates(scopes.word, read, ascended, config.word, inventory.word, words.stack);
  const climb: Record<string, Node> = { ...words.outputs, 'row.word': reshape(word_11D, [1, config.word.width]) };
  if (top === 'word') return climb;
  const concepts = stepBuilder('concept', capacity);
  const units = { concept: input('unit.concept', [1, 1], 'int32'), slot: read.slot, boundary: read.boundary };
  const inventoryOfConcepts = conceptInventory(inventory);
  const concept_11D = conceptStates(
    scopes.concept,
    units,
    conceptInput(config, word_11D, ascended),
    config.concept,
    inventoryOfConcepts,
    concepts.stack,
  );
  const row = reshape(concept_11D, [1, config.concept.width]);
  Object.assign(climb, concepts.outputs, { 'row.concept': row });
  if (top === 'gestalt') climb.encoded = gestaltEncoded(scopes.gestalt, row, config.gestalt.width);
  return climb;
}

/** The pattern [1, D] of the first sentence, or of the one after the sentence whose units' mean is `pooled` [1, D]. */
export function sentenceStep(config: Config, first: boolean): Record<string, Node> {
  const { gestalt } = ladderScopes();
  const { width, sentences } = config.gestalt;
  const stack = stepBuilder('gestalt', sentences);
  const read_11D = first
    ? gestaltStart(gestalt, width)
    : reshape(gestaltSentences(gestalt, input('pooled', [1, width]), width), [1, 1, width]);
  const pattern = reshape(gestaltStack(gestalt, read_11D, config.gestalt, stack.stack), [1, width]);
  return { ...stack.outputs, pattern };
}
