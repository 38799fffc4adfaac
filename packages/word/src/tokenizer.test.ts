// What the tokenizer promises: every string comes back exactly, each surface has one encoding, and people can read it.
import { byteLength, bytesFromText, segmentUnits, textFromBytes } from '@strata/text';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { concatenate } from './encoded.js';
import { SLOT_NAMES } from './english/slots.js';
import { BASE_SLOT } from './language.js';
import { buildLexicon } from './lexicon.js';
import { WordTokenizer } from './tokenizer.js';
import { BOS_ID, OTHER_GAP_ID, SPELLED_ID, WordVocabulary } from './vocabulary.js';

const corpus = [
  'The children walked home. They walk every day. A child was walking behind the mice, and a mouse ran away.',
  "Alice's cat was bigger than the big dog. Dogs run; the dog ran. I can't, you don't.\n\nThe end is 1,000 years away!",
];
const vocabulary = WordVocabulary.fromLexicon(buildLexicon(corpus), { size: 200, gapCount: 5 });
const tokenizer = new WordTokenizer(vocabulary);

/** Units as a person reads them: lemma+slot/casing, spellings in angle brackets. */
function read(text: string): string[] {
  const encoded = tokenizer.encode(text);
  return Array.from({ length: encoded.length - 1 }, (_, before) => {
    const index = before + 1;
    const id = encoded.lemma[index]!;
    const name = id === SPELLED_ID ? `<${encoded.spellings.get(index)}>` : vocabulary.lemma(id);
    const slot = encoded.slot[index] === BASE_SLOT ? '' : `+${SLOT_NAMES[encoded.slot[index]!]}`;
    return name + slot + ['', '/Title', '/UPPER'][encoded.casing[index]!];
  });
}

function expectExact(text: string): void {
  const encoded = tokenizer.encode(text);
  expect(tokenizer.decode(encoded)).toBe(text);
  expect(encoded.lemma[0]).toBe(BOS_ID);
  const bytes = encoded.byteLengths.reduce((total, length) => total + length, 0);
  expect(bytes).toBe(bytesFromText(text).length);
  let at = 0;
  for (let index = 1; index < encoded.length; index++) {
    const unit = tokenizer.unitText(encoded, index);
    expect(text.startsWith(unit, at)).toBe(true);
    expect(encoded.byteLengths[index]).toBe(byteLength(unit));
    expect(encoded.surfaceStart[index]).toBeGreaterThanOrEqual(at);
    at += unit.length;
  }
}

describe('encode', () => {
  it('reads inflected words as lemma and slot', () => {
    expect(read('Children walked behind the mice.')).toEqual([
      'child+plural/Title',
      'walk+past',
      'behind',
      'the',
      'mouse+plural',
      '.',
    ]);
    expect(read('DOGS RAN')).toEqual(['dog+plural/UPPER', 'run+past/UPPER']);
    expect(read('The walks were big')).toEqual(['the/Title', 'walk+third', 'be+pastPlural', 'big']);
  });

  it('gives clitics a unit of their own', () => {
    expect(read("Alice's cat can't")).toEqual(['alice/Title', "'s", 'cat', 'ca', 'not+clitic']);
  });

  it('spells unknown words, their casing taken off where it comes back', () => {
    expect(read('Gryphon GRYPHON McGryphon gryphons')).toEqual([
      '<gryphon>/Title',
      '<gryphon>/UPPER',
      '<McGryphon>',
      '<gryphons>',
    ]);
  });

  it('keeps sentence and paragraph starts, gaps and the gaps it has no id for', () => {
    const encoded = tokenizer.encode('The dog.\n\nThe\t\tcat. Dogs');
    expect([...encoded.boundary]).toEqual([0, 2, 0, 0, 2, 0, 0, 1]);
    expect(vocabulary.gapHoldsBlankLine(encoded.gap[4]!)).toBe(true);
    expect(encoded.gap[5]).toBe(OTHER_GAP_ID);
    expect(encoded.escapedGaps.get(5)).toBe('\t\t');
  });

  it('starts an empty text with <bos> alone', () => {
    expect(tokenizer.encode('').length).toBe(1);
    expect(tokenizer.decode(tokenizer.encode(''))).toBe('');
  });
});

describe('decode', () => {
  it.each([
    ['CR LF and tabs', 'The dog\r\nran.\r\n\r\n\tThe\tcat \r\n'],
    ['a lone surrogate', 'a\ud800b \udc00 \udfff\ud800'],
    ['bytes that are no UTF-8', textFromBytes(new Uint8Array([0x41, 0xff, 0xfe, 0x20, 0xc3, 0x28, 0x80]))],
    ['emoji', 'dog 👩‍👩‍👧‍👦 🏳️‍🌈 🇩🇪🇫 👍🏽ran'],
    ['letters whose case is odd', 'İstanbul ıI ẞß STRASSE ﬁne ΟΔΟΣ ǅ Kelvin ŉ ȺȺȺȺȺȺȺȺ'],
    ['mixed capitals', "iPhone McDonald dOG O'Brien aBC A I i 1A"],
    ['white space without end', ` ${'\n'.repeat(100)}dog${' \u00a0\u2028\u3000'.repeat(20)}`],
    ['names of object properties', 'constructor __proto__ toString hasOwnProperty valueOf'],
  ])('gives back %s', (_, text) => expectExact(text));

  it('gives back 100,000 characters without a space', () => {
    const text = 'ab9-Ω👍'.repeat(15_000);
    expect(tokenizer.decode(tokenizer.encode(text))).toBe(text);
    expect(tokenizer.decode(tokenizer.encode('x'.repeat(100_000)))).toHaveLength(100_000);
  });

  it('gives back any string, exactly', () => {
    const words = fc.constantFrom(
      'the',
      'The',
      'THE',
      'children',
      'Walked',
      'mice',
      "n't",
      '’s',
      'I',
      '\n\n',
      '\r\n',
      ' ',
      '.',
    );
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 80 }),
      fc.string({ unit: 'grapheme', maxLength: 60 }),
      fc
        .array(fc.oneof(words, fc.string({ unit: 'binary-ascii', maxLength: 6 })), { maxLength: 40 })
        .map((a) => a.join('')),
      fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 40 }).map((units) => String.fromCharCode(...units)),
      fc.uint8Array({ maxLength: 60 }).map(textFromBytes),
    );
    fc.assert(fc.property(text, expectExact), { seed: 1, numRuns: 3000 });
  });
});

describe('the encoding is canonical', () => {
  it('every legal (lemma, slot, casing) is what its own surface encodes as', () => {
    for (let id = 2; id < vocabulary.size; id++) {
      for (let slot = 0; slot < SLOT_NAMES.length; slot++) {
        if (((vocabulary.slotMask(id) >> slot) & 1) === 0) continue;
        for (const casing of [0, 1, 2]) {
          if (((vocabulary.casingMask(id, slot) >> casing) & 1) === 0) continue;
          const surface = vocabulary.surfaceOf(id, slot, casing);
          expect(tokenizer.encodeSurface(surface), surface).toMatchObject({
            lemma: id,
            slot,
            casing,
            spelling: undefined,
          });
        }
      }
    }
  });

  it('every encoding of a text is legal', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 40 }), fc.constantFrom(...corpus), (noise, text) => {
        const encoded = tokenizer.encode(noise + text.toUpperCase() + text + noise);
        for (let index = 1; index < encoded.length; index++) {
          const [id, slot, casing] = [encoded.lemma[index]!, encoded.slot[index]!, encoded.casing[index]!];
          expect((vocabulary.slotMask(id) >> slot) & 1).toBe(1);
          expect((vocabulary.casingMask(id, slot) >> casing) & 1).toBe(1);
          expect(vocabulary.gapHoldsBlankLine(encoded.gap[index]!) && encoded.boundary[index] !== 2).toBe(false);
          expect(encoded.spellings.has(index)).toBe(id === SPELLED_ID);
          expect(byteLength(encoded.spellings.get(index) ?? '')).toBeLessThanOrEqual(16);
        }
      }),
      { seed: 1, numRuns: 300 },
    );
  });

  it('does not depend on what comes after a unit', () => {
    const text = corpus.join('\n\n');
    const whole = tokenizer.encode(text);
    for (const span of segmentUnits(text)) {
      const prefix = tokenizer.encode(text.slice(0, span.end));
      const settled = prefix.length - 2;
      for (const name of ['boundary', 'lemma', 'slot', 'casing', 'gap', 'byteLengths'] as const) {
        expect([...prefix[name].subarray(0, settled)]).toEqual([...whole[name].subarray(0, settled)]);
      }
    }
  });
});

describe('concatenate', () => {
  it('joins texts, each with its own <bos>, spellings and gaps in place', () => {
    const texts = ['The Gryphon\t\tran', '', 'dog \n snark'];
    const joined = concatenate(texts.map((text) => tokenizer.encode(text)));
    expect(tokenizer.decode(joined)).toBe(texts.join(''));
    expect([...joined.lemma].filter((id) => id === BOS_ID)).toHaveLength(3);
    expect(joined.spellings.size).toBe(2);
    expect(joined.length).toBe(joined.lemma.length);
    expect(concatenate([]).length).toBe(0);
  });
});
