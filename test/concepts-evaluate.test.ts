// What an evaluation of concepts rests on: exchanged words cost what the changed text costs, states are those of the text
// read so far, and the command says all of it, or what is missing.
import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { ConceptEvaluation } from '@strata/compare';
import {
  ExchangeScorer,
  type Ladder,
  LadderScorer,
  ladderSnippetStates,
  loadSubword,
  openLadder,
  pieceSnippetStates,
  type Run,
  type SnippetStates,
} from '@strata/hierarchy';
import { type EncodedUnits, FIRST_LEMMA_ID } from '@strata/word';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { contentsOf, refusal, strata, strataJson } from './cli-harness.js';
import { encodeText, PROBE_SHAPE } from './ladder-probe.js';
import { freshFolder, removeFolders, smallCorpus, trainSmall } from './small-run.js';

const TEXT = 'The little bear went home. He was very glad to see the big tree, and sat there all day.';

let run: Run;
beforeAll(async () => {
  run = await trainSmall(freshFolder(), smallCorpus());
});
afterAll(removeFolders);

/** A place of the text with a lemma that has a name, and another lemma with a form in its slot. */
function exchangeIn({ words }: Ladder, units: EncodedUnits): { place: number; lemma: number } {
  const { vocabulary } = words!;
  for (let place = 5; place < units.length; place++) {
    const [own, slot, casing] = [units.lemma[place]!, units.slot[place]!, units.casing[place]!];
    if (own < FIRST_LEMMA_ID || casing > 0) continue;
    for (let lemma = FIRST_LEMMA_ID + 40; lemma < vocabulary.size; lemma++)
      if (lemma !== own && vocabulary.slotForm(lemma, slot) !== undefined) return { place, lemma };
  }
  throw new Error('the text has no word that can be exchanged');
}

const exchanged = (units: EncodedUnits, place: number, lemma: number): EncodedUnits => ({
  ...units,
  lemma: units.lemma.with(place, lemma),
});

describe('an exchanged word', () => {
  it.each(['word', 'concept'] as const)('costs what the text with that word costs, from there on: %s', async (top) => {
    const ladder = openLadder(run);
    const text = encodeText(ladder, TEXT);
    const { place, lemma } = exchangeIn(ladder, text.units);
    const own = text.units.lemma[place]!;
    const written = ladder.words!.decode(exchanged(text.units, place, lemma));
    const scorer = await LadderScorer.create(ladder, top, PROBE_SHAPE);
    const costOf = async (whole: string): Promise<number> => {
      const encoded = encodeText(ladder, whole);
      let nats = 0;
      const window = { start: 0, length: encoded.units.length - 1, scoreFrom: place - 1 };
      await scorer.windowCosts(encoded, [window], (unit, { boundary, concept, lemma: rest, features }) => {
        if (unit <= place + 3) nats += boundary + concept + rest + features;
      });
      return nats;
    };
    const exchanges = await ExchangeScorer.create(ladder, top, { before: 40, after: 3, piecesPerUnit: 8 });
    const found = await exchanges.nats([
      { text, place, lemma: own },
      { text, place, lemma },
    ]);
    expect(found[0]).toBeCloseTo(await costOf(TEXT), 3);
    expect(found[1]).toBeCloseTo(await costOf(written), 3);
    expect(found[1]).not.toBeCloseTo(found[0]!, 3);
    await exchanges.dispose();
    await scorer.dispose();
  });

  it('is scored in as much context as has room', async () => {
    const ladder = openLadder(run);
    const text = encodeText(ladder, TEXT);
    const { place, lemma } = exchangeIn(ladder, text.units);
    // Of 43 pieces 32 are kept for the word itself.
    const narrow = await ExchangeScorer.create(ladder, 'word', { before: 40, after: 3, piecesPerUnit: 1 });
    const [nats] = await narrow.nats([{ text, place, lemma }]);
    expect(nats).toBeGreaterThan(0);
    await narrow.dispose();
  });
});

describe('states of snippets', () => {
  const rowsOf = ({ states, width }: SnippetStates, from: number, to: number): Float32Array =>
    states.subarray(from * width, to * width);

  it('are those of the text so far, and do not depend on what is read beside them', async () => {
    const ladder = openLadder(run, 'concept');
    const { words } = ladder;
    const text = encodeText(ladder, TEXT);
    const { place, lemma } = exchangeIn(ladder, text.units);
    const other = exchanged(text.units, place, lemma);
    const short = words!.encode('The bear.');
    const many = [text.units, ...new Array<EncodedUnits>(8).fill(short), other];
    const flat = loadSubword(run, 'flat-params');
    const { word, concept } = await ladderSnippetStates(ladder, many);
    const all = {
      word,
      concept,
      flat: await pieceSnippetStates(flat, 'flat-params', words!, ladder.config, many),
    };
    const alone = {
      ...(await ladderSnippetStates(ladder, [other])),
      flat: await pieceSnippetStates(flat, 'flat-params', words!, ladder.config, [other]),
    };
    for (const level of ['word', 'concept', 'flat'] as const) {
      const [before, after] = [all[level][0]!, all[level].at(-1)!];
      expect(before.states.length).toBe((text.units.length - 1) * before.width);
      expect(all[level][1]!.states.length).toBe((short.length - 1) * before.width);
      expect(rowsOf(after, 0, place)).toEqual(rowsOf(before, 0, place));
      expect(rowsOf(after, place, place + 1)).not.toEqual(rowsOf(before, place, place + 1));
      alone[level][0]!.states.forEach((value, i) => {
        expect(value).toBeCloseTo(after.states[i]!, 4);
      });
    }
  });
});

describe('strata concepts evaluate', () => {
  const beside = (name: string, text: string): string => {
    const file = join(dirname(run.folder), name);
    writeFileSync(file, text);
    return file;
  };
  const simlex = (): string => beside('pairs.txt', 'big\tgreat\t8\nbig\tlittle\t1\nman\ttree\t0.5\nzyx\tbig\t3\n');
  const swords = (): string => {
    const votes: Record<string, string[]> = {
      great: ['TRUE', 'TRUE'],
      little: ['FALSE', 'TRUE'],
      good: ['FALSE', 'FALSE'],
      'as big': ['TRUE'],
      zyxwv: ['TRUE'],
      bigger: ['FALSE'],
    };
    const entries = Object.entries(votes);
    return beside(
      'swords.json',
      JSON.stringify({
        contexts: { c: { context: 'Then the big bear went to the tree.' } },
        targets: {
          known: { context_id: 'c', target: 'big', offset: 9 },
          unknown: { context_id: 'c', target: 'bear went', offset: 13 },
        },
        substitutes: Object.fromEntries(entries.map(([substitute], i) => [i, { target_id: 'known', substitute }])),
        substitute_labels: Object.fromEntries(entries.map(([, own], i) => [i, own])),
      }),
    );
  };

  it('measures all that it is given, and changes nothing in the run', async () => {
    const before = contentsOf(run.folder);
    const argv = ['concepts', 'evaluate', '--run', run.folder, '--simlex', simlex(), '--swords', swords()];
    const found = (await strataJson(...argv)) as ConceptEvaluation;
    expect(await strataJson(...argv)).toEqual(found);
    const [concepts, ...controls] = found.clusters;
    expect(concepts!.source).toBe('concepts');
    expect(controls.map(({ source }) => source).slice(0, 3)).toEqual(['random', 'base embeddings', 'word embeddings']);
    for (const { quality } of controls)
      expect([quality.clusters, quality.lemmas, quality.pairs]).toEqual(
        (['clusters', 'lemmas', 'pairs'] as const).map((name) => concepts!.quality[name]),
      );
    expect(concepts!.shares.coverage).toBeCloseTo(concepts!.quality.covered / concepts!.quality.content, 12);
    expect(found.use.all.used + 2).toBe(found.concepts);
    expect(found.use.all.perplexity).toBeGreaterThan(1);
    expect(found.similarity!.vectors.map(({ covered }) => covered).slice(0, 3)).toEqual([3, 3, 3]);
    expect(found.substitutes!.counts).toMatchObject({
      targets: 2,
      unknownTargets: 1,
      scoredTargets: 1,
      substitutes: 6,
      severalWords: 1,
    });
    const { scoredSubstitutes, severalWords, unknownSubstitutes, repeated } = found.substitutes!.counts;
    expect(scoredSubstitutes + severalWords + unknownSubstitutes + repeated).toBe(6);
    for (const { gap } of found.substitutes!.scores) {
      expect(gap).toBeGreaterThan(0);
      expect(gap).toBeLessThanOrEqual(1);
    }
    const { swaps, motions } = found.paraphrase!;
    expect(motions.map(({ model }) => model)).toEqual(swaps === 0 ? [] : ['concept', 'word', 'flat-params']);
    for (const { sameCluster, otherMeaning } of motions)
      for (const motion of [sameCluster.at, otherMeaning.at]) expect(motion).toBeGreaterThan(0);
    expect(contentsOf(run.folder)).toEqual(before);
  });

  it('prints tables with counts, and says that nobody was asked where nobody was', async () => {
    const all = await strata(['concepts', 'evaluate', '--run', run.folder, '--simlex', simlex(), '--no-paraphrase']);
    expect([all.code, all.err]).toEqual([0, '']);
    expect(all.out).toMatch(/clusters of two or more hold \d+ lemmas, \d+ pairs/);
    expect(all.out).toContain('4 rated pairs');
    const none = await strata(['concepts', 'evaluate', '--run', run.folder, '--no-paraphrase']);
    expect(none.out).toContain('No reference was asked: give --wordnet or --simlex FILE.');
  });

  it('refuses files that are none, and a limit of nothing', async () => {
    const bad = beside('bad.txt', 'big\tgreat\t8\nbig great\n');
    const argv = ['concepts', 'evaluate', '--run', run.folder];
    expect(await refusal([...argv, '--simlex', bad])).toContain('bad.txt, line 2');
    expect(await refusal([...argv, '--swords', bad])).toContain('bad.txt: it is no JSON');
    expect(await refusal([...argv, '--limit', '3'])).toContain('--swords');
  });
});
