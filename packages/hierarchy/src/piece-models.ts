// The models of pieces of a run, base and controls, opened alike whatever graph they have.
import { ParameterScope, type ParameterValues } from '@strata/nn';
import { type BpeTokenizer, type SubwordSizes, subwordInputNats } from '@strata/subword';
import { type ControlName, isPatched } from './controls.js';
import { loadPatched, patchedGraph } from './patched-run.js';
import { pieceMemoryFeeds } from './piece-memory.js';
import { type PieceGraph, PieceScorer } from './piece-scorer.js';
import { loadSubword, type PieceModelName, type Run } from './run.js';

/** A model of pieces with its weights, and the graph that says what pieces cost. */
export interface LoadedPieces {
  readonly name: 'subword' | ControlName;
  readonly tokenizer: BpeTokenizer;
  readonly values: ParameterValues;
  /** Pieces of the window that it was trained with. */
  readonly window: number;
  readonly width: number;
  /** Layers in all. */
  readonly depth: number;
  graph(windows: number, length: number): PieceGraph;
}

/** Loads the base or a control of a run; throws what `loadLevel` throws. */
export function loadPieces(run: Run, name: 'subword' | ControlName): LoadedPieces {
  if (isPatched(name)) {
    const { tokenizer, values, window, sizes } = loadPatched(run.path(name));
    const depth = sizes.depthBefore + sizes.globalDepth + sizes.depthAfter;
    const graph = (windows: number, length: number) => patchedGraph(sizes, windows, length);
    return { name, tokenizer, values, window, width: sizes.globalWidth, depth, graph };
  }
  const { tokenizer, values, sizes, window } = loadSubword(run, name);
  const graph = (windows: number, length: number): PieceGraph => flatGraph(name, sizes, windows, length);
  return { name, tokenizer, values, window, width: sizes.width, depth: sizes.depth, graph };
}

/** The graph of a plain transformer, whose parameters stand under `name`, and the feeds of its memory if it has one. */
export function flatGraph(name: PieceModelName, sizes: SubwordSizes, windows: number, length: number): PieceGraph {
  const nats = subwordInputNats(new ParameterScope(name), sizes, windows, length);
  const { memory } = sizes;
  if (memory === undefined) return { nats };
  return { nats, feeds: pieceMemoryFeeds(memory, windows, length), reach: memory.pieces };
}

/** A scorer of a model over windows of the length that it was trained with. */
export function pieceScorer(model: LoadedPieces, { config }: Run): Promise<PieceScorer> {
  return PieceScorer.of(model, model.graph(config.batch.windows, model.window), config, model.window);
}
