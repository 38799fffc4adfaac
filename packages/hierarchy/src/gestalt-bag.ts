// The gestalt level's own likelihood, measured: what each unit's concept costs under its sentence's predicted pattern,
// wherever in the sentence it stands. Sentence ends are given, so it is shown apart and never part of a text's total.
import { compile } from '@strata/engine';
import { feedsFor, LadderBatch } from './ladder-batch.js';
import { ladderScopes, windowShape } from './ladder-scopes.js';
import type { LadderText } from './ladder-text.js';
import { unitNats } from './objective.js';
import { batchTables, type Ladder, weightFeeds } from './run.js';
import { engineOptions } from './score.js';
import { unitWindows } from './windows.js';

/** A ladder was asked for the likelihood of a level that it does not have. */
export class BagError extends Error {
  override name = 'BagError';
}

/** Calls `each` with the nats of every unit's concept under the bag of its sentence; throws BagError below the gestalt. */
export async function bagCosts(
  ladder: Ladder,
  text: LadderText,
  each: (unit: number, nats: number) => void,
  shape = windowShape(ladder.config),
): Promise<void> {
  if (ladder.top !== 'gestalt')
    throw new BagError(`a ladder up to the ${ladder.top} level has no bag of concepts; run: strata train gestalt`);
  const { config, inventory } = ladder;
  const { bag } = unitNats(ladderScopes(), config, inventory!, 'gestalt', shape);
  // Only what the bag hangs on is compiled: no word is predicted here.
  const executable = await compile({ bag: bag! }, engineOptions(config));
  try {
    const batch = new LadderBatch(batchTables(ladder), shape);
    const weights = weightFeeds(...Object.values(ladder.values));
    const windows = unitWindows(text, shape);
    for (let first = 0; first < windows.length; first += shape.windows) {
      const group = windows.slice(first, first + shape.windows);
      const feeds = batch.fill(text, group);
      const nats = (await executable.run(feedsFor(executable, feeds, weights))).bag;
      for (const [b, { start, length, scoreFrom }] of group.entries())
        for (let j = scoreFrom; j < length; j++) each(start + j + 1, nats[b * shape.units + j]);
    }
  } finally {
    await executable.dispose();
  }
}
