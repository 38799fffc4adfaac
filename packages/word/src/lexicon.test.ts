// What the lexicon promises: readable analyses, one a form, whatever the order of the documents.
import { describe, expect, it } from 'vitest';
import { buildLexicon } from './lexicon.js';

const documents = [
  'The children walked home. They walk every day. A child was walking behind the mice, and a mouse ran away.',
  "Alice's cat was bigger than the big dog. The dogs were running; one dog runs, and it ran faster than a fast cat.",
  'She took a book from the shelf. The books were taken away. I am glad, he is glad, we are glad.\n\nThey cannot stop.',
  'Mr. Fox said: "Take it!" The fairies were dancing. The fairy was dying. DANCE, he cried. We dance. Fairies danced.',
  'We travelled far. They travel slowly. She travelled home. He traveled alone. James saw the evening sun in the morning.',
  '\ud800 \udc80 ___ 3.5 \ufeff \u200b e\u0301 👩‍👩‍👧‍👦 can’t “quoted” 日本語 Ünïcödé',
];
const lexicon = buildLexicon(documents);
const analysis = (form: string): string => {
  const found = lexicon.forms.get(form);
  return found === undefined ? 'not attested' : `${found.lemma}+${found.slot}`;
};

describe('buildLexicon', () => {
  it.each([
    ['walked', 'walk+past'],
    ['walking', 'walk+gerund'],
    ['children', 'child+plural'],
    ['mice', 'mouse+plural'],
    ['ran', 'run+past'],
    ['runs', 'run+third'],
    ['bigger', 'big+comparative'],
    ['taken', 'take+participle'],
    ['took', 'take+past'],
    ['fairies', 'fairy+plural'],
    ['am', 'be+first'],
    ['were', 'be+pastPlural'],
    ["'s", "'s+base"],
    ['mr.', 'mr.+base'],
    ['the', 'the+base'],
    ['evening', 'evening+base'],
    ['morning', 'morning+base'],
    ['james', 'james+base'],
    ['3.5', '3.5+base'],
  ])('analyses %s as %s', (form, expected) => {
    expect(analysis(form)).toBe(expected);
  });

  it('gives a slot to the commoner of two spellings; the other is a lemma of its own', () => {
    expect(analysis('travelled')).toBe('travel+past');
    expect(analysis('traveled')).toBe('traveled+base');
  });

  it('counts forms with their casings', () => {
    expect(lexicon.forms.get('dance')).toMatchObject({ count: 2, casings: [1, 0, 1] });
    expect(lexicon.forms.get('fairies')).toMatchObject({ count: 2, casings: [1, 1, 0] });
    expect(lexicon.gaps.get('\n\n')).toBe(1);
  });

  it('keeps for each lemma its count, part of speech and forms, attested or possible', () => {
    const walk = lexicon.lemmas.get('walk')!;
    expect(walk).toMatchObject({ count: 3, partOfSpeech: 'VERB' });
    expect(Object.fromEntries(walk.forms)).toEqual({
      base: { form: 'walk', count: 1 },
      past: { form: 'walked', count: 1 },
      gerund: { form: 'walking', count: 1 },
      third: { form: 'walks', count: 0 },
    });
    expect(lexicon.lemmas.get('mouse')).toMatchObject({ partOfSpeech: 'NOUN' });
    expect(lexicon.lemmas.get('the')).toMatchObject({ partOfSpeech: 'FUNCTION' });
    expect(lexicon.lemmas.get('3.5')).toMatchObject({ partOfSpeech: 'NUMBER' });
    expect(lexicon.lemmas.get(',')).toMatchObject({ partOfSpeech: 'PUNCTUATION' });
  });

  it('gives every form to exactly one slot of one lemma', () => {
    const owners = new Map<string, string>();
    for (const { lemma, forms } of lexicon.lemmas.values()) {
      for (const [slot, { form, count }] of forms) {
        expect(owners.has(form), form).toBe(false);
        owners.set(form, `${lemma}+${slot}`);
        expect(lexicon.forms.get(form)?.count ?? 0).toBe(count);
      }
    }
    for (const { form, lemma, slot } of lexicon.forms.values()) expect(owners.get(form)).toBe(`${lemma}+${slot}`);
  });

  it('does not depend on the order of the documents, nor on what was read before', () => {
    const orders = [documents.toReversed(), [...documents.slice(3), ...documents.slice(0, 3)]];
    for (const order of orders) {
      const again = buildLexicon(order);
      expect([...again.forms]).toEqual([...lexicon.forms]);
      expect([...again.lemmas.keys()].sort()).toEqual([...lexicon.lemmas.keys()].sort());
      for (const [name, lemma] of again.lemmas) {
        expect([...lemma.forms]).toEqual([...lexicon.lemmas.get(name)!.forms]);
      }
      expect([...again.gaps]).toEqual([...lexicon.gaps]);
    }
  });

  it('is the same for texts that come in chunks', () => {
    const long = documents.join(' ').repeat(30);
    const chunks = Array.from({ length: Math.ceil(long.length / 777) }, (_, i) => long.slice(i * 777, (i + 1) * 777));
    expect(buildLexicon([chunks])).toEqual(buildLexicon([long]));
  });

  it('remembers a bounded number of forms, the frequent ones among them', () => {
    const words = Array.from({ length: 300_000 }, (_, i) =>
      i % 10 === 0 ? 'the cat' : `x${i.toString(26).replace(/\d/g, (digit) => 'qrstuvwxyz'.charAt(Number(digit)))}`,
    );
    const lexicon = buildLexicon([words.join(' ')]);
    expect(lexicon.forms.size).toBeLessThanOrEqual(1 << 18);
    expect(lexicon.forms.get('cat')!.count).toBe(30_000);
  });

  it('tells how far it is', () => {
    const seen: number[] = [];
    buildLexicon(['One.', 'Two.'], ({ documents: count }) => seen.push(count));
    expect(seen).toEqual([0, 1, 1, 2]);
  });

  it('has nothing to say of no text', () => {
    const empty = buildLexicon([]);
    expect([empty.forms.size, empty.lemmas.size, empty.gaps.size]).toEqual([0, 0, 0]);
  });
});
