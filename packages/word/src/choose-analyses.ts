// Choosing one analysis for every attested form, and the slots each lemma may fill: a bijection between both.
// Source: the project's own design: the majority part of speech picks the slot, an attested lemma is needed, ties go by name.
import { byteLength, MAXIMUM_UNIT_BYTES } from '@strata/text';
import { isPlainForm } from './casing.js';
import { inflections } from './inflections.js';
import type { Lexicon, LexiconForm, LexiconLemma, SlotForm } from './lexicon-types.js';
import { coarsePartOfSpeech, PARTS_OF_SPEECH, type PartOfSpeech } from './parts-of-speech.js';
import { type Analysis, analyse, realize } from './realize.js';
import { SLOT_IDS, type SlotName } from './slots.js';

/** What was counted of one form: casings, Universal POS tags of all and of lower-case occurrences, lemma hints. */
export interface CountedForm {
  readonly casings: [number, number, number];
  readonly tags: Map<string, number>;
  readonly lowerTags: Map<string, number>;
  readonly hints: Map<string, number>;
}

type Inflecting = 'NOUN' | 'VERB' | 'ADJ';

const SLOT_CLASS: Readonly<Record<SlotName, Inflecting | undefined>> = {
  base: undefined,
  plural: 'NOUN',
  third: 'VERB',
  gerund: 'VERB',
  past: 'VERB',
  participle: 'VERB',
  comparative: 'ADJ',
  superlative: 'ADJ',
  first: 'VERB',
  presentPlural: 'VERB',
  pastPlural: 'VERB',
};

const TAG_CLASS: Readonly<Record<string, Inflecting>> = {
  NOUN: 'NOUN',
  VERB: 'VERB',
  AUX: 'VERB',
  ADJ: 'ADJ',
  ADV: 'ADJ',
};

/** Modal verbs have no forms but those that are words of their own. */
const MODALS: ReadonlySet<string> = new Set('can could may might must ought shall should will would'.split(' '));

/** What looks like a participle inflects no further, whatever its tags ('spoiling'), unless it was seen to ('bring'). */
const PARTICIPIAL = /(?:ing|ed)$/u;

/** Taggers take participles for nouns and adjectives more often than the other way round. */
const VERB_WITNESS_SHARE = 0.2;

/** Capitals make the tagger say PROPN; where a form is also written small, the small ones are the better witnesses. */
const LOWER_WITNESS_SHARE = 0.1;
/** A lemma gets the slots of an inflection class that has at least this share of its tags. */
const CLASS_SHARE = 0.1;

interface FormEvidence {
  readonly count: number;
  readonly majorityTag: string;
  /** Occurrences by inflection class. */
  readonly classes: Readonly<Record<Inflecting, number>>;
  readonly hint: string;
}

/** Chooses the analyses of counted forms and derives every lemma with its legal slots. */
export function chooseAnalyses(forms: ReadonlyMap<string, CountedForm>): Omit<Lexicon, 'gaps'> {
  const names = [...forms.keys()].sort();
  const evidence = new Map(names.map((form) => [form, weigh(forms.get(form)!)]));
  const chosen = new Map(names.map((form) => [form, choose(form, evidence)]));
  keepOneVariant(names, chosen, evidence);

  const analysed = new Map<string, LexiconForm>();
  for (const form of names) {
    const { lemma, slot } = chosen.get(form)!;
    const { count, majorityTag } = evidence.get(form)!;
    const casings = forms.get(form)!.casings;
    analysed.set(form, { form, lemma, slot, count, casings, partOfSpeech: coarsePartOfSpeech(majorityTag) });
  }
  return { forms: analysed, lemmas: gatherLemmas(analysed, evidence) };
}

function weigh(counted: CountedForm): FormEvidence {
  const count = counted.casings[0] + counted.casings[1] + counted.casings[2];
  const witnesses = counted.casings[0] >= LOWER_WITNESS_SHARE * count ? counted.lowerTags : counted.tags;
  const classes = { NOUN: 0, VERB: 0, ADJ: 0 };
  for (const [tag, occurrences] of witnesses) {
    const inflecting = TAG_CLASS[tag];
    if (inflecting !== undefined) classes[inflecting] += occurrences;
  }
  return { count, majorityTag: commonest(witnesses), classes, hint: commonest(counted.hints) };
}

function commonest(counts: ReadonlyMap<string, number>): string {
  let best = '';
  let most = -1;
  for (const [name, count] of counts) {
    if (count > most || (count === most && name < best)) [best, most] = [name, count];
  }
  return best;
}

function choose(form: string, evidence: ReadonlyMap<string, FormEvidence>): Analysis {
  const base: Analysis = { lemma: form, slot: 'base', variant: 0 };
  const { majorityTag, hint } = evidence.get(form)!;
  const inflecting = inflectionClass(form, evidence.get(form)!);
  if (inflecting === undefined) return base;
  let best = base;
  let bestRank: readonly number[] = [];
  for (const analysis of analyse(form)) {
    const slotClass = SLOT_CLASS[analysis.slot];
    if (slotClass === undefined || slotClass !== inflecting) continue;
    const lemma = evidence.get(analysis.lemma);
    const attested = lemma?.classes[slotClass] ?? 0;
    const hinted = hint === analysis.lemma;
    const listed = inflections().get(analysis.slot)?.get(analysis.lemma)?.includes(form) ?? false;
    if (attested === 0 && !hinted && !listed) continue;
    // "gas" is no plural of "ga": for two letters the tagger's word is wanted too.
    if (analysis.lemma.length < 3 && !hinted && !listed) continue;
    // "Americans" and "Dogs" are plurals, "James" and "Texas" are not: for names the singular must have been seen.
    if (majorityTag === 'PROPN' && !['PROPN', 'ADJ', 'NOUN'].includes(lemma?.majorityTag ?? '')) continue;
    const rank = [hinted ? 1 : 0, attested > 0 ? 1 : 0, -analysis.variant, attested];
    if (bestRank.length === 0 || isGreater(rank, bestRank)) [best, bestRank] = [analysis, rank];
  }
  return best;
}

function inflectionClass(form: string, { majorityTag, classes }: FormEvidence): Inflecting | undefined {
  if (majorityTag === 'PROPN') return 'NOUN';
  const majority = TAG_CLASS[majorityTag];
  const isVerb = classes.VERB >= VERB_WITNESS_SHARE * (classes.NOUN + classes.VERB + classes.ADJ);
  return majority !== undefined && isVerb && PARTICIPIAL.test(form) ? 'VERB' : majority;
}

function isGreater(a: readonly number[], b: readonly number[]): boolean {
  for (let index = 0; index < a.length; index++) {
    if (a[index] !== b[index]) return a[index]! > b[index]!;
  }
  return false;
}

/** Of forms that share (lemma, slot) the commonest keeps it ('dreamt' or 'dreamed'); the others are lemmas of their own. */
function keepOneVariant(
  names: readonly string[],
  chosen: Map<string, Analysis>,
  evidence: ReadonlyMap<string, FormEvidence>,
): void {
  const keepers = new Map<string, string>();
  for (const form of names) {
    const { lemma, slot, variant } = chosen.get(form)!;
    const key = `${slot} ${lemma}`;
    const rival = keepers.get(key);
    if (rival === undefined) {
      keepers.set(key, form);
      continue;
    }
    const rank = [evidence.get(form)!.count, -variant];
    const rivalRank = [evidence.get(rival)!.count, -chosen.get(rival)!.variant];
    const loser = isGreater(rank, rivalRank) ? rival : form;
    if (loser === rival) keepers.set(key, form);
    chosen.set(loser, { lemma: loser, slot: 'base', variant: 0 });
  }
}

interface Paradigm {
  readonly forms: Map<SlotName, SlotForm>;
  readonly coarse: Map<PartOfSpeech, number>;
  readonly classes: Record<Inflecting, number>;
  count: number;
}

function gatherLemmas(
  analysed: ReadonlyMap<string, LexiconForm>,
  evidence: ReadonlyMap<string, FormEvidence>,
): ReadonlyMap<string, LexiconLemma> {
  const paradigms = new Map<string, Paradigm>();
  for (const { form, lemma, slot, count, partOfSpeech } of analysed.values()) {
    let paradigm = paradigms.get(lemma);
    if (paradigm === undefined) {
      paradigm = { forms: new Map(), coarse: new Map(), classes: { NOUN: 0, VERB: 0, ADJ: 0 }, count: 0 };
      paradigms.set(lemma, paradigm);
    }
    paradigm.count += count;
    paradigm.forms.set(slot, { form, count });
    paradigm.coarse.set(partOfSpeech, (paradigm.coarse.get(partOfSpeech) ?? 0) + count);
    const slotClass = SLOT_CLASS[slot];
    const { classes } = evidence.get(form)!;
    // An inflected form speaks for its own class only: 'walked' as an adjective makes no comparative.
    for (const name of ['NOUN', 'VERB', 'ADJ'] as const) {
      if (slotClass === undefined) paradigm.classes[name] += classes[name];
      else if (slotClass === name) paradigm.classes[name] += count;
    }
  }
  addUnattestedForms(paradigms, analysed);
  const lemmas = new Map<string, LexiconLemma>();
  for (const [lemma, { forms, coarse, count }] of paradigms) {
    const partOfSpeech = PARTS_OF_SPEECH.reduce((best, name) =>
      (coarse.get(name) ?? 0) > (coarse.get(best) ?? 0) ? name : best,
    );
    lemmas.set(lemma, { lemma, count, partOfSpeech, forms });
  }
  return lemmas;
}

/** Gives lemmas the regular forms that did not occur, so that an unseen inflection of a known word is no unknown word. */
function addUnattestedForms(
  paradigms: ReadonlyMap<string, Paradigm>,
  analysed: ReadonlyMap<string, LexiconForm>,
): void {
  const taken = new Set(analysed.keys());
  const byCount = [...paradigms].sort(([a, { count: countA }], [b, { count: countB }]) =>
    countB === countA ? (a < b ? -1 : 1) : countB - countA,
  );
  for (const [lemma, { forms, classes, count }] of byCount) {
    const verbal = [...forms.keys()].some((slot) => SLOT_CLASS[slot] === 'VERB');
    if (!taken.has(lemma)) {
      taken.add(lemma);
      forms.set('base', { form: lemma, count: 0 });
    }
    for (const slot of Object.keys(SLOT_IDS) as SlotName[]) {
      const slotClass = SLOT_CLASS[slot];
      if (slotClass === undefined || forms.has(slot) || classes[slotClass] < CLASS_SHARE * count) continue;
      if (slotClass === 'VERB' && (MODALS.has(lemma) || (PARTICIPIAL.test(lemma) && !verbal))) continue;
      if (slotClass === 'ADJ' && !takesDegree(lemma, forms)) continue;
      const form = realize(lemma, slot);
      if (form === undefined || taken.has(form) || !/^\p{L}+$/u.test(form) || !isPlainForm(form)) continue;
      if (byteLength(form) > MAXIMUM_UNIT_BYTES) continue;
      taken.add(form);
      forms.set(slot, { form, count: 0 });
    }
  }
}

/** Whether an adjective is compared by endings: it is in the corpus, or it is short (Quirk et al. 1985, chapter 7). */
function takesDegree(lemma: string, forms: ReadonlyMap<SlotName, SlotForm>): boolean {
  if (forms.has('comparative') || forms.has('superlative')) return true;
  return /^[^aeiouy]*[aeiouy]+[^aeiouy]*(?:e|[^aeiouy]y)?$/u.test(lemma);
}
