// A stage that another run has trained already: copied, with what was measured on the way, instead of trained again.
// From: Strata; a study's cells differ in one setting, and share all that lies below it.
import { cpSync, existsSync, renameSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Run, StageName } from '@strata/hierarchy';
import { lockFolder, makeFolder, removeFolder } from '@strata/store';
import { MetricsWriter, readMetrics } from './metrics.js';

const METRICS = 'metrics.jsonl';

/**
 * Copies a finished stage into a run that does not have it; the caller answers for the two being the same training. Throws
 * LockedError where another process trains in that run: what it has begun must not be replaced under its hands.
 */
export function adoptStage(from: Run, to: Run, stage: StageName): void {
  const unlock = lockFolder(to.folder);
  try {
    if (!to.has(stage)) copyStage(from, to, stage);
  } finally {
    unlock();
  }
}

function copyStage(from: Run, to: Run, stage: StageName): void {
  const place = to.path(stage);
  const copying = `${place}.copying`;
  removeFolder(copying);
  makeFolder(dirname(place));
  cpSync(from.path(stage), copying, { recursive: true, force: true });
  adoptMetrics(from, to, stage);
  // What a training that was stopped has left here is of no use any more.
  removeFolder(place);
  renameSync(copying, place);
}

function adoptMetrics(from: Run, to: Run, stage: StageName): void {
  if (!existsSync(join(from.folder, METRICS))) return;
  const writer = new MetricsWriter(join(to.folder, METRICS), { stage });
  try {
    for (const { step, stage: own, timing, ...fields } of readMetrics(join(from.folder, METRICS)))
      if (own === stage) writer.write(step, fields as Parameters<MetricsWriter['write']>[1], timing);
    writer.flush();
  } finally {
    writer.close();
  }
}
