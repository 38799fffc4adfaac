// Reading English in context: tags, put right by rules of syntax, pick among the readings that a form can have.
// From: Strata, WORDS (analysis by synthesis: only what realises back to the form is a reading).
import type { StreamedUnit } from '@strata/text';
import { CASING, splitCasing } from '../casing.js';
import type { ReadUnit } from '../language.js';
import { closedReadings } from './closed-class.js';
import { OPEN_CLASS, openClassesOf } from './known-lemmas.js';
import { asItself, lemmatise, type OpenPartOfSpeech } from './lemmatise.js';
import { type Analysis, realizations } from './realize.js';
import { resolveSentence, type Word } from './syntax.js';
import { type TaggedUnits, tagUnits } from './tagger.js';

/** What is remembered of forms; emptied when full. */
const CACHE_FORMS = 1 << 16;
const SPACE = /^\s/u;
const PLURAL_NAME = /s$/u;
/** Words cut off before "n't": ca, wo, sha. */
const CUT_OFF: ReadonlySet<string> = new Set(['ca', 'wo', 'sha']);

/** Reads units as they come, sentence by sentence; the same text always gets the same readings. */
export function* readEnglish(
  batches: Iterable<readonly StreamedUnit[]>,
): Generator<readonly ReadUnit[], void, undefined> {
  for (const tagged of tagUnits(batches)) {
    const read: ReadUnit[] = [];
    let from = 0;
    for (let at = 1; at <= tagged.length; at++) {
      if (at < tagged.length && tagged[at]!.unit.boundary === 0) continue;
      readSentence(tagged, from, at, read);
      from = at;
    }
    yield read;
  }
}

/** A surface taken apart once for all its occurrences. */
interface Split {
  readonly form: string;
  readonly casing: number;
  /** The form with a plain apostrophe; undefined for white space, which syntax does not see. */
  readonly word: string | undefined;
}
const splits = new Map<string, Split>();

function split(surface: string): Split {
  let known = splits.get(surface);
  if (known === undefined) {
    const { form, casing } = splitCasing(surface);
    known = { form, casing, word: SPACE.test(surface) ? undefined : form.replace('’', "'") };
    if (splits.size >= CACHE_FORMS) splits.clear();
    splits.set(surface, known);
  }
  return known;
}

/** Reads the units [from, to) of one sentence and appends them to `read`. */
function readSentence(tagged: TaggedUnits, from: number, to: number, read: ReadUnit[]): void {
  const words: Word[] = [];
  const taken: Split[] = [];
  for (let at = from; at < to; at++) {
    const { unit, tag } = tagged[at]!;
    const parts = split(unit.surface);
    taken.push(parts);
    if (parts.word === undefined) continue;
    const isCountry = parts.word === 'us' && parts.casing === CASING.upper;
    words.push({ form: parts.word, tag: isCountry ? 'PROPN' : tag, participle: false, past: false });
  }
  resolveSentence(words);
  let next = 0;
  for (let at = from; at < to; at++) {
    const { unit } = tagged[at]!;
    const { form, casing, word } = taken[at - from]!;
    if (word === undefined) {
      read.push({ unit, form, casing, tag: 'SPACE', reading: asItself(form) });
      continue;
    }
    const here = words[next++]!;
    read.push({ unit, form, casing, tag: here.tag, reading: choose(form, here, words[next]) });
  }
}

/** What a word is beside its tag: nothing, a past, a participle, cut off before "n't". */
const ROLES = 4;
const CUT_OFF_ROLE = 3;
/** Tag -> role -> form -> reading. */
const chosen = new Map<string, Map<string, Analysis>[]>();
let remembered = 0;

function choose(form: string, { form: word, tag, participle, past }: Word, following: Word | undefined): Analysis {
  const cutOff = following?.form === "n't" && CUT_OFF.has(word);
  const role = cutOff ? CUT_OFF_ROLE : participle ? 2 : past ? 1 : 0;
  let ofTag = chosen.get(tag);
  if (ofTag === undefined) {
    ofTag = Array.from({ length: ROLES }, () => new Map<string, Analysis>());
    chosen.set(tag, ofTag);
  }
  let known = ofTag[role]!.get(form);
  if (known === undefined) {
    known = chooseAnew(form, tag, participle, past, cutOff);
    if (++remembered > CACHE_FORMS) {
      chosen.clear();
      remembered = 0;
    }
    ofTag[role]!.set(form, known);
  }
  return known;
}

function chooseAnew(form: string, tag: string, participle: boolean, past: boolean, cutOff: boolean): Analysis {
  const own = asItself(form);
  const closed = closedReadings(form);
  const find = (lemma: string, slot?: string): Analysis =>
    closed.find((one) => one.lemma === lemma && (slot === undefined || one.slot === slot)) ?? own;
  if (closed.length > 0) {
    const plain = form.replace('’', "'");
    if (CUT_OFF.has(form)) return cutOff ? closed[0]! : own;
    if (plain === "'s") return find(tag === 'AUX' ? 'be' : tag === 'VERB' ? 'have' : "'s");
    if (plain === "'d") return find(tag === 'VERB' ? 'have' : 'would');
    if (form === 'her') return tag === 'PRON' ? find('she') : own;
    if (form === 'better' || form === 'best') return lemmatise(form, tag === 'ADV' ? 'ADV' : 'ADJ');
    return tag === 'PROPN' ? own : closed[0]!;
  }
  switch (tag) {
    case 'NOUN':
      return lemmatise(form, 'NOUN');
    case 'PROPN':
      return ofName(form);
    case 'AUX':
    case 'VERB':
      return ofVerb(form, participle, past);
    case 'ADJ':
    case 'ADV':
      return lemmatise(form, tag as OpenPartOfSpeech);
    default:
      return own;
  }
}

/** Names in the plural: 'Palestinians', where the singular is known and the form is no name of its own ('James', 'Paris'). */
function ofName(form: string): Analysis {
  const own = asItself(form);
  if (form.endsWith('est') && openClassesOf(form) === 0) return lemmatise(form, 'ADJ');
  if (!PLURAL_NAME.test(form) || openClassesOf(form) !== 0) return own;
  const plural = lemmatise(form, 'NOUN');
  return (openClassesOf(plural.lemma) & (OPEN_CLASS.noun | OPEN_CLASS.adj)) !== 0 ? plural : own;
}

function ofVerb(form: string, participle: boolean, past: boolean): Analysis {
  const base = asItself(form);
  const isVerb = (openClassesOf(form) & OPEN_CLASS.verb) !== 0;
  if (participle || past) {
    // 'put', 'come', 'read': one spelling for the verb itself and what it is here.
    const slots = participle ? (['participle', 'past'] as const) : (['past'] as const);
    for (const slot of isVerb ? slots : []) {
      const variant = realizations(form, slot).indexOf(form);
      if (variant === 0) return { lemma: form, slot, variant };
    }
  }
  const found = lemmatise(form, 'VERB');
  // 'found', 'saw': after an auxiliary that wants the base, the verb is another one.
  if (isVerb && !participle && !past && (found.slot === 'past' || found.slot === 'participle')) return base;
  if (!participle || found.slot !== 'past') return found;
  // Most participles are spelled as the past is; here the reading says which it is.
  const variant = realizations(found.lemma, 'participle').indexOf(form);
  return variant < 0 ? found : { lemma: found.lemma, slot: 'participle', variant };
}
