// What makes a score a score (EVALUATION, "Validity"): nothing sees the future, distributions sum to one, every byte is
// paid once, the text can be had back; and planted cheats are caught. Generation and windows have files of their own.
import { compile } from '@strata/engine';
import {
  bagCosts,
  encodePieces,
  escapedGapNats,
  type Ladder,
  LadderScorer,
  type LadderText,
  type Ledger,
  ledgerOf,
  loadPieces,
  loadSubword,
  openLadder,
  pieceScorer,
  type Run,
  type UnitCost,
  type UpperLevel,
  weightFeeds,
} from '@strata/hierarchy';
import { ParameterScope } from '@strata/nn';
import { subwordLogits, subwordStates } from '@strata/subword';
import { input, logSoftmax } from '@strata/tensor';
import { byteLength, bytesFromText, segmentUnits, textFromBytes } from '@strata/text';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  costsOf,
  type Distribution,
  encodeText,
  exaggerate,
  LadderProbe,
  PARTS,
  PROBE_SHAPE,
  type Tamper,
  worstSum,
} from './ladder-probe.js';
import { freshFolder, removeFolders, smallCorpus, trainSmall } from './small-run.js';

const UPPER: readonly UpperLevel[] = ['word', 'concept', 'gestalt'];
const TEXT =
  'The bear looked at the great tree. "Come down," said he. Buster Bear ate zwibbly cake!\n\nThen zwibbly went home, and was glad.';

let run: Run;
let ladder: Ladder;
const scorers = {} as Record<UpperLevel, LadderScorer>;
const probes = {} as Record<UpperLevel, LadderProbe>;

beforeAll(async () => {
  run = await trainSmall(freshFolder(), smallCorpus());
  ladder = openLadder(run);
  exaggerate(ladder);
  for (const top of UPPER) {
    scorers[top] = await LadderScorer.create(ladder, top, PROBE_SHAPE);
    probes[top] = await LadderProbe.create(ladder, top);
  }
});

afterAll(async () => {
  removeFolders();
  for (const top of UPPER) {
    await scorers[top].dispose();
    await probes[top].dispose();
  }
});

const totalOf = (cost: UnitCost): number => Object.values(cost).reduce((sum, part) => sum + part, 0);

/** The first unit that two texts do not share. */
function firstDifference(a: LadderText, b: LadderText): number {
  let unit = 1;
  const same = (): boolean =>
    Object.values(PARTS).every((factor) => a.units[factor][unit] === b.units[factor][unit]) &&
    a.units.spellings.get(unit) === b.units.spellings.get(unit) &&
    a.units.escapedGaps.get(unit) === b.units.escapedGaps.get(unit);
  while (unit < a.units.length && unit < b.units.length && same()) unit++;
  return unit;
}

/** Units before the first difference whose cost is not the same in both texts: those that saw the future. */
async function foreseeing(
  nats: (text: LadderText) => Promise<readonly number[]>,
  a: LadderText,
  b: LadderText,
): Promise<number[]> {
  const shared = firstDifference(a, b) - 1;
  const [left, right] = [await nats(a), await nats(b)];
  return Array.from({ length: shared }, (_, i) => i).filter((i) => Math.abs(left[i] - right[i]) > 1e-5);
}

/**
 * What moved at the first unit that two texts do not share, though it must not: the distribution that its boundary is
 * paid from and, where the boundary is the same in both, the one that its lemma is paid from.
 */
async function foreseen(probe: LadderProbe, a: LadderText, b: LadderText, tamper?: Tamper): Promise<string[]> {
  const at = firstDifference(a, b);
  const row = at - 1;
  const parts =
    a.units.boundary[at] === b.units.boundary[at] ? (['boundary', 'lemma'] as const) : (['boundary'] as const);
  const moved: string[] = [];
  const [left, right] = [await probe.distributions(a, tamper), await probe.distributions(b, tamper)];
  for (const part of parts) {
    const { width } = left[part];
    for (let i = row * width; i < (row + 1) * width; i++)
      if (Math.abs(left[part].values[i] - right[part].values[i]) > 1e-5) {
        moved.push(part);
        break;
      }
  }
  return moved;
}

const CHANGES: readonly (readonly [what: string, text: string])[] = [
  ['a word', TEXT.replace('great', 'little')],
  ['the end of a sentence', TEXT.replace('tree. ', 'tree, ')],
  ['a known word to an unknown one', TEXT.replace('said', 'vuxed')],
  ['a space to a paragraph', TEXT.replace(' said he. ', ' said he.\n\n')],
  ['a letter to a broken byte', TEXT.replace('zwibbly', 'zw\udc80bbly')],
  ['the rest to nothing', TEXT.slice(0, 60)],
];

const PIECES = 32;

/** Log-probabilities of the piece after each of PIECES pieces under the base or the flat model. */
async function nextPieces(stage: PieceModelName, pieces: Int32Array): Promise<Distribution> {
  const { sizes, values } = loadSubword(run, stage);
  const scope = new ParameterScope(stage);
  const states = subwordStates(scope, input('pieces', [1, PIECES], 'int32'), sizes);
  const session = await compile({ next: logSoftmax(subwordLogits(scope, states, sizes)) }, { threads: 1 });
  const { next } = await session.run({ pieces, ...weightFeeds(values) });
  await session.dispose();
  return { values: next, rows: PIECES, width: sizes.vocabularySize };
}

describe('nothing sees the future', () => {
  for (const top of UPPER)
    it(`up to ${top}: a change leaves the cost of every earlier unit as it was`, async () => {
      const whole = encodeText(ladder, TEXT);
      for (const [what, changed] of CHANGES) {
        const other = encodeText(ladder, changed);
        expect(firstDifference(whole, other), what).toBeGreaterThan(5);
        const found = await foreseeing(async (text) => (await costsOf(scorers[top], text)).map(totalOf), whole, other);
        expect(found, `${top}: ${what}`).toEqual([]);
        if (whole.units.length > firstDifference(whole, other) && other.units.length > firstDifference(whole, other))
          expect(await foreseen(probes[top], whole, other), `${top}: ${what}`).toEqual([]);
      }
    });

  it('at any byte, whatever stands there instead', async () => {
    const bytes = bytesFromText(TEXT);
    await fc.assert(
      fc.asyncProperty(fc.nat(bytes.length - 1), fc.nat(255), async (at, byte) => {
        const changed = textFromBytes(bytes.map((old, i) => (i === at ? byte : old)));
        const [a, b] = [encodeText(ladder, TEXT), encodeText(ladder, changed)];
        fc.pre(b.units.length <= PROBE_SHAPE.units + 1);
        // Where a unit ends may hang on the first character after it, so only units before that one must stand.
        const from = segmentUnits(TEXT).findIndex((span) => byteLength(TEXT.slice(0, span.end)) > at);
        expect(firstDifference(a, b)).toBeGreaterThanOrEqual(from);
        expect(await foreseeing(async (text) => (await costsOf(scorers.gestalt, text)).map(totalOf), a, b)).toEqual([]);
      }),
      { numRuns: 25, seed: 7 },
    );
  });

  it('the gestalt predicts a sentence from earlier sentences only', async () => {
    const whole = encodeText(ladder, TEXT);
    const changed = encodeText(ladder, TEXT.replace('great', 'little'));
    const at = firstDifference(whole, changed);
    const bags = async (text: LadderText): Promise<number[]> => {
      const nats: number[] = [];
      await bagCosts(
        ladder,
        text,
        (unit, cost) => {
          nats[unit] = cost;
        },
        PROBE_SHAPE,
      );
      return nats;
    };
    const [a, b] = [await bags(whole), await bags(changed)];
    const next = Array.from(whole.units.boundary).findIndex((boundary, unit) => unit > at && boundary > 0);
    const own = Array.from({ length: next }, (_, unit) => unit).filter((unit) => unit > 0 && unit !== at);
    for (const unit of own) expect(b[unit]).toBeCloseTo(a[unit], 6);
    expect(Math.abs(b[next] - a[next])).toBeGreaterThan(1e-6);
  });

  it('what the base and the flat model expect hangs on earlier pieces only', async () => {
    for (const stage of ['subword', 'flat-params'] as const) {
      const { tokenizer, sizes } = loadSubword(run, stage);
      const pieces = encodePieces([TEXT], tokenizer).slice(0, PIECES);
      const before = await nextPieces(stage, pieces);
      for (const at of [1, 10, 21, PIECES - 1]) {
        const after = await nextPieces(
          stage,
          pieces.map((piece, i) => (i === at ? piece + 1 : piece)),
        );
        const moved = Array.from({ length: PIECES }, (_, row) => row).filter((row) =>
          before.values
            .subarray(row * sizes.vocabularySize, (row + 1) * sizes.vocabularySize)
            .some((value, id) => Math.abs(value - after.values[row * sizes.vocabularySize + id]) > 1e-6),
        );
        // Row `at` is the first that has read piece `at`; everything before it, its own prediction too, stands.
        expect(moved[0], stage).toBe(at);
      }
    }
  });
});

describe('distributions sum to one over the whole vocabulary', () => {
  for (const top of UPPER)
    it(`every factor and every letter, up to ${top}`, async () => {
      const text = encodeText(ladder, TEXT);
      const rows = text.units.length - 1;
      const found = await probes[top].distributions(text);
      for (const part of Object.keys(PARTS) as (keyof typeof PARTS)[])
        expect(worstSum(found[part], rows), part).toBeLessThan(1e-5);
      expect(worstSum(found.spelling, found.spelling.rows)).toBeLessThan(1e-5);
      expect(worstSum(found.pointer, found.pointer.rows)).toBeLessThan(1e-5);
    });

  it('a concept has the probability of all its words together', async () => {
    const text = encodeText(ladder, TEXT);
    const { conceptOf, size, largestConcept } = ladder.concepts!;
    expect(largestConcept).toBeGreaterThan(1);
    const { lemma } = await probes.gestalt.distributions(text);
    const costs = await costsOf(scorers.gestalt, text);
    for (const [row, { concept }] of costs.entries()) {
      const sums = new Float64Array(size);
      for (let id = 0; id < lemma.width; id++) sums[conceptOf[id]] += Math.exp(lemma.values[row * lemma.width + id]);
      expect(Math.abs(sums.reduce((sum, value) => sum + value, 0) - 1)).toBeLessThan(1e-5);
      expect(concept).toBeCloseTo(-Math.log(sums[conceptOf[text.units.lemma[row + 1]]]), 4);
    }
  });

  it('the pieces of the base and of the flat model', async () => {
    for (const stage of ['subword', 'flat-params'] as const) {
      const pieces = encodePieces([TEXT], loadSubword(run, stage).tokenizer).slice(0, PIECES);
      expect(worstSum(await nextPieces(stage, pieces), PIECES), stage).toBeLessThan(1e-5);
    }
  });

  it('gaps that are written out: all strings of bytes together', () => {
    let mass = 0;
    for (let bytes = 0; bytes < 6000; bytes++)
      mass += Math.exp(bytes * Math.log(256) - escapedGapNats(' '.repeat(bytes)));
    expect(Math.abs(mass - 1)).toBeLessThan(1e-5);
  });
});

describe('a score is of the whole text', () => {
  const awkward = [
    '',
    'a',
    TEXT,
    'café 👩‍🚀 \udc80\udcff\n\n\n\t  end  ',
    `${' '.repeat(40)}x`,
    'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa 3.14,15',
  ];

  it('what is scored gives back the original bytes, and as many are counted', async () => {
    const flat = { ...loadPieces(run, 'flat-params'), window: 64 };
    const scorer = await pieceScorer(flat, run);
    for (const text of awkward) {
      const bytes = bytesFromText(text);
      const encoded = encodeText(ladder, text);
      expect(bytesFromText(ladder.words!.decode(encoded.units))).toEqual(bytes);
      expect(ladder.tokenizer.decode(encoded.pieces)).toEqual(bytes);
      expect(flat.tokenizer.decode(encodePieces([text], flat.tokenizer))).toEqual(bytes);
      for (const scored of [await scorers.gestalt.score([text]), await scorer.score([text])])
        expect(scored.bytes).toBe(bytes.length);
    }
    await scorer.dispose();
  });

  it('any string comes back from units and from pieces', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (anything) => {
        const bytes = bytesFromText(textFromBytes(new TextEncoder().encode(anything)));
        const encoded = encodeText(ladder, textFromBytes(bytes));
        expect(bytesFromText(ladder.words!.decode(encoded.units))).toEqual(bytes);
        expect(ladder.tokenizer.decode(encoded.pieces)).toEqual(bytes);
      }),
      { numRuns: 200, seed: 11 },
    );
  });

  it('every unit of a longer text is paid once, in every part, whatever the windows', async () => {
    const text = smallCorpus().validation[0].text.slice(0, 2500);
    const scorer = await LadderScorer.create(ladder);
    const seen = new Map<number, number>();
    const encoded = encodeText(ladder, text);
    await scorer.costs(encoded, (unit) => seen.set(unit, (seen.get(unit) ?? 0) + 1));
    expect([...seen.keys()].sort((a, b) => a - b)).toEqual(
      Array.from({ length: encoded.units.length - 1 }, (_, i) => i + 1),
    );
    expect(new Set(seen.values())).toEqual(new Set([1]));
    expect((await scorer.score([text])).bytes).toBe(byteLength(text));
    await scorer.dispose();
  });
});

describe('planted cheats are caught', () => {
  /** The word `ahead` places on stands among what is read. */
  const leak =
    (ahead: number): Tamper =>
    (feeds) => {
      const target = feeds['target.lemma'] as Int32Array;
      (feeds['unit.lemma'] as Int32Array).set(target.subarray(ahead - 1));
    };

  it('a leak of the word to be predicted: its own distribution moves with it', async () => {
    const [whole, changed] = [encodeText(ladder, TEXT), encodeText(ladder, TEXT.replace('great', 'little'))];
    for (const top of UPPER) {
      expect(await foreseen(probes[top], whole, changed), top).toEqual([]);
      expect(await foreseen(probes[top], whole, changed, leak(1)), top).toContain('lemma');
    }
  });

  it('a leak of the word after it: an earlier cost moves with it', async () => {
    const [whole, changed] = [encodeText(ladder, TEXT), encodeText(ladder, TEXT.replace('great', 'little'))];
    for (const top of UPPER) {
      expect(await foreseeing((text) => probes[top].unitNats(text), whole, changed), top).toEqual([]);
      const cheating = await foreseeing((text) => probes[top].unitNats(text, leak(2)), whole, changed);
      expect(cheating, top).toEqual([firstDifference(whole, changed) - 2]);
    }
  });

  it('a mixture that is not normalised: its sum is not one', async () => {
    const text = encodeText(ladder, TEXT);
    const rows = text.units.length - 1;
    const [word, gestalt] = [await probes.word.distributions(text), await probes.gestalt.distributions(text)];
    const mixed = (mix: (a: number, b: number) => number): number =>
      worstSum(
        {
          ...word.lemma,
          values: word.lemma.values.map((a, i) => Math.log(mix(Math.exp(a), Math.exp(gestalt.lemma.values[i])))),
        },
        rows,
      );
    expect(mixed((a, b) => (a + b) / 2)).toBeLessThan(1e-5);
    expect(mixed(Math.max)).toBeGreaterThan(1e-3);
    expect(mixed((a, b) => a + 0.1 * b)).toBeGreaterThan(1e-3);
  });

  it('a part dropped from the ledger: the total is not what the text costs', async () => {
    const text = encodeText(ladder, TEXT);
    const bytes = byteLength(TEXT);
    for (const top of UPPER) {
      const paid = (await probes[top].unitNats(text)).reduce((sum, nats) => sum + nats, 0);
      const ledger = await scorers[top].score([TEXT]);
      expect(missingBits(ledger, paid)).toBeLessThan(1e-4);
      for (const dropped of Object.keys(ledger.parts)) {
        const nats = Object.fromEntries(
          Object.entries(ledger.parts)
            .filter(([part]) => part !== dropped)
            .map(([part, value]) => [part, value * Math.LN2 * bytes]),
        );
        const cheating = ledgerOf(nats, bytes, ledger.window);
        // Every part of this text costs something, so no part can be left out unnoticed.
        expect(missingBits(cheating, paid), `${top} without ${dropped}`).toBeGreaterThan(1e-3);
      }
    }
  });

  /** Bits per byte between a ledger's total and what the chain rule over whole distributions makes of the same text. */
  function missingBits(ledger: Ledger, paid: number): number {
    return Math.abs(ledger.total - paid / Math.LN2 / ledger.bytes);
  }
});
