// What concepts mean, as one table, for neighbours and for export.
// From: Strata; the parameter is named in the word package's model.
import { type ConceptVocabulary, conceptVectors } from '@strata/concept';
import { Run } from '@strata/hierarchy';
import { loadLevel } from '@strata/store';
import { RequestError } from './expected-errors.js';
import { requireLevel } from './open-level.js';

/** Parameter [V, D] in which the word level keeps what a lemma means to it. */
const LEMMAS = 'word.lemma.weight';

/** The vectors [C, D] of a run's concepts in the word level's table; throws RequestError, naming the run, where it is not there. */
export function conceptVectorsOf(folder: string, concepts: ConceptVocabulary): Float32Array {
  const run = Run.open(folder);
  requireLevel(run, 'word');
  const table = loadLevel(run.path('word')).parameters.get(LEMMAS);
  if (table === undefined || !(table.data instanceof Float32Array) || table.shape[0] !== concepts.lemmaCount)
    throw new RequestError(
      `the word level of ${folder} has no parameter ${LEMMAS} with a row for each of ${concepts.lemmaCount} lemmas; train it again`,
    );
  return conceptVectors(concepts.members, table.data, table.shape[1]!);
}
