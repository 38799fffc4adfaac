// A corpus may outgrow memory: training on sixteen times the text takes the same memory, measured from outside.
import { execFile } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { RandomStream } from '@strata/nn';
import { afterAll, describe, expect, it } from 'vitest';
import { freshFolder, removeFolders } from './small-run.js';

afterAll(removeFolders);

const MEGABYTE = 1e6;
const SMALL = 3 * MEGABYTE;
const LARGE = 48 * MEGABYTE;
/**
 * How much more the large corpus may take: a third of the text that it has more of. Held in memory it would take at least
 * that text once and its pieces once more (4 bytes each); what is allowed is how untidy a garbage collector may be.
 */
const MOST_GROWTH = (LARGE - SMALL) / 3 / MEGABYTE;

/** A folder corpus whose training text is half a .txt file and half a .jsonl file, of a few thousand different words. */
function corpusOf(bytes: number): string {
  const folder = freshFolder();
  const random = new RandomStream(1, 'corpus');
  const syllables = ['ka', 'lo', 'mi', 'ren', 'sta', 'tu', 'vel', 'on', 'er', 'ing', 'wo', 'th'];
  const word = (): string => Array.from({ length: 1 + random.below(3) }, () => syllables[random.below(12)]).join('');
  const sentences = Array.from({ length: 2000 }, () => `${Array.from({ length: 12 }, word).join(' ')}. `);
  const paragraph = (): string => Array.from({ length: 400 }, () => sentences[random.below(2000)]).join('');
  const fill = (name: string, size: number, entry: () => string): void => {
    mkdirSync(join(folder, name, '..'), { recursive: true });
    const file = openSync(join(folder, name), 'w');
    for (let written = 0; written < size; ) written += writeSync(file, entry());
    closeSync(file);
  };
  fill('train/a.txt', bytes / 2, () => `${paragraph()}\n\n`);
  fill('train/b.jsonl', bytes / 2, () => `${JSON.stringify({ text: paragraph() })}\n`);
  for (const split of ['validation', 'test']) {
    mkdirSync(join(folder, split));
    writeFileSync(join(folder, split, 'a.txt'), `${split} ${paragraph()}`);
  }
  return folder;
}

async function trainedOn(bytes: number): Promise<{ megabytes: number; bytes: number; steps: number }> {
  const script = fileURLToPath(new URL('./corpus-child.mjs', import.meta.url));
  const run = freshFolder();
  // Little room for garbage: the collector works as it would in a run that is near the limit.
  const { stdout } = await promisify(execFile)(process.execPath, [
    '--max-old-space-size=192',
    script,
    corpusOf(bytes),
    run,
  ]);
  expect(existsSync(join(run, 'levels', 'subword', 'manifest.json'))).toBe(true);
  return JSON.parse(stdout.trim().split('\n').at(-1)!);
}

/** The leaner of two runs: what a collector leaves lying varies by megabytes, what a run holds is in both. */
async function leanestOn(bytes: number): ReturnType<typeof trainedOn> {
  const [first, second] = [await trainedOn(bytes), await trainedOn(bytes)];
  return first.megabytes <= second.megabytes ? first : second;
}

describe('training on a corpus larger than what is at hand', () => {
  it('takes no more memory than on a small one', async () => {
    const small = await leanestOn(SMALL);
    const large = await leanestOn(LARGE);
    expect(large.bytes).toBeGreaterThan(15 * small.bytes);
    expect(large.steps).toBeGreaterThan(0);
    expect(large.megabytes - small.megabytes).toBeLessThan(MOST_GROWTH);
  });
});
