// What help promises: no line beyond the terminal but a command that is longer by itself, and not a word lost.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { foldHelp } from './help-text.js';

const HELP = `
A first sentence that is long enough to need
more than one line. A second one.
A third.

Examples:
  strata train all --config configs/small.yaml   the whole ladder
  strata train all`;

describe('foldHelp', () => {
  it('folds prose, and puts a remark below its command where both do not fit', () => {
    expect(foldHelp(HELP, 50)).toBe(`
A first sentence that is long enough to need more
than one line. A second one.
A third.

Examples:
  strata train all --config configs/small.yaml
      the whole ladder
  strata train all`);
  });

  it('leaves a text as it is where there is room, but for lines that end no sentence', () => {
    expect(foldHelp(HELP, 200)).toBe(HELP.replace('need\n', 'need '));
  });

  it('loses and cuts no word, and no line is too wide that could be folded', () => {
    const word = fc.stringMatching(/^[a-z.:]{1,12}$/);
    const line = fc.tuple(fc.constantFrom('', '  '), fc.array(word, { minLength: 1, maxLength: 30 }));
    fc.assert(
      fc.property(fc.array(line), fc.integer({ min: 20, max: 120 }), (found, width) => {
        const text = found.map(([indent, words]) => indent + words.join(' ')).join('\n');
        const folded = foldHelp(text, width);
        expect(folded.split(/\s+/)).toEqual(text.split(/\s+/));
        for (const one of folded.split('\n')) if (!one.startsWith('  ')) expect(one.length).toBeLessThanOrEqual(width);
      }),
    );
  });
});
