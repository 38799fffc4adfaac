// Gold inflections in the two formats that English has most of them in, checked before they are used.
// Formats: AGID's infl.txt (Kevin Atkinson, Automatically Generated Inflection Database); SIGMORPHON 2018, lemma, form, features.
import type { Axes, Language } from '../language.js';
import { GoldFormatError } from './conllu.js';

/** What gold says of one cell of a paradigm: any of these forms is right, the first is the preferred one. */
export interface GoldForm {
  readonly lemma: string;
  readonly slot: string;
  readonly forms: readonly string[];
}

/** Gold that could be asked about, and how many entries could not: names, doubted forms, cells without a slot. */
export interface GoldForms {
  readonly forms: readonly GoldForm[];
  readonly leftOut: number;
}

const AGID_LINE = /^(\S+) ([NAV])(\??): (.+)$/u;
const PLAIN = /^\p{Ll}+$/u;

/** The cells that AGID's groups stand for, by part of speech and number of groups. */
const AGID_CELLS: Readonly<Record<string, readonly Axes[]>> = {
  N1: [{ number: 'plural' }],
  A2: [{ degree: 'comparative' }, { degree: 'superlative' }],
  V3: [
    { verbForm: 'finite', tense: 'past' },
    { verbForm: 'gerund' },
    { number: 'singular', person: 'third', verbForm: 'finite', tense: 'present' },
  ],
  V4: [
    { verbForm: 'finite', tense: 'past' },
    { verbForm: 'participle', tense: 'past' },
    { verbForm: 'gerund' },
    { number: 'singular', person: 'third', verbForm: 'finite', tense: 'present' },
  ],
};

/** True where a line is one of AGID's. */
export const isAgidLine = (line: string): boolean => AGID_LINE.test(line);

/** Reads lines such as "walk V: walked | walking | walks"; forms that AGID doubts are left out. Throws GoldFormatError. */
export function parseAgid(source: string, language: Language): GoldForms {
  const forms: GoldForm[] = [];
  let leftOut = 0;
  for (const { line, number } of linesOf(source)) {
    const [, lemma, partOfSpeech, doubt, rest] = AGID_LINE.exec(line) ?? [];
    if (rest === undefined)
      throw new GoldFormatError(`AGID, line ${number}: accepted is "walk V: walked | walking | walks".`);
    const groups = rest.split(' | ').map((group) => group.split(', '));
    const cells = AGID_CELLS[`${partOfSpeech}${groups.length}`];
    groups.forEach((group, at) => {
      const slot = cells === undefined ? undefined : slotOf(cells[at]!, language);
      const doubted = doubt !== '' || group[0]!.includes('?');
      if (slot === undefined || doubted || !PLAIN.test(lemma!)) leftOut++;
      else forms.push({ lemma: lemma!, slot, forms: group.map((form) => /^[\p{L}']+/u.exec(form)?.[0] ?? '') });
    });
  }
  return { forms, leftOut };
}

/** UniMorph's features as axes; V and N say nothing that a slot would. */
const UNIMORPH: Readonly<Record<string, Axes>> = {
  V: {},
  N: {},
  ADJ: {},
  NFIN: {},
  SG: { number: 'singular' },
  PL: { number: 'plural' },
  '1': { person: 'first' },
  '2': { person: 'second' },
  '3': { person: 'third' },
  PRS: { tense: 'present' },
  PST: { tense: 'past' },
  FUT: { tense: 'future' },
  IPFV: { tense: 'imperfect' },
  PFV: {},
  IND: { mood: 'indicative' },
  SBJV: { mood: 'subjunctive' },
  COND: { mood: 'conditional' },
  IMP: { mood: 'imperative' },
  POS: {},
  MASC: { gender: 'masculine' },
  FEM: { gender: 'feminine' },
  CMPR: { degree: 'comparative' },
  SPRL: { degree: 'superlative' },
  'V.PTCP': { verbForm: 'participle' },
  'V.CVB': { verbForm: 'gerund' },
};

/** True where a line is one of SIGMORPHON's. */
export const isSigmorphonLine = (line: string): boolean => line.split('\t').length === 3;

/** Reads lines "walk, walked, V;PST" with tabs between; cells without a slot are left out. Throws GoldFormatError. */
export function parseSigmorphon(source: string, language: Language): GoldForms {
  const forms: GoldForm[] = [];
  let leftOut = 0;
  const slots = new Map<string, string | undefined>();
  for (const { line, number } of linesOf(source)) {
    const [lemma, form, features, more] = line.split('\t');
    if (features === undefined || more !== undefined) {
      throw new GoldFormatError(`SIGMORPHON, line ${number}: accepted are lemma, form and features, divided by tabs.`);
    }
    if (!slots.has(features)) slots.set(features, slotOf(axesOf(features), language));
    const slot = slots.get(features);
    if (slot === undefined || !PLAIN.test(lemma!)) leftOut++;
    else forms.push({ lemma: lemma!, slot, forms: [form!] });
  }
  return { forms, leftOut };
}

function axesOf(features: string): Axes | undefined {
  const names = features.split(';');
  if (names.some((name) => !(name in UNIMORPH))) return undefined;
  const axes: Axes = Object.assign({}, ...names.map((name) => UNIMORPH[name]));
  // The present participle is what slots call the gerund; a verb that is neither participle nor infinitive is finite.
  if (axes.verbForm === 'participle' && axes.tense === 'present') return { verbForm: 'gerund' };
  if (names[0] !== 'V' || axes.verbForm !== undefined || names.includes('NFIN')) return axes;
  return { ...axes, verbForm: 'finite' };
}

/** The slot that fixes exactly these axes. */
function slotOf(axes: Axes | undefined, language: Language): string | undefined {
  if (axes === undefined) return undefined;
  const key = keyOf(axes);
  return language.slots.find((slot) => keyOf(slot.axes) === key)?.name;
}

const keyOf = (axes: Axes): string => JSON.stringify(Object.entries(axes).sort());

function* linesOf(source: string): Generator<{ line: string; number: number }> {
  let number = 0;
  for (const line of source.split(/\r?\n/u)) {
    number++;
    if (line !== '') yield { line, number };
  }
}
