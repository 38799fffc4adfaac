// Which lemmas a form could be a regular form of: endings taken off and spellings undone; realising weeds out the wrong ones.
// From: Strata, WORDS (analysis by synthesis). It proposes too much rather than too little.
import type { NominalSlot, VerbSlot } from './slots.js';

type Theme = 'ar' | 'er' | 'ir' | 'ír';

/** Regular endings by slot, for each group of infinitives that shares them. */
const VERB_ENDINGS: readonly (readonly [slot: VerbSlot, themes: readonly Theme[], endings: string])[] = [
  ['gerund', ['ar'], 'ando'],
  ['gerund', ['er', 'ir', 'ír'], 'iendo yendo endo'],
  ['participle', ['ar'], 'ado'],
  ['participle', ['er', 'ir', 'ír'], 'ido ído'],
  ['participleFeminine', ['ar'], 'ada'],
  ['participleFeminine', ['er', 'ir', 'ír'], 'ida ída'],
  ['participlePlural', ['ar'], 'ados'],
  ['participlePlural', ['er', 'ir', 'ír'], 'idos ídos'],
  ['participleFemininePlural', ['ar'], 'adas'],
  ['participleFemininePlural', ['er', 'ir', 'ír'], 'idas ídas'],
  ['presentFirst', ['ar', 'er', 'ir'], 'o yo'],
  ['presentSecond', ['ar'], 'as'],
  ['presentSecond', ['er', 'ir'], 'es yes'],
  ['presentThird', ['ar'], 'a'],
  ['presentThird', ['er', 'ir'], 'e ye'],
  ['presentFirstPlural', ['ar'], 'amos'],
  ['presentFirstPlural', ['er'], 'emos'],
  ['presentFirstPlural', ['ir', 'ír'], 'imos ímos'],
  ['presentThirdPlural', ['ar'], 'an'],
  ['presentThirdPlural', ['er', 'ir'], 'en yen'],
  ['pastFirst', ['ar'], 'é'],
  ['pastFirst', ['er', 'ir', 'ír'], 'í'],
  ['pastSecond', ['ar'], 'aste'],
  ['pastSecond', ['er', 'ir', 'ír'], 'iste íste'],
  ['pastThird', ['ar'], 'ó'],
  ['pastThird', ['er', 'ir', 'ír'], 'ió yó ó'],
  ['pastFirstPlural', ['ar'], 'amos'],
  ['pastFirstPlural', ['er', 'ir', 'ír'], 'imos ímos'],
  ['pastThirdPlural', ['ar'], 'aron'],
  ['pastThirdPlural', ['er', 'ir', 'ír'], 'ieron yeron eron'],
  ['imperfect', ['ar'], 'aba'],
  ['imperfect', ['er', 'ir', 'ír'], 'ía'],
  ['imperfectFirstPlural', ['ar'], 'ábamos'],
  ['imperfectFirstPlural', ['er', 'ir', 'ír'], 'íamos'],
  ['imperfectThirdPlural', ['ar'], 'aban'],
  ['imperfectThirdPlural', ['er', 'ir', 'ír'], 'ían'],
  ['futureFirst', ['ar'], 'aré'],
  ['futureFirst', ['er'], 'eré'],
  ['futureFirst', ['ir', 'ír'], 'iré'],
  ['futureThird', ['ar'], 'ará'],
  ['futureThird', ['er'], 'erá'],
  ['futureThird', ['ir', 'ír'], 'irá'],
  ['futureThirdPlural', ['ar'], 'arán'],
  ['futureThirdPlural', ['er'], 'erán'],
  ['futureThirdPlural', ['ir', 'ír'], 'irán'],
  ['conditional', ['ar'], 'aría'],
  ['conditional', ['er'], 'ería'],
  ['conditional', ['ir', 'ír'], 'iría'],
  ['conditionalThirdPlural', ['ar'], 'arían'],
  ['conditionalThirdPlural', ['er'], 'erían'],
  ['conditionalThirdPlural', ['ir', 'ír'], 'irían'],
  ['subjunctive', ['ar'], 'e'],
  ['subjunctive', ['er', 'ir'], 'a ya'],
  ['subjunctiveSecond', ['ar'], 'es'],
  ['subjunctiveSecond', ['er', 'ir'], 'as yas'],
  ['subjunctiveThirdPlural', ['ar'], 'en'],
  ['subjunctiveThirdPlural', ['er', 'ir'], 'an yan'],
  ['subjunctiveImperfect', ['ar'], 'ara ase'],
  ['subjunctiveImperfect', ['er', 'ir', 'ír'], 'iera iese yera yese era ese'],
  ['subjunctiveImperfectThirdPlural', ['ar'], 'aran asen'],
  ['subjunctiveImperfectThirdPlural', ['er', 'ir', 'ír'], 'ieran iesen yeran yesen eran esen'],
];

/** How the end of a stem may be spelled in the infinitive, by the conjugation. */
const RESPELLED_AR: readonly (readonly [found: string, infinitive: string])[] = [
  ['c', 'z'],
  ['qu', 'c'],
  ['gu', 'g'],
  ['gü', 'gu'],
];
const RESPELLED_ER: readonly (readonly [found: string, infinitive: string])[] = [
  ['zc', 'c'],
  ['z', 'c'],
  ['j', 'g'],
  ['g', 'gu'],
  ['c', 'qu'],
  ['u', 'ü'],
];

interface Ending {
  readonly slot: VerbSlot;
  readonly themes: readonly Theme[];
}

const BY_ENDING: ReadonlyMap<string, readonly Ending[]> = (() => {
  const byEnding = new Map<string, Ending[]>();
  for (const [slot, themes, endings] of VERB_ENDINGS)
    for (const ending of endings.split(' ')) {
      const found = byEnding.get(ending);
      if (found === undefined) byEnding.set(ending, [{ slot, themes }]);
      else found.push({ slot, themes });
    }
  return byEnding;
})();

const LONGEST_ENDING = Math.max(...[...BY_ENDING.keys()].map((ending) => ending.length));

/** Infinitives of which a form could be a regular form, with the slot. */
export function* strippedInfinitives(form: string): Generator<readonly [slot: VerbSlot, lemma: string]> {
  for (let length = Math.min(LONGEST_ENDING, form.length - 1); length > 0; length--) {
    const stem = form.slice(0, -length);
    for (const { slot, themes } of BY_ENDING.get(form.slice(-length)) ?? []) {
      for (const theme of themes) {
        yield [slot, stem + theme];
        for (const [found, infinitive] of theme === 'ar' ? RESPELLED_AR : RESPELLED_ER)
          if (stem.endsWith(found)) yield [slot, stem.slice(0, -found.length) + infinitive + theme];
      }
    }
  }
}

const PLAIN: Readonly<Record<string, string>> = { á: 'a', é: 'e', í: 'i', ó: 'o', ú: 'u' };
const ACCENTED: Readonly<Record<string, string>> = { a: 'á', e: 'é', i: 'í', o: 'ó', u: 'ú' };

/** Nouns and adjectives of which a form could be a regular form, with the slot. */
export function* strippedNominals(form: string): Generator<readonly [slot: NominalSlot, lemma: string]> {
  if (form.endsWith('s')) {
    yield ['plural', form.slice(0, -1)];
    if (form.endsWith('es')) for (const lemma of withAccents(form.slice(0, -2))) yield ['plural', lemma];
    if (form.endsWith('as')) for (const lemma of masculines(form.slice(0, -2))) yield ['femininePlural', lemma];
  }
  if (form.endsWith('a')) for (const lemma of masculines(form.slice(0, -1))) yield ['feminine', lemma];
}

function* masculines(stem: string): Generator<string> {
  yield `${stem}o`;
  yield* withAccents(stem);
}

/** A stem with the accent that its last syllable may have had, or without the one that the longer form needed. */
function* withAccents(stem: string): Generator<string> {
  yield stem;
  if (stem.endsWith('c')) {
    for (const z of withAccents(`${stem.slice(0, -1)}z`)) yield z;
    return;
  }
  const accented = stem.replace(/[aeiou](?=\p{L}$)/u, (vowel) => ACCENTED[vowel]!);
  if (accented !== stem) yield accented;
  const plain = stem.replace(/[áéíóú](?=[^aeiouáéíóú]*[iu]?[^aeiouáéíóúü]+[aeiou]n$)/u, (vowel) => PLAIN[vowel]!);
  if (plain !== stem) yield plain;
}
