// What is minimised and what is measured: the nats each unit pays, part by part, from one graph for both.
// The ledger's parts are the chain rule of DESIGN: boundary, concept, lemma given concept, features, spelling, casing, gap.
import { levelsUpTo } from '@strata/level';
import { memoryMessage, nearTables, type ParameterScope, recalled } from '@strata/nn';
import { type SubwordSizes, subwordInputNats } from '@strata/subword';
import {
  add,
  concat,
  exp,
  gather,
  gradients,
  input,
  log,
  multiply,
  type Node,
  negate,
  pick,
  reshape,
  slice,
  subtract,
  sum,
} from '@strata/tensor';
import { recognitionNats, type UnitNodes } from '@strata/word';
import type { Config } from './config.js';
import type { GraphInputs } from './graph-inputs.js';
import { ladderBagNats, ladderFactors, ladderStates } from './ladder-graph.js';
import { gated, ladderMemory, recalledSpelling, slotCount } from './ladder-memory.js';
import {
  type LadderInventory,
  type LadderScopes,
  ladderScopes,
  type UpperLevel,
  type WindowShape,
} from './ladder-scopes.js';
import { ladderPatterns, type SpelledNats, spellingNats } from './ladder-unnamed.js';
import { paid } from './nats.js';
import { recognitionCount } from './recognition-samples.js';

/** Nats per target unit [N] for each factor, per spelled word [S] for spelling, and the gestalt's own likelihood [N]. */
export interface UnitNats {
  readonly boundary: Node;
  readonly lemma: Node;
  readonly features: Node;
  readonly casing: Node;
  readonly gap: Node;
  readonly spelling: Node;
  /** -log p(concept), part of `lemma`; only where concepts exist and the `ledger` asks for it. */
  readonly concept?: Node;
  readonly bag?: Node;
  /** The next concept by the concept level alone. */
  readonly own?: Node;
}

/**
 * Nats [N] of the target's lemma, of its concept, and of the lemma given the concept, which is the log of how much more likely the
 * whole concept is. Taken against the lemma itself, so that nothing underflows; the concept's members are padded to `width`. Target
 * and members are picked at once, since the derivative of each picking is as large as the logits.
 */
function conceptNats(inputs: GraphInputs, lemma_NV: Node, target_N: Node, width: number): ConceptNats {
  const count = lemma_NV.shape[0];
  const members = inputs.get('target.members', [count, width], 'int32');
  const mask = inputs.get('target.memberMask', [count, width]);
  const picked = pick(lemma_NV, concat([reshape(target_N, [count, 1]), members], 1));
  const own_N1 = slice(picked, 1, 0, 1);
  const lemma = reshape(negate(own_N1), [count]);
  const given = log(sum(multiply(exp(subtract(slice(picked, 1, 1, 1 + width), own_N1)), mask), [1]));
  return { lemma, concept: subtract(lemma, given), given };
}

/** What a lemma costs, and the two parts of it. */
interface ConceptNats {
  readonly lemma: Node;
  readonly concept: Node;
  readonly given: Node;
}

/** Options that only measuring needs. */
export interface MeasuringOptions {
  /** Asks for the concept part of the ledger. */
  readonly ledger?: boolean;
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
  const spelled = spellingNats(scopes, config, { pieces: states.pieces, word: states.word, context, gap }, shape);
  const said: SaidNats =
    states.concept === undefined
      ? { lemma: paid(factors.lemma, target.lemma), spelling: spelled.nats }
      : withConcepts(scopes, config, inventory, shape, {
          spelled,
          lemma: factors.lemma,
          target,
          states: states.concept,
          moved: (rows) => moved('concept', rows),
        });
  // A spelled word's casing and gap are part of its spelling, so these are not paid again.
  const named_N = scopes.inputs.get('target.named', [rowCount]);
  const spelledCount = said.spelling.shape[0]!;
  return {
    boundary: paid(factors.boundary, target.boundary),
    lemma: said.lemma,
    features: paid(factors.slot, target.slot),
    casing: multiply(paid(factors.casing, target.casing), named_N),
    gap: multiply(gap, named_N),
    spelling: multiply(reshape(said.spelling, [spelledCount]), scopes.inputs.get('pointer.weights', [spelledCount])),
    ...(options.ledger === true && said.concept && { concept: said.concept }),
    ...(concept && { own: paid(concept, scopes.inputs.get('target.concept', [rowCount], 'int32')) }),
    ...(states.patterns && { bag: ladderBagNats(scopes, config, inventory, states) }),
  };
}

/** Nats of each target's lemma [N], of its concept, and of each spelled word given that one comes [S, 1]. */
interface SaidNats {
  readonly lemma: Node;
  readonly concept?: Node;
  readonly spelling: Node;
}

/** What the words say, and what of it the concept level may have remembered. */
interface Sayings {
  readonly spelled: SpelledNats;
  /** Log-probabilities [N, V]. */
  readonly lemma: Node;
  readonly target: UnitNodes;
  readonly states: Node;
  readonly moved: (rows: Node) => Node;
}

/** The concept's part of what is said, and what the concept level remembers of it. */
function withConcepts(
  scopes: LadderScopes,
  config: Config,
  inventory: LadderInventory,
  { windows, units }: WindowShape,
  { spelled, lemma, target, states, moved }: Sayings,
): SaidNats {
  const { inputs } = scopes;
  const own = conceptNats(inputs, lemma, target.lemma, inventory.memberWidth!);
  const { memory } = config.concept;
  if (memory === undefined) return { lemma: own.lemma, concept: own.concept, spelling: spelled.nats };
  const [rowCount, width] = states.shape as [number, number];
  const slots = slotCount(memory, units);
  const log_NS = ladderMemory(scopes, config, inventory, {
    states,
    boundary: target.boundary,
    nearStates: reshape(states, [windows, units, width]),
    nearConcepts: inputs.get('unit.concept', [windows, units], 'int32'),
    ...nearTables(units),
  });
  const message = gated(memoryMessage(moved(log_NS)), inputs.get('gate.concept', [1]));
  const matches = (name: string, rows: number): Node => inputs.get(`memory.${name}`, [rows, slots]);
  const again = recalled(message, reshape(own.concept, [rowCount, 1]), matches('match', rowCount));
  const concept = reshape(again.nats, [rowCount]);
  const count = spelled.nats.shape[0]!;
  return {
    concept,
    lemma: add(concept, own.given),
    spelling: recalledSpelling(
      message,
      again,
      inputs.get('pointer.query', [count], 'int32'),
      spelled.nats,
      matches('same', count),
      spelled.gap,
    ),
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
  return targetsObjective(scope, subwordInputNats(scope, sizes, windows, length), options);
}

/** The mean of nats [N] over the targets that count, by the inputs `weights` [N] and `inverseCount` [1]. */
export function targetsObjective(
  scope: ParameterScope,
  nats_N: Node,
  options: { readonly recompute?: boolean } = {},
): Objective {
  const nats = sum(multiply(nats_N, input('weights', nats_N.shape)));
  const loss = reshape(multiply(reshape(nats, [1]), input('inverseCount', [1])), []);
  return { outputs: withGradients({ loss, nats }, scope, options.recompute === true), trainable: scope, frozen: [] };
}
