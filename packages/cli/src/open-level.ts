// Opening what a command reads of a run: the ladder as far as it is needed, or its concepts alone.
// From: Strata; whatever is not there is answered with the command that trains it.
import { dirname, join } from 'node:path';
import { ConceptVocabulary, type LemmaEntry } from '@strata/concept';
import { isControl, type Ladder, lemmaEntries, openLadder, Run, type StageName } from '@strata/hierarchy';
import { type LevelName, levelsUpTo } from '@strata/level';
import { loadLevel, type SavedLevel } from '@strata/store';
import { distilledConcepts } from '@strata/train';
import { WordVocabulary } from '@strata/word';
import { RequestError } from './expected-errors.js';
import { trainCommandLine } from './train-command-line.js';
import { checkStage, shownPath } from './training.js';

/** Throws RequestError, naming the command that helps, unless a run has a level. */
export function requireLevel(run: Run, level: StageName): void {
  if (run.has(level)) return;
  checkStage(run.config, level);
  const runs = shownPath(dirname(run.folder));
  const command = trainCommandLine(level, { config: shownPath(join(run.folder, 'config.yaml')), set: [], runs });
  throw new RequestError(
    `${shownPath(run.folder)} has no trained ${level}${isControl(level) ? '' : ' level'}. Train it: ${command}`,
  );
}

/** The levels of a run up to one that has to be there. Throws RequestError, or the Store's errors for damaged files. */
export function openUpTo(run: Run, level: LevelName): Ladder {
  for (const name of levelsUpTo(level)) requireLevel(run, name);
  return openLadder(run, level);
}

/** The concepts of a run with the level that they belong to. Throws RequestError, or the Store's errors. */
export function openConcepts(folder: string): { concepts: ConceptVocabulary; level: SavedLevel } {
  const run = Run.open(folder);
  requireLevel(run, 'concept');
  const level = loadLevel(run.path('concept'));
  return { concepts: ConceptVocabulary.fromJSON(level.vocabulary, shownPath(run.path('concept'))), level };
}

/** The concepts of a run: those that its level was trained on, or else those distilled for it, which have no level. Throws as `openConcepts` does. */
export function openAnyConcepts(folder: string): { concepts: ConceptVocabulary; level?: SavedLevel } {
  const run = Run.open(folder);
  const distilled = run.has('concept') ? undefined : distilledConcepts(run);
  return distilled === undefined ? openConcepts(folder) : { concepts: distilled };
}

/** The vocabulary of `openAnyConcepts` alone. */
export function openConceptVocabulary(folder: string): ConceptVocabulary {
  return openAnyConcepts(folder).concepts;
}

/** A run with the lemmas of its word level, in order of id. Throws RequestError, or the Store's errors. */
export function openLemmas(folder: string): { run: Run; lemmas: LemmaEntry[] } {
  const run = Run.open(folder);
  requireLevel(run, 'word');
  return { run, lemmas: lemmaEntries(WordVocabulary.fromJSON(loadLevel(run.path('word')).vocabulary)) };
}
