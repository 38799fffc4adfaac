// A run's folder that may no longer be written: the training says so, what is there stays whole, and once the folder may be
// written again the training goes on to the very same weights.
import { chmodSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { geteuid, seteuid } from 'node:process';
import { Run } from '@strata/hierarchy';
import { ReadOnlyError, sha256 } from '@strata/store';
import { type LoopOptions, readMetrics, silentProgress } from '@strata/train';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { freshFolder, removeFolders, smallCorpus, trainSmall } from './small-run.js';

const NOBODY = 65_534;
const READ_AND_WRITE = 0o755;
const READ_ONLY = 0o555;
/** Permissions do not bind the superuser, who runs many a container: there the training is another user's. */
const isRoot = geteuid?.() === 0;
const corpus = smallCorpus();

function actAs(user: number): void {
  if (isRoot) seteuid!(user);
}

beforeEach(() => actAs(NOBODY));
afterEach(() => actAs(0));
afterAll(removeFolders);

function setMode(folder: string, mode: number): void {
  const folders = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isDirectory());
  for (const entry of folders) chmodSync(join(entry.parentPath, entry.name), mode);
  chmodSync(folder, mode);
}

const train = (folder: string, options: LoopOptions): Promise<Run> =>
  trainSmall(folder, corpus, ['subword'], { checkpointSeconds: 0, ...options });

function traceOf(folder: string): unknown {
  return {
    weights: sha256(readFileSync(join(Run.open(folder).path('subword'), 'model.safetensors'))),
    metrics: readMetrics(join(folder, 'metrics.jsonl')).map(({ timing: _, ...line }) => line),
  };
}

describe.skipIf(process.platform === 'win32')('a folder that may not be written', () => {
  it('is named before anything is trained', async () => {
    const folder = freshFolder();
    setMode(dirname(folder), READ_ONLY);
    await expect(train(folder, {})).rejects.toThrow(ReadOnlyError);
    await expect(train(folder, {})).rejects.toThrow(`${folder}: this place may not be written`);
    expect(readdirSync(dirname(folder))).toEqual([]);
    setMode(dirname(folder), READ_AND_WRITE);
  });

  it('in the middle of a training ends it at the next checkpoint, of which none is lost', async () => {
    const whole = freshFolder();
    await train(whole, {});
    const folder = freshFolder();
    const progress = () => ({
      ...silentProgress,
      update(done: number) {
        if (done === 7) setMode(folder, READ_ONLY);
      },
    });
    await expect(train(folder, { progress })).rejects.toThrow(/step-0*7\.safetensors: this place may not be written/);
    const kept = readdirSync(join(Run.open(folder).path('subword'), 'checkpoints')).filter((name) =>
      /^step/.test(name),
    );
    expect(kept.sort()).toEqual(
      ['5.json', '5.safetensors', '6.json', '6.safetensors'].map((name) => `step-0000000${name}`),
    );
    // Still so: told again, and nothing changes.
    await expect(train(folder, {})).rejects.toThrow(ReadOnlyError);
    setMode(folder, READ_AND_WRITE);
    await train(folder, {});
    expect(traceOf(folder)).toEqual(traceOf(whole));
  });
});
