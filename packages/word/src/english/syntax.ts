// Syntax that a tagger overlooks, as rules over one sentence: verbs after their auxiliaries, nouns after their determiners,
// participle against past. After Quirk et al. 1985, chapters 3 and 4; in the manner of constraint grammar (Karlsson 1990).
import { OPEN_CLASS, openClassesOf } from './known-lemmas.js';
import { lemmatise } from './lemmatise.js';

/** A word of a sentence while rules work on it; the form has no casing and a plain apostrophe. */
export interface Word {
  readonly form: string;
  /** Universal POS tag. */
  tag: string;
  /** A verb that is a past participle here, though its form may be the past as well. */
  participle: boolean;
  /** A verb that is a past here, though its form may be the base as well. */
  past: boolean;
}

const set = (words: string): ReadonlySet<string> => new Set(words.split(' '));

const BE = set("am is are was were be been being 'm 're");
const GET = set('get gets got getting gotten');
const HAVE = set("have has had having 've");
const DO = set('do does did');
const FULL_HAVE = set('have has had having');
const FULL_DO = set('do does did');
const MODAL = set("can could may might must shall should will would 'll ca wo sha");
const SUBJECT = set('i he she we they who');
const SUBJECT_ANY = set('i he she we they who you it this that there which what everyone everybody someone nobody');
const THIRD_SUBJECT = set('he she it who which that');
const DETERMINER = set('the a an this these those my your his its our their some any every each no another both');
const PRONOUN_BEFORE_IS = set(
  'it he she that what who there here where how this when why everything something one everyone',
);
const CLAUSE_OPENERS = set(
  'who which that because if when while although though since unless until whereas where why how what as so but',
);
const PARTICIPLE_OPENERS = set('as than if when once unless until though although while');
const FINITE = /^(?:am|is|are|was|were|'m|'re|has|have|had|'ve|does|do|did)$/u;
const PRONOUNS = set('everything something anything nothing');
const NOT_A_WORD = /^[^\p{L}\p{N}]+$/u;
const WINDOW = 6;

interface VerbForms {
  /** The form can be a past or a past participle. */
  readonly past: boolean;
  readonly participle: boolean;
  readonly base: boolean;
  readonly third: boolean;
  readonly gerund: boolean;
}

const CACHE_FORMS = 1 << 16;
const verbForms = new Map<string, VerbForms>();

function verbFormsOf(form: string): VerbForms {
  let known = verbForms.get(form);
  if (known !== undefined) return known;
  const isVerb = (openClassesOf(form) & OPEN_CLASS.verb) !== 0;
  const { slot } = lemmatise(form, 'VERB');
  const same = isVerb && SAME_PAST.has(form);
  known = {
    // 'found' and 'saw' are pasts of other verbs before they are verbs themselves.
    base: isVerb && (slot === 'base' || same || SAME_PARTICIPLE.has(form)),
    past: slot === 'past' || same,
    participle: slot === 'participle' || slot === 'past' || same || SAME_PARTICIPLE.has(form),
    third: slot === 'third',
    gerund: slot === 'gerund',
  };
  if (verbForms.size >= CACHE_FORMS) verbForms.clear();
  verbForms.set(form, known);
  return known;
}

/** Verbs whose base is their past and participle too, and those whose base is their participle only. */
const SAME_PAST = set(
  'bet bid burst cast cost cut hit hurt let put quit read rid set shed shut slit split spread thrust upset',
);
const SAME_PARTICIPLE = set('come become overcome run');

/** Puts right, in place, the tags of a sentence's words, and says which verbs are participles and which are pasts. */
export function resolveSentence(words: readonly Word[]): void {
  for (let i = 0; i < words.length; i++) retag(words, i);
  let clause = new Clause();
  for (let i = 0; i < words.length; i++) {
    clause = clause.entering(words, i);
    settleVerb(words, i, clause);
    clause.read(words[i]!);
  }
  for (let i = 0; i < words.length; i++) settleAuxiliary(words, i);
}

/** What a clause has shown so far. */
class Clause {
  /** A finite verb was read. */
  finite = false;
  /** The last verb read was a participle. */
  lastParticiple = false;
  /** Words since the last verb. */
  sinceVerb = WINDOW;
  /** A noun or pronoun was read that may be the subject. */
  subject = false;

  entering(words: readonly Word[], at: number): Clause {
    const { form, tag } = words[at]!;
    if (form === ';' || form === ':' || form === '"' || form === '“' || form === '”') return new Clause();
    // 'that' after a noun or verb, 'who', 'because' open a clause that has its own verb.
    if (CLAUSE_OPENERS.has(form) && (tag === 'SCONJ' || tag === 'PRON' || tag === 'ADV' || tag === 'CCONJ')) {
      const fresh = new Clause();
      fresh.subject = form === 'who' || form === 'which' || form === 'that';
      return fresh;
    }
    if (tag === 'CCONJ') {
      const fresh = new Clause();
      fresh.lastParticiple = this.lastParticiple;
      fresh.sinceVerb = this.sinceVerb;
      fresh.subject = this.subject;
      return fresh;
    }
    return this;
  }

  read(word: Word): void {
    const { form, tag } = word;
    if (tag === 'VERB' || tag === 'AUX') {
      this.sinceVerb = 0;
      this.lastParticiple = word.participle;
      if (!word.participle && (FINITE.test(form) || MODAL.has(form) || isInflected(word))) this.finite = true;
    } else {
      this.sinceVerb++;
      if (tag === 'NOUN' || tag === 'PROPN' || tag === 'PRON') this.subject = true;
    }
  }
}

function isInflected({ form, past }: Word): boolean {
  const { third, gerund, base } = verbFormsOf(form);
  return past || third || (base && !gerund && form !== 'be');
}

function retag(words: readonly Word[], i: number): void {
  const word = words[i]!;
  const { form, tag } = word;
  const before = words[i - 1];
  const after = words[i + 1];
  if (PRONOUNS.has(form)) word.tag = 'PRON';
  switch (form) {
    case "'s":
      word.tag = cliticS(words, i);
      return;
    case "'d":
      word.tag = hadOrWould(words, i);
      return;
    case 'her':
      word.tag = after !== undefined && startsNominal(after) ? 'DET' : 'PRON';
      return;
    case 'am':
      // 'at 9 AM'.
      if (before?.tag === 'NUM') word.tag = 'NOUN';
      return;
  }
  if (word.tag !== 'NOUN' && tag !== 'VERB' && tag !== 'ADJ') return;
  if (word.tag !== tag) return;
  const can = verbFormsOf(form);
  const classes = openClassesOf(form);
  const governor = governorOf(words, i);
  const afterModal = governor !== undefined && (MODAL.has(governor) || DO.has(governor));
  if (tag === 'NOUN' && can.base && afterModal && before!.tag !== 'DET' && before!.tag !== 'ADJ') word.tag = 'VERB';
  else if (tag === 'NOUN' && can.base && !can.third && before !== undefined && SUBJECT.has(before.form))
    word.tag = 'VERB';
  else if (
    tag === 'NOUN' &&
    can.third &&
    before !== undefined &&
    THIRD_SUBJECT.has(before.form) &&
    before.form !== 'that'
  )
    word.tag = 'VERB';
  else if (tag === 'NOUN' && can.third && closesSingular(words, i) && lacksVerb(words, i)) word.tag = 'VERB';
  else if (tag === 'NOUN' && (can.past || can.participle) && (classes & OPEN_CLASS.noun) === 0) word.tag = 'VERB';
  else if (tag === 'NOUN' && can.gerund && isGerundHere(form, before, after)) word.tag = 'VERB';
  else if (tag === 'VERB' && can.third && before !== undefined && opensNominal(before)) word.tag = 'NOUN';
  else if (
    tag === 'VERB' &&
    can.base &&
    !can.past &&
    before !== undefined &&
    DETERMINER.has(before.form) &&
    (classes & OPEN_CLASS.noun) !== 0 &&
    !(after !== undefined && after.tag === 'NOUN')
  )
    word.tag = 'NOUN';
  else if (tag === 'ADJ' && can.participle && (classes & OPEN_CLASS.adj) === 0) word.tag = 'VERB';
  else if (tag === 'ADJ' && can.gerund && (classes & OPEN_CLASS.adj) === 0) word.tag = 'VERB';
  else if (tag === 'ADJ' && can.participle && after !== undefined && after.form === 'by') word.tag = 'VERB';
}

/** Whether a whole noun phrase in the singular ends before `i`: 'one dog', 'the man'. */
function closesSingular(words: readonly Word[], i: number): boolean {
  const [determiner, noun] = [words[i - 2], words[i - 1]];
  if (determiner === undefined || noun === undefined || noun.tag !== 'NOUN' || noun.form.endsWith('s')) return false;
  return determiner.form === 'one' || DETERMINER.has(determiner.form);
}

/** Whether no other word of the clause around `i` is a verb: then one that can be has to be. */
function lacksVerb(words: readonly Word[], i: number): boolean {
  const isVerb = ({ tag }: Word): boolean => tag === 'VERB' || tag === 'AUX';
  const ends = ({ form, tag }: Word): boolean => tag === 'CCONJ' || tag === 'SCONJ' || NOT_A_WORD.test(form);
  for (let at = i - 1; at >= 0 && !ends(words[at]!); at--) if (isVerb(words[at]!)) return false;
  for (let at = i + 1; at < words.length && !ends(words[at]!); at++) if (isVerb(words[at]!)) return false;
  return true;
}

function isGerundHere(form: string, before: Word | undefined, after: Word | undefined): boolean {
  const known = (openClassesOf(form) & OPEN_CLASS.noun) !== 0;
  if (before !== undefined && (before.tag === 'DET' || before.tag === 'ADJ')) return !known;
  const takesObject = after !== undefined && (after.tag === 'DET' || after.tag === 'PRON' || after.form === 'her');
  if (before !== undefined && (BE.has(before.form) || before.tag === 'ADP')) return takesObject || !known;
  return takesObject || !known;
}

/** Whether what follows can only be part of a noun phrase. */
function startsNominal({ tag }: Word): boolean {
  return tag === 'NOUN' || tag === 'ADJ' || tag === 'PROPN' || tag === 'NUM';
}

/** Whether a noun rather than a verb follows: a determiner, an adjective or a possessive stands here. */
function opensNominal({ form, tag }: Word): boolean {
  return DETERMINER.has(form) || tag === 'ADJ' || tag === 'NUM' || (tag === 'PART' && form === "'s");
}

function cliticS(words: readonly Word[], i: number): string {
  const before = words[i - 1];
  const after = next(words, i);
  if (after === undefined) return 'PART';
  if (['been', 'got', 'had', 'become'].includes(after.form)) return 'VERB';
  if (before !== undefined && PRONOUN_BEFORE_IS.has(before.form)) return 'AUX';
  if (before?.tag === 'PRON' && before.form !== 'one' && !/(?:one|body|else)$/u.test(before.form)) return 'AUX';
  const direct = words[i + 1]!;
  if (direct.tag === 'DET' || direct.form === 'not' || (verbFormsOf(direct.form).gerund && direct.tag === 'VERB'))
    return 'AUX';
  return startsNominal(direct) || direct.tag === 'VERB' || NOT_A_WORD.test(direct.form) || direct.tag === 'ADP'
    ? 'PART'
    : 'AUX';
}

function hadOrWould(words: readonly Word[], i: number): string {
  const after = next(words, i);
  if (after === undefined) return 'AUX';
  if (after.form === 'better') return 'VERB';
  const can = verbFormsOf(after.form);
  return can.participle && !can.base ? 'VERB' : 'AUX';
}

/** The next word that is no adverb. */
function next(words: readonly Word[], i: number): Word | undefined {
  for (let at = i + 1; at < words.length && at <= i + WINDOW; at++) if (words[at]!.tag !== 'ADV') return words[at];
  return undefined;
}

/** The auxiliary that governs a verb at `i`: directly before it, or with adverbs, not, or a pronoun subject between. */
function governorOf(words: readonly Word[], i: number): string | undefined {
  let pronouns = 0;
  for (let at = i - 1; at >= 0 && at >= i - WINDOW; at--) {
    const { form, tag } = words[at]!;
    if (BE.has(form) || GET.has(form) || HAVE.has(form) || MODAL.has(form) || DO.has(form)) return form;
    if (form === "'s" && (tag === 'AUX' || tag === 'VERB')) return form;
    if (form === "'d") return tag === 'VERB' ? 'had' : 'would';
    if (form === 'to') return at === i - 1 ? 'to' : undefined;
    if (tag === 'ADV' || form === "n't" || form === 'not' || form === 'never' || form === 'ever') continue;
    if (tag === 'PRON' && SUBJECT_ANY.has(form) && pronouns++ === 0) continue;
    return undefined;
  }
  return undefined;
}

function settleVerb(words: readonly Word[], i: number, clause: Clause): void {
  const word = words[i]!;
  const { form, tag } = word;
  if (tag !== 'VERB' && tag !== 'AUX') return;
  const can = verbFormsOf(form);
  if (!can.past && !can.participle) return;
  if (can.base) {
    settleBase(words, i, can);
    return;
  }
  if (!can.past) {
    word.participle = true;
    return;
  }
  const governor = governorOf(words, i);
  if (governor !== undefined && wantsBase(governor) && (openClassesOf(form) & OPEN_CLASS.verb) !== 0) return;
  word.participle = isParticiple(words, i, clause);
  word.past = !word.participle;
}

const wantsBase = (governor: string): boolean => governor === 'to' || MODAL.has(governor) || DO.has(governor);

/** 'have' and 'do' are auxiliaries where a verb follows, 'to' belongs to a verb where its base follows. */
function settleAuxiliary(words: readonly Word[], i: number): void {
  const word = words[i]!;
  const { form } = word;
  if (form === 'to') {
    const after = next(words, i);
    const isBase =
      after !== undefined && (after.tag === 'VERB' || after.tag === 'AUX') && !after.past && !after.participle;
    word.tag = isBase && !verbFormsOf(after.form).gerund ? 'PART' : 'ADP';
  } else if (FULL_HAVE.has(form)) {
    word.tag = follows(words, i, (verb) => verb.participle) ? 'AUX' : 'VERB';
  } else if (FULL_DO.has(form)) {
    word.tag = follows(words, i, (verb) => !verb.participle && !verbFormsOf(verb.form).gerund) ? 'AUX' : 'VERB';
  }
}

/** Whether the next verb, with only adverbs, a negation or a pronoun between, is such a one. */
function follows(words: readonly Word[], i: number, wanted: (verb: Word) => boolean): boolean {
  for (let at = i + 1; at < words.length && at <= i + WINDOW; at++) {
    const word = words[at]!;
    if (word.tag === 'VERB' || word.tag === 'AUX') return wanted(word);
    if (word.tag === 'ADV' || word.tag === 'PART' || (word.tag === 'PRON' && SUBJECT_ANY.has(word.form))) continue;
    return false;
  }
  return false;
}

/** 'put', 'come': the base unless an auxiliary or a singular subject says otherwise. */
function settleBase(words: readonly Word[], i: number, can: VerbForms): void {
  const word = words[i]!;
  const governor = governorOf(words, i);
  if (governor !== undefined) {
    word.participle = BE.has(governor) || HAVE.has(governor) || GET.has(governor) || governor === "'s";
    return;
  }
  const before = words[i - 1];
  if (can.past && before !== undefined && (THIRD_SUBJECT.has(before.form) || before.tag === 'PROPN')) word.past = true;
}

function isParticiple(words: readonly Word[], i: number, clause: Clause): boolean {
  const { form } = words[i]!;
  const before = words[i - 1];
  const after = words[i + 1];
  const governor = governorOf(words, i);
  if (governor !== undefined && governor !== 'to')
    return BE.has(governor) || HAVE.has(governor) || GET.has(governor) || governor === "'s";
  // An auxiliary that opens a clause is finite: 'had', 'did', 'was'.
  if (form === 'had' || form === 'did' || form === 'was' || form === 'were') return false;
  if (before === undefined) return true;
  if (SUBJECT.has(before.form)) return false;
  if (after?.form === 'by') return true;
  if (before.tag === 'DET' || DETERMINER.has(before.form) || before.tag === 'NUM')
    return before.form !== 'this' && before.form !== 'that';
  if (before.tag === 'ADJ' || before.tag === 'PART') return true;
  if (before.tag === 'ADP') return true;
  if (PARTICIPLE_OPENERS.has(before.form) && before.tag !== 'PRON') return true;
  if (before.tag === 'CCONJ' || before.form === ',') {
    // 'was killed and buried', but 'came and sat'.
    if (clause.sinceVerb <= 2 && clause.lastParticiple) return true;
    if (before.tag === 'CCONJ') return after !== undefined && after.tag === 'NOUN' && !clause.subject;
    return after !== undefined && (after.tag === 'ADP' || after.form === 'to') && clause.finite;
  }
  // After a noun: past where the clause still wants its verb ('the man walked'), else a shortened relative clause.
  return clause.finite;
}
