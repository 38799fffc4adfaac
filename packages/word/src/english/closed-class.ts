// Words of closed classes: pronouns, auxiliaries and what leans on them, articles and demonstratives, in tables a person can read.
// Features after Universal Dependencies v2 for English (Silveira et al. 2014); 's and n't are words of their own, as in the Penn Treebank.
import type { Axes } from '../language.js';
import type { SlotName } from './slots.js';

const clitic = (letters: string): readonly string[] => [`'${letters}`, `’${letters}`];

/** Lemma -> slot -> forms, for lemmas that no rule inflects; slots that are not here follow the general table. */
const FORMS = new Map<string, Partial<Record<SlotName, readonly string[]>>>(
  Object.entries({
    be: { firstClitic: clitic('m'), thirdClitic: clitic('s'), presentPluralClitic: clitic('re') },
    have: { clitic: clitic('ve'), thirdClitic: clitic('s'), pastClitic: clitic('d') },
    will: { base: ['will', 'wo'], clitic: clitic('ll') },
    would: { clitic: clitic('d') },
    can: { base: ['can', 'ca'] },
    shall: { base: ['shall', 'sha'] },
    not: { clitic: ["n't", 'n’t'] },
    // The mark of the possessive is a word; its apostrophe comes in two shapes.
    "'s": { base: clitic('s') },
    a: { base: ['a', 'an'] },
    i: { objective: ['me'] },
    he: { objective: ['him'] },
    she: { objective: ['her'] },
    we: { objective: ['us'] },
    they: { objective: ['them'] },
    this: { plural: ['these'] },
    that: { plural: ['those'] },
    well: { comparative: ['better'], superlative: ['best'] },
  }),
);

const person = (
  who: 'first' | 'second' | 'third',
  number: 'singular' | 'plural' | undefined,
  rest: Axes = {},
): Axes => ({ person: who, ...(number && { number }), ...rest });
const MASCULINE: Axes = { gender: 'masculine' };
const FEMININE: Axes = { gender: 'feminine' };
const NEUTER: Axes = { gender: 'neuter' };
const NOMINATIVE: Axes = { case: 'nominative' };
const POSSESSIVE: Axes = { case: 'possessive' };
const REFLEXIVE: Axes = { reflexive: 'yes' };

/** What a lemma is by itself, whatever its slot. */
const INHERENT: ReadonlyMap<string, Axes> = new Map<string, Axes>([
  ['i', person('first', 'singular', NOMINATIVE)],
  ['we', person('first', 'plural', NOMINATIVE)],
  ['you', person('second', undefined)],
  ['he', person('third', 'singular', { ...NOMINATIVE, ...MASCULINE })],
  ['she', person('third', 'singular', { ...NOMINATIVE, ...FEMININE })],
  ['it', person('third', 'singular', NEUTER)],
  ['they', person('third', 'plural', NOMINATIVE)],
  ['who', NOMINATIVE],
  ['whom', { case: 'objective' }],
  ['whose', POSSESSIVE],
  ['my', person('first', 'singular', POSSESSIVE)],
  ['mine', person('first', 'singular', POSSESSIVE)],
  ['our', person('first', 'plural', POSSESSIVE)],
  ['ours', person('first', 'plural', POSSESSIVE)],
  ['your', person('second', undefined, POSSESSIVE)],
  ['yours', person('second', undefined, POSSESSIVE)],
  ['his', person('third', 'singular', { ...POSSESSIVE, ...MASCULINE })],
  ['her', person('third', 'singular', { ...POSSESSIVE, ...FEMININE })],
  ['hers', person('third', 'singular', { ...POSSESSIVE, ...FEMININE })],
  ['its', person('third', 'singular', { ...POSSESSIVE, ...NEUTER })],
  ['their', person('third', 'plural', POSSESSIVE)],
  ['theirs', person('third', 'plural', POSSESSIVE)],
  ['myself', person('first', 'singular', REFLEXIVE)],
  ['ourselves', person('first', 'plural', REFLEXIVE)],
  ['yourself', person('second', 'singular', REFLEXIVE)],
  ['yourselves', person('second', 'plural', REFLEXIVE)],
  ['himself', person('third', 'singular', { ...REFLEXIVE, ...MASCULINE })],
  ['herself', person('third', 'singular', { ...REFLEXIVE, ...FEMININE })],
  ['itself', person('third', 'singular', { ...REFLEXIVE, ...NEUTER })],
  ['themselves', person('third', 'plural', REFLEXIVE)],
  ['this', { number: 'singular' }],
  ['that', { number: 'singular' }],
  ["'s", POSSESSIVE],
  ['more', { degree: 'comparative' }],
  ['less', { degree: 'comparative' }],
  ['most', { degree: 'superlative' }],
  ['least', { degree: 'superlative' }],
  // Nouns that are plural without an ending (Quirk et al. 1985, section 5.78).
  ...['people', 'police', 'cattle', 'clothes', 'folk'].map((noun): [string, Axes] => [noun, { number: 'plural' }]),
]);

/** Forms of a closed-class lemma in a slot, the first choice first; undefined where the general table has the say. */
export function closedForms(lemma: string, slot: SlotName): readonly string[] | undefined {
  return FORMS.get(lemma)?.[slot];
}

/** Axes that belong to a lemma itself; the slot's own come on top. */
export function inherentAxes(lemma: string): Axes | undefined {
  return INHERENT.get(lemma);
}

/** One closed-class way to read a form. */
export interface ClosedReading {
  readonly lemma: string;
  readonly slot: SlotName;
  readonly variant: number;
}

const READINGS = new Map<string, ClosedReading[]>();
for (const [lemma, slots] of FORMS) {
  for (const [slot, forms] of Object.entries(slots) as [SlotName, readonly string[]][]) {
    forms.forEach((form, variant) => {
      if (form !== lemma) READINGS.set(form, [...(READINGS.get(form) ?? []), { lemma, slot, variant }]);
    });
  }
}

/** The closed-class readings of a form other than the form itself. */
export function closedReadings(form: string): readonly ClosedReading[] {
  return READINGS.get(form) ?? [];
}
