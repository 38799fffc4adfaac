// A training that is killed without warning, at any moment, again and again, leaves what one that was never killed leaves:
// the same weights bit for bit and the same lines of metrics. STRATA_KILLS=50 for the long version.
import { type ChildProcess, spawn } from 'node:child_process';
import { cpSync, existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Run, type StageName } from '@strata/hierarchy';
import { RandomStream } from '@strata/nn';
import { sha256 } from '@strata/store';
import { readMetrics } from '@strata/train';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freshFolder, removeFolders, smallCorpus, trainSmall } from './small-run.js';

const KILLS = Number(process.env.STRATA_KILLS ?? 3);
/** A step of the child takes some 50 ms; a kill falls into the first few, or into writing their checkpoints. */
const LONGEST_MILLISECONDS = 350;
const script = fileURLToPath(new URL('./train-child.mjs', import.meta.url));

let whole: string;

beforeAll(async () => {
  whole = freshFolder();
  await trainSmall(whole, smallCorpus(), ['subword', 'word']);
});
afterAll(removeFolders);

const stageFolder = (folder: string, stage: StageName): string => Run.open(folder).path(stage);

/** What a stage leaves behind, but for what the clock said. */
function traceOf(folder: string, stage: StageName): unknown {
  const lines = readMetrics(join(folder, 'metrics.jsonl')).filter((line) => line.stage === stage);
  return {
    weights: sha256(readFileSync(join(stageFolder(folder, stage), 'model.safetensors'))),
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

/** Starts a training and calls `begun` at its first step; resolves to all that it said. */
function train(folder: string, stage: StageName, begun: (child: ChildProcess) => void, shell = ''): Promise<string> {
  const command = [process.execPath, script, folder, stage];
  const child =
    shell === ''
      ? spawn(command[0]!, command.slice(1), { stdio: ['ignore', 'pipe', 'pipe'] })
      : spawn('sh', ['-c', `${shell}; exec "$@"`, 'sh', ...command], { stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  let running = false;
  const hear = (part: string): void => {
    said += part;
    if (running || !said.includes('step ')) return;
    running = true;
    begun(child);
  };
  child.stdout.setEncoding('utf8').on('data', hear);
  child.stderr.setEncoding('utf8').on('data', hear);
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', () => resolve(said));
  });
}

describe('training that is killed', () => {
  it(`${KILLS} times at random moments leaves what training in one go leaves`, async () => {
    const random = new RandomStream(Date.now() % 2 ** 31, 'kills');
    let kills = 0;
    for (let round = 0; kills < KILLS; round++) {
      const stage = round % 2 === 0 ? 'word' : 'subword';
      const folder = runBefore(stage);
      for (let finished = false; !finished; ) {
        const delay = random.below(LONGEST_MILLISECONDS);
        const said = await train(folder, stage, (child) => {
          if (kills < KILLS) setTimeout(() => child.kill('SIGKILL'), delay);
        });
        finished = said.includes('finished\n');
        if (!finished) kills++;
        // A child that ended by itself, without finishing, has failed.
        expect(said).not.toMatch(/Error/);
      }
      expect(traceOf(folder, stage), `${stage}, round ${round}`).toEqual(traceOf(whole, stage));
    }
    console.info(`${kills} kills`);
  }, 1_200_000);
});

describe('a disk that is full', () => {
  it('ends the training with an error that names the file; the last checkpoint is whole, and resuming completes it', async () => {
    const folder = runBefore('word');
    // Killed at its second step: one checkpoint at least is on the disk.
    await train(folder, 'word', (child) => setTimeout(() => child.kill('SIGKILL'), 120));
    const place = join(stageFolder(folder, 'word'), 'checkpoints');
    const before = readdirSync(place).filter((name) => name.startsWith('step-'));
    // No file may grow beyond 8 blocks: that is what a full disk looks like to a checkpoint, while short lines still fit.
    const said = await train(folder, 'word', () => {}, 'ulimit -f 8');
    expect(said).not.toContain('finished');
    expect(said).toMatch(/WriteError.*step-\d+\.safetensors/s);
    for (const name of before) expect(existsSync(join(place, name)), name).toBe(true);
    expect(await train(folder, 'word', () => {})).toContain('finished\n');
    expect(traceOf(folder, 'word')).toEqual(traceOf(whole, 'word'));
  }, 300_000);
});
