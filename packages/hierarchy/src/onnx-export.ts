// A trained level as an ONNX file that others can run: the ladder up to that level over one window, weights and what the
// vocabularies say inside.
// Inputs are named as in `LadderBatch`; outputs are log-probabilities of each factor of every next unit.
import { toOnnx } from '@strata/engine';
import { nearTables, ParameterScope } from '@strata/nn';
import { type RememberedPieces, type SubwordSizes, subwordLogits, subwordMemory, subwordStates } from '@strata/subword';
import {
  add,
  concat,
  exp,
  gather,
  input,
  log,
  logSoftmax,
  multiply,
  type Node,
  reshape,
  scatterAdd,
  transpose,
} from '@strata/tensor';
import { ladderFactors, ladderStates } from './ladder-graph.js';
import { recalledLemmas } from './ladder-memory.js';
import { type LadderScopes, ladderScopes, type UpperLevel, windowShape } from './ladder-scopes.js';
import { conceptTables, type Ladder, type PieceModelName, weightFeeds } from './run.js';
import { tableFeeds } from './table-feeds.js';

/** ONNX bytes of a subword model: `pieces` int32 [1, length], and what it remembers -> `next` [length, V], log-probabilities. */
export function subwordOnnx(
  prefix: PieceModelName,
  sizes: SubwordSizes,
  length: number,
  weights: Readonly<Record<string, Float32Array>>,
): Uint8Array {
  const scope = new ParameterScope(prefix);
  const pieces = input('pieces', [1, length], 'int32');
  const states = subwordStates(scope, pieces, sizes);
  const own = logSoftmax(subwordLogits(scope, states, sizes));
  const next = sizes.memory === undefined ? own : withMemory(own, subwordMemory(scope, states, pieces, sizes), pieces);
  return toOnnx({ next }, { initializers: new Map(Object.entries(weights)) });
}

/** Log-probabilities [S, V] of the next piece with what is remembered, over one window of pieces int32 [1, S]. */
function withMemory(own_SV: Node, { message, far }: RememberedPieces, pieces: Node): Node {
  const slots = concat([reshape(far, [far.shape[1]!]), reshape(pieces, [pieces.shape[1]!])], 0);
  const again_VS = scatterAdd(slots, transpose(exp(message.again), [1, 0]), own_SV.shape[1]!);
  return log(add(multiply(exp(message.anew), exp(own_SV)), transpose(again_VS, [1, 0])));
}

/** ONNX bytes of a ladder up to `level` over one window of units. */
export function levelOnnx(ladder: Ladder, level: UpperLevel): Uint8Array {
  const { config } = ladder;
  const scopes = ladderScopes();
  const shape = windowShape(config, 1);
  const states = ladderStates(scopes, config, ladder.inventory!, level, shape);
  const patternRows = (name: string): Node => gather(states.patterns!, scopes.inputs.get(name, [shape.units], 'int32'));
  const { factors } = ladderFactors(scopes, config, ladder.inventory!, {
    word: states.word,
    ...(states.concept && { concept: states.concept }),
    ...(states.patterns && {
      gestaltBefore: patternRows('sentence.unit'),
      gestaltAfter: patternRows('sentence.target'),
    }),
  });
  const one = Float32Array.of(1);
  const inside = {
    ...weightFeeds(...Object.values(ladder.values)),
    ...tableFeeds(ladder.words!.vocabulary, ladder.concepts && conceptTables(ladder.concepts)),
    'gate.concept': one,
    'gate.gestalt': one,
  };
  const lemma =
    states.concept && config.concept.memory ? recalled(scopes, ladder, states.concept, factors.lemma) : factors.lemma;
  return toOnnx({ ...factors, lemma }, { initializers: new Map(Object.entries(inside)) });
}

/** Lemmas of one window's coming units with what the concept level remembers. */
function recalled(scopes: LadderScopes, { config, inventory }: Ladder, states_ND: Node, lemma_NV: Node): Node {
  const { units } = config.batch;
  const looking = {
    states: states_ND,
    boundary: scopes.inputs.get('target.boundary', [units], 'int32'),
    nearStates: reshape(states_ND, [1, units, config.concept.width]),
    nearConcepts: scopes.inputs.get('unit.concept', [1, units], 'int32'),
    ...nearTables(units),
  };
  return recalledLemmas(scopes, config, inventory!, looking, lemma_NV).lemma;
}
