// Reading unit by unit with caches gives, at every level, the states and patterns of the full pass over the same window,
// and the same greedy choices; also after the window has moved on.
import { compile } from '@strata/engine';
import {
  batchTables,
  CachedClimb,
  encodeLadder,
  feedsFor,
  GeneratedUnits,
  generationSessions,
  type Ladder,
  LadderBatch,
  ladderScopes,
  ladderStates,
  openLadder,
  weightFeeds,
  windowShape,
} from '@strata/hierarchy';
import { RandomStream } from '@strata/nn';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exaggerate } from './ladder-probe.js';
import { freshFolder, removeFolders, smallCorpus, trainSmall } from './small-run.js';

let ladder: Ladder;
let sessions: Awaited<ReturnType<typeof generationSessions>>;

afterAll(removeFolders);

const PARTS = [
  'The bear ',
  'ran. ',
  'He saw ',
  'zwibbly cake',
  '! ',
  '"Come," said she.\n\n',
  'Then he ',
  'went home, ',
  'and ',
];

/** A text of many short sentences, paragraphs and unknown words. */
function someText(seed: number, parts: number): string {
  const random = new RandomStream(seed, 'text');
  return Array.from({ length: parts }, () => PARTS[random.below(PARTS.length)]).join('');
}

interface FullPass {
  readonly word: Float32Array;
  readonly concept: Float32Array;
  readonly patterns: Float32Array;
  /** The sentence of each unit. */
  readonly sentences: Int32Array;
}

/** States of all levels over the first window of a text. */
async function fullPass(text: string): Promise<{ states: FullPass; units: number }> {
  const shape = windowShape(ladder.config, 1);
  const states = ladderStates(ladderScopes(), ladder.config, ladder.inventory!, 'gestalt', shape);
  const executable = await compile({ word: states.word, concept: states.concept!, patterns: states.patterns! });
  const batch = new LadderBatch(batchTables(ladder), shape);
  const encoded = encodeLadder([text], ladder.words!, ladder.tokenizer);
  const units = Math.min(encoded.units.length, shape.units);
  const feeds = batch.fill(encoded, [{ start: 0, length: units, scoreFrom: 0 }]);
  try {
    const outputs = await executable.run(feedsFor(executable, feeds, weightFeeds(...Object.values(ladder.values))));
    const sentences = (feeds['sentence.unit'] as Int32Array).slice();
    return { states: { ...(outputs as Omit<FullPass, 'sentences'>), sentences } as FullPass, units };
  } finally {
    await executable.dispose();
  }
}

function expectClose(found: Float32Array, rows: Float32Array, row: number): void {
  for (const [i, value] of found.entries())
    expect(Math.abs(value - rows[row * found.length + i]!), `row ${row}, axis ${i}`).toBeLessThan(1e-4);
}

const DESIGNS = {
  'names and letters': { word: { input: { factors: true, base: 'none', letters: true } } },
  morphological: { word: { input: { factors: true, base: 'every', letters: true } } },
  stacked: { word: { input: { factors: false, base: 'every', letters: false } } },
  'names and what has none': { word: { input: { factors: true, base: 'unnamed', letters: false } } },
  'LayerNorm and linear biases': { choices: { norm: 'layer', positions: 'alibi' } },
  'proportions without positions': { choices: { norm: 'proportion', positions: 'none' } },
} as const;

describe.each(Object.entries(DESIGNS))('the cached climb of %s', (_, design) => {
  beforeAll(async () => {
    const stages = ['subword', 'word', 'concept', 'gestalt'] as const;
    ladder = openLadder(await trainSmall(freshFolder(), smallCorpus(), stages, design));
    exaggerate(ladder);
    sessions = await generationSessions(ladder);
  });
  afterAll(() => sessions.dispose());

  it('gives the states and patterns of the full pass, unit by unit', async () => {
    for (let seed = 1; seed <= 6; seed++) {
      const text = someText(seed, 6 + 2 * seed);
      const { states, units } = await fullPass(text);
      const whole = GeneratedUnits.ofPrompt(ladder, text);
      const grown = GeneratedUnits.ofUnits(ladder, []);
      sessions.climb.base.reset();
      const climb = new CachedClimb(ladder, sessions.climb);
      for (let at = 0; at < Math.min(units, whole.length); at++) {
        const before = at > 0 ? await climb.nextPattern() : undefined;
        grown.append(whole.unit(at));
        const rows = await climb.read(grown);
        expectClose(rows.word, states.word, at);
        expectClose(rows.concept!, states.concept, at);
        const sentence = states.sentences[at]!;
        expectClose(rows.pattern!, states.patterns, sentence);
        // What was foretold of the next sentence is what it had when it came.
        if (at > 0 && sentence > states.sentences[at - 1]!) expectClose(before!, states.patterns, sentence);
      }
    }
  });

  it('goes on where a window of its own would, after its window was full', async () => {
    const text = someText(99, 120);
    const written = GeneratedUnits.ofPrompt(ladder, text);
    expect(written.length).toBeGreaterThan(2 * ladder.config.batch.units);
    sessions.climb.base.reset();
    const climb = new CachedClimb(ladder, sessions.climb);
    const last = await climb.read(written);
    // The window that it stands in now begins somewhere in the last units: one of those beginnings gives these states.
    const found: number[] = [];
    for (let start = written.length - ladder.config.batch.units; start < written.length; start++) {
      const units = Array.from({ length: written.length - start }, (_, i) => written.unit(start + i));
      sessions.climb.base.reset();
      const rows = await new CachedClimb(ladder, sessions.climb).read(GeneratedUnits.ofUnits(ladder, units));
      if (rows.word.every((value, i) => Math.abs(value - last.word[i]!) < 1e-4)) found.push(written.length - start);
    }
    expect(found).toHaveLength(1);
    expect(found[0]).toBeGreaterThanOrEqual(1);
  });
});
