// The graphs of generation: the climb over one window, the descent for one row, the speller for one word, and the base
// alone. They are built from the same functions as scoring, so what generates is what is scored (a test compares).
import { compile, type Executable } from '@strata/engine';
import { gestaltBag } from '@strata/gestalt';
import { subwordLogits, subwordStates } from '@strata/subword';
import { gather, input, logSoftmax, type Node, reshape } from '@strata/tensor';
import { type Config, MAXIMUM_UNIT_PIECES, windowPieces } from './config.js';
import type { Feeds } from './ladder-batch.js';
import {
  ladderFactors,
  ladderScopes,
  ladderSpelling,
  ladderStates,
  type PredictionRows,
  type UpperLevel,
  windowShape,
} from './ladder-graph.js';
import { type Ladder, weightFeeds } from './run.js';
import { engineOptions } from './score.js';

/** A session with the ladder's weights inside, fed from whatever holds its inputs. */
export class BoundSession {
  constructor(readonly executable: Executable) {}

  /** Runs with what the graph asks for out of `feeds`, which may hold more. */
  run(feeds: Feeds): Promise<Record<string, Float32Array>> {
    return this.executable.run(
      Object.fromEntries([...this.executable.inputs.keys()].map((name) => [name, feeds[name]])),
    );
  }
}

/** The sessions that generation runs. */
export interface GenerationSessions {
  readonly climb: BoundSession;
  readonly descend: BoundSession;
  readonly spell: BoundSession;
  readonly base: BoundSession;
  dispose(): Promise<void>;
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
  const upper = await upperSessions(ladder, bind);
  const base = await bind(baseOutputs(ladder));
  const all = [...Object.values(upper), base];
  return {
    ...upper,
    base,
    dispose: async () => {
      for (const session of all) await session.executable.dispose();
    },
  };
}

async function upperSessions(
  ladder: Ladder,
  bind: (outputs: Record<string, Node>) => Promise<BoundSession>,
): Promise<Omit<GenerationSessions, 'base' | 'dispose'>> {
  const { config } = ladder;
  const inventory = ladder.inventory!;
  const climbScopes = ladderScopes();
  const states = ladderStates(climbScopes, config, inventory, ladder.top as UpperLevel, windowShape(config, 1));
  const row = (rows: Node, name: string): Node => gather(rows, climbScopes.inputs.get(name, [1], 'int32'));
  const climb: Record<string, Node> = { 'row.word': row(states.word, 'position') };
  if (states.concept !== undefined) climb['row.concept'] = row(states.concept, 'position');
  if (states.patterns !== undefined) {
    climb['row.gestaltBefore'] = row(states.patterns, 'sentence.now');
    climb['row.gestaltAfter'] = row(states.patterns, 'sentence.next');
  }
  const scopes = ladderScopes();
  const rowInput = (name: string, width: number): Node => input(`row.${name}`, [1, width]);
  const rows: PredictionRows = {
    word: rowInput('word', config.word.width),
    ...(states.concept && { concept: rowInput('concept', config.concept.width) }),
    ...(states.patterns && {
      gestaltBefore: rowInput('gestaltBefore', config.gestalt.width),
      gestaltAfter: rowInput('gestaltAfter', config.gestalt.width),
    }),
  };
  const { factors, context } = ladderFactors(scopes, config, inventory, rows);
  const descend: Record<string, Node> = { ...factors, context };
  if (rows.gestaltAfter !== undefined)
    descend.bag = gestaltBag(scopes.gestalt, rows.gestaltAfter, inventory.conceptCount!, config.gestalt);
  return { climb: await bind(climb), descend: await bind(descend), spell: await bind(spellOutputs(ladder)) };
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

function baseOutputs(ladder: Ladder): Record<string, Node> {
  const sizes = ladder.config.subword;
  const { subword } = ladderScopes();
  const { windows, pieces } = RANKING;
  const states = subwordStates(subword, input('pieces', [windows, pieces], 'int32'), sizes);
  const rows = gather(
    reshape(states, [windows * pieces, sizes.width]),
    input('rows', [windows * RANKED_PIECES], 'int32'),
  );
  return { next: logSoftmax(subwordLogits(subword, rows, sizes)) };
}

/** Pieces of a candidate that the base is asked about at most; longer words are ranked by their first pieces. */
export const RANKED_PIECES = 8;
