// The graphs of generation: the climb over one window, the descent for one row, the speller for one word, and the base
// alone. They are built from the same functions as scoring, so what generates is what is scored (a test compares).
import { compile, type Executable } from '@strata/engine';
import { subwordLogits, subwordStates } from '@strata/subword';
import { gather, input, logSoftmax, type Node, reshape } from '@strata/tensor';
import { type Config, MAXIMUM_UNIT_PIECES, windowPieces } from './config.js';
import { type Feeds, feedsFor } from './ladder-batch.js';
import {
  ladderBag,
  ladderFactors,
  ladderScopes,
  ladderSpelling,
  ladderStates,
  type PredictionRows,
  type UpperLevel,
  type WindowShape,
  windowShape,
} from './ladder-graph.js';
import { type Ladder, weightFeeds } from './run.js';
import { engineOptions } from './score.js';

/** A session with the ladder's weights inside, fed from whatever holds its inputs. */
export class BoundSession {
  constructor(readonly executable: Executable) {}

  /** Runs with what the graph asks for out of `feeds`, which may hold more. */
  run(feeds: Feeds): Promise<Record<string, Float32Array>> {
    return this.executable.run(feedsFor(this.executable, feeds));
  }
}

/** The sessions that generation runs. */
export interface GenerationSessions {
  /** The climb over the smallest of a few window shapes that holds so many units and pieces; compiled on first use. */
  climb(units: number, pieces: number): Promise<ClimbSession>;
  readonly descend: BoundSession;
  readonly spell: BoundSession;
  /** The base over several candidates at once. */
  readonly rank: BoundSession;
  /** The base over one window, for its next piece. */
  readonly next: BoundSession;
  dispose(): Promise<void>;
}

/** A climb over windows of one shape. */
export interface ClimbSession {
  readonly shape: WindowShape;
  readonly session: BoundSession;
}

/** Windows that the base reads at once when it ranks candidates, and pieces of each. */
export const RANKING = { windows: 8, pieces: 96 };

/** Compiles the sessions of a ladder up to its top. */
export async function generationSessions(ladder: Ladder): Promise<GenerationSessions> {
  const { config } = ladder;
  const initializers = new Map(Object.entries(weightFeeds(...Object.values(ladder.values))));
  const options = { ...engineOptions(config), initializers };
  const bind = async (outputs: Record<string, Node>): Promise<BoundSession> =>
    new BoundSession(await compile(outputs, options));
  const descend = await bind(descendOutputs(ladder));
  const spell = await bind(spellOutputs(ladder));
  const rank = await bind(baseOutputs(ladder, RANKING.windows, RANKING.windows * RANKED_PIECES));
  const next = await bind(baseOutputs(ladder, 1, 1));
  const climbs = new Map<WindowShape, ClimbSession>();
  const shapes = climbShapes(config);
  return {
    climb: async (units, pieces) => {
      const shape = shapes.find((held) => held.units >= units && held.pieces >= pieces) ?? shapes[shapes.length - 1];
      const known = climbs.get(shape) ?? { shape, session: await bind(climbOutputs(ladder, shape)) };
      climbs.set(shape, known);
      return known;
    },
    descend,
    spell,
    rank,
    next,
    dispose: async () => {
      const climbing = [...climbs.values()].map(({ session }) => session);
      for (const session of [...climbing, descend, spell, rank, next]) await session.executable.dispose();
    },
  };
}

/** Window shapes from small to the configuration's own, each twice the one before: a short text costs little. */
function climbShapes(config: Config): WindowShape[] {
  const whole = windowShape(config, 1);
  const shapes = [whole];
  for (let units = Math.ceil(whole.units / 2); units >= 16; units = Math.ceil(units / 2))
    shapes.unshift({ ...whole, units, pieces: Math.ceil((units * whole.pieces) / whole.units) });
  return shapes;
}

function climbOutputs(ladder: Ladder, shape: WindowShape): Record<string, Node> {
  const scopes = ladderScopes();
  const states = ladderStates(scopes, ladder.config, ladder.inventory!, ladder.top as UpperLevel, shape);
  const row = (rows: Node, name: string): Node => gather(rows, scopes.inputs.get(name, [1], 'int32'));
  const climb: Record<string, Node> = { 'row.word': row(states.word, 'position') };
  if (states.concept !== undefined) climb['row.concept'] = row(states.concept, 'position');
  if (states.patterns !== undefined) {
    climb['row.gestaltBefore'] = row(states.patterns, 'sentence.now');
    climb['row.gestaltAfter'] = row(states.patterns, 'sentence.next');
  }
  return climb;
}

function descendOutputs(ladder: Ladder): Record<string, Node> {
  const { config } = ladder;
  const inventory = ladder.inventory!;
  const scopes = ladderScopes();
  const row = (name: string, width: number): Node => input(`row.${name}`, [1, width]);
  const rows: PredictionRows = {
    word: row('word', config.word.width),
    ...(ladder.values.concept && { concept: row('concept', config.concept.width) }),
    ...(ladder.values.gestalt && {
      gestaltBefore: row('gestaltBefore', config.gestalt.width),
      gestaltAfter: row('gestaltAfter', config.gestalt.width),
    }),
  };
  const { factors, context } = ladderFactors(scopes, config, inventory, rows);
  const descend: Record<string, Node> = { ...factors, context };
  if (rows.gestaltAfter !== undefined) descend.bag = ladderBag(scopes, config, inventory, rows.gestaltAfter);
  return descend;
}

/** Pieces that the base reads while a word is spelled: the whole window, as in scoring, and the word itself. */
export function spellingPieces(config: Config): number {
  return windowPieces(config) + MAXIMUM_UNIT_PIECES;
}

function spellOutputs(ladder: Ladder): Record<string, Node> {
  const { config } = ladder;
  const scopes = ladderScopes();
  const length = spellingPieces(config);
  const base = subwordStates(scopes.subword, input('pieces', [1, length], 'int32'), config.subword);
  const rows = reshape(base, [length, config.subword.width]);
  return { next: ladderSpelling(scopes, config, rows, input('context', [1, config.word.width]), 1) };
}

function baseOutputs(ladder: Ladder, windows: number, rowCount: number): Record<string, Node> {
  const sizes = ladder.config.subword;
  const { subword } = ladderScopes();
  const { pieces } = RANKING;
  const states = subwordStates(subword, input('pieces', [windows, pieces], 'int32'), sizes);
  const rows = gather(reshape(states, [windows * pieces, sizes.width]), input('rows', [rowCount], 'int32'));
  return { next: logSoftmax(subwordLogits(subword, rows, sizes)) };
}

/** Pieces of a candidate that the base is asked about at most; longer words are ranked by their first pieces. */
export const RANKED_PIECES = 8;
