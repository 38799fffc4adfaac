// What each level thinks after every unit: hidden states read out of the same graphs that score, for measures of meaning.
// From: Strata; the ladder's levels and a flat model are asked about the same units, so that their states can be compared.
import { compile } from '@strata/engine';
import { ParameterScope } from '@strata/nn';
import { subwordStates } from '@strata/subword';
import { gather, input, reshape } from '@strata/tensor';
import type { EncodedUnits, WordTokenizer } from '@strata/word';
import type { Config } from './config.js';
import { feedsFor, LadderBatch } from './ladder-batch.js';
import { ladderStates } from './ladder-graph.js';
import { ladderScopes, type WindowShape } from './ladder-scopes.js';
import { encodeLadderUnits, type LadderText } from './ladder-text.js';
import { batchTables, type Ladder, type LoadedSubword, type PieceModelName, weightFeeds } from './run.js';
import { engineOptions } from './score.js';

/** States of one snippet [units, width]: row i is the state after its unit i; the last unit, which is only a target, has none. */
export interface SnippetStates {
  readonly width: number;
  readonly states: Float32Array;
}

/** Snippets read in one pass. */
const WINDOWS = 8;

/** Told how many snippets are read. */
export type SnippetsProgress = (snippets: number) => void;

/** Snippets of units, each a text of its own, as windows of one encoded text, and the shape that holds the longest. */
function layOut(
  snippets: readonly EncodedUnits[],
  words: WordTokenizer,
  tokenizer: Ladder['tokenizer'],
): { text: LadderText; starts: number[]; shape: WindowShape } {
  const text = encodeLadderUnits(snippets, words, tokenizer);
  let [units, pieces, start] = [1, 1, 0];
  const starts = snippets.map(({ length }) => {
    units = Math.max(units, length - 1);
    pieces = Math.max(pieces, text.spans.end(start + length - 1) - text.spans.start(start));
    start += length;
    return start - length;
  });
  return { text, starts, shape: { windows: WINDOWS, units, pieces, spelledPieces: pieces + units } };
}

/** The states of the word and the concept level for snippets of two units or more; the ladder reaches concepts. */
export async function ladderSnippetStates(
  ladder: Ladder,
  snippets: readonly EncodedUnits[],
  told: SnippetsProgress = () => {},
): Promise<{ word: SnippetStates[]; concept: SnippetStates[] }> {
  const { config, values } = ladder;
  const { text, starts, shape } = layOut(snippets, ladder.words!, ladder.tokenizer);
  const { word, concept } = ladderStates(ladderScopes(), config, ladder.inventory!, 'concept', shape);
  const executable = await compile({ word, concept: concept! }, engineOptions(config));
  const batch = new LadderBatch(batchTables(ladder), shape);
  const weights = weightFeeds(values.subword, values.word, values.concept);
  const found = { word: [] as SnippetStates[], concept: [] as SnippetStates[] };
  try {
    for (let first = 0; first < snippets.length; first += WINDOWS) {
      const group = snippets.slice(first, first + WINDOWS);
      const windows = group.map(({ length }, b) => ({ start: starts[first + b], length: length - 1, scoreFrom: 0 }));
      const outputs = await executable.run(feedsFor(executable, batch.fill(text, windows), weights));
      for (const level of ['word', 'concept'] as const)
        found[level].push(...rowsOf(outputs[level], group, shape.units, config[level].width));
      told(first + group.length);
    }
  } finally {
    await executable.dispose();
  }
  return found;
}

/** The same of a flat model or the base: its states at each unit's last piece. */
export async function pieceSnippetStates(
  model: LoadedSubword,
  name: PieceModelName,
  words: WordTokenizer,
  config: Config,
  snippets: readonly EncodedUnits[],
  told: SnippetsProgress = () => {},
): Promise<SnippetStates[]> {
  const { width } = model.sizes;
  const { text, starts, shape } = layOut(snippets, words, model.tokenizer);
  const states_BSD = subwordStates(
    new ParameterScope(name),
    input('pieces', [WINDOWS, shape.pieces], 'int32'),
    model.sizes,
  );
  const rows = input('rows', [WINDOWS * shape.units], 'int32');
  const states = gather(reshape(states_BSD, [WINDOWS * shape.pieces, width]), rows);
  const executable = await compile({ states }, engineOptions(config));
  const feeds = { pieces: new Int32Array(WINDOWS * shape.pieces), rows: new Int32Array(WINDOWS * shape.units) };
  const found: SnippetStates[] = [];
  try {
    for (let first = 0; first < snippets.length; first += WINDOWS) {
      const group = snippets.slice(first, first + WINDOWS);
      feeds.pieces.fill(0);
      feeds.rows.fill(0);
      for (const [b, { length }] of group.entries()) {
        const start = starts[first + b];
        const from = text.spans.start(start);
        feeds.pieces.set(text.pieces.subarray(from, text.spans.end(start + length - 2)), b * shape.pieces);
        for (let j = 0; j < length - 1; j++)
          feeds.rows[b * shape.units + j] = b * shape.pieces + text.spans.end(start + j) - 1 - from;
      }
      const outputs = await executable.run({ ...feeds, ...weightFeeds(model.values) });
      found.push(...rowsOf(outputs.states, group, shape.units, width));
      told(first + group.length);
    }
  } finally {
    await executable.dispose();
  }
  return found;
}

/** A group's rows, each snippet's by itself. */
function rowsOf(states: Float32Array, group: readonly EncodedUnits[], units: number, width: number): SnippetStates[] {
  return group.map(({ length }, b) => ({
    width,
    states: states.slice(b * units * width, (b * units + length - 1) * width),
  }));
}
