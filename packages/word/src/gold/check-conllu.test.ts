// How well English is read, against a treebank that nothing was built from; floors are the project's aims or what was measured.
// The round trip is exact by construction and proves nothing about quality; these figures do.
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { english } from '../english/language.js';
import { checkConllu, MEASURES, type MeasureName } from './check-conllu.js';
import { GoldFormatError, parseConllu } from './conllu.js';

const treebank = new URL('../../../../../shared/suites/ud-english/ewt-dev.conllu', import.meta.url);

const row = (id: number, form: string, lemma: string, tag: string, features: string): string =>
  [id, form, lemma, tag, '_', features, '_', '_', '_', '_'].join('\t');
const small = [
  '# newdoc id = one',
  '# text = The mice ran.',
  row(1, 'The', 'the', 'DET', '_'),
  row(2, 'mice', 'mouse', 'NOUN', 'Number=Plur'),
  row(3, 'ran', 'run', 'VERB', 'Tense=Past|VerbForm=Fin'),
  row(4, '.', '.', 'PUNCT', '_'),
  '',
  '# text = Go away!',
  row(1, 'Go', 'leave', 'VERB', 'Mood=Imp|VerbForm=Fin'),
  row(2, 'away', 'away', 'ADV', 'Degree=Cmp'),
].join('\n');

describe('checkConllu', () => {
  it('finds the words of gold in the text, and says what was read otherwise', () => {
    const report = checkConllu(small, english);
    expect(report).toMatchObject({ words: 6, aligned: 6, sentences: { precision: 1, recall: 1, f1: 1 } });
    expect(report.measures.lemma).toEqual({
      words: 5,
      right: 4,
      misses: [{ form: 'Go', expected: 'leave', found: 'go', count: 1 }],
    });
    expect(report.measures['verb form']).toMatchObject({ words: 2, right: 2 });
    expect(report.measures.degree.misses).toEqual([
      { form: 'away', expected: 'comparative', found: 'positive', count: 1 },
    ]);
  });

  it.each([
    ['nothing', '', 'no words'],
    ['prose', 'Call me Ishmael.', 'line 1: 1 columns'],
    ['a word before its sentence', row(1, 'a', 'a', 'DET', '_'), 'line 1: a word before'],
  ])('refuses %s', (_, source, message) => {
    expect(() => parseConllu(source)).toThrow(GoldFormatError);
    expect(() => parseConllu(source)).toThrow(message);
  });

  it.skipIf(!existsSync(treebank))('UD English EWT dev (skipped where ../shared/suites/ud-english is absent)', () => {
    const report = checkConllu(readFileSync(treebank, 'utf8'), english);
    const share = (name: MeasureName): number => report.measures[name].right / report.measures[name].words;
    for (const name of MEASURES)
      console.info(`UD English, ${name}: ${(100 * share(name)).toFixed(2)}% of ${report.measures[name].words}`);
    console.info(`UD English, sentence starts: F1 ${(100 * report.sentences.f1).toFixed(2)}`);
    expect(report.aligned / report.words).toBeGreaterThan(0.97);
    expect(share('lemma')).toBeGreaterThan(0.98);
    expect(share('number')).toBeGreaterThan(0.98);
    expect(share('verb form')).toBeGreaterThan(0.96);
    expect(share('participle')).toBeGreaterThan(0.88);
    expect(share('degree')).toBeGreaterThan(0.98);
    expect(report.sentences.f1).toBeGreaterThan(0.9);
  });
});
