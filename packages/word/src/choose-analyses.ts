// Choosing one analysis for every attested form, and the slots each lemma may fill: a bijection between both.
// From: Strata; the commonest reading of a form in its corpus names it, whatever its context, which keeps the likelihood exact.
import { byteLength, MAXIMUM_UNIT_BYTES } from '@strata/text';
import { isPlainForm } from './casing.js';
import type { Axes, AxisName, Language, Reading } from './language.js';
import type { Lexicon, LexiconForm, LexiconLemma, SlotForm } from './lexicon-types.js';
import { coarsePartOfSpeech, PARTS_OF_SPEECH, type PartOfSpeech } from './parts-of-speech.js';

/** A reading that was seen, with its tag, in all and in lower-case occurrences of its form. */
export interface CountedReading {
  readonly reading: Reading;
  readonly tag: string;
  all: number;
  lower: number;
}

/** What was counted of one form: occurrences by casing, and by reading and tag. */
export interface CountedForm {
  readonly casings: [number, number, number];
  readonly readings: Map<string, CountedReading>;
}

/** An inflected reading wins over the form as its own lemma from this share on: 'spoiling' is mostly tagged as a noun. */
const INFLECTED_SHARE = 0.2;
/** Words of closed classes ('her', "'s") are what they mostly are. */
const CLOSED_SHARE = 0.5;
/** Capitals make taggers say PROPN; where a form is also written small, the small ones are the better witnesses. */
const LOWER_WITNESS_SHARE = 0.1;
/** A lemma gets the slots of a part of speech that has at least this share of its occurrences. */
const CLASS_SHARE = 0.1;

interface FormEvidence {
  readonly count: number;
  readonly partOfSpeech: PartOfSpeech;
  /** Occurrences by coarse part of speech. */
  readonly classes: ReadonlyMap<PartOfSpeech, number>;
  readonly reading: Reading;
}

/** Chooses the analyses of counted forms and derives every lemma with its legal slots. */
export function chooseAnalyses(forms: ReadonlyMap<string, CountedForm>, language: Language): Omit<Lexicon, 'gaps'> {
  const names = [...forms.keys()].sort();
  const evidence = new Map(names.map((form) => [form, weigh(form, forms.get(form)!, language)]));
  const chosen = new Map(names.map((form) => [form, evidence.get(form)!.reading]));
  keepOneVariant(names, chosen, evidence, baseSlot(language));
  const analysed = new Map<string, LexiconForm>();
  for (const form of names) {
    const { lemma, slot } = chosen.get(form)!;
    const { count, partOfSpeech } = evidence.get(form)!;
    analysed.set(form, { form, lemma, slot, count, casings: forms.get(form)!.casings, partOfSpeech });
  }
  return { language, forms: analysed, lemmas: gatherLemmas(analysed, evidence, language) };
}

const baseSlot = (language: Language): string => language.slots[0]!.name;

function weigh(form: string, counted: CountedForm, language: Language): FormEvidence {
  const count = counted.casings[0] + counted.casings[1] + counted.casings[2];
  const lowerOnly = counted.casings[0] >= LOWER_WITNESS_SHARE * count && counted.casings[0] > 0;
  const base = baseSlot(language);
  const readings = new Map<string, { reading: Reading; seen: number }>();
  const tags = new Map<string, number>();
  let witnesses = 0;
  for (const { reading, tag, all, lower } of counted.readings.values()) {
    const seen = lowerOnly ? lower : all;
    if (seen === 0) continue;
    witnesses += seen;
    tags.set(tag, (tags.get(tag) ?? 0) + seen);
    const canonical = canonicalReading(form, reading, language);
    const key = readingKey(canonical);
    readings.set(key, { reading: canonical, seen: (readings.get(key)?.seen ?? 0) + seen });
  }
  const classes = new Map<PartOfSpeech, number>();
  for (const [tag, seen] of tags) {
    const name = coarsePartOfSpeech(tag);
    classes.set(name, (classes.get(name) ?? 0) + seen);
  }
  const ranked = [...readings].sort(([a, one], [b, other]) => other.seen - one.seen || (a < b ? -1 : 1));
  const inflected = ranked.find(([, { reading }]) => reading.slot !== base)?.[1];
  const partOfSpeech = coarsePartOfSpeech(commonest(tags));
  const share = partOfSpeech === 'FUNCTION' ? CLOSED_SHARE : INFLECTED_SHARE;
  const reading =
    inflected !== undefined && inflected.seen >= share * witnesses
      ? inflected.reading
      : { lemma: form, slot: base, variant: 0 };
  return { count, partOfSpeech, classes, reading };
}

/** Of slots that a lemma spells alike and that share a feature ('walked': both are past) the first speaks for all. */
function canonicalReading(form: string, reading: Reading, language: Language): Reading {
  if (reading.lemma === form) return { lemma: form, slot: baseSlot(language), variant: 0 };
  const axesOf = (slot: string): Axes => language.slots.find(({ name }) => name === slot)!.axes;
  const axes = Object.entries(axesOf(reading.slot));
  const rank = (slot: string): number => language.slots.findIndex(({ name }) => name === slot);
  return language
    .analyse(form)
    .filter(
      ({ lemma, slot }) =>
        lemma === reading.lemma && axes.some(([axis, value]) => axesOf(slot)[axis as AxisName] === value),
    )
    .reduce((first, one) => (rank(one.slot) < rank(first.slot) ? one : first), reading);
}

/** A reading as one string, unique among the readings of one language. */
export const readingKey = ({ lemma, slot, variant }: Reading): string => `${slot} ${variant} ${lemma}`;

function commonest(counts: ReadonlyMap<string, number>): string {
  let best = '';
  let most = -1;
  for (const [name, count] of counts) {
    if (count > most || (count === most && name < best)) [best, most] = [name, count];
  }
  return best;
}

/** Of forms that share (lemma, slot) the commonest keeps it ('dreamt' or 'dreamed'); the others are lemmas of their own. */
function keepOneVariant(
  names: readonly string[],
  chosen: Map<string, Reading>,
  evidence: ReadonlyMap<string, FormEvidence>,
  base: string,
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
    const ahead = evidence.get(form)!.count - evidence.get(rival)!.count;
    const loser = ahead > 0 || (ahead === 0 && variant < chosen.get(rival)!.variant) ? rival : form;
    if (loser === rival) keepers.set(key, form);
    chosen.set(loser, { lemma: loser, slot: base, variant: 0 });
  }
}

interface Paradigm {
  readonly forms: Map<string, SlotForm>;
  readonly classes: Map<PartOfSpeech, number>;
  count: number;
}

function gatherLemmas(
  analysed: ReadonlyMap<string, LexiconForm>,
  evidence: ReadonlyMap<string, FormEvidence>,
  language: Language,
): ReadonlyMap<string, LexiconLemma> {
  const paradigms = new Map<string, Paradigm>();
  for (const { form, lemma, slot, count } of analysed.values()) {
    let paradigm = paradigms.get(lemma);
    if (paradigm === undefined) {
      paradigm = { forms: new Map(), classes: new Map(), count: 0 };
      paradigms.set(lemma, paradigm);
    }
    paradigm.count += count;
    paradigm.forms.set(slot, { form, count });
    const seen = evidence.get(form)!;
    const witnesses = [...seen.classes.values()].reduce((sum, one) => sum + one, 0);
    for (const [name, share] of seen.classes)
      paradigm.classes.set(name, (paradigm.classes.get(name) ?? 0) + (share / witnesses) * count);
  }
  addUnattestedForms(paradigms, analysed, language);
  const lemmas = new Map<string, LexiconLemma>();
  for (const [lemma, { forms, classes, count }] of paradigms) {
    const partOfSpeech = PARTS_OF_SPEECH.reduce((best, name) =>
      (classes.get(name) ?? 0) > (classes.get(best) ?? 0) ? name : best,
    );
    lemmas.set(lemma, { lemma, count, partOfSpeech, forms });
  }
  return lemmas;
}

/** Gives lemmas the forms that did not occur, so that an unseen inflection of a known word is no unknown word. */
function addUnattestedForms(
  paradigms: ReadonlyMap<string, Paradigm>,
  analysed: ReadonlyMap<string, LexiconForm>,
  language: Language,
): void {
  const taken = new Set(analysed.keys());
  const base = baseSlot(language);
  const byCount = [...paradigms].sort(([a, { count: countA }], [b, { count: countB }]) =>
    countB === countA ? (a < b ? -1 : 1) : countB - countA,
  );
  for (const [lemma, { forms, classes, count }] of byCount) {
    if (!taken.has(lemma)) {
      taken.add(lemma);
      forms.set(base, { form: lemma, count: 0 });
    }
    const attested = new Set(forms.keys());
    for (const partOfSpeech of PARTS_OF_SPEECH) {
      if ((classes.get(partOfSpeech) ?? 0) < CLASS_SHARE * count || !classes.has(partOfSpeech)) continue;
      for (const slot of language.paradigm(lemma, partOfSpeech, attested)) {
        const form = language.realizations(lemma, slot)[0];
        if (form === undefined || forms.has(slot) || taken.has(form) || !isPlainForm(form)) continue;
        if (byteLength(form) > MAXIMUM_UNIT_BYTES) continue;
        taken.add(form);
        forms.set(slot, { form, count: 0 });
      }
    }
  }
}
