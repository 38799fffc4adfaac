// The concept level's memory of what was spoken of long before the window: what it may hang on, what it costs, and that
// cheats with it are caught. The run trains one window at a time, which has no other beside it to take messages from.
import { measureRun } from '@strata/compare';
import {
  type Config,
  ExchangeScorer,
  encodeLadder,
  encodeLadderUnits,
  joinLadderTexts,
  type Ladder,
  LadderScorer,
  type LadderText,
  ladderTextNats,
  openLadder,
  Run,
  type UnitCost,
  unitWindows,
} from '@strata/hierarchy';
import type { Corpus } from '@strata/text';
import { STAGES, silentProgress } from '@strata/train';
import { SPELLED_ID } from '@strata/word';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeText, exaggerate, LadderProbe, PROBE_SHAPE, type Tamper, worstSum } from './ladder-probe.js';
import { isFrequent, remembered } from './probe-memory.js';
import { freshFolder, removeFolders, smallConfig, smallCorpus } from './small-run.js';

/** Units before a probe's window are remembered so far back, and so many different things of them. */
const MEMORY = { units: 30, concepts: 12, width: 8 };

let corpus: Corpus;
let run: Run;
let ladder: Ladder;
/** A text of which all but the last units stand before the window, with words that come again. */
let text: LadderText;
let start: number;

beforeAll(async () => {
  corpus = smallCorpus();
  const config = smallConfig();
  run = Run.prepare(freshFolder(), { ...config, batch: { ...config.batch, windows: 1 } });
  for (const stage of ['subword', 'word', 'concept', 'gestalt'] as const)
    await STAGES[stage]({ progress: () => silentProgress, run, corpus, note: () => {} });
  ladder = mindful(MEMORY);
  const page = [...corpus.validation][0]!.text.slice(400, 900);
  text = encodeText(
    ladder,
    `${page} The old bear and the zwibbly fox saw a vuxed tree. Then the bear, the zwibbly tree and a fox went home, vuxed and glad, as Zwibbly had said of the tree.`,
  );
  start = text.units.length - 1 - 24;
});
afterAll(removeFolders);

/** The trained ladder with another memory, which is trusted as much as all else: its parameters know of no sizes. */
function mindful(memory: NonNullable<Config['concept']['memory']>): Ladder {
  const opened = openLadder(run);
  exaggerate(opened);
  const { views } = opened.values.concept!;
  for (const [name, view] of views)
    if (name.startsWith('concept.memory.')) for (let i = 0; i < view.length; i++) view[i]! += 0.3 * Math.sin(i * 2.3);
  views.get('concept.memory.anew_bias')![0]! -= 4;
  const { config } = opened;
  return { ...opened, config: { ...config, concept: { ...config.concept, memory } } };
}

const totalOf = (cost: UnitCost): number => Object.values(cost).reduce((sum, part) => sum + part, 0);

/** Costs of the units after unit `from` in one window that begins there. */
async function windowOf(scorer: LadderScorer, read: LadderText, from = start): Promise<number[]> {
  const costs: number[] = [];
  const window = { start: from, length: read.units.length - 1 - from, scoreFrom: 0 };
  await scorer.windowCosts(read, [window], (unit, cost) => {
    costs[unit - from - 1] = totalOf(cost);
  });
  return costs;
}

/** Places where two lists of costs are not the same. */
const movedIn = (a: readonly number[], b: readonly number[]): number[] =>
  a.flatMap((cost, i) => (Math.abs(cost - b[i]!) > 1e-5 ? [i] : []));

/** The text with a rare word in the place of a unit, and nothing else changed. */
function exchanged(unit: number): LadderText {
  const { words, tokenizer, concepts } = ladder;
  const { vocabulary } = words!;
  const isRare = (id: number): boolean => !isFrequent(ladder, concepts!.conceptOf[id]!);
  const id = [...concepts!.conceptOf.keys()].findLast((lemma) => isRare(lemma) && !text.units.lemma.includes(lemma))!;
  const lemma = text.units.lemma.slice();
  const slot = text.units.slot.slice();
  lemma[unit] = id;
  slot[unit] = 31 - Math.clz32(vocabulary.slotMask(id));
  return encodeLadderUnits([{ ...text.units, lemma, slot }], words!, tokenizer);
}

describe('what was spoken of before the window', () => {
  it('is mixed in exactly: whole distributions worked out by hand cost what scoring says, and sum to one', async () => {
    for (const memory of [MEMORY, { units: 200, concepts: 40, width: 8 }, { units: 1, concepts: 1, width: 8 }])
      for (const top of ['concept', 'gestalt'] as const) {
        const mixed = mindful(memory);
        const probe = await LadderProbe.create(mixed, top);
        const scorer = await LadderScorer.create(mixed, top, PROBE_SHAPE);
        const costs = await windowOf(scorer, text);
        const found = await probe.distributions(text, undefined, start);
        expect(worstSum(found.lemma, costs.length)).toBeLessThan(1e-5);
        const nats = await probe.unitNats(text, undefined, start);
        expect(nats).toHaveLength(costs.length);
        for (const [i, cost] of costs.entries()) expect(cost, `unit ${start + 1 + i}`).toBeCloseTo(nats[i]!, 3);
        await probe.dispose();
        await scorer.dispose();
      }
    // Words with a name and without one come again from before the window.
    const before = remembered(ladder, text, start, 0).filter((one) => one !== undefined);
    const later = remembered(ladder, text, start, 25).slice(MEMORY.concepts);
    const again = before.filter((one) =>
      later.some((two) => two?.concept === one.concept && two.surface === one.surface),
    );
    expect(again.some(({ surface }) => surface !== undefined)).toBe(true);
    expect(again.some(({ surface }) => surface === undefined)).toBe(true);
  });

  it('hangs on the units that are remembered and on none before them', async () => {
    const scorer = await LadderScorer.create(ladder, 'gestalt', PROBE_SHAPE);
    const whole = await windowOf(scorer, text);
    let moved = 0;
    for (let unit = start - MEMORY.units - 10; unit < start; unit++) {
      if (text.units.lemma[unit] === SPELLED_ID) continue;
      const places = movedIn(whole, await windowOf(scorer, exchanged(unit)));
      if (unit < start - MEMORY.units) expect(places, `unit ${unit}`).toEqual([]);
      moved += places.length;
    }
    expect(moved).toBeGreaterThan(100);
    await scorer.dispose();
  });

  it('says nothing of what comes: a later change leaves all earlier costs', async () => {
    const scorer = await LadderScorer.create(ladder, 'gestalt', PROBE_SHAPE);
    const whole = await windowOf(scorer, text);
    for (let unit = start + 2; unit < text.units.length; unit++) {
      const places = movedIn(whole, await windowOf(scorer, exchanged(unit)));
      expect(places[0], `unit ${unit}`).toBe(unit - start - 1);
    }
    await scorer.dispose();
  });

  it('is of one text: whatever stands before its <bos> changes nothing', async () => {
    const [first, second] = ['Zwibbly the bear ran. A vuxed fox saw him.', 'Then zwibbly saw the vuxed tree.'];
    const scorer = await LadderScorer.create(ladder);
    const [a, b] = [encodeText(ladder, first), encodeText(ladder, second)];
    const alone: number[] = [];
    await scorer.costs(b, (_, cost) => alone.push(totalOf(cost)));
    const joined: number[] = [];
    const windows = unitWindows(b, scorer.shape).map((window) => ({ ...window, start: window.start + a.units.length }));
    await scorer.windowCosts(joinLadderTexts([a, b]), windows, (_, cost) => joined.push(totalOf(cost)));
    expect(movedIn(alone, joined)).toEqual([]);
    await scorer.dispose();
    const [one, two] = [
      await ladderTextNats(ladder, 'gestalt', [second]),
      await ladderTextNats(ladder, 'gestalt', [first, second]),
    ];
    expect(two[1]).toBeCloseTo(one[0]!, 4);
  });

  it('is of one snippet where lemmas are exchanged', async () => {
    const exchanges = [start - 3, start - 1, start - 2]
      .filter((place) => text.units.lemma[place] !== SPELLED_ID)
      .map((place) => ({ text, place, lemma: text.units.lemma[place]! }));
    expect(exchanges.length).toBeGreaterThan(1);
    const scorer = await ExchangeScorer.create(ladder, 'gestalt', { before: 7, after: 3, piecesPerUnit: 8 });
    const together = await scorer.nats(exchanges);
    for (const [i, exchange] of exchanges.entries())
      expect((await scorer.nats([exchange]))[0], `place ${exchange.place}`).toBeCloseTo(together[i]!, 4);
    await scorer.dispose();
  });

  it('asks nothing of texts that are empty, or of words without a name alone', async () => {
    const scorer = await LadderScorer.create(ladder, 'gestalt', PROBE_SHAPE);
    const probe = await LadderProbe.create(ladder, 'gestalt');
    for (const some of ['', 'Zwibbly', 'zwib vux zwib plok vux zwib zwib', '   ', '\n\n\n']) {
      const read = encodeText(ladder, some);
      const costs = await windowOf(scorer, read, 0);
      const nats = some === '' ? [] : await probe.unitNats(read);
      expect(costs).toHaveLength(nats.length);
      for (const [i, cost] of costs.entries()) expect(cost, some).toBeCloseTo(nats[i]!, 3);
    }
    await scorer.dispose();
    await probe.dispose();
  });
});

describe('planted cheats with what is remembered are caught', () => {
  /** The concept of the unit after `ahead` others of the window is remembered as if it had stood before it. */
  const foretold =
    (ahead: number): Tamper =>
    (feeds) => {
      (feeds['memory.concept'] as Int32Array)[0] = feeds['target.concept']![ahead]!;
      (feeds['memory.mask'] as Float32Array)[0] = 0;
    };
  /** What each unit of the window means is what the unit after it means. */
  const ahead: Tamper = (feeds) => {
    (feeds['unit.concept'] as Int32Array).set(feeds['target.concept'] as Int32Array);
  };
  /** Nothing is hidden, though fewer things were spoken of than there is room for. */
  const unmasked: Tamper = (feeds) => {
    (feeds['memory.mask'] as Float32Array).fill(0);
  };

  it('a unit to come among what is remembered: what is said before it moves with it', async () => {
    const probe = await LadderProbe.create(ladder, 'concept');
    const unit = start + 12;
    expect(text.units.lemma[unit]).not.toBe(SPELLED_ID);
    const changed = exchanged(unit);
    // Row 11 predicts the unit that is another; what it says of it must not hang on it.
    const movedRows = async (tamper?: Tamper): Promise<number[]> => {
      const [a, b] = [
        await probe.distributions(text, tamper, start),
        await probe.distributions(changed, tamper, start),
      ];
      const { width } = a.lemma;
      return Array.from({ length: 12 }, (_, row) => row).filter(
        (row) =>
          movedIn(
            [...a.lemma.values.subarray(row * width, (row + 1) * width)],
            [...b.lemma.values.subarray(row * width, (row + 1) * width)],
          ).length > 0,
      );
    };
    expect(await movedRows()).toEqual([]);
    expect(await movedRows(foretold(11))).toContain(0);
    expect(await movedRows(ahead)).toEqual([11]);
    await probe.dispose();
  });

  it('a share given to what is not there: the sum is not one', async () => {
    const probe = await LadderProbe.create(ladder, 'concept');
    const read = encodeText(ladder, 'Then the zwibbly bear went home, and the bear was glad.');
    const rows = read.units.length - 1;
    expect(worstSum((await probe.distributions(read)).lemma, rows)).toBeLessThan(1e-5);
    expect(worstSum((await probe.distributions(read, unmasked)).lemma, rows)).toBeGreaterThan(1e-3);
    const opened: Tamper = (feeds) => {
      (feeds['mask.concept'] as Float32Array).fill(0);
    };
    expect(worstSum((await probe.distributions(read, opened)).lemma, rows)).toBeGreaterThan(1e-3);
    await probe.dispose();
  });
});

describe('messages of another text', () => {
  it('stand beside the scored text, so that a batch of one window has no room for them', async () => {
    const from = encodeLadder(['Another text of some words.'], ladder.words!, ladder.tokenizer);
    const narrow = await LadderScorer.create(ladder);
    expect(narrow.shape.windows).toBe(1);
    await expect(narrow.score(['The bear.'], { shuffled: 'concept', from })).rejects.toThrow(RangeError);
    await narrow.dispose();
    const wide = await LadderScorer.create(ladder, 'gestalt', { ...narrow.shape, windows: 2 });
    const nothing = encodeLadder([''], ladder.words!, ladder.tokenizer);
    await expect(wide.score(['The bear.'], { shuffled: 'concept', from: nothing })).rejects.toThrow('has units');
    const [heard, own] = [
      await wide.score(['The bear.'], { shuffled: 'concept', from }),
      await wide.score(['The bear.']),
    ];
    expect(heard.total).not.toBeCloseTo(own.total, 4);
    await wide.dispose();
  });

  it('are had where a run is measured that trained one window at a time', async () => {
    const report = await measureRun(run, corpus, { progress: () => silentProgress });
    expect(report.channels.map(({ level, shuffled }) => [level, Number.isFinite(shuffled)])).toEqual([
      ['gestalt', true],
      ['concept', true],
    ]);
  });
});
