// Reading Spanish in context: a word's possible readings are weighed by what is known of the lemma, by the ending, and by the
// words beside it. No tagger of quality: closed classes by list, all else by the rules of thumb below.
// From: Strata, WORDS (analysis by synthesis: only what realises back to the form is a reading).
import type { StreamedUnit } from '@strata/text';
import { CASING, splitCasing } from '../casing.js';
import type { ReadUnit } from '../language.js';
import { ARTICLE_OR_OBJECT, AUXILIARIES, BEFORE_VERB, closedTags, INFLECTING } from './closed-words.js';
import { analyse, type SpanishReading } from './realize.js';
import { isVerbSlot } from './slots.js';
import { spanishTable } from './table.js';

const OPENING = /^[¿¡«“"(—–-]+$/u;
const PAST = /^(?:past|imperfect)/u;
/** Spelled alike in two tenses, these tell nothing of either. */
const tells = (slot: string): boolean => /^(?:past|imperfect|present)/u.test(slot) && !slot.endsWith('FirstPlural');
const WITH_PRONOUN = /(?:[aei]r|[aáié]ndo)(?:me|te|se|nos|os|l[aeo]s?)+$/u;
const NO_SLOT = /[aei]r(?:ás|emos|éis|ías|íamos|íais)$|[ai]steis$|.[áé]is$/u;
const SPACE = /^\s/u;
const NUMBER = /^\p{N}/u;
const WORD = /^\p{L}/u;
const SYMBOL = /^[\p{S}%&§]/u;

/** What a word is read by: its left neighbour as it was read, and the form on its right. */
interface Context {
  /** '' at the start of a sentence. */
  readonly tag: string;
  readonly form: string;
  readonly lemma: string;
  readonly next: string;
  /** After a conjunction, the tag of what it joins the word to. */
  readonly conjunct: string;
  /** Whether the last finite verb that said so stood in a past tense. */
  readonly past: boolean;
}

const START: Context = { tag: '', form: '', lemma: '', next: '', conjunct: '', past: true };

/** Forms whose analyses are remembered; texts repeat themselves, and the memory is emptied when it is full. */
const REMEMBERED_FORMS = 1 << 15;
const remembered = new Map<string, readonly SpanishReading[]>();

function analyses(form: string): readonly SpanishReading[] {
  let found = remembered.get(form);
  if (found === undefined) {
    if (remembered.size >= REMEMBERED_FORMS) remembered.clear();
    found = analyse(form);
    remembered.set(form, found);
  }
  return found;
}

/** Reads units as they come; the same text always gets the same readings, however it is cut into batches. */
export function* readSpanish(
  batches: Iterable<readonly StreamedUnit[]>,
): Generator<readonly ReadUnit[], void, undefined> {
  let before = START;
  let held: StreamedUnit | undefined;
  const readHeld = (unit: StreamedUnit, next: string): ReadUnit => {
    if (unit.boundary > 0) before = { ...START, past: before.past };
    const read = readUnit(unit, { ...before, next });
    if (read.tag !== 'SPACE') {
      const conjunct = read.tag === 'CCONJ' ? before.tag : '';
      const { lemma, slot } = read.reading;
      const past = tells(slot) ? PAST.test(slot) : before.past;
      // What a mark opens begins anew.
      before = OPENING.test(read.form)
        ? { ...START, form: read.form, past }
        : { tag: read.tag, form: read.form, lemma, next: '', conjunct, past };
    }
    return read;
  };
  for (const batch of batches) {
    const read: ReadUnit[] = [];
    for (const unit of batch) {
      if (held !== undefined) read.push(readHeld(held, unit.boundary > 0 ? '' : splitCasing(unit.surface).form));
      held = unit;
    }
    if (read.length > 0) yield read;
  }
  if (held !== undefined) yield [readHeld(held, '')];
}

function readUnit(unit: StreamedUnit, context: Context): ReadUnit {
  const { form, casing } = splitCasing(unit.surface);
  const asItself: SpanishReading = { lemma: form, slot: 'base', variant: 0 };
  const plain = (tag: string): ReadUnit => ({ unit, form, casing, reading: asItself, tag });
  if (SPACE.test(form)) return plain('SPACE');
  if (NUMBER.test(form)) return plain('NUM');
  if (!WORD.test(form)) return plain(SYMBOL.test(form) ? 'SYM' : 'PUNCT');
  const closed = closedTag(form, context);
  if (closed !== undefined) {
    const inflected = closed === 'DET' || closed === 'PRON' ? closedReading(form, closed) : undefined;
    return { unit, form, casing, reading: inflected ?? asItself, tag: closed };
  }
  return { unit, form, casing, ...openReading(form, casing, context) };
}

function closedTag(form: string, context: Context): string | undefined {
  const tags = closedTags(form);
  if (tags.length === 0) return undefined;
  if (ARTICLE_OR_OBJECT.has(form)) {
    // A noun would agree: "las casas", but "las entiende".
    const agrees = form === 'la' || context.next.endsWith('s');
    return looksFinite(context.next, !agrees) ? 'PRON' : 'DET';
  }
  // "Se lo dijo todo": what stands before no noun stands for one.
  if (tags[0] === 'DET' && (context.next === '' || !WORD.test(context.next))) return 'PRON';
  return tags[0];
}

/** "las" is "el", feminine plural; as an object it is the plural of "la". */
function closedReading(form: string, tag: string): SpanishReading | undefined {
  if (tag === 'PRON' && ARTICLE_OR_OBJECT.has(form)) {
    if (form === 'la') return undefined;
    return { lemma: form.slice(0, -1), slot: 'plural', variant: 0 };
  }
  return analyses(form).find(({ lemma, slot }) => INFLECTING.has(lemma) && !isVerbSlot(slot) && slot !== 'base');
}

/** True where a word is a finite form of a known verb, and seldom or never a noun: what follows an object pronoun. */
function looksFinite(form: string, noNoun: boolean): boolean {
  if (BEFORE_VERB.has(form) && form !== 'no') return true;
  if (form === '' || closedTags(form).length > 0) return false;
  const { nouns, adjectives } = spanishTable();
  let verb = false;
  for (const { lemma, slot } of analyses(form)) {
    if (!noNoun && (nouns.has(lemma) || adjectives.has(lemma))) return false;
    verb ||= isFiniteSlot(slot) && knownVerb(lemma) && (noNoun || !AMBIGUOUS_END.test(form));
  }
  return verb;
}

/** Ends that nouns and verbs share; what is left are clear pasts, futures and imperfects. */
const AMBIGUOUS_END = /(?:[^r]a|o|e|as|os|es)$/u;
const knownVerb = (lemma: string): boolean => spanishTable().verbs.has(lemma);
const isFiniteSlot = (slot: string): boolean => isVerbSlot(slot) && slot !== 'gerund' && !slot.startsWith('participle');

interface OpenReading {
  readonly reading: SpanishReading;
  readonly tag: string;
}

function openReading(form: string, casing: number, context: Context): OpenReading {
  const readings = analyses(form);
  let best: OpenReading = { reading: readings[0]!, tag: 'X' };
  let most = Number.NEGATIVE_INFINITY;
  const weigh = (reading: SpanishReading, tag: string, weight: number): void => {
    if (weight > most) [best, most] = [{ reading, tag }, weight];
  };
  if (casing !== CASING.asIs && (context.tag !== '' || !readings.some(({ lemma }) => known(lemma))))
    weigh(readings[0]!, 'PROPN', context.tag === '' && CLEAR_VERB_END.test(form) ? 0 : 5);
  for (const reading of readings) {
    const { slot } = reading;
    if (slot === 'base') {
      weigh(reading, 'NOUN', nounWeight(reading, form, context));
      weigh(reading, 'ADJ', adjectiveWeight(reading, context));
      // "probarlos" and "verás" have no slot, but they are verbs.
      if (WITH_PRONOUN.test(form) || NO_SLOT.test(form)) weigh(reading, 'VERB', 6);
      if (form.endsWith('mente')) weigh(reading, 'ADV', 9);
      if (/[aeií]r$/u.test(form)) weigh(reading, 'VERB', infinitiveWeight(form, context));
    } else if (isVerbSlot(slot)) {
      weigh(reading, AUXILIARIES.has(reading.lemma) ? 'AUX' : 'VERB', verbWeight(reading, form, context));
    } else {
      if (slot === 'plural') weigh(reading, 'NOUN', nounWeight(reading, form, context));
      weigh(reading, 'ADJ', adjectiveWeight(reading, context));
    }
  }
  return best.tag === 'VERB' && best.reading.slot === 'base' && AUXILIARIES.has(form) ? { ...best, tag: 'AUX' } : best;
}

function known(lemma: string): boolean {
  const { verbs, nouns, adjectives } = spanishTable();
  return verbs.has(lemma) || nouns.has(lemma) || adjectives.has(lemma);
}

const NOUN_END =
  /(?:ción|sión|dad|tad|tud|miento|eza|aje|ismo|ista|encia|ancia|ura|or|ero|era|anza|ería|ío|illo|illa|ito|ita|ón|umbre|ez)$/u;
const ADJECTIVE_END = /(?:oso|able|ible|ico|ivo|al|ario|ísimo|izo|esco|udo|iento)$/u;
/** Ends that only verbs have. */
const CLEAR_VERB_END =
  /(?:[^aeiou]ó|ió|yó|aba|aban|ábamos|ían|íamos|aron|ieron|yeron|ando|iendo|yendo|aré|eré|iré|ará|erá|irá|arán|erán|irán|aría|ería|iría|arían|erían|irían|iera|ieran|iese|iesen|asen|aran|é|í|amos|emos|imos)$/u;

function nounWeight({ lemma, slot }: SpanishReading, form: string, { tag, conjunct }: Context): number {
  let weight = 2 + (spanishTable().nouns.has(lemma) ? 2 : 0) + (NOUN_END.test(lemma) ? 2 : 0);
  if (slot === 'plural') weight += pluralWeight(lemma, form);
  else if (/[aeo]s$/u.test(form) && !spanishTable().nouns.has(form)) weight -= 1;
  if (conjunct === 'NOUN') weight += 2;
  if (tag === 'DET' || tag === 'NUM') weight += 4;
  if (tag === 'ADP') weight += 2;
  if (tag === 'ADJ') weight += 1;
  if (tag === 'NOUN') weight -= 2;
  return weight;
}

/** Which of two singulars a plural in -es has: consonants that end words lose -es, others lose -s ("flores", "padres"). */
function pluralWeight(lemma: string, form: string): number {
  if (!form.endsWith('es')) return 1;
  if (form.endsWith('ces')) return lemma.endsWith('z') ? 2 : 0;
  const bare = /(?:[aeiou][lr]|[aeioáéó]r|[óéáí]n|[ií]ón|[aei]n|[eo]dad|[aeiu]d|[éí]s|[aeou]y)$/u.test(lemma);
  if (lemma.endsWith('e')) return /(?:[^aeiou][lrnd]|[^lrndsyáéíóú]|[aeiou]s)es$/u.test(form) ? 2 : 0;
  return bare || /^[^aeiouáéíóú]*[aeiouáéíóú]{1,2}[lrnds]$/u.test(lemma) ? 2 : 0;
}

function adjectiveWeight({ lemma, slot }: SpanishReading, { tag, lemma: previous, conjunct }: Context): number {
  const listed = spanishTable().adjectives.has(lemma);
  let weight = (listed ? 4 : 0) + (ADJECTIVE_END.test(lemma) ? 2 : 0);
  if (slot === 'base' && !listed && /[aeo]s$/u.test(lemma)) weight -= 3;
  if (slot === 'plural' && lemma.endsWith('e') && !listed) weight -= 1;
  // Nothing but the context tells "roja" from "rosa": a feminine wants a witness.
  if (!listed && (slot === 'feminine' || slot === 'femininePlural')) weight -= 1;
  if (tag === 'NOUN' || tag === 'PROPN') weight += 3;
  if (tag === 'DET') weight += 1;
  if (tag === 'ADV' || conjunct === 'ADJ') weight += 2;
  if (previous === 'ser' || previous === 'estar') weight += 3;
  return weight;
}

function infinitiveWeight(form: string, { tag, lemma: previous }: Context): number {
  let weight = knownVerb(form) ? 6 : 0;
  if (tag === 'ADP' || tag === 'VERB' || tag === 'PRON') weight += 3;
  if (tag === 'DET') weight -= 3;
  return previous === 'no' ? weight + 1 : weight;
}

function verbWeight({ lemma, slot, variant }: SpanishReading, form: string, context: Context): number {
  const { tag, form: left, lemma: previous, next, conjunct, past } = context;
  const clear = CLEAR_VERB_END.test(form);
  let weight = (knownVerb(lemma) ? 4 : clear && lemma.endsWith('ar') ? 0 : -6) + (clear ? 2 : 0) - variant;
  // "frisaba" is an imperfect before it is a present of "frisabar".
  if (slot === 'presentThird' && form.endsWith('aba') && !knownVerb(lemma)) weight -= 3;
  if (AUXILIARIES.has(lemma)) weight += 4;
  // First persons and subjunctives are rarer than what they look like; past and present "cantamos" are one form.
  if (slot.startsWith('subjunctive')) weight -= left === 'que' ? 0 : 2;
  if (slot === 'presentFirst' || slot === 'presentSecond')
    weight -= left === 'yo' || left === 'tú' || (slot === 'presentSecond' && left === '¿') ? -1 : 2;
  if (slot.startsWith('participle')) {
    if (previous === 'haber') return weight + (slot === 'participle' ? 6 : 0);
    if (previous === 'ser' || previous === 'estar') return weight + 4;
    return tag === 'DET' ? weight - 2 : weight + (tag === 'NOUN' ? 2 : 1);
  }
  if (slot === 'gerund') return weight + 3;
  // "fuimos al mercado", but "fuimos felices"; "cantamos" is of the tense that the text is told in.
  if (lemma === 'ir' && slot.startsWith('past') && TOWARDS.has(next)) weight += 6;
  if (slot === 'pastFirstPlural' && past) weight += 1;
  if (tag === 'DET' || (tag === 'ADP' && left !== 'según')) weight -= 5;
  if (BEFORE_VERB.has(left) || (tag === 'PRON' && ARTICLE_OR_OBJECT.has(left))) weight += 4;
  if (['NOUN', 'PROPN', '', 'SCONJ'].includes(tag) || conjunct === 'VERB') weight += 1;
  if (previous === 'ser' || previous === 'estar' || tag === 'VERB') weight -= 2;
  if (ARTICLES_AND_MORE.has(next)) weight += 1;
  return weight;
}

const TOWARDS: ReadonlySet<string> = new Set('a al hacia hasta'.split(' '));
/** What often follows a verb and seldom a noun. */
const ARTICLES_AND_MORE: ReadonlySet<string> = new Set('el la los las un una a al que su sus muy mi con'.split(' '));
