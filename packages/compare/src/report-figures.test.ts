// What a written figure is promised: the right magnitude, the same width rules everywhere, no minus zero, labels that never collide.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyText } from '../fixtures/any-text.js';
import { spreadOut } from './label-placement.js';
import * as figures from './report-figures.js';
import { clip, label, unitLabel, visible } from './report-visible.js';

/** UTF-8 and back: the same string unless a surrogate stands alone. */
function throughBytes(text: string): string {
  return Buffer.from(text).toString();
}

describe('figures', () => {
  it('writes counts, bytes and operations with three digits', () => {
    expect([0, 512, 8192, 9999, 12_288, 999_700, 5_243_136, 1.5e9].map(figures.count)).toEqual([
      '0',
      '512',
      '8,192',
      '9,999',
      '12.3k',
      '1.00M',
      '5.24M',
      '1.50G',
    ]);
    expect([0, 999, 1500, 39_360_448].map(figures.bytes)).toEqual(['0 B', '999 B', '1.50 kB', '39.4 MB']);
    expect(figures.flops(4.72e15)).toBe('4.72 PFLOP');
    expect(figures.exactly(1_234_567)).toBe('1,234,567');
  });

  it('writes durations in the two units that matter', () => {
    expect([0.42, 59.96, 61, 3599.6, 9120].map(figures.duration)).toEqual([
      '0.4 s',
      '1 min 00 s',
      '1 min 01 s',
      '1 h 00 min',
      '2 h 32 min',
    ]);
  });

  it('gives changes a sign, and none to nothing', () => {
    expect([0.0123, -0.0041, -0.0001, 0].map((value) => figures.change(value))).toEqual([
      '+0.012',
      '−0.004',
      '0.000',
      '0.000',
    ]);
    expect(figures.bitsPerByte(-0.00001)).toBe('0.000');
  });

  it('keeps small probabilities apart from none', () => {
    expect([1, 0.42, 0.004, 0.0001].map(figures.probability)).toEqual(['1.00', '0.42', '0.004', '<0.001']);
  });

  it('writes figures of any kind in at most four digits', () => {
    expect([0, 88, 611.43, 0.874, -41.25, 12_345, 0.00012, -3].map(figures.figure)).toEqual([
      '0',
      '88',
      '611.4',
      '0.874',
      '−41.25',
      '12.3k',
      '1.2e−4',
      '−3',
    ]);
  });

  it('reads back within half a percent at every magnitude', () => {
    const scale: Record<string, number> = { '': 1, k: 1e3, M: 1e6, G: 1e9, T: 1e12, P: 1e15, E: 1e18 };
    fc.assert(
      fc.property(fc.double({ min: 1, max: 1e20, noNaN: true }), (value) => {
        const [, digits, prefix] = /^([\d,.]+)([kMGTPE]?)$/.exec(figures.count(value))!;
        const read = Number(digits!.replaceAll(',', '')) * scale[prefix!]!;
        expect(Math.abs(read - value)).toBeLessThanOrEqual(Math.max(0.5, 0.005 * value));
      }),
    );
  });
});

describe('visible text', () => {
  it('leaves nothing that steers a terminal or reorders a line, and is well formed', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 0xffff })), (units) => {
        const shown = visible(String.fromCharCode(...units));
        expect(throughBytes(shown)).toBe(shown);
        expect(shown).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
      }),
    );
  });

  it('leaves ordinary text of any script as it is', () => {
    for (const text of ['naïve café', '日本語', 'שלום', '👩‍👩‍👧 family', 'a\tb\nc']) expect(visible(text)).toBe(text);
  });

  it('clips without cutting a character in half', () => {
    fc.assert(
      fc.property(anyText(40), fc.integer({ min: 1, max: 30 }), (text, most) => {
        const clipped = clip(throughBytes(text), most);
        expect(clipped.length).toBeLessThanOrEqual(Math.max(most, 1));
        expect(throughBytes(clipped)).toBe(clipped);
      }),
    );
  });

  it('keeps labels on one line and gives blank units a sign', () => {
    expect(label('  two\n lines  ')).toBe('two lines');
    expect([unitLabel(' word'), unitLabel('\n\n'), unitLabel('  ')]).toEqual(['word', '⏎⏎', '␣␣']);
  });
});

describe('spreadOut', () => {
  it('leaves labels that do not collide where they are', () => {
    expect(spreadOut([0, 10, 20], 5)).toEqual([0, 10, 20]);
  });

  it('pushes colliding labels apart evenly', () => {
    expect(spreadOut([10, 10], 4)).toEqual([8, 12]);
  });

  it('keeps the distance and the order', () => {
    const positions = fc.array(fc.double({ min: 0, max: 1000, noNaN: true }), { maxLength: 20 });
    fc.assert(
      fc.property(positions, (wanted) => {
        const placed = spreadOut(
          wanted.toSorted((a, b) => a - b),
          7,
        );
        for (let index = 1; index < placed.length; index++) {
          expect(placed[index]! - placed[index - 1]!).toBeGreaterThanOrEqual(7 - 1e-9);
        }
      }),
    );
  });
});
