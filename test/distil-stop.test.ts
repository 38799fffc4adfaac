// Ctrl-C while concepts are distilled: heard in every part of it, nothing half made stays, and the next run is whole.
import { cpSync, existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { scratchFolder, strata, strataJson } from './cli-harness.js';
import { type ToyRun, toyRun } from './toy-run.js';

let toy: ToyRun;
beforeAll(async () => {
  toy = await toyRun();
});

/** A copy of the toy run without its concepts and what stands on them. */
function untrained(): { runs: string; folder: string } {
  const runs = scratchFolder();
  const folder = join(runs, toy.config.name);
  cpSync(toy.folder, folder, { recursive: true });
  for (const level of ['concept', 'gestalt']) rmSync(join(folder, 'levels', level), { recursive: true });
  return { runs, folder };
}

describe('a distillation that is stopped', () => {
  it.each([
    ['distil: the base reads'],
    ['distil: company is counted'],
    ['distil: company becomes vectors'],
    ['distil: lemmas become vectors'],
    ['distil: nearest lemmas'],
    ['distil: pairs are judged'],
  ])('in "%s" keeps nothing, and says how to distil anew', async (part) => {
    const { folder } = untrained();
    const { code, out, err } = await strata(['concepts', 'distil', '--run', folder], part);
    expect(code).toBe(130);
    expect(out).toBe('');
    expect(err).toContain(
      `stopped while concepts were distilled. To distil anew: strata concepts distil --run ${folder}`,
    );
    expect(existsSync(join(folder, 'levels', 'concept', 'checkpoints', 'distilled.json'))).toBe(false);
  });

  it('by `strata train` says how to go on, which gives the concepts of a run that was never stopped', async () => {
    const { runs, folder } = untrained();
    const train = ['train', 'concept', '--config', toy.configFile, '--runs', runs];
    const stopped = await strata(train, 'distil: the base reads');
    expect(stopped.code).toBe(130);
    expect(stopped.err).toContain('stopped while concepts were distilled. To go on: strata train concept');
    expect((await strata([...train, '--resume'])).code).toBe(0);
    const listed = (run: string): Promise<unknown> =>
      strataJson('concepts', 'list', '--run', run, '--all', '--limit', '100000');
    expect(await listed(folder)).toEqual(await listed(toy.folder));
  });
});
