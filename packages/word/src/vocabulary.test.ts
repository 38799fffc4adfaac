// What the vocabulary promises: ids by frequency, a readable file that comes back the same, and no trust in strangers.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SLOT_IDS } from './english/slots.js';
import { BASE_SLOT } from './language.js';
import { buildLexicon } from './lexicon.js';
import { BOS_ID, NO_GAP_ID, OTHER_GAP_ID, SPELLED_ID, VocabularyRangeError, WordVocabulary } from './vocabulary.js';
import { VocabularyFormatError, type VocabularyJson } from './vocabulary-json.js';

const text =
  'The child walked. The children walk, and the child walks home.\n\nA mouse ran.\n\nI run; the mice run  too. The end';
const vocabulary = WordVocabulary.fromLexicon(buildLexicon([text]), { size: 1000 });
const good = (): VocabularyJson => JSON.parse(JSON.stringify(vocabulary)) as VocabularyJson;

describe('WordVocabulary', () => {
  it('orders lemmas by frequency, then by name, after the two special ids', () => {
    expect([vocabulary.lemma(BOS_ID), vocabulary.lemma(SPELLED_ID), vocabulary.lemma(2)]).toEqual([
      '<bos>',
      '<spelled>',
      'the',
    ]);
    for (let id = 3; id < vocabulary.size; id++) {
      const [a, b] = [id - 1, id];
      const inOrder =
        vocabulary.count(a) > vocabulary.count(b) ||
        (vocabulary.count(a) === vocabulary.count(b) && vocabulary.lemma(a) < vocabulary.lemma(b));
      expect(inOrder, `${vocabulary.lemma(a)} before ${vocabulary.lemma(b)}`).toBe(true);
    }
  });

  it('keeps the most frequent lemmas when it is small, and no more', () => {
    const small = WordVocabulary.fromLexicon(buildLexicon([text]), { size: 4, gapCount: 3 });
    expect([small.size, small.gapCount]).toEqual([4, 3]);
    expect(small.lemma(2)).toBe('the');
    expect(small.idOf('mouse')).toBeUndefined();
    expect(small.gapIdOf('  ')).toBe(OTHER_GAP_ID);
  });

  it('knows which slots and casings are legal', () => {
    const child = vocabulary.idOf('child')!;
    expect(vocabulary.slotMask(child)).toBe((1 << BASE_SLOT) | (1 << SLOT_IDS.plural));
    expect(vocabulary.surfaceOf(child, SLOT_IDS.plural, 1)).toBe('Children');
    expect(vocabulary.casingMask(child)).toBe(0b111);
    expect(vocabulary.casingMask(vocabulary.idOf('.')!)).toBe(0b001);
    expect(vocabulary.casingMask(vocabulary.idOf('i')!, BASE_SLOT)).toBe(0b011);
    expect(() => vocabulary.surfaceOf(child, SLOT_IDS.past, 0)).toThrow(
      /"child" has no slot past; legal are base, plural/,
    );
    expect(() => vocabulary.surfaceOf(SPELLED_ID, BASE_SLOT, 0)).toThrow(VocabularyRangeError);
    expect(() => vocabulary.lemma(vocabulary.size)).toThrow(VocabularyRangeError);
  });

  it('knows gaps, and which of them hold a blank line', () => {
    expect(vocabulary.gap(NO_GAP_ID)).toBe('');
    const holding = Array.from({ length: vocabulary.gapCount }, (_, id) => id).filter((id) =>
      vocabulary.gapHoldsBlankLine(id),
    );
    expect(holding.map((id) => vocabulary.gap(id))).toEqual(['\n\n']);
    expect(vocabulary.gap(vocabulary.gapIdOf('  '))).toBe('  ');
  });

  it('gives back every form by its one analysis', () => {
    for (let id = 2; id < vocabulary.size; id++) {
      for (const slot of Object.values(SLOT_IDS)) {
        const found = vocabulary.slotForm(id, slot);
        expect(found !== undefined).toBe(((vocabulary.slotMask(id) >> slot) & 1) === 1);
        if (found !== undefined) expect(vocabulary.analysisOf(found.form)).toBe(id * 32 + slot);
      }
    }
  });

  it('comes back the same from its file, which has a lemma a line', () => {
    const again = WordVocabulary.fromJSON(JSON.parse(vocabulary.toText()));
    expect(again.toJSON()).toEqual(vocabulary.toJSON());
    expect(vocabulary.toText()).toContain('{"lemma":"child","partOfSpeech":"NOUN","count":3,"forms":');
    expect(vocabulary.toText().split('\n').length).toBeGreaterThan(vocabulary.size);
  });

  it('refuses sizes that cannot be', () => {
    for (const size of [1, 2.5, Number.NaN, 2 ** 21]) {
      expect(() => WordVocabulary.fromLexicon(buildLexicon([]), { size })).toThrow(VocabularyRangeError);
    }
  });
});

describe('a vocabulary file of a stranger', () => {
  const broken: readonly [what: string, change: (json: VocabularyJson) => unknown][] = [
    ['no object', () => 'vocabulary'],
    ['nothing', () => undefined],
    ['another format', (json) => ({ ...json, format: 'other' })],
    ['another version', (json) => ({ ...json, version: 3 })],
    ['an unknown key', (json) => ({ ...json, extra: 1 })],
    ['no gaps', (json) => ({ ...json, gaps: [] })],
    ['a first gap that is not empty', (json) => ({ ...json, gaps: json.gaps.slice(1) })],
    ['a gap twice', (json) => ({ ...json, gaps: [...json.gaps, json.gaps[1]] })],
    ['a lemma twice', (json) => ({ ...json, lemmas: [...json.lemmas, json.lemmas[0]] })],
    ['a form twice', (json) => ({ ...json, lemmas: [...json.lemmas, lemma('zzz', { past: ['the', 1] }, 1)] })],
    ['a lemma without forms', (json) => ({ ...json, lemmas: [lemma('zzz', {}, 0)] })],
    ['an unknown slot', (json) => ({ ...json, lemmas: [lemma('zzz', { future: ['zzzwill', 1] }, 1)] })],
    ['an inherited slot', (json) => ({ ...json, lemmas: [lemma('zzz', JSON.parse('{"__proto__":["a",1]}'), 1)] })],
    ['a base that is not the lemma', (json) => ({ ...json, lemmas: [lemma('zzz', { base: ['yyy', 1] }, 1)] })],
    ['a form with a casing', (json) => ({ ...json, lemmas: [lemma('zzz', { past: ['Zzz', 1] }, 1)] })],
    ['a form too long for a unit', (json) => ({ ...json, lemmas: [lemma('z', { past: ['z'.repeat(17), 1] }, 1)] })],
    ['counts that do not add up', (json) => ({ ...json, lemmas: [lemma('zzz', { base: ['zzz', 1] }, 2)] })],
    ['a negative count', (json) => ({ ...json, lemmas: [lemma('zzz', { base: ['zzz', -1] }, -1)] })],
    [
      'too many gaps',
      (json) => ({ ...json, gaps: Array.from({ length: 300 }, (_, i) => ({ gap: ' '.repeat(i), count: 0 })) }),
    ],
  ];

  function lemma(name: string, forms: unknown, count: number): unknown {
    return { lemma: name, partOfSpeech: 'NOUN', count, forms };
  }

  it.each(broken)('is refused for %s', (_, change) => {
    expect(() => WordVocabulary.fromJSON(change(good()))).toThrow(VocabularyFormatError);
  });

  it('is refused with the place of the fault', () => {
    const json = good();
    json.lemmas[1]!.lemma = json.lemmas[0]!.lemma;
    expect(() => WordVocabulary.fromJSON(json)).toThrow(/at lemmas\.1: found "the", already at lemmas\.0/);
  });

  it('never fails in another way, whatever it holds', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), (value) => {
        expect(() => WordVocabulary.fromJSON(value)).toThrow(VocabularyFormatError);
      }),
      { seed: 1, numRuns: 300 },
    );
  });
});
