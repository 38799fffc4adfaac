// What concepts mean, as one table, for neighbours and for export.
// From: Strata; the mean of the members' vectors in the word level's table.
import { type ConceptVocabulary, conceptVectors } from '@strata/concept';
import { Run } from '@strata/hierarchy';
import { loadLevel } from '@strata/store';
import { LEMMA_PARAMETER } from '@strata/word';
import { RequestError } from './expected-errors.js';
import { requireLevel } from './open-level.js';

/** The vectors [C, D] of a run's concepts in the word level's table; throws RequestError, naming the run, where it is not there. */
export function conceptVectorsOf(folder: string, concepts: ConceptVocabulary): Float32Array {
  const run = Run.open(folder);
  requireLevel(run, 'word');
  const table = loadLevel(run.path('word')).parameters.get(LEMMA_PARAMETER);
  if (table === undefined || !(table.data instanceof Float32Array) || table.shape[0] !== concepts.lemmaCount)
    throw new RequestError(
      `the word level of ${folder} has no parameter ${LEMMA_PARAMETER} with a row for each of ${concepts.lemmaCount} lemmas; train it again`,
    );
  return conceptVectors(concepts.members, table.data, table.shape[1]!);
}
