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
import { type TaggedUnit, tagUnits } from './tagger.js';

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
      readSentence(tagged.slice(from, at), read);
      from = at;
    }
    yield read;
  }
}

interface Split {
  readonly form: string;
  readonly casing: number;
  readonly isSpace: boolean;
}
const splits = new Map<string, Split>();

function split(surface: string): Split {
  let known = splits.get(surface);
  if (known === undefined) {
    known = { ...splitCasing(surface), isSpace: SPACE.test(surface) };
    if (splits.size >= CACHE_FORMS) splits.clear();
    splits.set(surface, known);
  }
  return known;
}

function readSentence(tagged: readonly { unit: StreamedUnit; tagged: TaggedUnit }[], read: ReadUnit[]): void {
  const words: Word[] = [];
  for (const { unit, tagged: said } of tagged) {
    const { form, casing, isSpace } = split(unit.surface);
    // Mixed capitals stay in the form; syntax reads small letters.
    if (!isSpace) {
      const tag = form === 'us' && casing === CASING.upper ? 'PROPN' : said.tag;
      words.push({ form: form.replace('’', "'"), tag, participle: false, past: false });
    }
  }
  resolveSentence(words);
  let next = 0;
  for (const { unit } of tagged) {
    const { form, casing, isSpace } = split(unit.surface);
    if (isSpace) {
      read.push({ unit, form, casing, tag: 'SPACE', reading: asItself(form) });
      continue;
    }
    const word = words[next]!;
    read.push({ unit, form, casing, tag: word.tag, reading: choose(form, word, words[next + 1]?.form) });
    next++;
  }
}

const chosen = new Map<string, Analysis>();

function choose(form: string, { tag, participle, past }: Word, following: string | undefined): Analysis {
  const key = `${participle ? 2 : past ? 1 : 0}${CUT_OFF.has(form) && following === "n't" ? '+' : ''}${tag} ${form}`;
  let known = chosen.get(key);
  if (known === undefined) {
    known = chooseAnew(form, tag, participle, past, key.includes('+'));
    if (chosen.size >= CACHE_FORMS) chosen.clear();
    chosen.set(key, known);
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
