// What training promises: the same configuration and seed give the same run, bit for bit, whether it ran through, was
// stopped, or found its last checkpoint damaged (killed: training-kills.test.ts); and what is frozen stays as it is.
import { cpSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Run, type StageName } from '@strata/hierarchy';
import { sha256 } from '@strata/store';
import type { Corpus } from '@strata/text';
import { InterruptedError, ResumeError, readMetrics, silentProgress } from '@strata/train';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { ALL_STAGES, freshFolder, removeFolders, smallCorpus, trainSmall } from './small-run.js';

let corpus: Corpus;
/** A run that nothing disturbed. */
let whole: string;
/** Hash of the base as it was when it was trained. */
let frozen: string;

afterAll(removeFolders);

beforeAll(async () => {
  corpus = smallCorpus();
  whole = freshFolder();
  await trainSmall(whole, corpus, ['subword']);
  frozen = weightsOf(whole, 'subword');
  await trainSmall(whole, corpus, ALL_STAGES.slice(1));
});

function stageFolder(folder: string, stage: StageName): string {
  return Run.open(folder).path(stage);
}

function weightsOf(folder: string, stage: StageName): string {
  return sha256(readFileSync(join(stageFolder(folder, stage), 'model.safetensors')));
}

/** What a stage leaves behind, but for what the clock said. */
function traceOf(folder: string, stage: StageName): unknown {
  const lines = readMetrics(join(folder, 'metrics.jsonl')).filter((line) => line.stage === stage);
  return {
    weights: weightsOf(folder, stage),
    vocabulary: sha256(readFileSync(join(stageFolder(folder, stage), 'vocabulary.json'))),
    metrics: lines.map(({ timing: _, ...line }) => line),
  };
}

/** A copy of the whole run in which `stage` is yet to be trained. */
function runBefore(stage: StageName): string {
  const folder = freshFolder();
  cpSync(whole, folder, { recursive: true });
  rmSync(stageFolder(folder, stage), { recursive: true });
  return folder;
}

/** Trains until asked to stop, which is after so many steps; true when it finished. */
async function trainABit(folder: string, stage: StageName, steps = 1): Promise<boolean> {
  const stop = new AbortController();
  let left = steps;
  const progress = (label: string) => ({
    ...silentProgress,
    update: () => {
      if (label.startsWith('train') && --left === 0) stop.abort();
    },
  });
  try {
    await trainSmall(folder, corpus, [stage], { progress, signal: stop.signal, checkpointSeconds: 0 });
    return true;
  } catch (error) {
    if (error instanceof InterruptedError) return false;
    throw error;
  }
}

function checkpointsOf(folder: string, stage: StageName): string[] {
  const place = join(stageFolder(folder, stage), 'checkpoints');
  return existsSync(place)
    ? readdirSync(place)
        .filter((name) => name.endsWith('.safetensors'))
        .sort()
        .map((name) => join(place, name))
    : [];
}

function damage(path: string): void {
  const bytes = readFileSync(path);
  bytes[bytes.length - 100] ^= 1;
  writeFileSync(path, bytes);
}

describe('the same configuration and seed', () => {
  it('give the same weights, vocabularies and metrics twice, at every stage', async () => {
    const again = freshFolder();
    await trainSmall(again, corpus);
    for (const stage of ALL_STAGES) expect(traceOf(again, stage), stage).toEqual(traceOf(whole, stage));
  });

  it('and another seed gives other weights', async () => {
    const other = freshFolder();
    await trainSmall(other, corpus, ['subword'], { seed: 2 });
    expect(weightsOf(other, 'subword')).not.toBe(frozen);
  });
});

describe('what is frozen', () => {
  it('the base is byte for byte what it was before the upper levels were trained', () => {
    expect(weightsOf(whole, 'subword')).toBe(frozen);
  });
});

describe('training that is stopped and resumed', () => {
  for (const stage of ALL_STAGES)
    it(`${stage}: stopping now and then changes nothing`, async () => {
      const folder = runBefore(stage);
      // After one step, two more, three more, and so on: within a window of metrics and at its ends.
      let stops = 0;
      while (!(await trainABit(folder, stage, stops + 1))) stops++;
      expect(stops).toBeGreaterThan(3);
      expect(traceOf(folder, stage)).toEqual(traceOf(whole, stage));
      expect(checkpointsOf(folder, stage)).toEqual([]);
    });
});

describe('training on another corpus', () => {
  const changed = (): Corpus => ({ ...corpus, hash: 'f'.repeat(64) });

  it('neither goes on from a checkpoint, nor stands on a level, of the first one; nothing is lost', async () => {
    const folder = runBefore('subword');
    await trainABit(folder, 'subword');
    const kept = checkpointsOf(folder, 'subword');
    await expect(trainSmall(folder, changed(), ['subword'])).rejects.toThrow(ResumeError);
    expect(checkpointsOf(folder, 'subword')).toEqual(kept);
    await expect(trainSmall(runBefore('word'), changed(), ['word'])).rejects.toThrow(ResumeError);
  });
});

describe('a damaged checkpoint', () => {
  let folder: string;

  beforeEach(async () => {
    folder = runBefore('word');
    await trainABit(folder, 'word');
    await trainABit(folder, 'word');
    expect(checkpointsOf(folder, 'word')).toHaveLength(2);
  });

  it('is named, and the one before it is used', async () => {
    const [, newest] = checkpointsOf(folder, 'word');
    damage(newest);
    const heard = await hearing(() => trainSmall(folder, corpus, ['word']));
    expect(heard).toContain(newest);
    expect(traceOf(folder, 'word')).toEqual(traceOf(whole, 'word'));
  });

  it('training starts anew when none is whole', async () => {
    for (const path of checkpointsOf(folder, 'word')) damage(path);
    await hearing(() => trainSmall(folder, corpus, ['word']));
    expect(traceOf(folder, 'word')).toEqual(traceOf(whole, 'word'));
  });

  /** What is said on standard error meanwhile. */
  async function hearing(work: () => Promise<unknown>): Promise<string> {
    let heard = '';
    const spy = vi.spyOn(process.stderr, 'write').mockImplementation((part) => {
      heard += String(part);
      return true;
    });
    try {
      await work();
    } finally {
      spy.mockRestore();
    }
    return heard;
  }
});
