// Conjugation by principal parts: each form from the infinitive or from a form before it, so that a verb that changes its
// stem is known by one or two forms ("piensa", "pidió"). Spelling keeps the sound before e and o.
// Rules after Real Academia Española 2009, "Nueva gramática de la lengua española", chapter 4 (models of conjugation).
import type { VerbSlot } from './slots.js';

/** The order in which forms are derived: what a slot's form is derived from stands before it. */
export const VERB_DERIVATION = [
  'presentThird',
  'presentSecond',
  'presentThirdPlural',
  'presentFirst',
  'presentFirstPlural',
  'subjunctive',
  'subjunctiveSecond',
  'subjunctiveThirdPlural',
  'pastFirst',
  'pastThird',
  'pastSecond',
  'pastFirstPlural',
  'pastThirdPlural',
  'subjunctiveImperfect',
  'subjunctiveImperfectThirdPlural',
  'gerund',
  'participle',
  'participleFeminine',
  'participlePlural',
  'participleFemininePlural',
  'imperfect',
  'imperfectFirstPlural',
  'imperfectThirdPlural',
  'futureFirst',
  'futureThird',
  'futureThirdPlural',
  'conditional',
  'conditionalThirdPlural',
] as const satisfies readonly VerbSlot[];

const INFINITIVE = /^(\p{L}*)([aeií])r$/u;

/** True for what looks like an infinitive: it is letters and ends in -ar, -er, -ir or -ír. */
export function looksLikeInfinitive(lemma: string): boolean {
  return INFINITIVE.test(lemma);
}

/**
 * The regular form of a verb in a slot; undefined where the lemma does not look like an infinitive.
 * `part` gives the first choice in an earlier slot, as it really is: regular forms follow irregular ones.
 */
export function verbForm(lemma: string, slot: VerbSlot, part: (slot: VerbSlot) => string): string | undefined {
  const match = INFINITIVE.exec(lemma);
  if (match === null) return undefined;
  const stem = match[1]!;
  const conjugation = match[2] === 'í' ? 'i' : (match[2] as Conjugation);
  switch (slot) {
    case 'presentThird':
      return presentThird(stem, conjugation);
    case 'presentSecond':
      return `${part('presentThird')}s`;
    case 'presentThirdPlural':
      return `${part('presentThird')}n`;
    case 'presentFirst':
      return presentFirst(part('presentThird'), conjugation);
    case 'presentFirstPlural':
      return stem + (conjugation === 'i' ? (strongVowelEnd(stem) ? 'ímos' : 'imos') : `${conjugation}mos`);
    case 'subjunctive':
      return subjunctive(part('presentFirst'), conjugation);
    case 'subjunctiveSecond':
      return `${part('subjunctive')}s`;
    case 'subjunctiveThirdPlural':
      return `${part('subjunctive')}n`;
    case 'pastFirst':
      return conjugation === 'a' ? `${softened(stem)}é` : `${stem}í`;
    case 'pastThird':
      return pastThird(raised(stem, conjugation, part('presentThird')), conjugation, part('pastFirst'));
    case 'pastSecond':
      return pastStem(stem, part('pastFirst')) + pastEnding(stem, conjugation, part('pastFirst'), 'ste');
    case 'pastFirstPlural':
      return pastStem(stem, part('pastFirst')) + pastEnding(stem, conjugation, part('pastFirst'), 'mos');
    case 'pastThirdPlural':
      return pastThirdPlural(stem, conjugation, part('pastFirst'), part('pastThird'));
    case 'subjunctiveImperfect':
      return part('pastThirdPlural').replace(/ron$/u, 'ra');
    case 'subjunctiveImperfectThirdPlural':
      return `${part('subjunctiveImperfect')}n`;
    case 'gerund':
      return gerund(stem, conjugation, part('pastFirst'), part('pastThird'));
    case 'participle':
      return stem + (conjugation === 'a' ? 'ado' : strongVowelEnd(stem) ? 'ído' : 'ido');
    case 'participleFeminine':
      return part('participle').replace(/o$/u, 'a');
    case 'participlePlural':
      return `${part('participle')}s`;
    case 'participleFemininePlural':
      return `${part('participleFeminine')}s`;
    case 'imperfect':
      return stem + (conjugation === 'a' ? 'aba' : 'ía');
    case 'imperfectFirstPlural':
      return part('imperfect').replace(/aba$/u, 'ába').concat('mos');
    case 'imperfectThirdPlural':
      return `${part('imperfect')}n`;
    case 'futureFirst':
      return `${stem}${conjugation}ré`;
    case 'futureThird':
      return part('futureFirst').replace(/é$/u, 'á');
    case 'futureThirdPlural':
      return `${part('futureThird')}n`;
    case 'conditional':
      return part('futureFirst').replace(/é$/u, 'ía');
    case 'conditionalThirdPlural':
      return `${part('conditional')}n`;
  }
}

/** The second spelling that every imperfect subjunctive has: "cantase" beside "cantara". */
export function alternateVerbForm(slot: VerbSlot, form: string): string | undefined {
  if (slot === 'subjunctiveImperfect') return form.replace(/ra$/u, 'se');
  return slot === 'subjunctiveImperfectThirdPlural' ? form.replace(/ran$/u, 'sen') : undefined;
}

type Conjugation = 'a' | 'e' | 'i';

const strongVowelEnd = (stem: string): boolean => /[aeo]$/u.test(stem);
/** A stem in a vowel that is heard: not the u of "seguir" and "delinquir". */
const vowelEnd = (stem: string): boolean => /[aeoü]$|(?<![gq])u$/u.test(stem);
/** The verbs in -uir that put a y before a, e and o: "construye". */
const uEnd = (stem: string): boolean => /(?<![gq])[uü]$/u.test(stem);
/** After a palatal the i of a diphthong is not written: "bulló", "gruñeron". */
const palatalEnd = (stem: string): boolean => /(?:ñ|ll)$/u.test(stem);
const strongPast = (pastFirst: string): boolean => pastFirst.endsWith('e');

/** Spells the end of a stem of -ar so that it sounds before e as before a: "busqué", "llegué", "empecé", "averigüé". */
function softened(stem: string): string {
  if (stem.endsWith('z')) return `${stem.slice(0, -1)}c`;
  if (stem.endsWith('gu')) return `${stem.slice(0, -1)}ü`;
  if (stem.endsWith('c')) return `${stem.slice(0, -1)}qu`;
  return stem.endsWith('g') ? `${stem}u` : stem;
}

/** Spells the end of a stem of -er or -ir so that it sounds before o as before e: "conozco", "venzo", "cojo", "sigo". */
function hardened(stem: string): string {
  if (/[aeiouáéíóú]c$/u.test(stem)) return `${stem.slice(0, -1)}zc`;
  if (stem.endsWith('c')) return `${stem.slice(0, -1)}z`;
  if (stem.endsWith('g')) return `${stem.slice(0, -1)}j`;
  if (stem.endsWith('gu')) return stem.slice(0, -1);
  return stem.endsWith('qu') ? `${stem.slice(0, -2)}c` : stem;
}

function presentThird(stem: string, conjugation: Conjugation): string {
  if (conjugation === 'a') return `${stem}a`;
  return conjugation === 'i' && uEnd(stem) ? `${stem.replace(/ü$/u, 'u')}ye` : `${stem}e`;
}

function presentFirst(third: string, conjugation: Conjugation): string {
  const stem = third.slice(0, -1);
  return `${conjugation === 'a' ? stem : hardened(stem)}o`;
}

function subjunctive(first: string, conjugation: Conjugation): string {
  const stem = first.replace(/oy?$/u, '');
  return conjugation === 'a' ? `${softened(stem)}e` : `${stem}a`;
}

function pastStem(stem: string, pastFirst: string): string {
  return strongPast(pastFirst) ? pastFirst.slice(0, -1) : stem;
}

function pastEnding(stem: string, conjugation: Conjugation, pastFirst: string, person: 'ste' | 'mos'): string {
  if (strongPast(pastFirst)) return `i${person}`;
  if (conjugation === 'a') return `a${person}`;
  return (strongVowelEnd(stem) ? 'í' : 'i') + person;
}

/** Verbs in -ir that change their stem under stress raise it in the past: "pide", "pidió"; "siente", "sintió"; "duerme", "durmió". */
function raised(stem: string, conjugation: Conjugation, third: string): string {
  const stressed = third.slice(0, -1);
  if (conjugation !== 'i' || stressed === stem) return stem;
  const raise = (from: string, to: string, by: string): string | undefined => {
    const at = stem.lastIndexOf(from);
    if (at < 0) return undefined;
    const [head, tail] = [stem.slice(0, at), stem.slice(at + from.length)];
    return stressed === head + to + tail ? head + by + tail : undefined;
  };
  return raise('e', 'i', 'i') ?? raise('e', 'ie', 'i') ?? raise('o', 'ue', 'u') ?? stem;
}

function pastThird(stem: string, conjugation: Conjugation, pastFirst: string): string {
  if (strongPast(pastFirst)) return `${pastFirst.slice(0, -1)}o`;
  if (conjugation === 'a') return `${stem}ó`;
  if (vowelEnd(stem)) return `${stem.replace(/ü$/u, 'u')}yó`;
  return stem + (palatalEnd(stem) ? 'ó' : 'ió');
}

function pastThirdPlural(stem: string, conjugation: Conjugation, pastFirst: string, third: string): string {
  if (strongPast(pastFirst)) {
    const strong = pastFirst.slice(0, -1);
    return strong + (strong.endsWith('j') ? 'eron' : 'ieron');
  }
  return conjugation === 'a' ? `${stem}aron` : third.replace(/[oó]$/u, 'eron');
}

function gerund(stem: string, conjugation: Conjugation, pastFirst: string, third: string): string {
  if (conjugation === 'a') return `${stem}ando`;
  // The gerund has the stem of "pidió" and "leyó", but not that of strong pasts.
  if (!strongPast(pastFirst)) return third.replace(/[oó]$/u, 'endo');
  return stem + (vowelEnd(stem) ? 'yendo' : 'iendo');
}
