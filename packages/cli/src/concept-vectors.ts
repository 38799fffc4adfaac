// What the concept level learned of each concept, as one table, for neighbours and for export.
// From: Strata; the parameter is named in the concept package's model.
import type { ConceptVocabulary } from '@strata/concept';
import type { SavedLevel } from '@strata/store';
import { RequestError } from './expected-errors.js';

/** Parameter [C, D] in which the concept level keeps what a concept means to it. */
const EMBEDDING = 'concept.concept.weight';

/** The vectors [C, D] of a trained concept level; throws RequestError, naming the run, where they are not there. */
export function conceptVectors(level: SavedLevel, concepts: ConceptVocabulary, run: string): Float32Array {
  const table = level.parameters.get(EMBEDDING);
  if (table === undefined || !(table.data instanceof Float32Array) || table.shape[0] !== concepts.size)
    throw new RequestError(
      `the concept level of ${run} has no parameter ${EMBEDDING} with a row for each of ${concepts.size} concepts; train it again`,
    );
  return table.data;
}
