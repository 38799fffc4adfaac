// What a text has spoken of before a unit: one document only, most recent first, counted right, nothing that is said all
// the time, and words without a name by how they are written. Properties of any text, seeded.
import { BOS_ID, FIRST_LEMMA_ID, SPELLED_ID } from '@strata/word';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { spokenBefore } from './spoken.js';

interface Unit {
  readonly lemma: number;
  readonly surface: string;
}

const LEMMAS = 12;
/** Two lemmas a concept; `<bos>` and `<spelled>` have their own. Concepts of a number divisible by three are frequent. */
const conceptOf = Int32Array.from({ length: FIRST_LEMMA_ID + LEMMAS }, (_, id) =>
  id < FIRST_LEMMA_ID ? id : FIRST_LEMMA_ID + Math.floor((id - FIRST_LEMMA_ID) / 2),
);
const isFrequent = (concept: number): boolean => concept % 3 === 0;
const logFrequency = Float32Array.from({ length: FIRST_LEMMA_ID + LEMMAS }, (_, concept) =>
  Math.log(isFrequent(concept) ? 0.1 : 1e-4),
);
const known = { conceptOf, logFrequency };

const unit = fc.oneof(
  { weight: 12, arbitrary: fc.integer({ min: FIRST_LEMMA_ID, max: FIRST_LEMMA_ID + LEMMAS - 1 }) },
  { weight: 4, arbitrary: fc.constantFrom('zwib', 'Zwib', 'plonk', '7') },
  { weight: 3, arbitrary: fc.constant(undefined) },
);
const units = fc.array(unit, { maxLength: 60 }).map((drawn): Unit[] => [
  { lemma: BOS_ID, surface: '' },
  ...drawn.map((one) => {
    if (one === undefined) return { lemma: BOS_ID, surface: '' };
    return typeof one === 'string' ? { lemma: SPELLED_ID, surface: one } : { lemma: one, surface: '' };
  }),
]);
const memories = fc.record({ units: fc.integer({ min: 1, max: 40 }), concepts: fc.integer({ min: 1, max: 8 }) });
const places = fc.record({ text: units, memory: memories, place: fc.nat(1000) });

const before = (text: readonly Unit[], from: number, memory: { units: number; concepts: number }) =>
  spokenBefore(
    {
      lemma: (at) => text[at]!.lemma,
      surface: (at) => {
        // A word with a name is its lemma, however it is written.
        expect(text[at]!.lemma).toBe(SPELLED_ID);
        return text[at]!.surface;
      },
    },
    from,
    { ...memory, width: 8 },
    known,
  );

/** What a unit is as something that may be meant again. */
const keyOf = ({ lemma, surface }: Unit): string =>
  lemma === SPELLED_ID ? `word ${surface}` : `concept ${conceptOf[lemma]!}`;
const keyOfEntry = ({ concept, surface }: { concept: number; surface: string | undefined }): string =>
  surface === undefined ? `concept ${concept}` : `word ${surface}`;

/** Any text, any place in it. */
function always(
  check: (text: readonly Unit[], from: number, memory: { units: number; concepts: number }) => void,
): void {
  fc.assert(
    fc.property(places, ({ text, memory, place }) => check(text, place % text.length, memory)),
    { numRuns: 300, seed: 5 },
  );
}

describe('what a text has spoken of', () => {
  it('is of the document of the unit and of no more units than are remembered', () => {
    always((text, from, memory) => {
      const found = before(text, from, memory);
      let start = from;
      while (text[start]!.lemma !== BOS_ID) start--;
      const own = text.slice(Math.max(start, from - memory.units), from).map(keyOf);
      for (const one of found) expect(own).toContain(keyOfEntry(one));
      // Whatever stands elsewhere may be anything.
      const other = text.map((one, at) =>
        at >= Math.max(start, from - memory.units) && at <= from ? one : { lemma: FIRST_LEMMA_ID + 2, surface: '' },
      );
      expect(before(other, from, memory)).toEqual(found);
    });
  });

  it('is each thing once, the last named first, and never more than there is room for', () => {
    always((text, from, memory) => {
      const found = before(text, from, memory);
      expect(found.length).toBeLessThanOrEqual(memory.concepts);
      expect(new Set(found.map(keyOfEntry)).size).toBe(found.length);
      for (const [k, one] of found.entries()) {
        expect(keyOf(text[from - one.ago]!)).toBe(keyOfEntry(one));
        if (k > 0) expect(one.ago).toBeGreaterThan(found[k - 1]!.ago);
      }
    });
  });

  it('is counted as often as it was named, and left out only where it is frequent or there is no room', () => {
    always((text, from, memory) => {
      const found = new Map(before(text, from, memory).map((one) => [keyOfEntry(one), one]));
      const counts = new Map<string, number>();
      for (let at = from - 1; at >= Math.max(0, from - memory.units) && text[from]!.lemma !== BOS_ID; at--) {
        if (text[at]!.lemma === BOS_ID) break;
        counts.set(keyOf(text[at]!), (counts.get(keyOf(text[at]!)) ?? 0) + 1);
      }
      for (const [key, { count }] of found) expect(count).toBe(counts.get(key));
      for (const key of counts.keys()) {
        const isKept = found.has(key) || found.size === memory.concepts;
        const concept = key.startsWith('concept ') ? Number(key.slice('concept '.length)) : undefined;
        if (concept !== undefined && isFrequent(concept)) expect(found.has(key)).toBe(false);
        else expect(isKept, key).toBe(true);
      }
    });
  });

  it('tells words without a name apart by their surface, and from concepts of a like number', () => {
    const text = ['zwib', 'plonk', 'zwib', 'Zwib', '4'].map((surface): Unit => ({ lemma: SPELLED_ID, surface }));
    const named: Unit = { lemma: FIRST_LEMMA_ID + 2 * (4 - FIRST_LEMMA_ID), surface: '' };
    expect(conceptOf[named.lemma]).toBe(4);
    const found = before([...text, named, named], 6, { units: 40, concepts: 8 });
    expect(found.map(({ surface, concept, count, ago }) => [surface ?? concept, count, ago])).toEqual([
      [4, 1, 1],
      ['4', 1, 2],
      ['Zwib', 1, 3],
      ['zwib', 2, 4],
      ['plonk', 1, 5],
    ]);
  });
});
