// Words without a name, in the graph: as they arrive (their letters), and as they are said (written piece by piece by the
// frozen base with the word level's message, or pointed at where they were read before). From: Strata, WORDS.
import { logSum, MASKED } from '@strata/nn';
import { subwordLogits, subwordPieceTable } from '@strata/subword';
import { add, exp, gather, log, multiply, type Node, reshape, scatterAdd, slice, subtract, sum } from '@strata/tensor';
import { GRAM_LIMIT, letterPatterns, patternsAt, pointerFactors, SPELLER_MEMORY, spellerFactors } from '@strata/word';
import type { Config } from './config.js';
import { type LadderScopes, spelledWords, type WindowShape } from './ladder-scopes.js';
import { LEAST_SHARE, paid } from './nats.js';

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

/**
 * The speller: log-probabilities [count, P + 1] of pieces of spelled words. `spell.base` picks the base's state before
 * each piece, `spell.rows` the context of the word it belongs to, `spell.previous` its pieces so far, and `spell.closed`
 * says where it cannot end.
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
 * The pointer: log-probabilities [B, targets, keys + 1] of each unknown word that a window has shown, or of writing a
 * new one. `pointer.query` picks the context of each unknown word to come, `pointer.key` the state of each that was read.
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

/** What unnamed words are said from: the base's states, word states and contexts [N, D], and nats of the target's gap [N]. */
export interface SpellingRows {
  readonly pieces: Node;
  readonly word: Node;
  readonly context: Node;
  readonly gap: Node;
}

/** Nats [S, 1] of each spelled word as the word level would say it, and of its gap where it is pointed at. */
export interface SpelledNats {
  readonly nats: Node;
  readonly gap: Node;
}

/**
 * Nats of each spelled word: of all ways to say it, written piece by piece or pointed at where it was read before, its
 * gap then chosen as that of a word with a name. What is no word of the batch costs something too: `pointer.weights` tell.
 */
export function spellingNats(
  scopes: LadderScopes,
  config: Config,
  { pieces, word, context, gap }: SpellingRows,
  shape: WindowShape,
): SpelledNats {
  const { inputs } = scopes;
  const words = spelledWords(shape);
  const keys = shape.units;
  const count = shape.windows * words;
  const pieceCount = shape.windows * shape.spelledPieces;
  const perWord = (name: string): Node => inputs.get(name, [count, 1]);
  const letters = ladderSpelling(scopes, config, pieces, context, pieceCount);
  const perPiece = multiply(
    paid(letters, inputs.get('spell.targets', [pieceCount], 'int32')),
    inputs.get('spell.weights', [pieceCount]),
  );
  const written_S1 = scatterAdd(
    inputs.get('spell.word', [pieceCount], 'int32'),
    reshape(perPiece, [pieceCount, 1]),
    count,
  );
  const pointer = ladderPointer(scopes, config, context, word, shape.windows, words, keys);
  const log_SK = reshape(pointer, [count, keys + 1]);
  const writes_S1 = subtract(slice(log_SK, 1, keys, keys + 1), written_S1);
  // Where the word was not read before there is nothing to point at, and no log of 0 is taken.
  const matches_S1 = perWord('pointer.matches');
  const match_SK = reshape(inputs.get('pointer.match', [shape.windows, words, keys]), [count, keys]);
  const share_S1 = sum(multiply(exp(slice(log_SK, 1, 0, keys)), match_SK), [1], true);
  const without_S1 = subtract(1, matches_S1);
  const gap_S1 = add(
    reshape(gather(gap, inputs.get('pointer.query', [count], 'int32')), [count, 1]),
    perWord('pointer.escaped'),
  );
  const points_S1 = add(
    multiply(subtract(log(add(add(share_S1, without_S1), LEAST_SHARE)), gap_S1), matches_S1),
    multiply(without_S1, MASKED),
  );
  return { nats: subtract(0, logSum([writes_S1, points_S1], 0)), gap: gap_S1 };
}
