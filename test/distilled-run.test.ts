// A run whose concepts are distilled and not trained on: what stands on the word level is measured and exported, the rest named
// as left out; and an export takes the map that the run keeps, while it is of its own level.
import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LAYOUT_VERSION } from '@strata/inspect';
import { beforeAll, expect, it } from 'vitest';
import { refusal, scratchFolder, strata, strataJson } from './cli-harness.js';
import { type ToyRun, toyRun } from './toy-run.js';

let toy: ToyRun;
beforeAll(async () => {
  toy = await toyRun();
});

interface Exported {
  readonly checksum?: string;
  readonly concepts: readonly { readonly x?: number; readonly y?: number; readonly vector: readonly number[] }[];
}

async function exported(run: string, ...flags: string[]): Promise<Exported> {
  const out = join(scratchFolder(), 'concepts.json');
  expect((await strata(['concepts', 'export', '--run', run, '--out', out, ...flags])).code).toBe(0);
  return JSON.parse(readFileSync(out, 'utf8')) as Exported;
}

it('is evaluated and exported without a concept level', async () => {
  const run = join(scratchFolder(), 'toy');
  cpSync(toy.folder, run, { recursive: true });
  for (const level of ['concept', 'gestalt']) rmSync(join(run, 'levels', level), { recursive: true });
  expect(await refusal(['concepts', 'export', '--run', run, '--out', join(run, '..', 'c.json')])).toContain(
    'has no trained concept level',
  );
  await strataJson('concepts', 'distil', '--run', run);
  const { out, err, code } = await strata(['concepts', 'evaluate', '--run', run, '--json']);
  expect(code).toBe(0);
  expect(err).toContain('left out: the paraphrase test, which ask');
  const found = JSON.parse(out);
  expect(found).toMatchObject({ leftOut: ['the paraphrase test'] });
  expect(found).not.toHaveProperty('paraphrase');
  const whole = await strataJson('concepts', 'evaluate', '--run', toy.folder, '--no-paraphrase');
  // The same run distils the same concepts, so that all that is measured of them is the same.
  expect({ ...found, leftOut: [], run: '' }).toEqual({ ...(whole as object), run: '' });
  const [own, trained] = [await exported(run), await exported(toy.folder)];
  expect(own.concepts).toEqual(trained.concepts);
  expect(own).not.toHaveProperty('checksum');
});

it('is exported with its own map, and not with that of another level', async () => {
  const run = join(scratchFolder(), 'toy');
  cpSync(toy.folder, run, { recursive: true });
  const { checksum, concepts } = await exported(run);
  expect(concepts[0]).not.toHaveProperty('x');
  const positions = concepts.flatMap((_, id) => [id / concepts.length, -0.5]);
  const write = (level: string | undefined): void =>
    writeFileSync(
      join(run, 'concept-map.json'),
      JSON.stringify({ format: 'strata-concept-map', version: LAYOUT_VERSION, level, positions }),
    );
  write(checksum);
  const placed = (await exported(run)).concepts;
  expect(placed[1]!.x).toBeCloseTo(1 / concepts.length, 6);
  expect(placed[1]!.y).toBe(-0.5);
  expect((await exported(toy.folder, '--positions', join(run, 'concept-map.json'))).concepts).toEqual(placed);
  write('another');
  expect((await exported(run)).concepts).toEqual(concepts);
  const out = join(scratchFolder(), 'c.json');
  const map = join(run, 'concept-map.json');
  expect(await refusal(['concepts', 'export', '--run', run, '--out', out, '--positions', map])).toContain(
    'a map of another concept level found',
  );
});
