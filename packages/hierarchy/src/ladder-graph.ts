// Where levels meet, as a graph: the frozen base's states climb to words, words to concepts, concepts to sentence
// patterns; messages come down as addends to the logits of the level below. One definition serves training, scoring
// and generation, so that the distribution that generates is the one that is scored.
import {
  type ConceptInventory,
  type ConceptMembership,
  conceptMeans,
  conceptMessages,
  conceptStates,
} from '@strata/concept';
import { type GestaltMessage, gestaltBag, gestaltBagNats, gestaltMessage, gestaltPatterns } from '@strata/gestalt';
import { levelsUpTo } from '@strata/level';
import { subwordStates } from '@strata/subword';
import { add, gather, multiply, type Node, reshape } from '@strata/tensor';
import {
  type Ascended,
  lemmaTable,
  type UnitNodes,
  type WordFactors,
  type WordInventory,
  type WordMasks,
  type WordMessages,
  wordContext,
  wordFactors,
  wordStates,
} from '@strata/word';
import type { Config } from './config.js';
import type { GraphInputs } from './graph-inputs.js';
import type { LadderInventory, LadderScopes, UpperLevel, WindowShape } from './ladder-scopes.js';
import { ladderLetters } from './ladder-unnamed.js';

/** States of every level, flattened to rows: units N = B * W; sentence patterns B * G. */
export interface LadderStates {
  /** [B * S, D] of the base at every piece. */
  readonly pieces: Node;
  readonly word: Node;
  readonly concept?: Node;
  readonly patterns?: Node;
}

/** The five factors of units, as int32 inputs `<prefix>.<factor>` of one shape. */
export function unitInputs(inputs: GraphInputs, prefix: string, shape: readonly number[]): UnitNodes {
  const factor = (name: string): Node => inputs.get(`${prefix}.${name}`, shape, 'int32');
  return {
    boundary: factor('boundary'),
    lemma: factor('lemma'),
    slot: factor('slot'),
    casing: factor('casing'),
    gap: factor('gap'),
  };
}

/** Sizes of the concept level; there must be a concept vocabulary. */
export function conceptInventory(inventory: LadderInventory): ConceptInventory {
  if (inventory.conceptCount === undefined)
    throw new Error('the concept level is built before its vocabulary is known');
  return {
    conceptCount: inventory.conceptCount,
    slotCount: inventory.word.slotCount,
    boundaryCount: inventory.word.boundaryCount,
  };
}

/** What ascends to words: the base's states [B * S, D] at units' last pieces, and the patterns of unnamed units' letters. */
function ascended(scopes: LadderScopes, config: Config, pieces: Node, shape: WindowShape): Ascended {
  const { windows, units } = shape;
  const { input } = config.word;
  const base_ND = (): Node => gather(pieces, scopes.inputs.get('lastPiece', [windows * units], 'int32'));
  return {
    ...(input.base !== 'none' && { base: reshape(base_ND(), [windows, units, config.subword.width]) }),
    ...(input.letters && { letters: ladderLetters(scopes, config, windows * units, [windows, units]) }),
  };
}

/** What ascends to concepts [B, W, Dword]: the word level's states, or the patterns of unnamed units' letters, if they are read. */
export function conceptInput(config: Config, word_BWD: Node, { letters }: Ascended): Node | undefined {
  return (config.concept.input ?? 'words') === 'words' ? word_BWD : letters;
}

/** The climb: pieces [B, S] and units [B, W] -> states of all levels up to `top`. */
export function ladderStates(
  scopes: LadderScopes,
  config: Config,
  inventory: LadderInventory,
  top: UpperLevel,
  shape: WindowShape,
): LadderStates {
  const { windows, units } = shape;
  const levels = levelsUpTo(top);
  const rowCount = windows * units;
  const base_BSD = subwordStates(
    scopes.subword,
    scopes.inputs.get('pieces', [windows, shape.pieces], 'int32'),
    config.subword,
  );
  const pieces = reshape(base_BSD, [windows * shape.pieces, config.subword.width]);
  const read = unitInputs(scopes.inputs, 'unit', [windows, units]);
  const below = ascended(scopes, config, pieces, shape);
  const word_BWD = wordStates(scopes.word, read, below, config.word, inventory.word);
  const word = reshape(word_BWD, [rowCount, config.word.width]);
  if (!levels.includes('concept')) return { pieces, word };
  const concept_BWD = conceptStates(
    scopes.concept,
    { concept: scopes.inputs.get('unit.concept', [windows, units], 'int32'), slot: read.slot, boundary: read.boundary },
    conceptInput(config, word_BWD, below),
    config.concept,
    conceptInventory(inventory),
  );
  const concept = reshape(concept_BWD, [rowCount, config.concept.width]);
  if (!levels.includes('gestalt')) return { pieces, word, concept };
  const patterns = gestaltPatterns(
    scopes.gestalt,
    concept_BWD,
    scopes.inputs.get('sentence.unit', [rowCount], 'int32'),
    scopes.inputs.get('sentence.inverse', [windows * config.gestalt.sentences, 1]),
    config.gestalt,
  );
  return { pieces, word, concept, patterns };
}

/** Rows of states that the next units are predicted from; the gestalt speaks for the sentence before and after the cut. */
export interface PredictionRows {
  readonly word: Node;
  readonly concept?: Node;
  /** Pattern rows of the sentence that the last unit read belongs to. */
  readonly gestaltBefore?: Node;
  /** Pattern rows of the sentence that the next unit belongs to. */
  readonly gestaltAfter?: Node;
}

function masks(inputs: GraphInputs, inventory: WordInventory): WordMasks {
  return {
    slotByLemma: inputs.get('mask.slot', [inventory.lemmaCount, inventory.slotCount]),
    casingByLemma: inputs.get('mask.casing', [inventory.lemmaCount, inventory.casingCount]),
    lemma: inputs.get('mask.lemma', [inventory.lemmaCount]),
  };
}

/** What the gestalt says, times its gate; nothing where there is no gestalt. */
function gestaltSays(scopes: LadderScopes, config: Config, rows: PredictionRows): GestaltMessage | undefined {
  const { gestaltBefore, gestaltAfter } = rows;
  if (gestaltBefore === undefined || gestaltAfter === undefined) return undefined;
  const { ending, expectation } = gestaltMessage(
    scopes.gestalt,
    gestaltBefore,
    gestaltAfter,
    config.concept.width,
    config.word.width,
  );
  const gate = scopes.inputs.get('gate.gestalt', [1]);
  return { ending: multiply(ending, gate), expectation: multiply(expectation, gate) };
}

/**
 * The descent: what concept and gestalt add (times the inputs `gate.concept` and `gate.gestalt`, 1 to speak and 0 to
 * be silent), then the word level's factors, as log-probabilities over N rows; `concept` is the concept level's own
 * distribution [N, C].
 */
export function ladderFactors(
  scopes: LadderScopes,
  config: Config,
  inventory: LadderInventory,
  rows: PredictionRows,
): { factors: WordFactors; target: UnitNodes; context: Node; concept?: Node } {
  const count = rows.word.shape[0];
  const target = unitInputs(scopes.inputs, 'target', [count]);
  const context = wordContext(scopes.word, rows.word, target.boundary, config.word, inventory.word);
  let messages: WordMessages = {};
  let concept: Node | undefined;
  if (rows.concept !== undefined) {
    const said = gestaltSays(scopes, config, rows);
    const spoken = conceptMessages(
      scopes.concept,
      said === undefined ? rows.concept : add(rows.concept, said.ending),
      rows.concept,
      target.boundary,
      said?.expectation,
      context,
      lemmaTable(scopes.word, inventory.word, config.word.width),
      membership(scopes, inventory),
      config.concept,
      conceptInventory(inventory),
    );
    concept = spoken.own;
    const gate = scopes.inputs.get('gate.concept', [1]);
    messages = {
      boundary: multiply(spoken.boundary, gate),
      lemma: { query: multiply(spoken.lemma.query, gate), table: spoken.lemma.table },
      slot: multiply(spoken.slot, gate),
    };
  }
  const factors = wordFactors(
    scopes.word,
    rows.word,
    target,
    config.word,
    inventory.word,
    masks(scopes.inputs, inventory.word),
    messages,
  );
  return { factors, target, context, ...(concept && { concept }) };
}

/** What each concept means to the word level [C, Dword]. */
export function conceptTable(scopes: LadderScopes, config: Config, inventory: LadderInventory): Node {
  const table = lemmaTable(scopes.word, inventory.word, config.word.width);
  return conceptMeans(table, membership(scopes, inventory), inventory.conceptCount!);
}

function membership(scopes: LadderScopes, inventory: LadderInventory): ConceptMembership {
  return {
    conceptOfLemma: scopes.inputs.get('conceptOfLemma', [inventory.word.lemmaCount], 'int32'),
    inverseSizes: scopes.inputs.get('concept.inverseSize', [inventory.conceptCount!, 1]),
    logFrequency: scopes.inputs.get('concept.logFrequency', [inventory.conceptCount!]),
  };
}

/** The gestalt's own likelihood over the windows' target units: nats [N]. */
export function ladderBagNats(
  scopes: LadderScopes,
  config: Config,
  inventory: LadderInventory,
  states: LadderStates,
): Node {
  const cells = scopes.inputs.get('bag.cells', [states.word.shape[0]], 'int32');
  const { logFrequency } = membership(scopes, inventory);
  return gestaltBagNats(scopes.gestalt, states.patterns!, cells, conceptTable(scopes, config, inventory), logFrequency);
}

/** Log-probabilities [R, C] of the concepts that the sentences of pattern rows are expected to hold. */
export function ladderBag(scopes: LadderScopes, config: Config, inventory: LadderInventory, patterns_RD: Node): Node {
  const { logFrequency } = membership(scopes, inventory);
  return gestaltBag(scopes.gestalt, patterns_RD, conceptTable(scopes, config, inventory), logFrequency);
}
