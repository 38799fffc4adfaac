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
import { type LevelName, levelsUpTo } from '@strata/level';
import { ParameterScope } from '@strata/nn';
import { subwordLogits, subwordPieceTable, subwordStates } from '@strata/subword';
import { add, gather, multiply, type Node, reshape } from '@strata/tensor';
import {
  type Ascended,
  GRAM_LIMIT,
  lemmaTable,
  letterPatterns,
  patternsAt,
  pointerFactors,
  SPELLER_MEMORY,
  spellerFactors,
  type UnitNodes,
  type WordFactors,
  type WordInventory,
  type WordMasks,
  type WordMessages,
  wordContext,
  wordFactors,
  wordStates,
} from '@strata/word';
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

/** Unknown words of a window that there is room for: each is a piece and an end at least. */
export function spelledWords(shape: WindowShape): number {
  return Math.floor(shape.spelledPieces / 2) + 1;
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
    ...(input.letters && { letters: ladderLetters(scopes, config, windows * spelledWords(shape), [windows, units]) }),
  };
}

/** The patterns of unnamed units' letters, of at most `count` of them, at the units' places `shape` and zero elsewhere. */
export function ladderLetters(scopes: LadderScopes, config: Config, count: number, shape: readonly number[]): Node {
  const patterns_SD = ladderPatterns(scopes, config, 'letters', count);
  return patternsAt(scopes.word, patterns_SD, scopes.inputs.get('unit.letters', shape, 'int32'));
}

/** The patterns [count, D] of the letters in the inputs `<name>.grams` and `<name>.shares`. */
export function ladderPatterns({ inputs, word }: LadderScopes, config: Config, name: string, count: number): Node {
  const shape = [count, GRAM_LIMIT];
  const nodes = { grams: inputs.get(`${name}.grams`, shape, 'int32'), shares: inputs.get(`${name}.shares`, shape) };
  return letterPatterns(word, nodes, config.word.letters, config.word.width);
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
  const word_BWD = wordStates(scopes.word, read, ascended(scopes, config, pieces, shape), config.word, inventory.word);
  const word = reshape(word_BWD, [rowCount, config.word.width]);
  if (!levels.includes('concept')) return { pieces, word };
  const concept_BWD = conceptStates(
    scopes.concept,
    { concept: scopes.inputs.get('unit.concept', [windows, units], 'int32'), slot: read.slot, boundary: read.boundary },
    word_BWD,
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

/**
 * The speller: log-probabilities [count, P + 1] of pieces of spelled words. `spell.base` picks the base's state before
 * each piece, `spell.rows` the context of the word it belongs to, `spell.previous` its pieces
 * so far, and `spell.closed` where it cannot end.
 */
export function ladderSpelling(
  scopes: LadderScopes,
  config: Config,
  pieces: Node,
  context_ND: Node,
  count: number,
): Node {
  const row = (rows: Node, name: string, each = 1): Node =>
    gather(rows, scopes.inputs.get(name, [count * each], 'int32'));
  return spellerFactors(
    scopes.word,
    {
      base: row(pieces, 'spell.base'),
      context: row(context_ND, 'spell.rows'),
      previous: reshape(row(subwordPieceTable(scopes.subword, config.subword), 'spell.previous', SPELLER_MEMORY), [
        count,
        SPELLER_MEMORY * config.subword.width,
      ]),
      closed: scopes.inputs.get('spell.closed', [count]),
    },
    (states) => subwordLogits(scopes.subword, states, config.subword),
    config.subword.vocabularySize,
    config.word,
  );
}

/**
 * The pointer: log-probabilities [B, count, count + 1] of each unknown word that a window has shown, or of writing a new
 * one. `pointer.query` picks the context of each unknown word to come, `pointer.key` the state of each that was read.
 */
export function ladderPointer(
  { inputs, word }: LadderScopes,
  config: Config,
  context_ND: Node,
  states_ND: Node,
  windows: number,
  targets: number,
  keys: number,
): Node {
  const row = (rows: Node, name: string, count: number): Node => gather(rows, inputs.get(name, [count], 'int32'));
  return pointerFactors(
    word,
    row(context_ND, 'pointer.query', windows * targets),
    row(states_ND, 'pointer.key', windows * keys),
    inputs.get('pointer.mask', [windows, targets, keys + 1]),
    inputs.get('pointer.age', [windows, targets, keys]),
    config.word,
  );
}

/** What each concept means to the word level [C, Dword]. */
function conceptTable(scopes: LadderScopes, config: Config, inventory: LadderInventory): Node {
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
