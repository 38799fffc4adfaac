// What a trained stage recorded of itself in its manifest: steps, bytes, FLOPs, seconds, corpus, commit.
// From: Strata, EVALUATION (matched baselines): what a model cost is summed over all that it needs.
import { join } from 'node:path';
import type { Run, StageName } from '@strata/hierarchy';
import { type JsonValue, readManifest } from '@strata/store';
import type { Corpus } from '@strata/text';

/** A run that cannot be measured; the message says what to do. */
export class MeasureError extends Error {
  override readonly name = 'MeasureError';
}

/** The cost of a stage and what it was trained on. */
export interface StageRecord {
  readonly bytesSeen: number;
  readonly trainFlops: number;
  readonly seconds: number;
  /** Hash of the corpus. */
  readonly corpus: string;
  readonly commit?: string;
}

/** The costs of several stages together. */
export type Cost = Pick<StageRecord, 'bytesSeen' | 'trainFlops' | 'seconds'>;

const KIND = { format: 'strata-level', version: 1 };

/** Reads the record of a finished stage; throws MeasureError, or store's errors for a missing or damaged manifest. */
export function stageRecord(run: Run, stage: StageName): StageRecord {
  const path = join(run.path(stage), 'manifest.json');
  const { extra } = readManifest(path, KIND, `run: strata train ${stage}`);
  const found = (typeof extra === 'object' && extra !== null && !Array.isArray(extra) ? extra : {}) as Record<
    string,
    JsonValue | undefined
  >;
  const amount = (name: string): number => {
    const value = found[name];
    if (typeof value === 'number' && value >= 0) return value;
    throw new MeasureError(
      `${path}: ${name} is ${JSON.stringify(value) ?? 'missing'}, a number of at least 0 is expected. ` +
        `Train the stage again: delete ${run.path(stage)} and run: strata train ${stage}`,
    );
  };
  return {
    bytesSeen: amount('bytesSeen'),
    trainFlops: amount('trainFlops'),
    seconds: amount('seconds'),
    corpus: typeof found.corpus === 'string' ? found.corpus : '',
    ...(typeof found.commit === 'string' && { commit: found.commit }),
  };
}

/** The same, of a stage that must have been trained on this very corpus; throws MeasureError where it was not. */
export function stageRecordOn(run: Run, stage: StageName, corpus: Pick<Corpus, 'name' | 'hash'>): StageRecord {
  const record = stageRecord(run, stage);
  if (record.corpus === corpus.hash) return record;
  throw new MeasureError(
    `${run.path(stage)} was trained on a corpus of hash ${record.corpus || '(none)'}; the corpus at hand, ${corpus.name}, ` +
      `has ${corpus.hash}: what it holds out may have been trained on. Bring back the corpus, or delete the run and train again.`,
  );
}

/** The summed cost of stages that stand on one another. */
export function summedCost(records: readonly StageRecord[]): Cost {
  const total = (name: keyof Cost): number => records.reduce((sum, record) => sum + record[name], 0);
  return { bytesSeen: total('bytesSeen'), trainFlops: total('trainFlops'), seconds: total('seconds') };
}
