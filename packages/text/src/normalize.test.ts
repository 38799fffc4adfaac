import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normalizeText } from './normalize.js';

const gutenberg = (text: string): string => normalizeText(text, 'gutenberg');

// Lines that the rules look at, glued by line ends and blank lines.
const line = fc.constantFrom(
  'a line of prose that is as long as the volunteers made their lines,',
  'And this one is of the same length, but it begins with a capital,',
  'The rose is red,',
  'short',
  '    an indented line that is as long as a wrapped line of any book is',
  '  The violet blue,',
  '\tSigned, A. W.',
  'bounded--',
  '--as they say, and on, and on, until the line is long enough to wrap',
  'a half-',
  '  *    *    *',
  '*** START OF THE PROJECT GUTENBERG EBOOK EMMA ***',
  '*** START OF THIS PROJECT GUTENBERG EBOOK THE BALL AND',
  'THE CROSS ***',
  '***  END OF THE PROJECT GUTENBERG EBOOK EMMA ***',
  "End of Project Gutenberg's Emma, by Jane Austen",
  '*END*THE SMALL PRINT! FOR PUBLIC DOMAIN ETEXTS*Ver.04.29.93*END*',
  '[Emma by Jane Austen 1816]',
  '\ufeff[A]',
  '\f',
  '\u00a0',
  '',
  '   ',
);
const anyLine = fc.oneof({ weight: 6, arbitrary: line }, fc.string({ unit: 'binary', maxLength: 90 }));
const anyText = fc
  .array(fc.tuple(anyLine, fc.constantFrom('\n', '\n', '\r\n', '\n\n', '\r', '')), { maxLength: 25 })
  .map((lines) => lines.flat().join(''));

describe('normalizing a Gutenberg book', () => {
  it('rejoins wrapped lines into paragraphs, a blank line between', () => {
    const wrapped = [
      '[Emma by Jane Austen 1816]\r\n\r\n\r\nCHAPTER I\r\n\r\n\r\nEmma Woodhouse, handsome, clever, and rich, with a comfortable home',
      'and happy disposition, seemed to unite some of the best blessings',
      'of existence.  She--who had lived nearly twenty-one years in the world--',
      'was the youngest of the two daughters of a most affectionate, well-',
      'meaning father.\r\n\r\n     "Indented," said he, "as the first lines of paragraphs are in some',
      'of these books."\r\n',
    ].join('\r\n');
    expect(gutenberg(wrapped)).toBe(
      'CHAPTER I\n\n' +
        'Emma Woodhouse, handsome, clever, and rich, with a comfortable home and happy disposition, seemed to unite some of ' +
        'the best blessings of existence. She--who had lived nearly twenty-one years in the world--was the youngest of the ' +
        'two daughters of a most affectionate, well-meaning father.\n\n' +
        '"Indented," said he, "as the first lines of paragraphs are in some of these books."\n',
    );
  });

  it('starts a paragraph at an indented line even without a blank line before it', () => {
    const text = `${'the long lines of a paragraph that goes on and on to the wrap width\n'.repeat(2)}     And here the next one starts, as long as any other line, and\ngoes on.\n`;
    expect(gutenberg(text).split('\n\n')).toHaveLength(2);
  });

  it('keeps the lines of verse, indented or not', () => {
    const indentedVerse =
      "     'How doth the little crocodile\n      Improve his shining tail,\n     And pour the waters of the Nile\n";
    const shortVerse =
      'Our captain stood upon the deck,\nA spy-glass in his hand,\na-viewing of those gallant whales\n';
    const longVerse =
      'A cloud was on the mind of men, and wailing went the weather,\nYea, a sick cloud upon the soul when we were boys together.\n' +
      'Science announced nonentity and art admired decay;\nThe world was old and ended: but you and I were gay;\n';
    const text = [indentedVerse, shortVerse, longVerse].join('\n');
    expect(gutenberg(text)).toBe(text);
  });

  it('strips the header and the footer of Project Gutenberg', () => {
    const book =
      '\ufeffThe Project Gutenberg eBook of Emma\n\nTitle: Emma\n*** START OF THE PROJECT GUTENBERG EBOOK EMMA, A NOVEL BY\nJANE AUSTEN ***\nThe story.\n\nFINIS\nEnd of the Project Gutenberg EBook of Emma\n\n*** END OF THE PROJECT GUTENBERG EBOOK EMMA ***\n\nLicence\n';
    expect(gutenberg(book)).toBe('The story.\n\nFINIS\n');
    expect(gutenberg('Header\n\n*END*THE SMALL PRINT! FOR PUBLIC DOMAIN ETEXTS*Ver.04.29.93*END*\n\nStory.')).toBe(
      'Story.\n',
    );
  });

  it('changes nothing the second time', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const once = gutenberg(text);
        expect(gutenberg(once)).toBe(once);
      }),
      { numRuns: 5000 },
    );
  });

  it('changes nothing the second time where a dash glues a line to the one after', () => {
    const once = gutenberg(`\tSigned, A. W.\nbounded--\nby${'o'.repeat(40)} and so on\nand on\n`);
    expect(gutenberg(once)).toBe(once);
  });

  it('loses no word of what is between the frame', () => {
    const words = (text: string): string => text.replace(/\s+/g, '');
    const plain = fc
      .array(fc.tuple(fc.stringMatching(/^[ \t]{0,3}[a-zA-Z ,.'-]{0,70}$/), fc.constantFrom('\n', '\n\n', '\r\n')))
      .map((lines) => lines.flat().join(''));
    fc.assert(
      fc.property(plain, (text) => {
        expect(words(gutenberg(text))).toBe(words(text));
      }),
      { numRuns: 1000 },
    );
  });

  it('takes linear time on a megabyte of one line, of spaces, and of short lines', () => {
    for (const text of [
      'x '.repeat(1 << 19),
      `${' '.repeat(1 << 20)}x`,
      'a line of prose that is as long as volunteers made their lines\n'.repeat(1 << 14),
      'a\n'.repeat(1 << 19),
    ]) {
      const before = performance.now();
      gutenberg(text);
      expect(performance.now() - before).toBeLessThan(10_000);
    }
  });
});

describe('normalizing nothing', () => {
  it('gives the text back', () => {
    expect(normalizeText(' a \r\n\r\n b', 'none')).toBe(' a \r\n\r\n b');
  });
});
