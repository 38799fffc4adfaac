// What is minimised and what is measured: the nats each unit pays, part by part, from one graph for both.
// The ledger's parts are the chain rule of DESIGN: boundary, concept, lemma given concept, features, spelling, casing, gap.
import { levelsUpTo } from '@strata/level';
import { MASKED, type ParameterScope } from '@strata/nn';
import { type SubwordSizes, subwordNats } from '@strata/subword';
import {
  add,
  concat,
  exp,
  gather,
  gradients,
  input,
  log,
  logSoftmax,
  multiply,
  type Node,
  negate,
  pick,
  reshape,
  scatterAdd,
  slice,
  subtract,
  sum,
} from '@strata/tensor';
import { recognitionNats } from '@strata/word';
import type { Config } from './config.js';
import type { GraphInputs } from './graph-inputs.js';
import {
  type LadderInventory,
  type LadderScopes,
  ladderBagNats,
  type LadderStates,
  ladderFactors,
  ladderPatterns,
  ladderPointer,
  ladderScopes,
  ladderSpelling,
  ladderStates,
  spelledWords,
  type UpperLevel,
  type WindowShape,
} from './ladder-graph.js';
import { recognitionCount } from './recognition-samples.js';

/** Nats per target unit [N] for each factor, per spelled word [S] for spelling, and the gestalt's own likelihood [N]. */
export interface UnitNats {
  readonly boundary: Node;
  readonly lemma: Node;
  readonly features: Node;
  readonly casing: Node;
  readonly gap: Node;
  readonly spelling: Node;
  /** -log p(concept), part of `lemma`; only where concepts exist and `memberWidth` is given. */
  readonly concept?: Node;
  readonly bag?: Node;
  /** The next concept by the concept level alone. */
  readonly own?: Node;
}

function paid(logProbabilities_NV: Node, target_N: Node): Node {
  const count = target_N.shape[0];
  return negate(reshape(pick(logProbabilities_NV, reshape(target_N, [count, 1])), [count]));
}

/**
 * -log of the target's concept: what the lemma costs, less the log of how much more likely its whole concept is than
 * it. Taken against the lemma itself, so that nothing underflows; the concept's members are padded to `width`.
 */
function conceptNats(inputs: GraphInputs, lemma_NV: Node, target_N: Node, width: number): Node {
  const count = lemma_NV.shape[0];
  const members = inputs.get('target.members', [count, width], 'int32');
  const mask = inputs.get('target.memberMask', [count, width]);
  const own_N1 = pick(lemma_NV, reshape(target_N, [count, 1]));
  const timesLikelier_N = sum(multiply(exp(subtract(pick(lemma_NV, members), own_N1)), mask), [1]);
  return subtract(paid(lemma_NV, target_N), log(timesLikelier_N));
}

/** Keeps the log of a share that is zero in float32 finite; far below what a sum of float32 can tell from nothing. */
const LEAST_SHARE = 1e-30;

/**
 * Nats of each spelled word [S]: of all ways to say it, written piece by piece or pointed at where it was read before,
 * its gap then chosen as that of a word with a name.
 */
function spellingNats(
  scopes: LadderScopes,
  config: Config,
  { states, context, gap }: { states: LadderStates; context: Node; gap: Node },
  shape: WindowShape,
): Node {
  const { inputs } = scopes;
  const words = spelledWords(shape);
  const count = shape.windows * words;
  const pieceCount = shape.windows * shape.spelledPieces;
  const perWord = (name: string): Node => inputs.get(name, [count, 1]);
  const letters = ladderSpelling(scopes, config, states.pieces, context, pieceCount);
  const perPiece = multiply(
    paid(letters, inputs.get('spell.targets', [pieceCount], 'int32')),
    inputs.get('spell.weights', [pieceCount]),
  );
  const written_S1 = scatterAdd(
    inputs.get('spell.word', [pieceCount], 'int32'),
    reshape(perPiece, [pieceCount, 1]),
    count,
  );
  const pointer = ladderPointer(scopes, config, context, states.word, shape.windows, words, words);
  const log_SK = reshape(pointer, [count, words + 1]);
  const writes_S1 = subtract(slice(log_SK, 1, words, words + 1), written_S1);
  // Where the word was not read before there is nothing to point at, and no log of 0 is taken.
  const matches_S1 = perWord('pointer.matches');
  const match_SK = reshape(inputs.get('pointer.match', [shape.windows, words, words]), [count, words]);
  const share_S1 = sum(multiply(exp(slice(log_SK, 1, 0, words)), match_SK), [1], true);
  const without_S1 = subtract(1, matches_S1);
  const gap_S1 = add(
    reshape(gather(gap, inputs.get('pointer.query', [count], 'int32')), [count, 1]),
    perWord('pointer.escaped'),
  );
  const points_S1 = add(
    multiply(subtract(log(add(add(share_S1, without_S1), LEAST_SHARE)), gap_S1), matches_S1),
    multiply(without_S1, MASKED),
  );
  const either_S2 = concat([writes_S1, points_S1], 1);
  // log(a + b) = log a - log(a / (a + b)): no exponent is taken of what may be any number of nats.
  const either_S1 = subtract(writes_S1, slice(logSoftmax(either_S2), 1, 0, 1));
  return multiply(reshape(negate(either_S1), [count]), inputs.get('pointer.weights', [count]));
}

/** Options that only measuring needs. */
export interface MeasuringOptions {
  /** Members of the largest concept: asks for the concept part of the ledger. */
  readonly memberWidth?: number;
  /** Rows of concept and gestalt messages are read through `shuffle.*` permutations. */
  readonly shuffled?: boolean;
}

/** The nats of every part for windows of a text, up to level `top`. */
export function unitNats(
  scopes: LadderScopes,
  config: Config,
  inventory: LadderInventory,
  top: UpperLevel,
  shape: WindowShape,
  options: MeasuringOptions = {},
): UnitNats {
  const states = ladderStates(scopes, config, inventory, top, shape);
  const rowCount = shape.windows * shape.units;
  const moved = (level: 'concept' | 'gestalt', rows: Node): Node =>
    options.shuffled === true ? gather(rows, scopes.inputs.get(`shuffle.${level}`, [rowCount], 'int32')) : rows;
  const pattern = (name: string): Node | undefined =>
    states.patterns && moved('gestalt', gather(states.patterns, scopes.inputs.get(name, [rowCount], 'int32')));
  const { factors, target, context, concept } = ladderFactors(scopes, config, inventory, {
    word: states.word,
    ...(states.concept && { concept: moved('concept', states.concept) }),
    ...(states.patterns && { gestaltBefore: pattern('sentence.unit')!, gestaltAfter: pattern('sentence.target')! }),
  });
  const gap = paid(factors.gap, target.gap);
  // A spelled word's casing and gap are part of its spelling, so these are not paid again.
  const named_N = scopes.inputs.get('target.named', [rowCount]);
  return {
    boundary: paid(factors.boundary, target.boundary),
    lemma: paid(factors.lemma, target.lemma),
    features: paid(factors.slot, target.slot),
    casing: multiply(paid(factors.casing, target.casing), named_N),
    gap: multiply(gap, named_N),
    spelling: spellingNats(scopes, config, { states, context, gap }, shape),
    ...(options.memberWidth !== undefined && {
      concept: conceptNats(scopes.inputs, factors.lemma, target.lemma, options.memberWidth),
    }),
    ...(concept && { own: paid(concept, scopes.inputs.get('target.concept', [rowCount], 'int32')) }),
    ...(states.patterns && { bag: ladderBagNats(scopes, config, inventory, states) }),
  };
}

/** A graph to be trained: its outputs `loss` (what is minimised), `nats` (summed over targets) and one gradient a parameter. */
export interface Objective {
  readonly outputs: Record<string, Node>;
  /** Parameters that learn. */
  readonly trainable: ParameterScope;
  /** Parameters that are read only, from the levels below. */
  readonly frozen: readonly ParameterScope[];
}

/** The output name under which a parameter's gradient comes. */
export const gradientName = (parameter: string): string => `gradient ${parameter}`;

function withGradients(
  outputs: { loss: Node; nats: Node },
  trainable: ParameterScope,
  recompute: boolean,
): Record<string, Node> {
  const specs = trainable.specs();
  const found = gradients(outputs.loss, trainable.nodes(), recompute ? { keptOnly: trainable.layerInputs() } : {});
  return { ...outputs, ...Object.fromEntries(specs.map((spec, i) => [gradientName(spec.name), found[i]])) };
}

/**
 * Training one upper level on the frozen ones below: the mean nats of a unit under the joint likelihood that the
 * level's messages take part in. Concepts touch the lemma's likelihood only through p(concept), so for them this is
 * the level's own likelihood; the gestalt has its bag of concepts besides.
 */
export function levelObjective(
  config: Config,
  inventory: LadderInventory,
  level: UpperLevel,
  shape: WindowShape,
): Objective {
  const scopes = ladderScopes();
  const nats = unitNats(scopes, config, inventory, level, shape);
  const weights_N = scopes.inputs.get('weights', [shape.windows * shape.units]);
  const inverseCount = scopes.inputs.get('inverseCount', [1]);
  const perUnit_N = [nats.boundary, nats.lemma, nats.features, nats.casing, nats.gap].reduce(add);
  const total = add(sum(multiply(perUnit_N, weights_N)), sum(nats.spelling));
  const aside = asideNats(scopes, config, level, shape, nats, weights_N);
  const minimised = aside === undefined ? total : add(total, aside);
  const loss = reshape(multiply(reshape(minimised, [1]), inverseCount), []);
  return {
    outputs: withGradients({ loss, nats: total }, scopes[level], config.recompute),
    trainable: scopes[level],
    frozen: levelsUpTo(level)
      .slice(0, -1)
      .map((name) => scopes[name]),
  };
}

/** What a level is trained on besides the joint likelihood, weighed; undefined where there is nothing. */
function asideNats(
  scopes: LadderScopes,
  config: Config,
  level: UpperLevel,
  shape: WindowShape,
  unit: UnitNats,
  weights_N: Node,
): Node | undefined {
  if (level === 'concept') return multiply(sum(multiply(unit.own!, weights_N)), config.concept.ownWeight);
  if (level === 'gestalt') return multiply(sum(multiply(unit.bag!, weights_N)), config.gestalt.bagWeight);
  const { input: read, recogniseWeight } = config.word;
  if (!read.letters || recogniseWeight === 0) return undefined;
  const count = recognitionCount(shape.windows);
  const patterns = (name: string): Node => ladderPatterns(scopes, config, name, count);
  const nats = recognitionNats(patterns('recognise.wrong'), patterns('recognise.right'));
  return multiply(sum(nats), recogniseWeight);
}

/** Training a subword model (the base, or the flat baseline): mean nats of a piece. */
export function pieceObjective(
  scope: ParameterScope,
  sizes: SubwordSizes,
  windows: number,
  length: number,
  options: { readonly recompute?: boolean } = {},
): Objective {
  const nats_N = subwordNats(
    scope,
    input('pieces', [windows, length], 'int32'),
    input('targets', [windows * length], 'int32'),
    sizes,
  );
  const nats = sum(multiply(nats_N, input('weights', [windows * length])));
  const loss = reshape(multiply(reshape(nats, [1]), input('inverseCount', [1])), []);
  return { outputs: withGradients({ loss, nats }, scope, options.recompute === true), trainable: scope, frozen: [] };
}
