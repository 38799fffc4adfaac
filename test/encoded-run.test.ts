// The encoded text of a run: written once for the stages that share it, checked when it is used again, gone when nothing needs it.
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Run } from '@strata/hierarchy';
import { sha256 } from '@strata/store';
import type { Corpus } from '@strata/text';
import { InterruptedError, STAGES, silentProgress } from '@strata/train';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freshFolder, removeFolders, smallCorpus, trainSmall } from './small-run.js';

let corpus: Corpus;
/** A run up to the word level. */
let run: string;
/** Its encoded text. */
let folder: string;

const encodedOf = (place: string): string[] => {
  const parent = join(place, 'encoded');
  return existsSync(parent) ? readdirSync(parent).map((name) => join(parent, name)) : [];
};
const modifiedOf = (place: string): number[] => readdirSync(place).map((name) => statSync(join(place, name)).mtimeMs);
const contentsOf = (place: string): string[] =>
  readdirSync(place).map((name) => `${name} ${sha256(readFileSync(join(place, name)))}`);
const weightsOf = (place: string, level: string): string =>
  sha256(readFileSync(join(place, 'levels', level, 'model.safetensors')));

beforeAll(async () => {
  corpus = smallCorpus();
  run = freshFolder();
  await trainSmall(run, corpus, ['subword']);
  await trainSmall(run, corpus, ['word']);
  folder = encodedOf(run).find((path) => path.includes('units-'))!;
});
afterAll(removeFolders);

/** Trains until the first step is done, so that the text is encoded and the stage unfinished; returns what was said. */
async function begin(stage: 'concept' | 'gestalt'): Promise<string> {
  const stop = new AbortController();
  const said: string[] = [];
  const progress = (label: string) => ({
    ...silentProgress,
    update: () => {
      if (label.startsWith('train')) stop.abort();
    },
  });
  const { signal } = stop;
  const note = (message: string): void => void said.push(message);
  const context = { run: Run.open(run), corpus, note, progress, signal, checkpointSeconds: 0 };
  await expect(STAGES[stage](context)).rejects.toThrow(InterruptedError);
  return said.join('\n');
}

describe('the encoded text of a run', () => {
  it('is written once for the stages that share it, and read again when one is resumed', async () => {
    expect(readdirSync(folder).sort()).toEqual([
      'index.bin',
      'manifest.json',
      'pieces.bin',
      'strings.bin',
      'units.bin',
    ]);
    const modified = modifiedOf(folder);
    await begin('concept');
    await trainSmall(run, corpus, ['concept']);
    expect(modifiedOf(folder)).toEqual(modified);
  });

  it('is encoded anew where it is damaged, which is said, or was never finished', async () => {
    await begin('gestalt');
    const contents = contentsOf(folder);
    const path = join(folder, 'units.bin');
    const bytes = readFileSync(path);
    bytes[1000]! ^= 1;
    writeFileSync(path, bytes);
    expect(await begin('gestalt')).toContain(`${path}: SHA-256`);
    expect(contentsOf(folder)).toEqual(contents);
    rmSync(join(folder, 'manifest.json'));
    writeFileSync(path, 'what a killed encoding left');
    expect(await begin('gestalt')).toBe('');
    expect(contentsOf(folder)).toEqual(contents);
    await trainSmall(run, corpus, ['gestalt']);
  });

  it('goes when no stage needs it: of the words after the gestalt, of the pieces after the flat model', async () => {
    // Base and flat model learn as many pieces here, so they share them.
    expect(encodedOf(run).map((path) => path.replace(/.*\//, '').split('-')[0])).toEqual(['pieces']);
    const [pieces] = encodedOf(run);
    const modified = modifiedOf(pieces!);
    expect(modified.length).toBe(2);
    await trainSmall(run, corpus, ['flat-params']);
    expect(existsSync(join(run, 'encoded'))).toBe(false);
  });

  it('decides nothing: a run that was interrupted and damaged is the run that was not', async () => {
    const whole = freshFolder();
    await trainSmall(whole, corpus);
    for (const level of ['subword', 'word', 'concept', 'gestalt'])
      expect(weightsOf(run, level), level).toBe(weightsOf(whole, level));
  });
});
