// What inflection promises: readable cases come out as English has them, and every analysis realises back.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InflectionTableError, inflections, parseInflections } from './inflections.js';
import { analyse, realizations, realize } from './realize.js';
import { SLOT_NAMES, SLOTS, type SlotName } from './slots.js';

const forms: readonly [lemma: string, slot: SlotName, form: string][] = [
  ['walk', 'past', 'walked'],
  ['child', 'plural', 'children'],
  ['mouse', 'plural', 'mice'],
  ['run', 'past', 'ran'],
  ['run', 'gerund', 'running'],
  ['big', 'comparative', 'bigger'],
  ['happy', 'superlative', 'happiest'],
  ['good', 'comparative', 'better'],
  ['die', 'gerund', 'dying'],
  ['hope', 'gerund', 'hoping'],
  ['hop', 'past', 'hopped'],
  ['visit', 'past', 'visited'],
  ['prefer', 'past', 'preferred'],
  ['panic', 'gerund', 'panicking'],
  ['quit', 'gerund', 'quitting'],
  ['play', 'past', 'played'],
  ['carry', 'third', 'carries'],
  ['go', 'third', 'goes'],
  ['go', 'past', 'went'],
  ['go', 'participle', 'gone'],
  ['take', 'participle', 'taken'],
  ['woman', 'plural', 'women'],
  ['human', 'plural', 'humans'],
  ['policeman', 'plural', 'policemen'],
  ['knife', 'plural', 'knives'],
  ['church', 'plural', 'churches'],
  ['crisis', 'plural', 'crises'],
  ['quiz', 'plural', 'quizzes'],
  ['potato', 'plural', 'potatoes'],
  ['piano', 'plural', 'pianos'],
  ['be', 'first', 'am'],
  ['be', 'third', 'is'],
  ['be', 'presentPlural', 'are'],
  ['be', 'past', 'was'],
  ['be', 'pastPlural', 'were'],
  ['be', 'participle', 'been'],
  ['have', 'third', 'has'],
  ['do', 'past', 'did'],
];

describe('realize and analyse', () => {
  it.each(forms)('%s + %s is %s', (lemma, slot, form) => {
    expect(realize(lemma, slot)).toBe(form);
    expect(analyse(form)).toContainEqual({ lemma, slot, variant: 0 });
  });

  it('knows a second spelling as a variant', () => {
    expect(analyse('travelled')).toContainEqual(expect.objectContaining({ lemma: 'travel', slot: 'past' }));
    expect(analyse('traveled')).toContainEqual(expect.objectContaining({ lemma: 'travel', slot: 'past' }));
    expect(realizations('learn', 'past')).toEqual(expect.arrayContaining(['learned', 'learnt']));
  });

  it('does not take a doubled consonant for an undoubled one', () => {
    expect(analyse('hoped').map(({ lemma }) => lemma)).not.toContain('hop');
    expect(analyse('hopping').map(({ lemma }) => lemma)).not.toContain('hope');
  });

  it('has no first person but that of "be"', () => {
    expect(realize('walk', 'first')).toBeUndefined();
    expect(realizations('walk', 'pastPlural')).toEqual([]);
  });

  it('realises every analysis back, and names the form itself first, for any string', () => {
    const form = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 12 }),
      fc.constantFrom('constructor', '__proto__', 'toString', 'ing', 'ed', 's', 'es', 'ies', ''),
      fc
        .tuple(
          fc.stringMatching(/^[a-z]{0,8}$/),
          fc.constantFrom('s', 'es', 'ies', 'ing', 'ying', 'ed', 'ied', 'er', 'iest'),
        )
        .map(([stem, ending]) => stem + ending),
    );
    fc.assert(
      fc.property(form, (text) => {
        const analyses = analyse(text);
        expect(analyses[0]).toEqual({ lemma: text, slot: 'base', variant: 0 });
        for (const { lemma, slot, variant } of analyses) expect(realizations(lemma, slot)[variant]).toBe(text);
      }),
      { seed: 1, numRuns: 2000 },
    );
  });

  it('finds the analysis of every form it can make from a word', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z]{2,9}$/), fc.constantFrom(...SLOT_NAMES), (lemma, slot) => {
        for (const [variant, form] of realizations(lemma, slot).entries()) {
          if (form !== lemma) expect(analyse(form)).toContainEqual({ lemma, slot, variant });
        }
      }),
      { seed: 1, numRuns: 3000 },
    );
  });

  it('names axes for every slot but the base', () => {
    expect(SLOTS.map(({ name }) => name)).toEqual(SLOT_NAMES);
    for (const { name, axes } of SLOTS) expect(Object.keys(axes).length > 0, name).toBe(name !== 'base');
  });
});

describe('the frozen table', () => {
  it('is read whole, and refused where a byte was changed', () => {
    expect(inflections().get('past')?.get('abide')).toContain('abode');
    expect(() => parseInflections(new TextEncoder().encode('{}'), 'ab'.repeat(32))).toThrow(InflectionTableError);
  });

  it('holds forms of its lemmas that analyse finds again', () => {
    for (const [slot, entries] of inflections()) {
      for (const [lemma, listed] of entries) {
        for (const form of listed) {
          if (form === lemma) continue;
          const found = analyse(form).filter((analysis) => analysis.lemma === lemma && analysis.slot === slot);
          expect(found, `${lemma} + ${slot} = ${form}`).toHaveLength(1);
        }
      }
    }
  });
});
