// What generates is what is scored: every choice of a generation has the probability that scoring gives it
// (DESIGN, "The probability of a text"; the twin that published hierarchies left untested).
import {
  CachedClimb,
  encodeLadderUnits,
  GeneratedUnits,
  Generator,
  type Ladder,
  LadderScorer,
  openLadder,
  type Run,
  type UpperLevel,
  unitWindows,
} from '@strata/hierarchy';
import { byteLength, segmentUnits, textFromBytes } from '@strata/text';
import { FIRST_LEMMA_ID, SPELLED_ID } from '@strata/word';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { costsOf, encodeText, exaggerate, PARTS } from './ladder-probe.js';
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
          // What is silent is not remembered.
          if (from === 'word')
            expect(step.choices.filter(({ level }) => level !== 'word' && level !== 'subword')).toEqual([]);
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

  it('far into a text, full of what was spoken of before: every lemma has the probability that scoring gives it', async () => {
    const opened = openLadder(run);
    exaggerate(opened);
    const { config } = opened;
    const memorable = { units: 200, concepts: 12, width: config.concept.memory!.width };
    const mindful = { ...opened, config: { ...config, concept: { ...config.concept, memory: memorable } } };
    const { views } = mindful.values.concept!;
    views.get('concept.memory.anew_bias')![0] -= 4;
    for (const [name, view] of views)
      if (name.startsWith('concept.memory.')) for (let i = 0; i < view.length; i++) view[i]! += 0.3 * Math.sin(i * 2.3);
    const generator = await Generator.create(mindful);
    const scorer = await LadderScorer.create(mindful);
    const text = `${TEXT} ${smallCorpus().validation[0]!.text.slice(300, 900)} ${TEXT} He saw`;
    const written = GeneratedUnits.ofPrompt(mindful, text);
    expect(written.length).toBeGreaterThan(2 * mindful.config.batch.units);
    generator.sessions.climb.base.reset();
    const climb = new CachedClimb(mindful, generator.sessions.climb);
    const rows = await climb.read(written);
    const memory = climb.spoken!.feeds();
    expect([...memory['memory.mask']!]).toEqual(new Array(memorable.concepts).fill(0));
    const one = (value: number): Float32Array => Float32Array.of(value);
    const { lemma } = await generator.sessions.lemma.run({
      'row.word': rows.word,
      'row.concept': rows.concept!,
      'row.gestaltBefore': rows.pattern!,
      'row.gestaltAfter': rows.pattern!,
      ...memory,
      ...Object.fromEntries(Object.values(PARTS).map((factor) => [`target.${factor}`, Int32Array.of(0)])),
      'gate.concept': one(1),
      'gate.gestalt': one(1),
    });
    const found = Float64Array.from(lemma!, Math.exp);
    expect(Math.abs(found.reduce((sum, probability) => sum + probability, 0) - 1)).toBeLessThan(1e-5);
    // The same from scoring, one lemma after the other in the place of the coming unit.
    const { words, tokenizer } = mindful;
    const { units } = encodeText(mindful, `${text} had`);
    const last = units.length - 1;
    expect(last).toBe(written.length);
    expect(units.boundary[last]).toBe(0);
    const window = { start: climb.start, length: last - climb.start, scoreFrom: last - climb.start - 1 };
    for (let id = FIRST_LEMMA_ID; id < words!.vocabulary.size; id += 1) {
      units.lemma[last] = id;
      units.slot[last] = 31 - Math.clz32(words!.vocabulary.slotMask(id));
      const changed = encodeLadderUnits([units], words!, tokenizer);
      await scorer.windowCosts(changed, [window], (_, cost) => {
        expect(cost.concept + cost.lemma, words!.vocabulary.lemma(id)).toBeCloseTo(-Math.log(found[id]!), 3);
      });
    }
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

  it('what a trace only lists pays nothing; every choice pays its surprise', async () => {
    const generator = await Generator.create(ladder);
    const choices = [];
    for (let seed = 1; seed <= 8; seed++)
      choices.push(
        ...(await generator.generate({ prompt, from: 'concept', seed, maximumUnits: 12 })).trace.flatMap(
          (step) => step.choices,
        ),
      );
    const listed = choices.filter(({ factor }) => factor === 'candidates' || factor === 'spoken of before');
    expect(listed.length).toBeGreaterThan(0);
    for (const choice of choices)
      expect(choice.bits, choice.factor).toBeCloseTo(listed.includes(choice) ? 0 : -Math.log2(choice.probability), 9);
    await generator.dispose();
  });

  it('an unknown word is remembered, pointed at, or spelled with the probability that scoring gives its pieces', async () => {
    const unsure = openLadder(run);
    exaggerate(unsure);
    for (const [name, view] of unsure.values.word!.views) {
      if (name === 'word.lemma_bias') view[SPELLED_ID] += 8;
      // As ready to point as to write.
      if (name === 'word.pointer.age') view[0] = 1.6;
    }
    const counts = { spelled: 0, alike: 0, pointed: 0, again: 0 };
    // The second time as ready to say a name again as anything else.
    for (const [readiness, choices] of [
      [0, sampling],
      [4, { temperature: 1, topP: 0.99 }],
    ] as const) {
      unsure.values.concept!.views.get('concept.memory.anew_bias')![0] -= readiness;
      const generator = await Generator.create(unsure);
      const scorer = await LadderScorer.create(unsure);
      for (let seed = 1; seed <= 80; seed++) {
        const options = { prompt, from: 'gestalt', seed, ...choices, maximumUnits: 1 } as const;
        const { text, trace } = await generator.generate(options);
        const chosen = (factor: string) => trace[0]?.choices.find((choice) => choice.factor === factor);
        const encoded = encodeText(ladder, prompt + text);
        if (chosen('memory') === undefined || encoded.units.lemma[first] !== SPELLED_ID) continue;
        const { concept, lemma, spelling } = (await costsOf(scorer, encoded))[first - 1];
        const nats = concept + lemma + spelling;
        const memory = chosen('concept')!.probability * chosen('memory')!.probability;
        if (chosen('pointer') === undefined) {
          // Scoring adds the chances that the word level points at the same word, or writes it once more.
          expect(Math.exp(-nats)).toBeGreaterThan(memory * chosen('gap')!.probability * 0.999);
          counts.again++;
          continue;
        }
        const pointer = memory * chosen('pointer')!.probability;
        if (chosen('spelling') === undefined) {
          // Scoring adds the chances that the same word is meant again, or written once more.
          expect(Math.exp(-nats)).toBeGreaterThan(pointer * chosen('gap')!.probability * 0.999);
          counts.pointed++;
          continue;
        }
        counts.spelled++;
        // Other pieces than the tokenizer's own can make the same word; scoring counts only the tokenizer's.
        const span = encoded.pieces.subarray(encoded.spans.start(first), encoded.spans.end(first));
        const own = Array.from(span, (piece) => textFromBytes(ladder.tokenizer.pieceBytes(piece)));
        if (own.join('·').trimStart() !== chosen('spelling')!.chosen) continue;
        counts.alike++;
        expect(-Math.log(pointer * chosen('spelling')!.probability)).toBeCloseTo(nats, 3);
      }
      await generator.dispose();
      await scorer.dispose();
    }
    expect(counts.again).toBeGreaterThan(0);
    expect(counts.pointed).toBeGreaterThan(0);
    expect(counts.spelled).toBeGreaterThan(4);
    expect(counts.alike).toBeGreaterThan(1);
  });

  it('where a person asks for a word without a name, it may be a new one, too', async () => {
    const generator = await Generator.create(ladder);
    const puts = new Map([[0, ladder.concepts!.conceptOf[SPELLED_ID]!]]);
    const factors = new Set<string>();
    for (let seed = 1; seed <= 10; seed++) {
      const free = { temperature: 1, topP: 1, paragraphs: true, maximumUnits: 1 };
      const { trace } = await generator.generate({ prompt, from: 'concept', seed, puts, ...free });
      for (const { factor } of trace[0]!.choices) factors.add(factor);
    }
    expect([...factors]).toEqual(expect.arrayContaining(['memory', 'pointer', 'spelling']));
    await generator.dispose();
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
