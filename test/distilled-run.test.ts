// A run whose concepts are distilled and not trained on: what stands on the word level is measured and exported, the rest named
// as left out; and an export takes the map that the run keeps, while it is of its own level.
import { createHash } from 'node:crypto';
import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { WordNet } from '@strata/concept';
import { LAYOUT_VERSION } from '@strata/inspect';
import { beforeAll, expect, it } from 'vitest';
import { type CommandResult, refusal, scratchFolder, strata, strataJson } from './cli-harness.js';
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

it('is kept with the names of those who took part, and distilled anew where others would now', async () => {
  const run = join(scratchFolder(), 'toy');
  cpSync(toy.folder, run, { recursive: true });
  for (const level of ['concept', 'gestalt']) rmSync(join(run, 'levels', level), { recursive: true });
  const distil = (): Promise<CommandResult> => strata(['concepts', 'distil', '--run', run]);
  await distil();
  const path = join(run, 'levels', 'concept', 'checkpoints', 'distilled.json');
  const written = readFileSync(path, 'utf8');
  const kept = JSON.parse(written);
  const { proposers, judges } = kept.value.distillation;
  const isThere = (await WordNet.open()) !== undefined;
  expect(proposers).toEqual(isThere ? ['base', 'WordNet'] : ['base']);
  expect(judges).toEqual(isThere ? ['WordNet', 'company'] : ['company']);
  expect((await distil()).err).not.toContain('pairs are judged');
  // As it would have been kept where WordNet was there and now is not, or the other way round.
  const voices = isThere
    ? { proposers: ['base'], judges: ['company'] }
    : { proposers: ['base', 'wordnet'], judges: ['wordnet', 'company'] };
  const manifest = readFileSync(join(run, 'levels', 'word', 'manifest.json'));
  const word = createHash('sha256').update(manifest).digest('hex');
  const key = createHash('sha256')
    .update(JSON.stringify({ word, edits: [], ...voices }))
    .digest('hex');
  writeFileSync(path, JSON.stringify({ ...kept, key }));
  expect((await distil()).err).toContain('they are distilled anew');
  expect(readFileSync(path, 'utf8')).toBe(written);
});

it('is refused before its first stage where WordNet is named and cannot speak', async () => {
  const runs = scratchFolder();
  const asked = ['train', 'all', '--config', toy.configFile, '--runs', runs, '--set', 'word.language=spanish'];
  const named = await refusal([...asked, '--set', 'concept.distil.judges=[wordnet, company]']);
  expect(named).toContain('concept.distil.judges names wordnet, which knows no spanish');
  expect(readdirSync(runs)).toEqual([]);
  // Where nobody is named it is missed, which is said before any text is read.
  const stopped = await strata(asked, 'subword (1 of');
  expect(stopped.err.indexOf('note: WordNet knows no spanish')).toBeGreaterThanOrEqual(0);
  expect(stopped.err.indexOf('note: WordNet')).toBeLessThan(stopped.err.indexOf('reading the corpus'));
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
