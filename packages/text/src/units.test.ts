import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { byteLength } from './bytes.js';
import { segmentUnits, type UnitSpan, UnitStream } from './units.js';

// Surfaces with their gaps in front: "·" a space, "⏎" a line break; "¶" and "§" mark a paragraph's and a sentence's first.
function shown(text: string): string {
  return segmentUnits(text)
    .map(({ gapStart, start, end, boundary }) => {
      const unit = text.slice(gapStart, start) + text.slice(start, end);
      return ['', '§', '¶'][boundary] + unit.replaceAll(' ', '·').replaceAll('\n', '⏎');
    })
    .join(' | ');
}

const surfaces = (text: string): string[] => segmentUnits(text).map(({ start, end }) => text.slice(start, end));

// Fragments that the rules look at, mixed with arbitrary code units: where cuts interact, they interact here.
const fragment = fc.constantFrom(
  'don',
  "'",
  't',
  'n',
  '’',
  's',
  'll',
  'l',
  've',
  're',
  'd',
  'm',
  'Mr',
  'St',
  '.',
  '..',
  ',',
  '!',
  '?',
  '"',
  '3',
  '14',
  ' ',
  '  ',
  '\n',
  '\r\n',
  '\t',
  '\u3000',
  '\u00a0',
  '\ufeff',
  '-',
  '--',
  '_',
  '*',
  ')',
  'É',
  'e\u0301',
  '日本語',
  '😀',
  '👩\u200d👩\u200d👧',
  '🇺',
  '🇸',
  '\u{1d400}',
  '\u{1d7ce}',
  '\u{1d165}',
  '\u{1f3fb}',
  '\ud835',
  '\udc00',
  '\udce9',
  '\0',
  '\u200d',
  'abcdefghijklmno',
);
const anyUnits = fc
  .array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 5 })
  .map((units) => String.fromCharCode(...units));
const anyText = fc
  .array(fc.oneof({ weight: 4, arbitrary: fragment }, anyUnits), { maxLength: 40 })
  .map((parts) => parts.join(''));
const manyRuns = { numRuns: 3000 };

function expectTiling(text: string, spans: readonly UnitSpan[]): void {
  let at = 0;
  for (const span of spans) {
    const gap = text.slice(span.gapStart, span.start);
    const surface = text.slice(span.start, span.end);
    const tidy =
      span.gapStart === at &&
      /^\s{0,16}$/.test(gap) &&
      surface !== '' &&
      byteLength(surface) <= 16 &&
      (/^\s+$/.test(surface) ? gap === '' : !/\s/.test(surface)) &&
      !/^[\ud800-\udbff][\udc00-\udfff]$/.test(text.slice(span.end - 1, span.end + 1));
    expect(tidy, `unit ${JSON.stringify([gap, surface])} of ${JSON.stringify(text.slice(0, 200))}`).toBe(true);
    at = span.end;
  }
  expect(at).toBe(text.length);
}

describe('units', () => {
  it.each([
    ['The dog barked.', '¶The | ·dog | ·barked | .'],
    ["I don't, can't, won't.", "¶I | ·do | n't | , | ·ca | n't | , | ·wo | n't | ."],
    ['DON’T!  It’s Emma’s; we’ll, I’d', '¶DO | N’T | ! | §··It | ’s | ·Emma | ’s | ; | ·we | ’ll | , | ·I | ’d'],
    [
      "the 1920's; _Emma_'s; O'Reilly; o'clock; 'tis",
      "¶the | ·1920 | 's | ; | ·_ | Emma | _ | 's | ; | ·O | ' | Reilly | ; | ·o | ' | clock | ; | ·' | tis",
    ],
    ['well-known--or not', '¶well | - | known | -- | or | ·not'],
    ['3.14, 1,000,000 or 5.', '¶3.14 | , | ·1,000,000 | ·or | ·5 | .'],
    ['Mr. and Mrs. Weston, Dr. Who...', '¶Mr. | ·and | ·Mrs. | ·Weston | , | ·Dr. | ·Who | ...'],
    ['St... etc. Then', '¶St | ... | ·etc. | §·Then'],
    ['*** _word_', '¶*** | ·_ | word | _'],
    ['日本語', '¶日本語'],
    ['👍🏽 🇺🇸🇫🇷 ❤️x', '¶👍🏽 | ·🇺🇸 | 🇫🇷 | ·❤️ | x'],
    ['ends here \n', '¶ends | ·here | ·⏎'],
    [`a${' '.repeat(20)}b`, `¶a | ${'·'.repeat(16)} | ····b`],
    ['abcdefghijklmnopqrstuvwxyz', '¶abcdefghijklmnop | qrstuvwxyz'],
    ['', ''],
  ])('cuts %j', (text, expected) => expect(shown(text)).toBe(expected));

  it('keeps a clitic whole where a word is cut for its length', () => {
    expect(surfaces("abcdefghijklmnon't")).toEqual(['abcdefghijklmno', "n't"]);
    expect(surfaces("abcdefghijklmnopn't")).toEqual(['abcdefghijklmnop', "n't"]);
  });

  it('tiles every string within the promised sizes', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expectTiling(text, segmentUnits(text));
      }),
      manyRuns,
    );
  });

  it('tiles a megabyte without a space, and of nothing but space, in linear time', () => {
    for (const text of [
      'x'.repeat(1 << 20),
      ' '.repeat(1 << 20),
      "'".repeat(1 << 20),
      '\ud800'.repeat(1 << 20),
      '3.'.repeat(1 << 19),
      '\u0301'.repeat(1 << 20),
      '\u200d'.repeat(1 << 20),
    ]) {
      const before = performance.now();
      const spans = segmentUnits(text);
      expect(performance.now() - before).toBeLessThan(10_000);
      expect(spans.at(-1)?.end).toBe(text.length);
    }
  });
});

describe('boundaries', () => {
  const starts = (text: string): string[] =>
    segmentUnits(text).flatMap(({ start, end, boundary }) =>
      boundary > 0 ? [`${boundary}:${text.slice(start, end)}`] : [],
    );

  it.each([
    ['He came. She went! Why? Because...  So it was.', ['2:He', '1:She', '1:Why', '1:Because', '1:So']],
    ['One.\n\nTwo.\r\n\r\nthree.\n \nFour\nfive', ['2:One', '2:Two', '2:three', '2:Four']],
    ['"Stop!" said he. "Why?" she asked.', ['2:"', '1:"']],
    ['"Stop!" He ran. (It rained.) Nobody saw.', ['2:"', '1:He', '1:(', '1:Nobody']],
    ['“Oh, ‘Never!’” Alice cried. “Indeed.”', ['2:“', '1:Alice', '1:“']],
    ['Mr. Brown met G. K. Chesterton, taller than I. He bowed.', ['2:Mr.', '1:He']],
    ['It cost 3.50 at 5 p.m. and no. more. 12 men came.', ['2:It', '1:12']],
    ['What?! No. -- Yes, _Never!_ She.', ['2:What', '1:No', '1:--', '1:She']],
    ['"Come!"--She came.No gap', ['2:"']],
    ['Wait ... he said. . . . Then', ['2:Wait', '1:Then']],
    [`${' '.repeat(20)}Title${'\n'.repeat(20)}text`, [`2:${' '.repeat(16)}`, '1:Title', '2:text']],
  ])('marks the starts in %j', (text, expected) => expect(starts(text)).toEqual(expected));
});

describe('causality', () => {
  const endsOf = (spans: readonly UnitSpan[]): string[] => spans.map((span) => JSON.stringify(span));

  it('never changes a unit, or its boundary, once two more have begun', () => {
    fc.assert(
      fc.property(anyText, anyText, (before, after) => {
        const settled = segmentUnits(before).slice(0, -2);
        expect(endsOf(segmentUnits(before + after)).slice(0, settled.length)).toEqual(endsOf(settled));
      }),
      manyRuns,
    );
  });

  it('changes only the last unit unless the text stops within a pair, a clitic or a number', () => {
    const stopsWithin = /[\p{L}\p{M}\p{N}_*)\u200c\u200d]['’](?:[smd]|l|ll|ve?|re?)?$|\p{Nd}[.,]$|[\ud800-\udbff]$/iu;
    fc.assert(
      fc.property(anyText, anyText, (before, after) => {
        fc.pre(!stopsWithin.test(before));
        const settled = segmentUnits(before).slice(0, -1);
        expect(endsOf(segmentUnits(before + after)).slice(0, settled.length)).toEqual(endsOf(settled));
      }),
      manyRuns,
    );
  });

  it('streams the same units for any chunks', () => {
    fc.assert(
      fc.property(fc.array(anyText, { maxLength: 6 }), (chunks) => {
        const text = chunks.join('');
        const stream = new UnitStream();
        const units = [...chunks.flatMap((chunk) => stream.push(chunk)), ...stream.finish()];
        expect(units.map(({ gapStart, start, end, boundary }) => ({ gapStart, start, end, boundary }))).toEqual(
          segmentUnits(text),
        );
        expect(units.map(({ gap, surface }) => gap + surface).join('')).toBe(text);
      }),
      { numRuns: 1000 },
    );
  });

  it('streams one code unit at a time', () => {
    const text = "Mr. O'Neill doesn't owe $3,000.50. \"Stop!\" said he.\n\n  She'd 👩\u200d👧 left…";
    const stream = new UnitStream();
    const units = [...text.split('').flatMap((unit) => stream.push(unit)), ...stream.finish()];
    expect(units.map(({ gapStart, start, end, boundary }) => ({ gapStart, start, end, boundary }))).toEqual(
      segmentUnits(text),
    );
  });
});
