// The gestalt level's own likelihood, measured: what each unit's concept costs under its sentence's predicted pattern,
// wherever in the sentence it stands. Sentence ends are given, so it is shown apart and never part of a text's total.
import { LadderBatch } from './ladder-batch.js';
import type { LadderText } from './ladder-text.js';
import { conceptTables, weightFeeds } from './run.js';
import type { LadderScorer } from './score.js';
import { unitWindows } from './windows.js';

/** A scorer was asked for the likelihood of a level that it does not hold. */
export class BagError extends Error {
  override name = 'BagError';
}

/** Calls `each` with the nats of every unit's concept under the bag of its sentence; throws BagError below the gestalt. */
export async function bagCosts(
  scorer: LadderScorer,
  text: LadderText,
  each: (unit: number, nats: number) => void,
): Promise<void> {
  const { ladder, shape, executable } = scorer;
  if (scorer.top !== 'gestalt')
    throw new BagError(`a scorer up to the ${scorer.top} level has no bag of concepts; make one up to gestalt`);
  const tables = {
    config: ladder.config,
    vocabulary: ladder.words!.vocabulary,
    concepts: conceptTables(ladder.concepts!),
  };
  const batch = new LadderBatch(tables, shape);
  const weights = weightFeeds(...Object.values(ladder.values));
  const windows = unitWindows(text, shape);
  for (let first = 0; first < windows.length; first += shape.windows) {
    const group = windows.slice(first, first + shape.windows);
    const feeds = batch.fill(text, group);
    const wanted = [...executable.inputs.keys()].map((name) => [name, feeds[name] ?? weights[name]] as const);
    const { bag } = await executable.run(Object.fromEntries(wanted));
    for (const [b, { start, length, scoreFrom }] of group.entries())
      for (let j = scoreFrom; j < length; j++) each(start + j + 1, bag[b * shape.units + j]);
  }
}
