// Reading Spanish in context: hand-checked pages, what every reading owes its form, and the whole word level on a Spanish text.
import { readFileSync } from 'node:fs';
import { type StreamedUnit, textFromBytes, unitBatches } from '@strata/text';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyCasing } from '../casing.js';
import { decodeWords } from '../codec/decoder.js';
import { WordEncoder } from '../codec/encoder.js';
import type { ReadUnit } from '../language.js';
import { buildLexicon } from '../lexicon.js';
import { WordTokenizer } from '../tokenizer.js';
import { WordVocabulary } from '../vocabulary.js';
import { spanish } from './language.js';
import { readSpanish } from './read.js';

const file = (name: string): string => readFileSync(new URL(`pages/${name}`, import.meta.url), 'utf8');
const pages = ['quixote', 'market', 'language'];

function readAll(text: string): ReadUnit[] {
  return [...readSpanish(unitBatches([text]))].flat();
}
/** Words of a text as lemma+slot/TAG. */
function shown(text: string): string[] {
  return readAll(text).map(({ reading, tag }) => `${reading.lemma}+${reading.slot}/${tag}`);
}

describe('readSpanish', () => {
  it.each([
    ['Las casas rojas', ['el+femininePlural/DET', 'casa+plural/NOUN', 'rojo+femininePlural/ADJ']],
    ['Los vio ayer', ['lo+plural/PRON', 'ver+pastThird/VERB', 'ayer+base/ADV']],
    ['Ella canta bien', ['él+feminine/PRON', 'cantar+presentThird/VERB', 'bien+base/ADV']],
    ['Han comido pan', ['haber+presentThirdPlural/AUX', 'comer+participle/VERB', 'pan+base/NOUN']],
    ['Fueron a casa', ['ir+pastThirdPlural/VERB', 'a+base/ADP', 'casa+base/NOUN']],
    ['Fueron felices', ['ser+pastThirdPlural/AUX', 'feliz+plural/ADJ']],
    ['El trabajo', ['el+base/DET', 'trabajo+base/NOUN']],
    [
      'Yo trabajo 3 días.',
      ['yo+base/PRON', 'trabajar+presentFirst/VERB', '3+base/NUM', 'día+plural/NOUN', '.+base/PUNCT'],
    ],
    ['de Madrid', ['de+base/ADP', 'madrid+base/PROPN']],
    ['rápidamente', ['rápidamente+base/ADV']],
  ])('reads %s', (text, expected) => {
    expect(shown(text)).toEqual(expected);
  });

  it('reads at least 98% of the words of three pages as a person did, lemma and slot', () => {
    let right = 0;
    let words = 0;
    for (const page of pages) {
      const gold = file(`${page}.tsv`).trim().split('\n');
      const read = readAll(file(`${page}.txt`)).filter(({ form }) => /\p{L}/u.test(form));
      expect(read.map(({ unit }) => unit.surface)).toEqual(gold.map((line) => line.split('\t')[0]));
      words += gold.length;
      right += read.filter(
        ({ unit, reading }, index) => `${unit.surface}\t${reading.lemma}\t${reading.slot}` === gold[index],
      ).length;
    }
    expect(right / words).toBeGreaterThan(0.98);
  });

  it('gives every unit of any text once, with a reading and casing that realise back', () => {
    const words = [...new Set(pages.flatMap((page) => file(`${page}.txt`).split(/\s+/u)))];
    const text = fc.oneof(
      fc
        .array(fc.constantFrom(...words, ' ', '\n\n', '¿', 'LAS', 'Ó', 'ía'), { maxLength: 40 })
        .map((all) => all.join(' ')),
      fc.string({ unit: 'binary', maxLength: 60 }),
      fc.string({ unit: 'grapheme', maxLength: 60 }),
      fc.uint8Array({ maxLength: 60 }).map(textFromBytes),
    );
    fc.assert(
      fc.property(text, (text) => {
        const read = readAll(text);
        expect(read.map(({ unit }) => unit.gap + unit.surface).join('')).toBe(text);
        for (const { unit, form, casing, reading } of read) {
          expect(applyCasing(form, casing)).toBe(unit.surface);
          expect(spanish.realizations(reading.lemma, reading.slot)[reading.variant]).toBe(form);
        }
      }),
      { seed: 1, numRuns: 1500 },
    );
  });

  it('is written to a file of encoded words and comes back byte for byte', () => {
    const text = `${pages.map((page) => file(`${page}.txt`)).join('\r\n')}\t¡Ñandúes Ó\u2003x!`;
    const encoder = new WordEncoder(spanish);
    const parts: Uint8Array[] = [];
    for (const units of readSpanish(unitBatches([text]))) parts.push(...encoder.push(units));
    parts.push(...encoder.finish().parts);
    const blocks = [...decodeWords(parts, (name) => (name === spanish.name ? spanish : undefined), 'page')];
    expect(Buffer.concat(blocks.map(({ bytes }) => bytes)).toString('utf8')).toBe(text);
  });

  it('reads the same however the text is cut into batches', () => {
    const units: StreamedUnit[] = [...unitBatches([file('market.txt')])].flat();
    const whole = [...readSpanish([units])].flat();
    for (const size of [1, 2, 7]) {
      const batches = Array.from({ length: Math.ceil(units.length / size) }, (_, i) =>
        units.slice(i * size, (i + 1) * size),
      );
      expect([...readSpanish([[], ...batches, []])].flat()).toEqual(whole);
    }
  });
});

describe('the word level on Spanish', () => {
  const documents = pages.map((page) => file(`${page}.txt`));
  const lexicon = buildLexicon(documents, undefined, spanish);
  const vocabulary = WordVocabulary.fromLexicon(lexicon, { size: 400, gapCount: 5 });

  it('gathers paradigms, attested and possible', () => {
    expect(lexicon.forms.get('flores')).toMatchObject({ lemma: 'flor', slot: 'plural' });
    expect(lexicon.forms.get('pidió')).toMatchObject({ lemma: 'pedir', slot: 'pastThird' });
    expect(lexicon.lemmas.get('pedir')!.forms.get('presentThirdPlural')).toEqual({ form: 'piden', count: 0 });
    expect(lexicon.lemmas.get('el')!.forms.get('femininePlural')).toMatchObject({ form: 'las' });
    expect(lexicon.lemmas.get('rojo')!.forms.get('feminine')).toEqual({ form: 'roja', count: 0 });
    expect(lexicon.lemmas.get('haber')!.forms.get('subjunctive')).toEqual({ form: 'haya', count: 0 });
    expect(lexicon.lemmas.get('mercado')!.forms.has('pastFirst')).toBe(false);
  });

  it('does not depend on the order of the documents', () => {
    expect([...buildLexicon(documents.toReversed(), undefined, spanish).forms]).toEqual([...lexicon.forms]);
  });

  it('keeps every slot through its file, the last bit of the mask as well', () => {
    const again = WordVocabulary.fromJSON(JSON.parse(JSON.stringify(vocabulary.toJSON())));
    expect(again.language).toBe(spanish);
    const id = Array.from({ length: again.size }, (_, id) => id).find((id) => id > 1 && again.lemma(id) === 'pedir')!;
    const last = spanish.slots.length - 1;
    expect((again.slotMask(id) >> last) & 1).toBe(1);
    expect(again.surfaceOf(id, last, 1)).toBe('Pidieran');
  });

  it('gives any text back exactly, each unit in a legal encoding', () => {
    const tokenizer = new WordTokenizer(vocabulary);
    const noise = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 30 }),
      fc.string({ unit: 'grapheme', maxLength: 30 }),
    );
    fc.assert(
      fc.property(noise, fc.constantFrom(...documents), noise, (before, page, after) => {
        const text = before + page.slice(0, 300) + after + page.slice(300, 500).toUpperCase();
        const encoded = tokenizer.encode(text);
        expect(tokenizer.decode(encoded)).toBe(text);
        for (let index = 1; index < encoded.length; index++)
          expect((vocabulary.slotMask(encoded.lemma[index]!) >> encoded.slot[index]!) & 1).toBe(1);
      }),
      { seed: 1, numRuns: 200 },
    );
  });
});
