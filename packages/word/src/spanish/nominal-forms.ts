// Plurals of nouns and the genders of adjectives by rule, with the written accents that come and go with them.
// Rules after Real Academia Española 2010, "Ortografía de la lengua española" (accents) and "Nueva gramática", chapters 2 and 3.
import type { NominalSlot } from './slots.js';

const PLAIN: Readonly<Record<string, string>> = { á: 'a', é: 'e', í: 'i', ó: 'o', ú: 'u' };
const ACCENTED: Readonly<Record<string, string>> = { a: 'á', e: 'é', i: 'í', o: 'ó', u: 'ú' };

const LETTERS = /^\p{L}+$/u;
/** A last syllable under a written accent and closed by -n or -s: its plural has no accent to write ("canción"). */
const ACCENTED_END = /[áéíóú][ns]$/u;
/** An accent that parts two vowels stays: "país", "países". */
const HIATUS_END = /[aeo][íú]\p{L}?$/u;
/** Words of two syllables and more that end in an unaccented -en or the like are stressed on the syllable before. */
const UNSTRESSED_N = /[aeiouáéíóúü][^aeiouáéíóúü]+[aeiou]n$/u;
const VOWEL = /[aeiouáéíóúü]/u;

/** The regular form of a noun or adjective in a slot; undefined where it has none of its own ("crisis", "feliz" + feminine). */
export function nominalForm(lemma: string, slot: NominalSlot): string | undefined {
  if (!LETTERS.test(lemma)) return undefined;
  if (slot === 'plural') return pluralOf(lemma);
  const feminine = feminineOf(lemma);
  return slot === 'feminine' ? feminine : feminine && `${feminine}s`;
}

/** The other spelling of a plural: "tabús" beside "tabúes", "clubes" beside "clubs". */
export function alternateNominalForm(lemma: string, slot: NominalSlot): string | undefined {
  if (slot !== 'plural' || !LETTERS.test(lemma)) return undefined;
  if (/[íú]$/u.test(lemma)) return `${lemma}s`;
  return /[bcfgkmptv]$/u.test(lemma) ? `${lemma}es` : undefined;
}

function pluralOf(lemma: string): string | undefined {
  if (/[íú]$/u.test(lemma)) return `${lemma}es`;
  if (/[aeiouáéó]$/u.test(lemma)) return `${lemma}s`;
  if (lemma.endsWith('z')) return `${withoutEndAccent(lemma).slice(0, -1)}ces`;
  // Only a stressed end takes -es after -s and -x: "meses", but "los lunes", "las crisis".
  if (/[sx]$/u.test(lemma)) {
    const stressed = ACCENTED_END.test(lemma) || /^[^aeiouáéíóú]*[aeiou]{1,2}[sx]$/u.test(lemma);
    return stressed ? `${withoutEndAccent(lemma)}es` : undefined;
  }
  if (UNSTRESSED_N.test(lemma) && !/[áéíóú]/u.test(lemma)) return `${accentBeforeEnd(lemma)}es`;
  if (/[lrndjy]$/u.test(lemma)) return `${withoutEndAccent(lemma)}es`;
  return VOWEL.test(lemma) ? `${lemma}s` : undefined;
}

/** Comparatives in -or and a few others have one form for both genders. */
const ONE_GENDER = /(?:mejor|peor|mayor|menor|[xntuf]erior|ulterior|superior|cortés|marrón)$/u;

function feminineOf(lemma: string): string | undefined {
  if (lemma.endsWith('o')) return `${lemma.slice(0, -1)}a`;
  if (ONE_GENDER.test(lemma) || lemma.length < 4) return undefined;
  if (/(?:[áéíó]n|és)$/u.test(lemma)) return `${withoutEndAccent(lemma)}a`;
  return /(?:[dstl]or|ñol)$/u.test(lemma) ? `${lemma}a` : undefined;
}

function withoutEndAccent(lemma: string): string {
  if (HIATUS_END.test(lemma)) return lemma;
  return lemma.replace(/[áéíóú](?=\p{L}$)/u, (vowel) => PLAIN[vowel]!);
}

/** Writes the accent that a syllable more makes necessary: "joven" -> "jóven(es)". */
function accentBeforeEnd(lemma: string): string {
  // Of a diphthong the strong vowel carries it.
  return lemma.replace(
    /([iu]?)([aeo])([iu]?)(?=[^aeiouáéíóúü]+[aeiou]n$)|([iu])(?=[^aeiouáéíóúü]+[aeiou]n$)/u,
    (_, before: string, strong: string, after: string, weak: string) =>
      weak === undefined ? `${before}${ACCENTED[strong]}${after}` : ACCENTED[weak]!,
  );
}
