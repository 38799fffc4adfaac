// A second language goes all the way: a small ladder with `word: { language: spanish }` is trained, opened, scored and generates.
import { readFileSync } from 'node:fs';
import { Generator, LadderScorer, openLadder, Run } from '@strata/hierarchy';
import { sha256 } from '@strata/store';
import { type Corpus, documentOfText } from '@strata/text';
import { STAGES, silentProgress } from '@strata/train';
import { LANGUAGES, WordTokenizer } from '@strata/word';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { costsOf, encodeText } from './ladder-probe.js';
import { ALL_STAGES, freshFolder, removeFolders, smallConfig } from './small-run.js';

const page = (name: string): string =>
  readFileSync(new URL(`../packages/word/src/spanish/pages/${name}.txt`, import.meta.url), 'utf8');

/** Two pages over and over, their sentences in another order each time; a third page is held out. */
function spanishCorpus(): Corpus {
  const sentences = ['quixote', 'market'].flatMap((name) => page(name).split(/(?<=[.?])\s+/u));
  const text = Array.from({ length: 12 }, (_, turn) =>
    sentences.map((_, i) => sentences[(i * 7 + turn * 3) % sentences.length]!).join(' '),
  ).join('\n\n');
  const train = [documentOfText('pages', text)];
  const held = [documentOfText('held', page('language'))];
  return { name: 'spanish', licence: 'test', train, validation: held, test: held, hash: sha256(Buffer.from(text)) };
}

let run: Run;

beforeAll(async () => {
  const config = smallConfig();
  run = Run.prepare(freshFolder(), { ...config, word: { ...config.word, language: 'spanish' } });
  const corpus = spanishCorpus();
  for (const stage of ALL_STAGES) await STAGES[stage]({ run, corpus, note: () => {}, progress: () => silentProgress });
});

afterAll(removeFolders);

describe('a Spanish ladder', () => {
  it('has concepts in which the English WordNet had no say', () => {
    expect(openLadder(Run.open(run.folder)).concepts!.distillation).toMatchObject({
      judges: ['company'],
      proposers: ['base'],
    });
  });

  it('is opened with its language, and its tokenizer gives Spanish back', () => {
    const { vocabulary } = openLadder(Run.open(run.folder)).words!;
    expect(vocabulary.language).toBe(LANGUAGES.spanish);
    const tokenizer = new WordTokenizer(vocabulary);
    const text = `${page('language')}\r\n¡Ó\ud800 ÑANDÚES!`;
    const encoded = tokenizer.encode(text);
    expect(tokenizer.decode(encoded)).toBe(text);
    const slots = new Set([...encoded.slot].map((slot) => vocabulary.slotName(slot)));
    for (const slot of ['feminine', 'plural', 'imperfect', 'pastThird']) expect(slots).toContain(slot);
  });

  it('gives every unit of held-out Spanish a finite cost at every level', async () => {
    const ladder = openLadder(run);
    const costs = await costsOf(await LadderScorer.create(ladder), encodeText(ladder, page('language')));
    expect(costs.length).toBeGreaterThan(150);
    for (const cost of costs)
      for (const [factor, nats] of Object.entries(cost))
        expect(nats >= 0 && nats < 200, `${factor} ${nats}`).toBe(true);
  });

  it('generates from the word level forms that its own lemmas have', async () => {
    const ladder = openLadder(run);
    const generator = await Generator.create(ladder);
    const { text, trace } = await generator.generate({ prompt: 'Los niños', from: 'word', seed: 1, maximumUnits: 12 });
    expect(trace.length).toBeGreaterThan(0);
    expect(trace.map((step) => step.text).join('')).toBe(text);
    const tokenizer = new WordTokenizer(ladder.words!.vocabulary);
    const named = trace.filter(({ choices }) => choices.every(({ factor }) => factor !== 'spelling'));
    expect(named.length).toBeGreaterThan(0);
    for (const step of named) expect(tokenizer.encodeSurface(step.text.trim()).spelling, step.text).toBeUndefined();
  });
});
