// What Spanish inflection promises: readable cases come out as Spanish has them, and every analysis realises back.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InflectionTableError } from '../english/inflections.js';
import { SLOT_LIMIT } from '../language.js';
import { analyse, realizations, realize } from './realize.js';
import { SLOT_NAMES, SLOTS, type SlotName, VERB_SLOTS } from './slots.js';
import { parseSpanishTable, spanishTable } from './table.js';
import { VERB_DERIVATION } from './verb-forms.js';

const forms: readonly [lemma: string, slot: SlotName, form: string][] = [
  ['casa', 'plural', 'casas'],
  ['canción', 'plural', 'canciones'],
  ['joven', 'plural', 'jóvenes'],
  ['imagen', 'plural', 'imágenes'],
  ['origen', 'plural', 'orígenes'],
  ['luz', 'plural', 'luces'],
  ['raíz', 'plural', 'raíces'],
  ['país', 'plural', 'países'],
  ['mes', 'plural', 'meses'],
  ['francés', 'plural', 'franceses'],
  ['árbol', 'plural', 'árboles'],
  ['rey', 'plural', 'reyes'],
  ['café', 'plural', 'cafés'],
  ['rubí', 'plural', 'rubíes'],
  ['baúl', 'plural', 'baúles'],
  ['carácter', 'plural', 'caracteres'],
  ['rojo', 'feminine', 'roja'],
  ['rojo', 'femininePlural', 'rojas'],
  ['francés', 'feminine', 'francesa'],
  ['alemán', 'feminine', 'alemana'],
  ['hablador', 'feminine', 'habladora'],
  ['burlón', 'femininePlural', 'burlonas'],
  ['el', 'feminine', 'la'],
  ['aquel', 'plural', 'aquellos'],
  ['hablar', 'presentFirst', 'hablo'],
  ['vivir', 'presentFirstPlural', 'vivimos'],
  ['comer', 'pastThirdPlural', 'comieron'],
  ['buscar', 'pastFirst', 'busqué'],
  ['llegar', 'pastFirst', 'llegué'],
  ['empezar', 'pastFirst', 'empecé'],
  ['empezar', 'subjunctiveThirdPlural', 'empiecen'],
  ['averiguar', 'pastFirst', 'averigüé'],
  ['coger', 'presentFirst', 'cojo'],
  ['seguir', 'subjunctive', 'siga'],
  ['vencer', 'presentFirst', 'venzo'],
  ['torcer', 'presentFirst', 'tuerzo'],
  ['conocer', 'subjunctiveSecond', 'conozcas'],
  ['construir', 'pastThird', 'construyó'],
  ['leer', 'gerund', 'leyendo'],
  ['leer', 'participle', 'leído'],
  ['pedir', 'pastThird', 'pidió'],
  ['sentir', 'gerund', 'sintiendo'],
  ['dormir', 'subjunctiveImperfect', 'durmiera'],
  ['pensar', 'presentThird', 'piensa'],
  ['jugar', 'presentSecond', 'juegas'],
  ['oler', 'presentThird', 'huele'],
  ['enviar', 'presentFirst', 'envío'],
  ['reunir', 'presentThirdPlural', 'reúnen'],
  ['decir', 'pastThirdPlural', 'dijeron'],
  ['decir', 'gerund', 'diciendo'],
  ['contradecir', 'participle', 'contradicho'],
  ['hacer', 'pastThird', 'hizo'],
  ['deshacer', 'conditional', 'desharía'],
  ['satisfacer', 'pastThird', 'satisfizo'],
  ['poner', 'participleFemininePlural', 'puestas'],
  ['disponer', 'pastFirst', 'dispuse'],
  ['tener', 'futureThirdPlural', 'tendrán'],
  ['producir', 'pastThirdPlural', 'produjeron'],
  ['producir', 'subjunctive', 'produzca'],
  ['andar', 'subjunctiveImperfectThirdPlural', 'anduvieran'],
  ['ser', 'presentSecond', 'eres'],
  ['ser', 'imperfectFirstPlural', 'éramos'],
  ['ser', 'subjunctiveImperfect', 'fuera'],
  ['ir', 'imperfect', 'iba'],
  ['ir', 'gerund', 'yendo'],
  ['ir', 'futureFirst', 'iré'],
  ['ver', 'imperfectThirdPlural', 'veían'],
  ['dar', 'pastThird', 'dio'],
  ['dar', 'subjunctiveThirdPlural', 'den'],
  ['haber', 'presentThird', 'ha'],
  ['haber', 'subjunctiveImperfect', 'hubiera'],
  ['oír', 'presentThird', 'oye'],
  ['oír', 'presentFirstPlural', 'oímos'],
  ['reír', 'gerund', 'riendo'],
  ['bullir', 'pastThird', 'bulló'],
  ['prever', 'presentThird', 'prevé'],
];

describe('realize and analyse', () => {
  it.each(forms)('%s + %s is %s', (lemma, slot, form) => {
    expect(realize(lemma, slot)).toBe(form);
    expect(analyse(form)).toContainEqual({ lemma, slot, variant: 0 });
  });

  it('knows a second spelling as a variant', () => {
    expect(analyse('cantase')).toContainEqual({ lemma: 'cantar', slot: 'subjunctiveImperfect', variant: 1 });
    expect(analyse('hay')).toContainEqual({ lemma: 'haber', slot: 'presentThird', variant: 1 });
    expect(realizations('tabú', 'plural')).toEqual(['tabúes', 'tabús']);
  });

  it('has no plural of its own where none is written, and no feminine of one-gender adjectives', () => {
    expect(realizations('crisis', 'plural')).toEqual([]);
    expect(realizations('feliz', 'feminine')).toEqual([]);
    expect(realizations('casa', 'pastFirst')).toEqual([]);
  });

  it('realises every analysis back, and names the form itself first, for any string', () => {
    const endings =
      'o as a amos áis an é aste ó aron í ió iendo yendo ado idas aba ábamos ía íamos aré arán ería iese ara es ces ones jóvenes ísimo';
    const form = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 12 }),
      fc.constantFrom('constructor', '__proto__', 'toString', 'ar', 'er', 'ir', 'ír', 's', 'es', 'a', 'o', 'ó', ''),
      fc
        .tuple(fc.stringMatching(/^[a-zñáéíóúü]{0,8}$/), fc.constantFrom(...endings.split(' ')))
        .map(([stem, ending]) => stem + ending),
      fc
        .constantFrom(...spanishTable().verbs)
        .chain((verb) => fc.constantFrom(...VERB_SLOTS).map((slot) => realize(verb, slot) ?? '')),
    );
    fc.assert(
      fc.property(form, (text) => {
        const analyses = analyse(text);
        expect(analyses[0]).toEqual({ lemma: text, slot: 'base', variant: 0 });
        for (const { lemma, slot, variant } of analyses) expect(realizations(lemma, slot)[variant]).toBe(text);
      }),
      { seed: 1, numRuns: 3000 },
    );
  });

  it('finds the analysis of every form it can make from a lemma it knows', () => {
    const lemma = fc.oneof(
      fc.constantFrom(...spanishTable().verbs),
      fc.constantFrom(...spanishTable().adjectives),
      fc.constantFrom(...spanishTable().nouns),
    );
    fc.assert(
      fc.property(lemma, fc.constantFrom(...SLOT_NAMES), (lemma, slot) => {
        for (const [variant, form] of realizations(lemma, slot).entries())
          if (form !== lemma) expect(analyse(form)).toContainEqual({ lemma, slot, variant });
      }),
      { seed: 1, numRuns: 6000 },
    );
  });

  it('finds the regular analyses of verbs that nobody listed', () => {
    fc.assert(
      fc.property(
        fc.stringMatching(/^[bdfmprst]?[aeiou][bcdfglmnprstvz]{1,2}$/),
        fc.constantFrom('ar', 'er', 'ir'),
        fc.constantFrom(...VERB_SLOTS),
        (stem, ending, slot) => {
          const form = realize(stem + ending, slot)!;
          expect(analyse(form)).toContainEqual({ lemma: stem + ending, slot, variant: 0 });
        },
      ),
      { seed: 1, numRuns: 3000 },
    );
  });

  it('has slots for 32 bits, each with its axes but the base, and each of a verb is derived once', () => {
    expect(SLOTS).toHaveLength(SLOT_LIMIT);
    for (const { name, axes } of SLOTS) expect(Object.keys(axes).length > 0, name).toBe(name !== 'base');
    expect([...VERB_DERIVATION].sort()).toEqual([...VERB_SLOTS].sort());
  });
});

describe('the frozen table', () => {
  it('is read whole, and refused where a byte was changed', () => {
    expect(spanishTable().forms.get('pastThird')?.get('hacer')).toEqual(['hizo']);
    expect(() => parseSpanishTable(new TextEncoder().encode('{}'), 'ab'.repeat(32))).toThrow(InflectionTableError);
  });

  it('lists nothing that the rules would have given', () => {
    for (const verb of ['cantar', 'comer', 'vivir', 'buscar'])
      for (const slot of VERB_SLOTS) expect(spanishTable().forms.get(slot)?.has(verb) ?? false).toBe(false);
  });
});
