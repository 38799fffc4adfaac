// A report of several runs is promised never to replace the report that a run has of its own.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Run, readConfig } from '@strata/hierarchy';
import { expect, it } from 'vitest';
import { refusal, scratchFolder } from './cli-harness.js';

const folder = scratchFolder();
const config = fileURLToPath(new URL('../configs/toy.yaml', import.meta.url));
const runs = join(folder, 'runs');
const [one, two] = [1, 2].map((seed) => {
  const name = `study-${seed}`;
  const run = Run.prepare(join(runs, name), readConfig(config, [`name=${name}`, `seed=${seed}`]));
  writeFileSync(join(run.folder, 'report.json'), 'its own');
  return run.folder;
}) as [string, string];

it('neither that of seeds', async () => {
  expect(await refusal(['compare', '--run', one, '--run', two, '--out', two])).toContain('a report of its own');
});

it('nor that of a study which is called like a run', async () => {
  const study = join(folder, 'study.yaml');
  writeFileSync(study, `name: '1'\nquestion: Which?\nprediction: One.\nconfig: ${JSON.stringify(config)}\n`);
  expect(await refusal(['study', study, '--runs', runs])).toContain('Name another folder with --runs');
  expect(readFileSync(join(one, 'report.json'), 'utf8')).toBe('its own');
});
