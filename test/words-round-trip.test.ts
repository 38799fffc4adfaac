// Every text is units and comes back byte for byte, whatever it is; and its units depend on nothing but the text.
// STRATA_WORDS_CASES sets how many texts are drawn (a million were), STRATA_WORDS_SEED where the drawing starts.
import { bytesFromText, textChunks, unitBatches } from '@strata/text';
import {
  applyCasing,
  decodeWords,
  LANGUAGES,
  type Language,
  type ReadUnit,
  readBytes,
  WordEncoder,
} from '@strata/word';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { anyBytes, anyText, HARD_TEXTS } from './words-any-text.js';

const languages: readonly Language[] = Object.values(LANGUAGES);
const { english } = LANGUAGES;
const find = (name: string): Language | undefined => languages.find((one) => one.name === name);
const cases = Number(process.env.STRATA_WORDS_CASES ?? 20_000);
const seed = Number(process.env.STRATA_WORDS_SEED ?? 4);
// A million texts take minutes.
const timeout = 120_000 + cases;

/** The text that readings alone give back; a surface is taken from nowhere but its reading. */
function realised(units: readonly ReadUnit[], language: Language): string {
  return units
    .map(({ unit, casing, reading: { lemma, slot, variant } }) => {
      return unit.gap + applyCasing(language.realizations(lemma, slot)[variant]!, casing);
    })
    .join('');
}

const readText = (text: string, language: Language): ReadUnit[] => [...language.read(unitBatches([text]))].flat();

function encoded(chunks: Iterable<Uint8Array>, language: Language): Buffer {
  const encoder = new WordEncoder(language);
  const parts = [...readBytes(language, chunks)].flatMap((units) => encoder.push(units));
  return Buffer.concat([...parts, ...encoder.finish().parts]);
}

const decoded = (file: Uint8Array): Buffer =>
  Buffer.concat([...decodeWords([file], find, 'a file')].map(({ bytes }) => bytes));

describe('a text', () => {
  it.each(Object.keys(HARD_TEXTS))('comes back from its units: %s', (name) => {
    const text = HARD_TEXTS[name]!;
    const bytes = bytesFromText(text);
    for (const language of languages) {
      expect(realised(readText(text, language), language) === text).toBe(true);
      expect(decoded(encoded([bytes], language)).equals(bytes)).toBe(true);
    }
  });

  it(
    `comes back from its units: ${cases} texts and files of any bytes, drawn from seed ${seed}`,
    () => {
      let turn = 0;
      fc.assert(
        fc.property(fc.oneof(anyText, anyBytes), (text) => {
          const language = languages[turn++ % languages.length]!;
          const same =
            typeof text === 'string'
              ? realised(readText(text, language), language) === text
              : decoded(encoded([text], language)).equals(text);
          if (!same) throw new Error(`lost by ${language.name}`);
        }),
        { numRuns: cases, seed },
      );
      expect(turn).toBe(cases);
    },
    timeout,
  );
});

const documents = [
  'The dogs ran; "Don\'t!" said Alice. She left the left glove, and saw the saw.',
  'Gryphons glorped by the snark. A gryphon glorps. GRYPHON!',
  'He had hoped to find her; they found it found in 1990. The found object hopes.',
  'The runs were long. He runs. Saws saw. Left leaves leave. Flies fly.',
  'Snarks and boojums; boojum, boojumed, boojuming.',
];

/** What reading says of a text, without the places of its units. */
const readings = (language: Language, chunks: Iterable<string>): string =>
  JSON.stringify(
    [...language.read(unitBatches(chunks))].flat().map(({ unit, form, casing, reading, tag }) => {
      return [unit.surface, unit.boundary, form, casing, reading, tag];
    }),
  );

describe('the units of a text', () => {
  it.each(languages)('do not depend on what was read before, nor on the order: $name', (language) => {
    const alone = documents.map((text) => readings(language, [text]));
    expect(documents.toReversed().map((text) => readings(language, [text]))).toEqual(alone.toReversed());
    const noise = fc.sample(anyText, { numRuns: 400, seed: 1 });
    for (const text of noise) readings(language, [text]);
    expect(documents.map((text) => readings(language, [text]))).toEqual(alone);
  });

  it.each(languages)('do not depend on how the text arrives: $name', (language) => {
    const text = documents.join('\n\n').repeat(40);
    const whole = readings(language, textChunks(text));
    const lengths = fc.array(fc.integer({ min: 1, max: 9000 }), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(lengths, (some) => {
        const chunks: string[] = [];
        for (let at = 0, turn = 0; at < text.length; at += some[turn++ % some.length]!) {
          chunks.push(text.slice(at, at + some[turn % some.length]!));
        }
        expect(readings(language, chunks) === whole).toBe(true);
      }),
      { numRuns: 12 },
    );
  });

  it('are those that another instance finds, which read other texts before', async () => {
    const alone = documents.map((text) => readings(english, [text]));
    const files = documents.map((text) => encoded([bytesFromText(text)], english).toString('base64'));
    vi.resetModules();
    const other = await import('@strata/word');
    expect(other.LANGUAGES.english).not.toBe(english);
    for (const text of fc.sample(anyText, { numRuns: 200, seed: 2 })) readings(other.LANGUAGES.english, [text]);
    expect(documents.map((text) => readings(other.LANGUAGES.english, [text]))).toEqual(alone);
    expect(documents.map((text) => encoded([bytesFromText(text)], other.LANGUAGES.english).toString('base64'))).toEqual(
      files,
    );
  });
});
