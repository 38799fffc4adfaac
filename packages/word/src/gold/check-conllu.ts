// How well a language reads running text, against gold in CoNLL-U: lemma, number, verb form, degree, sentences; and its misses.
// Measures: share of right words among those that the text is cut into alike; F1 of sentence starts.
import { unitBatches } from '@strata/text';
import type { Axes, Language, ReadUnit } from '../language.js';
import { type GoldWord, parseConllu } from './conllu.js';

/** One kind of error and how often it was made. */
export interface Miss {
  readonly form: string;
  readonly expected: string;
  readonly found: string;
  readonly count: number;
}

/** Words asked about, words right, and what was wrong, the commonest first. */
export interface Measure {
  readonly words: number;
  readonly right: number;
  readonly misses: readonly Miss[];
}

/** What reading gold text shows. */
export interface QualityReport {
  /** Gold words, and those that are units of the text as well. */
  readonly words: number;
  readonly aligned: number;
  readonly sentences: { readonly precision: number; readonly recall: number; readonly f1: number };
  readonly measures: Readonly<Record<MeasureName, Measure>>;
}

/** Names of the measures; 'verb form' merges past and participle, which 'participle' tells apart. */
export const MEASURES = ['lemma', 'tag', 'number', 'verb form', 'participle', 'degree'] as const;
export type MeasureName = (typeof MEASURES)[number];

class Tally {
  words = 0;
  right = 0;
  readonly #misses = new Map<string, { form: string; expected: string; found: string; count: number }>();

  add(form: string, expected: string, found: string): void {
    this.words++;
    if (expected === found) {
      this.right++;
      return;
    }
    const key = `${form}\t${expected}\t${found}`;
    const miss = this.#misses.get(key) ?? { form, expected, found, count: 0 };
    miss.count++;
    this.#misses.set(key, miss);
  }

  measure(): Measure {
    const misses = [...this.#misses.values()].sort((a, b) => b.count - a.count || (a.form < b.form ? -1 : 1));
    return { words: this.words, right: this.right, misses };
  }
}

/** Reads the text of a CoNLL-U file with a language and compares; throws GoldFormatError on anything else. */
export function checkConllu(source: string, language: Language): QualityReport {
  const gold = parseConllu(source);
  const units = new Map<string, ReadUnit>();
  const found = new Set<number>();
  for (const batch of language.read(unitBatches([gold.text]))) {
    for (const read of batch) {
      units.set(`${read.unit.start}:${read.unit.end}`, read);
      if (read.unit.boundary > 0) found.add(read.unit.start);
    }
  }
  const tallies = Object.fromEntries(MEASURES.map((name) => [name, new Tally()])) as Record<MeasureName, Tally>;
  let aligned = 0;
  for (const word of gold.words) {
    const read = units.get(`${word.start}:${word.end}`);
    if (read === undefined) continue;
    aligned++;
    if (word.tag !== 'PUNCT' && word.tag !== 'SYM') compare(word, read, language, tallies);
  }
  const hits = [...gold.sentences].filter((start) => found.has(start)).length;
  return {
    words: gold.words.length,
    aligned,
    sentences: {
      precision: hits / Math.max(1, found.size),
      recall: hits / gold.sentences.size,
      f1: (2 * hits) / (found.size + gold.sentences.size),
    },
    measures: Object.fromEntries(MEASURES.map((name) => [name, tallies[name].measure()])) as Record<
      MeasureName,
      Measure
    >,
  };
}

function compare(word: GoldWord, read: ReadUnit, language: Language, tallies: Record<MeasureName, Tally>): void {
  const { form, features } = word;
  const axes = language.axes(read.reading.lemma, read.reading.slot);
  const add = (name: MeasureName, expected: string, found: string): void => tallies[name].add(form, expected, found);
  // Where the writer misspelled, the gold lemma is that of another word.
  if (features.get('Typo') !== 'Yes') add('lemma', word.lemma.toLowerCase(), read.reading.lemma.toLowerCase());
  add('tag', word.tag, read.tag);
  if (word.tag === 'NOUN' || word.tag === 'PROPN') {
    const plural = features.get('Number') === 'Plur' || features.get('Number') === 'Ptan';
    add('number', plural ? 'plural' : 'singular', axes.number === 'plural' ? 'plural' : 'singular');
  }
  if (word.tag === 'VERB' || word.tag === 'AUX') {
    const expected = goldVerbForm(features);
    if (expected !== undefined) {
      const given = readVerbForm(axes, read);
      const merge = (name: string): string => (name === 'participle' ? 'past' : name);
      add('verb form', merge(expected), merge(given));
      if (expected === 'past' || expected === 'participle') add('participle', expected, given);
    }
  }
  if ((word.tag === 'ADJ' || word.tag === 'ADV') && features.has('Degree')) {
    const names: Record<string, string> = { Cmp: 'comparative', Sup: 'superlative' };
    add('degree', names[features.get('Degree')!] ?? 'positive', axes.degree ?? 'positive');
  }
}

/** Universal Dependencies' verb forms as ours; undefined for modal verbs, which have none. */
function goldVerbForm(features: ReadonlyMap<string, string>): string | undefined {
  const [form, tense] = [features.get('VerbForm'), features.get('Tense')];
  if (form === 'Ger') return 'gerund';
  if (form === 'Part') return tense === 'Past' ? 'participle' : 'gerund';
  if (form === 'Inf') return 'base';
  if (form !== 'Fin' || tense === undefined) return features.get('Mood') === 'Imp' ? 'base' : undefined;
  if (tense === 'Past') return 'past';
  return features.get('Person') === '3' && features.get('Number') === 'Sing' ? 'third' : 'base';
}

function readVerbForm({ verbForm, tense, person, number }: Axes, { reading }: ReadUnit): string {
  if (verbForm === 'gerund' || verbForm === 'participle') return verbForm;
  if (verbForm === 'finite') {
    if (tense === 'past') return 'past';
    return person === 'third' && number === 'singular' ? 'third' : 'base';
  }
  return reading.slot === 'plural' || reading.slot === 'comparative' ? reading.slot : 'base';
}
