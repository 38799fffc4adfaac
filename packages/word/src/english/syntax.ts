// Syntax that a tagger overlooks, as rules over one sentence: verbs after their auxiliaries, nouns after their determiners,
// participle against past. After Quirk et al. 1985, chapters 3 and 4; in the manner of constraint grammar (Karlsson 1990).
import { CLOSED_SET } from './closed-sets.js';
import { type KnownForm, VERB_FORM } from './known-forms.js';
import { OPEN_CLASS } from './known-lemmas.js';

/** A word of a sentence while rules work on it. */
export interface Word {
  readonly known: KnownForm;
  /** Universal POS tag. */
  tag: string;
  /** A verb that is a past participle here, though its form may be the past as well. */
  participle: boolean;
  /** A verb that is a past here, though its form may be the base as well. */
  past: boolean;
}

const WINDOW = 6;

/** Auxiliaries that say what form their verb has. */
const GOVERNOR = CLOSED_SET.be | CLOSED_SET.get | CLOSED_SET.have | CLOSED_SET.modal | CLOSED_SET.do;
/** Of these, and of what else `governorOf` may give, those that a base follows. */
const WANTS_BASE_AFTER_SUBJECT = CLOSED_SET.modal | CLOSED_SET.do;
const WANTS_BASE = WANTS_BASE_AFTER_SUBJECT | CLOSED_SET.to;
/** And those that a participle follows. */
const WANTS_PARTICIPLE = CLOSED_SET.be | CLOSED_SET.have | CLOSED_SET.get | CLOSED_SET.s;
const FINITE = CLOSED_SET.finite | CLOSED_SET.modal;
/** What `retagClosed` decides. */
const RETAGGED = CLOSED_SET.s | CLOSED_SET.d | CLOSED_SET.her | CLOSED_SET.am;

const isIn = (word: Word | undefined, sets: number): boolean => word !== undefined && (word.known.sets & sets) !== 0;
const canBe = (word: Word, forms: number): boolean => (word.known.verbForms & forms) !== 0;
const isKnownAs = (word: Word, classes: number): boolean => (word.known.classes & classes) !== 0;
const isVerb = ({ tag }: Word): boolean => tag === 'VERB' || tag === 'AUX';

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
    const word = words[at]!;
    const { tag } = word;
    if (isIn(word, CLOSED_SET.clauseBreak)) return new Clause();
    // 'that' after a noun or verb, 'who', 'because' open a clause that has its own verb.
    if (
      isIn(word, CLOSED_SET.clauseOpener) &&
      (tag === 'SCONJ' || tag === 'PRON' || tag === 'ADV' || tag === 'CCONJ')
    ) {
      const fresh = new Clause();
      fresh.subject = isIn(word, CLOSED_SET.relative);
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
    const { tag } = word;
    if (isVerb(word)) {
      this.sinceVerb = 0;
      this.lastParticiple = word.participle;
      if (!word.participle && (isIn(word, FINITE) || isInflected(word))) this.finite = true;
    } else {
      this.sinceVerb++;
      if (tag === 'NOUN' || tag === 'PROPN' || tag === 'PRON') this.subject = true;
    }
  }
}

function isInflected(word: Word): boolean {
  if (word.past || canBe(word, VERB_FORM.third)) return true;
  return canBe(word, VERB_FORM.base) && !canBe(word, VERB_FORM.gerund) && word.known.word !== 'be';
}

function retag(words: readonly Word[], i: number): void {
  const word = words[i]!;
  if (isIn(word, RETAGGED)) {
    retagClosed(words, i);
    return;
  }
  if (isIn(word, CLOSED_SET.indefinite)) word.tag = 'PRON';
  switch (word.tag) {
    case 'NOUN':
      if (isVerbAfterAll(words, i)) word.tag = 'VERB';
      return;
    case 'VERB':
      if (isNounAfterAll(words, i)) word.tag = 'NOUN';
      return;
    case 'ADJ':
      if (isVerbForm(word, words[i + 1])) word.tag = 'VERB';
      return;
  }
}

function retagClosed(words: readonly Word[], i: number): void {
  const word = words[i]!;
  const after = words[i + 1];
  if (isIn(word, CLOSED_SET.s)) word.tag = cliticS(words, i);
  else if (isIn(word, CLOSED_SET.d)) word.tag = hadOrWould(words, i);
  else if (isIn(word, CLOSED_SET.her)) word.tag = after !== undefined && startsNominal(after) ? 'DET' : 'PRON';
  // 'at 9 AM'.
  else if (words[i - 1]?.tag === 'NUM') word.tag = 'NOUN';
}

/** Whether what the tagger takes for a noun is a verb. */
function isVerbAfterAll(words: readonly Word[], i: number): boolean {
  const word = words[i]!;
  const before = words[i - 1];
  const third = canBe(word, VERB_FORM.third);
  if (canBe(word, VERB_FORM.base)) {
    if ((governorOf(words, i) & WANTS_BASE_AFTER_SUBJECT) !== 0 && before!.tag !== 'DET' && before!.tag !== 'ADJ')
      return true;
    if (!third && isIn(before, CLOSED_SET.subject)) return true;
  }
  if (third) {
    if (isIn(before, CLOSED_SET.thirdSubject) && before!.known.word !== 'that') return true;
    if (closesSingular(words, i) && lacksVerb(words, i)) return true;
  }
  if (canBe(word, VERB_FORM.past | VERB_FORM.participle) && !isKnownAs(word, OPEN_CLASS.noun)) return true;
  return canBe(word, VERB_FORM.gerund) && isGerundHere(word, before, words[i + 1]);
}

/** Whether what the tagger takes for a verb is a noun. */
function isNounAfterAll(words: readonly Word[], i: number): boolean {
  const word = words[i]!;
  const before = words[i - 1];
  if (before === undefined) return false;
  if (canBe(word, VERB_FORM.third) && opensNominal(before)) return true;
  return (
    canBe(word, VERB_FORM.base) &&
    !canBe(word, VERB_FORM.past) &&
    isIn(before, CLOSED_SET.determiner) &&
    isKnownAs(word, OPEN_CLASS.noun) &&
    words[i + 1]?.tag !== 'NOUN'
  );
}

/** Whether what the tagger takes for an adjective is a participle or gerund of a verb. */
function isVerbForm(word: Word, after: Word | undefined): boolean {
  if (!isKnownAs(word, OPEN_CLASS.adj)) return canBe(word, VERB_FORM.participle | VERB_FORM.gerund);
  return canBe(word, VERB_FORM.participle) && isIn(after, CLOSED_SET.by);
}

/** Whether a whole noun phrase in the singular ends before `i`: 'one dog', 'the man'. */
function closesSingular(words: readonly Word[], i: number): boolean {
  const [determiner, noun] = [words[i - 2], words[i - 1]];
  if (determiner === undefined || noun === undefined || noun.tag !== 'NOUN' || noun.known.word.endsWith('s'))
    return false;
  return determiner.known.word === 'one' || isIn(determiner, CLOSED_SET.determiner);
}

/** Whether no other word of the clause around `i` is a verb: then one that can be has to be. */
function lacksVerb(words: readonly Word[], i: number): boolean {
  const ends = (word: Word): boolean => word.tag === 'CCONJ' || word.tag === 'SCONJ' || isIn(word, CLOSED_SET.mark);
  for (let at = i - 1; at >= 0 && !ends(words[at]!); at--) if (isVerb(words[at]!)) return false;
  for (let at = i + 1; at < words.length && !ends(words[at]!); at++) if (isVerb(words[at]!)) return false;
  return true;
}

function isGerundHere(word: Word, before: Word | undefined, after: Word | undefined): boolean {
  const known = isKnownAs(word, OPEN_CLASS.noun);
  if (before !== undefined && (before.tag === 'DET' || before.tag === 'ADJ')) return !known;
  const takesObject =
    after !== undefined && (after.tag === 'DET' || after.tag === 'PRON' || isIn(after, CLOSED_SET.her));
  return takesObject || !known;
}

/** Whether what follows can only be part of a noun phrase. */
function startsNominal({ tag }: Word): boolean {
  return tag === 'NOUN' || tag === 'ADJ' || tag === 'PROPN' || tag === 'NUM';
}

/** Whether a noun rather than a verb follows: a determiner, an adjective or a possessive stands here. */
function opensNominal(word: Word): boolean {
  const { tag } = word;
  if (isIn(word, CLOSED_SET.determiner) || tag === 'ADJ' || tag === 'NUM') return true;
  return tag === 'PART' && isIn(word, CLOSED_SET.s);
}

function cliticS(words: readonly Word[], i: number): string {
  const before = words[i - 1];
  const after = next(words, i);
  if (after === undefined) return 'PART';
  if (['been', 'got', 'had', 'become'].includes(after.known.word)) return 'VERB';
  if (isIn(before, CLOSED_SET.beforeIs)) return 'AUX';
  if (before?.tag === 'PRON' && !/(?:one|body|else)$/u.test(before.known.word)) return 'AUX';
  const direct = words[i + 1]!;
  if (direct.tag === 'DET' || direct.known.word === 'not') return 'AUX';
  if (direct.tag === 'VERB' && canBe(direct, VERB_FORM.gerund)) return 'AUX';
  return startsNominal(direct) || direct.tag === 'VERB' || isIn(direct, CLOSED_SET.mark) || direct.tag === 'ADP'
    ? 'PART'
    : 'AUX';
}

function hadOrWould(words: readonly Word[], i: number): string {
  const after = next(words, i);
  if (after === undefined) return 'AUX';
  if (after.known.word === 'better') return 'VERB';
  return canBe(after, VERB_FORM.participle) && !canBe(after, VERB_FORM.base) ? 'VERB' : 'AUX';
}

/** The next word that is no adverb. */
function next(words: readonly Word[], i: number): Word | undefined {
  for (let at = i + 1; at < words.length && at <= i + WINDOW; at++) if (words[at]!.tag !== 'ADV') return words[at];
  return undefined;
}

/**
 * What governs a verb at `i`, directly before it or with adverbs, not, or a pronoun subject between: the GOVERNOR sets of
 * an auxiliary ("'d" is 'had' or 'would'), or the bit of 's or of to, or 0.
 */
function governorOf(words: readonly Word[], i: number): number {
  let pronouns = 0;
  for (let at = i - 1; at >= 0 && at >= i - WINDOW; at--) {
    const { known, tag } = words[at]!;
    const { sets } = known;
    if ((sets & GOVERNOR) !== 0) return sets & GOVERNOR;
    if ((sets & CLOSED_SET.s) !== 0 && (tag === 'AUX' || tag === 'VERB')) return CLOSED_SET.s;
    if ((sets & CLOSED_SET.d) !== 0) return tag === 'VERB' ? CLOSED_SET.have : CLOSED_SET.modal;
    if ((sets & CLOSED_SET.to) !== 0) return at === i - 1 ? CLOSED_SET.to : 0;
    if (tag === 'ADV' || (sets & CLOSED_SET.negation) !== 0) continue;
    if (tag === 'PRON' && (sets & CLOSED_SET.anySubject) !== 0 && pronouns++ === 0) continue;
    return 0;
  }
  return 0;
}

function settleVerb(words: readonly Word[], i: number, clause: Clause): void {
  const word = words[i]!;
  if (!isVerb(word) || !canBe(word, VERB_FORM.past | VERB_FORM.participle)) return;
  if (canBe(word, VERB_FORM.base)) {
    settleBase(words, i);
    return;
  }
  if (!canBe(word, VERB_FORM.past)) {
    word.participle = true;
    return;
  }
  const governor = governorOf(words, i);
  if ((governor & WANTS_BASE) !== 0 && isKnownAs(word, OPEN_CLASS.verb)) return;
  word.participle = isParticiple(words, i, governor, clause);
  word.past = !word.participle;
}

/** 'have' and 'do' are auxiliaries where a verb follows, 'to' belongs to a verb where its base follows. */
function settleAuxiliary(words: readonly Word[], i: number): void {
  const word = words[i]!;
  if (isIn(word, CLOSED_SET.to)) {
    const after = next(words, i);
    const isBase = after !== undefined && isVerb(after) && !after.past && !after.participle;
    word.tag = isBase && !canBe(after, VERB_FORM.gerund) ? 'PART' : 'ADP';
  } else if (isIn(word, CLOSED_SET.fullHave)) {
    word.tag = follows(words, i, (verb) => verb.participle) ? 'AUX' : 'VERB';
  } else if (isIn(word, CLOSED_SET.do)) {
    word.tag = follows(words, i, (verb) => !verb.participle && !canBe(verb, VERB_FORM.gerund)) ? 'AUX' : 'VERB';
  }
}

/** Whether the next verb, with only adverbs, a negation or a pronoun between, is such a one. */
function follows(words: readonly Word[], i: number, wanted: (verb: Word) => boolean): boolean {
  for (let at = i + 1; at < words.length && at <= i + WINDOW; at++) {
    const word = words[at]!;
    if (isVerb(word)) return wanted(word);
    if (word.tag === 'ADV' || word.tag === 'PART') continue;
    if (word.tag === 'PRON' && isIn(word, CLOSED_SET.anySubject)) continue;
    return false;
  }
  return false;
}

/** 'put', 'come': the base unless an auxiliary or a singular subject says otherwise. */
function settleBase(words: readonly Word[], i: number): void {
  const word = words[i]!;
  const governor = governorOf(words, i);
  if (governor !== 0) {
    word.participle = (governor & WANTS_PARTICIPLE) !== 0;
    return;
  }
  const before = words[i - 1];
  if (!canBe(word, VERB_FORM.past)) return;
  if (isIn(before, CLOSED_SET.thirdSubject) || before?.tag === 'PROPN') word.past = true;
}

function isParticiple(words: readonly Word[], i: number, governor: number, clause: Clause): boolean {
  const before = words[i - 1];
  const after = words[i + 1];
  if (governor !== 0 && governor !== CLOSED_SET.to) return (governor & WANTS_PARTICIPLE) !== 0;
  // An auxiliary that opens a clause is finite: 'had', 'did', 'was'.
  const { word: form } = words[i]!.known;
  if (form === 'had' || form === 'did' || form === 'was' || form === 'were') return false;
  if (before === undefined) return true;
  if (isIn(before, CLOSED_SET.subject)) return false;
  if (isIn(after, CLOSED_SET.by)) return true;
  if (before.tag === 'DET' || isIn(before, CLOSED_SET.determiner) || before.tag === 'NUM')
    return before.known.word !== 'this' && before.known.word !== 'that';
  if (before.tag === 'ADJ' || before.tag === 'PART') return true;
  if (before.tag === 'ADP') return true;
  if (isIn(before, CLOSED_SET.participleOpener) && before.tag !== 'PRON') return true;
  if (before.tag === 'CCONJ' || before.known.word === ',') {
    // 'was killed and buried', but 'came and sat'.
    if (clause.sinceVerb <= 2 && clause.lastParticiple) return true;
    if (before.tag === 'CCONJ') return after !== undefined && after.tag === 'NOUN' && !clause.subject;
    return after !== undefined && (after.tag === 'ADP' || isIn(after, CLOSED_SET.to)) && clause.finite;
  }
  // After a noun: past where the clause still wants its verb ('the man walked'), else a shortened relative clause.
  return clause.finite;
}
