// How good the analyses are, against gold that nothing was built from: AGID, SIGMORPHON 2018, UD English EWT.
// The round trip is exact by construction and proves nothing about quality; these figures do. Floors are what was measured.
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { lemmatise, SLOT_CLASS } from './english/lemmatise.js';
import { realizations } from './english/realize.js';
import type { SlotName } from './english/slots.js';
import { buildLexicon } from './lexicon.js';

const suites = new URL('../../../../shared/suites/', import.meta.url);
const agid = new URL('morphology/agid-even-lines.txt', suites);
const sigmorphon = new URL('morphology/conll2018-english-train-high.tsv', suites);
const treebank = new URL('ud-english/ewt-dev.conllu', suites);

interface GoldForm {
  readonly lemma: string;
  readonly slot: SlotName;
  readonly forms: readonly string[];
}

/** Shares of gold forms that are the first choice, and that are among the choices. */
function measure(gold: readonly GoldForm[]): { first: number; any: number } {
  let first = 0;
  let any = 0;
  for (const { lemma, slot, forms } of gold) {
    const made = realizations(lemma, slot);
    // Most participles are spelled as the past and have its slot.
    const choices = slot === 'participle' && made.length === 0 ? realizations(lemma, 'past') : made;
    if (choices[0] === forms[0]) first++;
    if (choices.some((choice) => forms.includes(choice))) any++;
  }
  return { first: first / gold.length, any: any / gold.length };
}

/** AGID's lines "walk V: walked | walking | walks"; forms it doubts are left out. */
function readAgid(): GoldForm[] {
  const slots: Readonly<Record<string, readonly SlotName[]>> = {
    N1: ['plural'],
    A2: ['comparative', 'superlative'],
    V3: ['past', 'gerund', 'third'],
    V4: ['past', 'participle', 'gerund', 'third'],
  };
  return readFileSync(agid, 'utf8')
    .split('\n')
    .flatMap((line) => {
      const [, lemma, kind, rest] = /^([a-z]+) ([NAV]): (.*)$/.exec(line) ?? [];
      if (lemma === undefined) return [];
      const groups = rest!.split(' | ').map((group) => group.split(', '));
      return (slots[`${kind}${groups.length}`] ?? []).flatMap((slot, index) => {
        const forms = groups[index]!;
        if (forms[0]!.includes('?')) return [];
        return [{ lemma, slot, forms: forms.map((form) => /^[a-z']+/u.exec(form)?.[0] ?? '') }];
      });
    });
}

function readSigmorphon(): GoldForm[] {
  const slots: Readonly<Record<string, SlotName>> = {
    'V;PST': 'past',
    'V;3;SG;PRS': 'third',
    'V;V.PTCP;PRS': 'gerund',
    'V;V.PTCP;PST': 'participle',
  };
  return readFileSync(sigmorphon, 'utf8')
    .split('\n')
    .flatMap((line) => {
      const [lemma, form, features] = line.split('\t');
      const slot = slots[features ?? ''];
      return slot !== undefined && /^[a-z]+$/.test(lemma!) ? [{ lemma: lemma!, slot, forms: [form!] }] : [];
    });
}

describe('inflection against gold', () => {
  it.skipIf(!existsSync(agid))('AGID (skipped where ../shared/suites/morphology is absent)', () => {
    const gold = readAgid();
    const { first, any } = measure(gold);
    console.info(`AGID: ${gold.length} forms, first choice ${percent(first)}, any choice ${percent(any)}`);
    expect(gold.length).toBeGreaterThan(30_000);
    expect(first).toBeGreaterThan(0.981);
    expect(any).toBeGreaterThan(0.997);
  });

  it.skipIf(!existsSync(sigmorphon))('SIGMORPHON 2018 (skipped where ../shared/suites/morphology is absent)', () => {
    const gold = readSigmorphon();
    const { first, any } = measure(gold);
    console.info(`SIGMORPHON: ${gold.length} forms, first choice ${percent(first)}, any choice ${percent(any)}`);
    expect(first).toBeGreaterThan(0.962);
    expect(any).toBeGreaterThan(0.98);
  });
});

describe('lemmas of forms whose part of speech is known', () => {
  it.skipIf(!existsSync(agid))('AGID (skipped where ../shared/suites/morphology is absent)', () => {
    const partOfSpeech = (slot: SlotName) => SLOT_CLASS[slot]!;
    const gold = readAgid().filter(({ forms }) => /^[a-z]+$/u.test(forms[0]!));
    const misses = gold.filter(({ lemma, slot, forms }) => lemmatise(forms[0]!, partOfSpeech(slot)).lemma !== lemma);
    const share = 1 - misses.length / gold.length;
    console.info(`AGID: lemma of ${gold.length} forms, part of speech known, right in ${percent(share)}`);
    if (process.env.STRATA_MISSES)
      console.info(
        misses
          .map(
            ({ lemma, slot, forms }) =>
              `${forms[0]} ${slot} ${lemma} got ${lemmatise(forms[0]!, partOfSpeech(slot)).lemma}`,
          )
          .join('\n'),
      );
    expect(share).toBeGreaterThan(0.98);
  });
});

describe('lemmas in running text against gold', () => {
  it.skipIf(!existsSync(treebank))('UD English EWT (skipped where ../shared/suites/ud-english is absent)', () => {
    const lines = readFileSync(treebank, 'utf8').split('\n');
    const text = lines.filter((line) => line.startsWith('# text = ')).map((line) => line.slice('# text = '.length));
    const lexicon = buildLexicon([text.join('\n')]);
    const scores = new Map<string, { tokens: number; right: number }>();
    for (const line of lines) {
      const [id, form, lemma, tag] = line.split('\t');
      const found = /^\d+$/.test(id!) ? lexicon.forms.get(form!.toLowerCase()) : undefined;
      if (found === undefined) continue;
      const score = scores.get(tag!) ?? { tokens: 0, right: 0 };
      score.tokens++;
      if (found.lemma === lemma!.toLowerCase()) score.right++;
      scores.set(tag!, score);
    }
    const open = ['NOUN', 'VERB', 'ADJ', 'ADV'].map((tag) => scores.get(tag)!);
    const tokens = open.reduce((sum, score) => sum + score.tokens, 0);
    const accuracy = open.reduce((sum, score) => sum + score.right, 0) / tokens;
    console.info(`UD English: lemma of ${tokens} nouns, verbs, adjectives, adverbs right in ${percent(accuracy)}`);
    expect(tokens).toBeGreaterThan(9_000);
    expect(accuracy).toBeGreaterThan(0.969);
  });
});

function percent(share: number): string {
  return `${(100 * share).toFixed(2)}%`;
}
