// Scoring windows: each unit and each piece is paid exactly once, with context where there is any, and nothing overflows.
import { type LadderText, MAXIMUM_UNIT_PIECES, pieceWindows, unitWindows } from '@strata/hierarchy';
import { Segmentation } from '@strata/level';
import { type EncodedUnits, SPELLED_ID } from '@strata/word';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

describe('windows', () => {
  it('score each piece exactly once, with half a window of context where there is any', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 400 }), fc.integer({ min: 1, max: 70 }), (length, width) => {
        const scored = new Int32Array(length);
        for (const window of pieceWindows(length, width)) {
          expect(window.start).toBeGreaterThanOrEqual(0);
          expect(window.length).toBeLessThanOrEqual(width);
          expect(window.start + window.length).toBeLessThan(length);
          expect(window.scoreFrom).toBeGreaterThanOrEqual(
            window.start === 0 ? 0 : width - Math.max(1, Math.floor(width / 2)),
          );
          for (let j = window.scoreFrom; j < window.length; j++) scored[window.start + j + 1]++;
        }
        expect([...scored]).toEqual(Array.from({ length }, (_, i) => (i === 0 ? 0 : 1)));
      }),
    );
  });

  it('score each unit exactly once and hold no more units, pieces or spelled pieces than there is room for', () => {
    const unit = fc.record({ pieces: fc.integer({ min: 1, max: MAXIMUM_UNIT_PIECES }), spelled: fc.boolean() });
    const shapes = fc.record({
      windows: fc.constant(1),
      units: fc.integer({ min: 2, max: 60 }),
      pieces: fc.integer({ min: 128, max: 400 }),
      spelledPieces: fc.integer({ min: MAXIMUM_UNIT_PIECES + 1, max: 200 }),
    });
    fc.assert(
      fc.property(fc.array(unit, { maxLength: 150 }), shapes, (found, shape) => {
        const text = textOf(found);
        const { length } = text.units;
        const scored = new Int32Array(length);
        for (const { start, length: inputs, scoreFrom } of unitWindows(text, shape)) {
          const last = start + inputs;
          expect(inputs).toBeLessThanOrEqual(shape.units);
          expect(text.spans.end(last) - text.spans.start(start)).toBeLessThanOrEqual(shape.pieces);
          let spelled = 0;
          for (let j = scoreFrom; j < inputs; j++) {
            scored[start + j + 1]++;
            const unit = start + j + 1;
            if (text.units.lemma[unit] === SPELLED_ID) spelled += text.spans.end(unit) - text.spans.start(unit) + 1;
          }
          expect(spelled).toBeLessThanOrEqual(shape.spelledPieces);
        }
        expect([...scored]).toEqual(Array.from({ length }, (_, i) => (i === 0 ? 0 : 1)));
      }),
    );
  });
});

/** Units of given numbers of pieces after a `<bos>`, as far as windows look at them. */
function textOf(found: readonly { pieces: number; spelled: boolean }[]): LadderText {
  const lemma = Int32Array.from([0, ...found.map(({ spelled }) => (spelled ? SPELLED_ID : 5))]);
  let total = 1;
  const ends = Int32Array.from([1, ...found.map(({ pieces }) => (total += pieces))]);
  const { length } = lemma;
  const units: EncodedUnits = {
    length,
    lemma,
    boundary: new Uint8Array(length),
    slot: new Uint8Array(length),
    casing: new Uint8Array(length),
    gap: new Uint8Array(length),
    spellings: new Map(),
    escapedGaps: new Map(),
    byteLengths: new Uint16Array(length),
    surfaceStart: new Int32Array(length),
  };
  return { units, pieces: new Int32Array(total), spans: new Segmentation(ends, total) };
}
