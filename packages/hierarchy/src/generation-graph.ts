// The graphs of generation: the steps of the climb, the descent for one row, the speller and the base's own next piece.
// They are built from the same functions as scoring, so what generates is what is scored (a test compares).
import { type CompileOptions, compile } from '@strata/engine';
import { subwordLogits } from '@strata/subword';
import { broadcastTo, input, logSoftmax, type Node } from '@strata/tensor';
import { BoundSession } from './bound-session.js';
import { BranchReader } from './branch-reader.js';
import type { ClimbSessions } from './cached-climb.js';
import { CachedSubword } from './cached-subword.js';
import { MAXIMUM_UNIT_PIECES, windowPieces } from './config.js';
import { ladderBag, ladderFactors, type PredictionRows } from './ladder-graph.js';
import { recalledLemmas } from './ladder-memory.js';
import { type LadderScopes, ladderScopes, type UpperLevel } from './ladder-scopes.js';
import { sentenceStep, unitStep } from './ladder-step.js';
import { ladderPointer, ladderSpelling } from './ladder-unnamed.js';
import { conceptTables, type Ladder, remembers, weightFeeds } from './run.js';
import { engineOptions } from './score.js';
import { tableFeeds } from './table-feeds.js';

/** Words that are rendered side by side, for the base to pick from. */
export const CANDIDATES = 16;

/** The sessions that generation runs. */
export interface GenerationSessions {
  readonly climb: ClimbSessions;
  /** Does the sentence go on? */
  readonly boundary: BoundSession;
  /** Lemma, context and what the gestalt expects, given the boundary. */
  readonly lemma: BoundSession;
  /** Features, casing and gap of `CANDIDATES` words, each given what comes before it. */
  readonly forms: BoundSession;
  /** The next piece of an unknown word, from the base's state and the word's context. */
  readonly spell: BoundSession;
  /** Which unknown word of the window is meant, or whether a new one is written. */
  readonly point: BoundSession;
  /** The base's own next piece, from its state. */
  readonly next: BoundSession;
  /** The base's next pieces after several ways of going on. */
  readonly branches: BranchReader;
  dispose(): Promise<void>;
}

/** Compiles the sessions of a ladder up to its top; a step's products have one row, so one thread is enough. */
export async function generationSessions(ladder: Ladder): Promise<GenerationSessions> {
  const { config, values } = ladder;
  const options: CompileOptions = { ...engineOptions(config), threads: 1 };
  const tables = tableFeeds(ladder.words!.vocabulary, ladder.concepts && conceptTables(ladder.concepts));
  const initializers = new Map<string, Float32Array | Int32Array>(
    Object.entries({ ...weightFeeds(...Object.values(values)), ...tables }),
  );
  const opened: { dispose(): Promise<void> }[] = [];
  const bind = async (outputs: Record<string, Node>): Promise<BoundSession> => {
    const executable = await compile(outputs, { ...options, initializers });
    opened.push(executable);
    return new BoundSession(executable);
  };
  const capacity = windowPieces(config) + MAXIMUM_UNIT_PIECES;
  const base = await CachedSubword.create(config.subword, values.subword!, 'subword', {
    ...options,
    capacity,
    logits: false,
  });
  const branches = new BranchReader(config.subword, values.subword!, 'subword', base.cache, options);
  opened.push(base, branches);
  const { boundary, lemma } = descendOutputs(ladder, 1);
  const { forms } = descendOutputs(ladder, CANDIDATES);
  const unit = await bind(unitStep(config, ladder.inventory!, ladder.top as UpperLevel));
  const sentences = values.gestalt !== undefined && {
    firstSentence: await bind(sentenceStep(config, true)),
    nextSentence: await bind(sentenceStep(config, false)),
  };
  return {
    climb: { base, unit, ...sentences },
    boundary: await bind(boundary),
    lemma: await bind(lemma),
    forms: await bind(forms),
    spell: await bind(spellOutputs(ladder)),
    point: await bind(pointOutputs(ladder)),
    next: await bind(nextOutputs(ladder)),
    branches,
    dispose: async () => {
      for (const session of opened) await session.dispose();
    },
  };
}

/** The descent in its three parts for `count` choices at one place, each with no more of the graph than it needs. */
function descendOutputs(ladder: Ladder, count: number): Record<'boundary' | 'lemma' | 'forms', Record<string, Node>> {
  const { config } = ladder;
  const inventory = ladder.inventory!;
  const scopes = ladderScopes();
  const row = (name: string, width: number): Node =>
    broadcastTo(scopes.inputs.get(`row.${name}`, [1, width]), [count, width]);
  const rows: PredictionRows = {
    word: row('word', config.word.width),
    ...(ladder.values.concept && { concept: row('concept', config.concept.width) }),
    ...(ladder.values.gestalt && {
      gestaltBefore: row('gestaltBefore', config.gestalt.width),
      gestaltAfter: row('gestaltAfter', config.gestalt.width),
    }),
  };
  const { factors, context } = ladderFactors(scopes, config, inventory, rows);
  const { slot, casing, gap } = factors;
  const lemma =
    count === 1 && remembers(ladder) ? recalledStep(scopes, ladder, factors.lemma) : { lemma: factors.lemma };
  const expects = rows.gestaltAfter && { bag: ladderBag(scopes, config, inventory, rows.gestaltAfter) };
  return {
    boundary: { boundary: factors.boundary },
    lemma: { ...lemma, context, ...expects },
    forms: { slot, casing, gap },
  };
}

/** Lemmas with what is remembered, and `again` [1, F + T], the share of each remembered thing. */
function recalledStep(scopes: LadderScopes, { config, inventory }: Ladder, lemma_1V: Node): Record<string, Node> {
  const { units } = config.batch;
  const { inputs } = scopes;
  return recalledLemmas(
    scopes,
    config,
    inventory!,
    {
      states: inputs.get('row.concept', [1, config.concept.width]),
      boundary: inputs.get('target.boundary', [1], 'int32'),
      nearStates: inputs.get('near.states', [1, units, config.concept.width]),
      nearConcepts: inputs.get('near.concepts', [1, units], 'int32'),
      nearMask: inputs.get('near.mask', [1, units]),
      nearAge: inputs.get('near.age', [1, units]),
    },
    lemma_1V,
  );
}

function spellOutputs(ladder: Ladder): Record<string, Node> {
  const { config } = ladder;
  const state = input('state', [1, config.subword.width]);
  return { next: ladderSpelling(ladderScopes(), config, state, input('context', [1, config.word.width]), 1) };
}

function pointOutputs({ config }: Ladder): Record<string, Node> {
  const keys = config.batch.units;
  const { width } = config.word;
  const [context, states] = [input('context', [1, width]), input('states', [keys, width])];
  return { point: ladderPointer(ladderScopes(), config, context, states, 1, 1, keys) };
}

function nextOutputs(ladder: Ladder): Record<string, Node> {
  const sizes = ladder.config.subword;
  const state = input('state', [1, sizes.width]);
  return { next: logSoftmax(subwordLogits(ladderScopes().subword, state, sizes)) };
}
