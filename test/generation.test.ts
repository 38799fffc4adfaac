// What generates is what is scored: every choice of a generation has the probability that scoring gives it
// (DESIGN, "The probability of a text"; the twin that published hierarchies left untested).
import {
  Generator,
  type Ladder,
  LadderScorer,
  openLadder,
  type Run,
  type UpperLevel,
  unitWindows,
} from '@strata/hierarchy';
import { byteLength, segmentUnits, textFromBytes } from '@strata/text';
import { SPELLED_ID } from '@strata/word';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { costsOf, encodeText, exaggerate } from './ladder-probe.js';
import { freshFolder, removeFolders, smallCorpus, trainSmall } from './small-run.js';

const UPPER: readonly UpperLevel[] = ['word', 'concept', 'gestalt'];
// Longer than the base's usual window, with sentences and a paragraph, so that all that could be left out is there.
const TEXT =
  'The bear looked at the great tree. "Come down," said he. Buster Bear ate zwibbly cake!\n\nThen he went home, and was glad.';

let run: Run;
let ladder: Ladder;

beforeAll(async () => {
  run = await trainSmall(freshFolder(), smallCorpus(), ['subword', 'word', 'concept', 'gestalt']);
  ladder = openLadder(run);
  exaggerate(ladder);
});

afterAll(removeFolders);

describe('what generates is what is scored', () => {
  const prompt = `${TEXT} He was`;
  const first = segmentUnits(prompt).length + 1;
  const sampling = { temperature: 1, topP: 0.6 };

  for (const from of UPPER)
    it(`from ${from}: every choice has the probability that scoring gives it`, async () => {
      const generator = await Generator.create(ladder);
      const scorer = await LadderScorer.create(ladder, from);
      let compared = 0;
      for (let seed = 1; seed <= 20 && compared < 80; seed++) {
        const { text, trace } = await generator.generate({ prompt, from, seed, ...sampling, maximumUnits: 8 });
        const encoded = encodeText(ladder, prompt + text);
        const costs = await costsOf(scorer, encoded);
        const [window] = unitWindows(encoded, scorer.shape);
        for (const [i, step] of trace.entries()) {
          const unit = first + i;
          // Written text may fall into other units when it is read again; from there on nothing can be compared.
          if (unit > window.length || unit >= encoded.units.length) break;
          if (ladder.words!.unitText(encoded.units, unit) !== step.text) break;
          if (encoded.units.boundary[unit] !== step.boundary) break;
          if (step.choices.some(({ factor }) => factor === 'spelling')) continue;
          const paid: Record<string, number> = { ...costs[unit - 1] };
          for (const { factor, probability } of step.choices) {
            if (paid[factor] === undefined) continue;
            expect(-Math.log(probability), `${step.text}: ${factor}`).toBeCloseTo(paid[factor], 3);
            compared++;
          }
        }
      }
      expect(compared).toBeGreaterThan(60);
      await generator.dispose();
      await scorer.dispose();
    });

  it('without the subword, the base picks nothing, whichever level decides first', async () => {
    const generator = await Generator.create(ladder);
    for (const from of UPPER) {
      const { trace } = await generator.generate({ prompt, from, skip: ['subword'], ...sampling, maximumUnits: 12 });
      const picks = trace.flatMap(({ choices }) => choices).filter(({ factor }) => factor === 'pick');
      expect(
        picks.filter(({ level }) => level === 'subword'),
        from,
      ).toEqual([]);
    }
    await generator.dispose();
  });

  it('an unknown word is pointed at, or spelled with the probability that scoring gives its pieces', async () => {
    const unsure = openLadder(run);
    exaggerate(unsure);
    for (const [name, view] of unsure.values.word!.views) {
      if (name === 'word.lemma_bias') view[SPELLED_ID] += 8;
      // As ready to point as to write.
      if (name === 'word.pointer.age') view[0] = 1.6;
    }
    const generator = await Generator.create(unsure);
    const scorer = await LadderScorer.create(unsure);
    let [spelled, alike, pointed] = [0, 0, 0];
    for (let seed = 1; seed <= 80; seed++) {
      const { text, trace } = await generator.generate({ prompt, from: 'gestalt', seed, ...sampling, maximumUnits: 1 });
      const chosen = (factor: string) => trace[0]?.choices.find((choice) => choice.factor === factor);
      const encoded = encodeText(ladder, prompt + text);
      if (chosen('pointer') === undefined || encoded.units.lemma[first] !== SPELLED_ID) continue;
      const { spelling } = (await costsOf(scorer, encoded))[first - 1];
      const paid = Math.exp(-spelling);
      const pointer = chosen('pointer')!.probability;
      if (chosen('spelling') === undefined) {
        // Scoring adds the chance that the same word is written once more.
        expect(paid).toBeGreaterThan(pointer * chosen('gap')!.probability * 0.999);
        pointed++;
        continue;
      }
      spelled++;
      // Other pieces than the tokenizer's own can make the same word; scoring counts only the tokenizer's.
      const span = encoded.pieces.subarray(encoded.spans.start(first), encoded.spans.end(first));
      const own = Array.from(span, (piece) => textFromBytes(ladder.tokenizer.pieceBytes(piece)));
      if (own.join('·').trimStart() !== chosen('spelling')!.chosen) continue;
      alike++;
      expect(-Math.log(pointer * chosen('spelling')!.probability)).toBeCloseTo(spelling, 3);
    }
    expect(pointed).toBeGreaterThan(0);
    expect(spelled).toBeGreaterThan(4);
    expect(alike).toBeGreaterThan(1);
    await generator.dispose();
    await scorer.dispose();
  });

  it('white space at the end of a prompt is the gap of the first unit written, and decides whether a paragraph begins', async () => {
    const generator = await Generator.create(ladder);
    for (const [gap, begins] of [
      ['\n\n', true],
      [' ', false],
    ] as const)
      for (let seed = 1; seed <= 5; seed++) {
        const held = `${TEXT} He was${gap}`;
        const { text, trace } = await generator.generate({ prompt: held, from: 'gestalt', seed, maximumUnits: 3 });
        expect(trace[0]!.boundary === 2).toBe(begins);
        expect(text).toMatch(/^\S/u);
        // Read again, the gap is what the prompt ended in.
        const { gapStart, start } = segmentUnits(held + text)[first - 1]!;
        expect((held + text).slice(gapStart, start)).toBe(gap);
      }
    await generator.dispose();
  });

  it('goes on past paragraphs until it has written as many bytes as asked for', async () => {
    const generator = await Generator.create(ladder);
    const options = { prompt, from: 'gestalt', maximumUnits: 1000, maximumBytes: 200, paragraphs: true } as const;
    let paragraphs = 0;
    for (let seed = 1; seed <= 3; seed++) {
      const { text, trace, endedBy } = await generator.generate({ ...options, seed, temperature: 1, topP: 1 });
      expect(endedBy).toBe('length');
      expect(byteLength(text)).toBeGreaterThanOrEqual(200);
      expect(byteLength(text.slice(0, text.length - trace.at(-1)!.text.length))).toBeLessThan(200);
      paragraphs += trace.filter(({ boundary }) => boundary === 2).length;
    }
    expect(paragraphs).toBeGreaterThan(0);
    await generator.dispose();
  });
});
