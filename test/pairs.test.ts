// Scoring many short texts at once promises the likelihood that each text has alone, under every model; and the command runs.
import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import {
  LadderScorer,
  LongTextError,
  ladderTextNats,
  loadPieces,
  openLadder,
  pieceScorer,
  pieceTextNats,
  type Run,
} from '@strata/hierarchy';
import { byteLength } from '@strata/text';
import { SPELLED_ID } from '@strata/word';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { strataJson } from './cli-harness.js';
import { encodeText } from './ladder-probe.js';
import { ALL_STAGES, freshFolder, removeFolders, smallCorpus, trainSmall } from './small-run.js';

const TEXTS = [
  'The bear ran.',
  'He saw a zwibbly cake, and went home!',
  'A',
  '"Come down," said she. Then he went.\n\nThe end.',
  'was was was',
];

let run: Run;
beforeAll(async () => {
  run = await trainSmall(freshFolder(), smallCorpus(), [...ALL_STAGES, 'spacebyte', 'blocks']);
});
afterAll(removeFolders);

const bits = (total: number, text: string): number => total * byteLength(text) * Math.LN2;

describe('many short texts at once', () => {
  it.each(['word', 'concept', 'gestalt'] as const)('cost what each costs alone: %s', async (top) => {
    const ladder = openLadder(run, top);
    const found = await ladderTextNats(ladder, top, TEXTS);
    const scorer = await LadderScorer.create(ladder, top);
    for (const [i, text] of TEXTS.entries())
      expect(found[i]).toBeCloseTo(bits((await scorer.score([text])).total, text), 3);
    await scorer.dispose();
  });

  it.each(['subword', 'flat-params', 'spacebyte', 'blocks'] as const)(
    'cost what each costs alone: %s',
    async (name) => {
      const model = loadPieces(run, name);
      const found = await pieceTextNats(model, run.config, TEXTS);
      const scorer = await pieceScorer(model, run);
      for (const [i, text] of TEXTS.entries())
        expect(found[i]).toBeCloseTo(bits((await scorer.score([text])).total, text), 3);
      await scorer.dispose();
    },
  );

  it('a text longer than the window is refused by its place', async () => {
    const long = 'the bear '.repeat(200);
    await expect(ladderTextNats(openLadder(run, 'word'), 'word', ['The bear.', long])).rejects.toThrow(LongTextError);
    await expect(
      pieceTextNats({ ...loadPieces(run, 'flat-params'), window: 8 }, run.config, ['A', long]),
    ).rejects.toThrow('text 1');
  });
});

it('a spelled word is paid with its own nats: a window without room for one is refused, not paid with the next', async () => {
  const ladder = openLadder(run, 'word');
  const encoded = encodeText(ladder, 'The zwibblyquuxzwib saw a zwib.');
  const unknown = [...encoded.units.lemma.keys()].filter((unit) => encoded.units.lemma[unit] === SPELLED_ID);
  expect(unknown.length).toBeGreaterThan(1);
  const shape = { windows: 1, units: 12, pieces: 80, spelledPieces: 10 };
  const scorer = await LadderScorer.create(ladder, 'word', shape);
  const window = { start: 0, length: encoded.units.length - 1, scoreFrom: 0 };
  await expect(scorer.windowCosts(encoded, [window], () => {})).rejects.toThrow(`no room to spell unit ${unknown[0]}`);
  await scorer.dispose();
});

it('strata pairs prints a row a paradigm and a column a model', async () => {
  const file = join(dirname(run.folder), 'agreement.txt');
  writeFileSync(file, 'the bears runs .\nthe bears run .\nhe run .\nhe runs .\n');
  const { results } = (await strataJson('pairs', '--run', run.folder, '--json', file)) as {
    results: { model: string; all: { pairs: number; accuracy: number } }[];
  };
  expect(results.map(({ model }) => model)).toEqual([
    'subword',
    'word',
    'concept',
    'gestalt',
    'flat-params',
    'spacebyte',
    'blocks',
  ]);
  for (const { all } of results) {
    expect(all.pairs).toBe(2);
    expect([0, 0.5, 1]).toContain(all.accuracy);
  }
});
