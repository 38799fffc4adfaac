// A misspelled word arrives near the word that was meant: learned letters beat unlearned ones, a right spelling is nearest
// to itself, and the command says how often, or why it cannot.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { MisspellingsReport } from '@strata/compare';
import { openLadder, Recogniser, RecognitionError, type Run } from '@strata/hierarchy';
import { RandomStream } from '@strata/nn';
import { FIRST_LEMMA_ID, misspell } from '@strata/word';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { strata, strataJson } from './cli-harness.js';
import { freshFolder, removeFolders, smallCorpus, trainSmall } from './small-run.js';

let run: Run;
let unread: Run;
beforeAll(async () => {
  run = await trainSmall(freshFolder(), smallCorpus(), ['subword', 'word']);
  const input = { factors: true, base: 'every', letters: false } as const;
  unread = await trainSmall(freshFolder(), smallCorpus(), ['subword', 'word'], { word: { input } });
});
afterAll(removeFolders);

const best = (values: Float32Array): number => values.indexOf(values.reduce((most, value) => Math.max(most, value)));

describe('letters that ascend', () => {
  it('of a word as it is written are nearest to its own lemma', async () => {
    const ladder = openLadder(run);
    const { vocabulary } = ladder.words!;
    const recogniser = await Recogniser.create(ladder);
    const lemmas = Array.from({ length: 60 }, (_, i) => FIRST_LEMMA_ID + 3 * i).filter(
      (lemma) => vocabulary.lemma(lemma).length > 3,
    );
    const found = await recogniser.byLetters(lemmas.map((lemma) => vocabulary.lemma(lemma)));
    const wrong = lemmas.filter((lemma, i) => best(found[i]!) !== lemma);
    // A form can be another lemma's too ("left", "leave").
    expect(wrong.length).toBeLessThanOrEqual(lemmas.length / 20);
    await recogniser.dispose();
  });

  it('of a misspelled word come near the right lemma far more often than chance would have it', async () => {
    const ladder = openLadder(run);
    const { vocabulary } = ladder.words!;
    const recogniser = await Recogniser.create(ladder);
    const random = new RandomStream(5, 'test');
    const lemmas = Array.from({ length: 200 }, (_, i) => FIRST_LEMMA_ID + i).filter(
      (lemma) => vocabulary.lemma(lemma).length > 4,
    );
    const found = await recogniser.byLetters(lemmas.map((lemma) => misspell(vocabulary.lemma(lemma), random)));
    const right = lemmas.filter((lemma, i) => best(found[i]!) === lemma);
    // Of 300 lemmas one in 300 would be right by chance.
    expect(right.length).toBeGreaterThan(lemmas.length / 4);
    await recogniser.dispose();
  });

  it('are said to be missing where a word level does not read them', async () => {
    await expect(Recogniser.create(openLadder(unread))).rejects.toThrow(RecognitionError);
  });
});

/** A path for a list, in the folder of the first run. */
const listPath = (): string => join(run.folder, 'list.txt');

describe('strata misspellings', () => {
  it('counts how often the right lemma is found, by letters and in context', async () => {
    const list = listPath();
    writeFileSync(list, 'little: litle, littel\nanother: anothr, anoter*2\nBrer: Brerr\nthere: ther\nqqqq: qqqqq\n');
    const report = (await strataJson('misspellings', '--run', run.folder, '--json', list)) as MisspellingsReport;
    expect(report.eligible).toBeGreaterThanOrEqual(3);
    expect(report.letters.words).toBe(report.eligible);
    expect(report.letters.firstTen).toBeGreaterThan(0.5);
    const slips = Object.values(report.bySlips).reduce((sum, { words }) => sum + words, 0);
    expect(slips).toBe(report.eligible);
    expect(report.inText.both.words).toBeGreaterThan(0);
    const shown = await strata(['misspellings', '--run', run.folder, '--limit', '2', list]);
    expect(shown.code).toBe(0);
    expect(shown.out).toMatch(/by letters alone\s+2 /);
  });

  it('says what is wrong with a list, and with a run that does not read letters', async () => {
    const list = listPath();
    writeFileSync(list, 'no colon\n');
    const refused = await strata(['misspellings', '--run', run.folder, list]);
    expect([refused.code, refused.err]).toEqual([2, expect.stringContaining('list.txt, line 1')]);
    // An unknown right word; a known wrong one; two words.
    writeFileSync(list, 'qqqq: qqqqq\nlittle: there\nanother: an other\n');
    const empty = await strata(['misspellings', '--run', run.folder, list]);
    expect([empty.code, empty.out]).toEqual([2, '']);
    expect(empty.err).toMatch(
      /list\.txt: 3 pairs .*vocabulary: 1; .*known word: 1; .*each: 1\. .*word\.vocabularySize/,
    );
    writeFileSync(list, 'little: litle\n');
    const unreadable = await strata(['misspellings', '--run', unread.folder, list]);
    expect([unreadable.code, unreadable.err]).toEqual([2, expect.stringContaining('word.input.letters=true')]);
  });
});
