// A person's edits: the latest prevails, no forbidden pair is ever joined, and a hostile file is refused with its place.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { plantedEvidence } from '../test/planted-evidence.js';
import { buildConcepts } from './build-concepts.js';
import { type AcceptedPair, ClusterError, cluster } from './cluster.js';
import {
  type ConceptEdit,
  ConceptEditsError,
  conceptEditsFromJson,
  conceptEditsToJson,
  type EditedLemma,
  lemmasOf,
  MAXIMUM_TOGETHER,
} from './edits-json.js';
import type { Judge } from './judge.js';
import { appendEdit, describeEdit, type ResolvedEdits, resolveEdits } from './overlay.js';
import { ConceptVocabulary } from './vocabulary.js';

const count = 14;
const lemmas = Array.from({ length: count }, (_, id) => ({ id, name: `w${id}`, pos: 'NOUN', count: count - id }));
const noun = (id: number): EditedLemma => ({ name: `w${id}`, pos: 'NOUN' });
const merge = (...ids: number[]): ConceptEdit => ({ kind: 'merge', lemmas: ids.map(noun) });
const forbid = (a: number, b: number): ConceptEdit => ({ kind: 'forbid', a: noun(a), b: noun(b) });
const split = (from: number[], off: number[]): ConceptEdit => ({
  kind: 'split',
  from: from.map(noun),
  off: off.map(noun),
});

const someIds = (least: number, most: number) =>
  fc.uniqueArray(fc.nat(count - 1), { minLength: least, maxLength: most });
const anyMerge = someIds(2, 5).map((ids) => merge(...ids));
const anyParting = fc.oneof(
  someIds(2, 2).map(([a, b]) => forbid(a!, b!)),
  someIds(2, 6).map((ids) => split(ids.slice(0, ids.length >> 1), ids.slice(ids.length >> 1))),
);
const withNotes = (edit: fc.Arbitrary<ConceptEdit>): fc.Arbitrary<ConceptEdit> =>
  fc.tuple(edit, fc.option(fc.string({ maxLength: 40 })), fc.boolean()).map(([bare, note, dated]) => ({
    ...bare,
    ...(note !== null && { note }),
    ...(dated && { at: '2026-11-25T12:00:00Z' }),
  }));
const anyEdit = withNotes(fc.oneof(anyMerge, anyParting));
const anyEdits = fc.array(anyEdit, { maxLength: 12 });
const anyPairs = fc
  .array(fc.tuple(fc.nat(count - 1), fc.nat(count - 1), fc.integer({ min: 1, max: 20 })), { maxLength: 60 })
  .map((drawn) => {
    const pairs = new Map<string, AcceptedPair>();
    for (const [a, b, tenths] of drawn) if (a < b) pairs.set(`${a} ${b}`, { a, b, similarity: tenths / 20 });
    return [...pairs.values()];
  });

const idOf = ({ name }: EditedLemma): number => Number(name.slice(1));
const keyOf = (a: number, b: number): string => `${Math.min(a, b)} ${Math.max(a, b)}`;
const partedBy = (edit: ConceptEdit): string[] =>
  edit.kind === 'merge'
    ? []
    : edit.kind === 'forbid'
      ? [keyOf(idOf(edit.a), idOf(edit.b))]
      : edit.from.flatMap((a) => edit.off.map((b) => keyOf(idOf(a), idOf(b))));
const asked = ({ together, apart }: ResolvedEdits) => [
  together.map((group) => group.lemmas),
  apart.map(({ a, b }) => [a, b]),
];
const clustered = (accepted: AcceptedPair[], { together, apart }: ResolvedEdits, size = 8): Map<number, number> => {
  const clusters = cluster(accepted, lemmas, {
    maximumSize: size,
    apart,
    together: together.map((group) => group.lemmas),
  });
  return new Map(clusters.flatMap((members, index) => members.map((id): [number, number] => [id, index])));
};
const joined = (clusters: Map<number, number>, a: number, b: number): boolean =>
  clusters.has(a) && clusters.get(a) === clusters.get(b);
const runs = { seed: 11, numRuns: 400 };

describe('edits over any accepted pairs', () => {
  it('hold as they were resolved: groups whole, parted pairs apart, and no cluster grown beyond its size by others', () => {
    fc.assert(
      fc.property(anyEdits, anyPairs, fc.integer({ min: 1, max: 6 }), (edits, accepted, size) => {
        const resolved = resolveEdits(edits, lemmas);
        const clusters = clustered(accepted, resolved, size);
        for (const { a, b } of resolved.apart) expect(joined(clusters, a, b)).toBe(false);
        for (const group of resolved.together)
          for (const id of group.lemmas) expect(joined(clusters, group.lemmas[0]!, id)).toBe(true);
        const largest = Math.max(size, ...resolved.together.map((group) => group.lemmas.length));
        const sizes = new Map<number, number>();
        for (const index of clusters.values()) sizes.set(index, (sizes.get(index) ?? 0) + 1);
        for (const members of sizes.values()) expect(members).toBeLessThanOrEqual(largest);
        expect(clustered([...accepted].reverse(), resolved, size)).toEqual(clusters);
      }),
      runs,
    );
  });

  it('part what the last word parts: a pair that no later merge speaks of is never joined', () => {
    fc.assert(
      fc.property(
        anyEdits,
        anyParting,
        fc.array(anyParting, { maxLength: 4 }),
        anyPairs,
        (before, last, more, pairs) => {
          const clusters = clustered(pairs, resolveEdits([...before, last, ...more], lemmas));
          for (const key of partedBy(last)) {
            const [a, b] = key.split(' ').map(Number);
            expect(joined(clusters, a!, b!)).toBe(false);
          }
        },
      ),
      runs,
    );
  });

  it('join what is merged unless a later edit parts something', () => {
    fc.assert(
      fc.property(anyEdits, fc.array(anyMerge, { minLength: 1, maxLength: 4 }), anyPairs, (before, merges, pairs) => {
        const clusters = clustered(pairs, resolveEdits([...before, ...merges], lemmas));
        for (const edit of merges)
          for (const lemma of lemmasOf(edit))
            expect(joined(clusters, idOf(lemmasOf(edit)[0]!), idOf(lemma))).toBe(true);
      }),
      runs,
    );
  });

  it('ask for the same once what an added one undoes or repeats has left the file', () => {
    fc.assert(
      fc.property(anyEdits, anyEdit, (edits, added) => {
        const appended = appendEdit(edits, added);
        expect(asked(resolveEdits(appended.edits, lemmas))).toEqual(asked(resolveEdits([...edits, added], lemmas)));
        expect(appended.edits.at(-1)).toEqual(added);
        expect(appended.edits.length + appended.dropped.length).toBe(edits.length + 1);
      }),
      runs,
    );
  });
});

describe('appendEdit', () => {
  it('drops what a later edit undoes or repeats, and keeps what still says something', () => {
    const { edits, dropped } = appendEdit([merge(1, 2), merge(3, 4)], forbid(2, 1));
    expect(edits).toEqual([merge(3, 4), forbid(2, 1)]);
    expect(dropped).toEqual([merge(1, 2)]);
    expect(appendEdit([forbid(1, 2)], merge(2, 1)).edits).toEqual([merge(2, 1)]);
    expect(appendEdit([merge(1, 2)], { ...merge(2, 1), note: 'again' }).edits).toEqual([
      { ...merge(2, 1), note: 'again' },
    ]);
    // Of a merge of three, one pair is parted: the first named keeps the others.
    const partly = appendEdit([merge(1, 2, 3)], forbid(1, 3)).edits;
    expect(partly).toEqual([merge(1, 2, 3), forbid(1, 3)]);
    const { together, notes } = resolveEdits(partly, lemmas);
    expect(together.map((group) => group.lemmas)).toEqual([[1, 2]]);
    expect(notes).toEqual(['merge w1/NOUN, w2/NOUN, w3/NOUN: in part undone by a later edit']);
  });

  it('undoes a merge that would join a parted pair through a third', () => {
    const { edits } = appendEdit([merge(1, 2), merge(2, 3)], forbid(1, 3));
    expect(asked(resolveEdits(edits, lemmas))).toEqual([[[2, 3]], [[1, 3]]]);
  });

  it('refuses merges that together hold too many lemmas', () => {
    const name = (index: number): EditedLemma => ({ name: `n${index}`, pos: 'VERB' });
    const many: ConceptEdit = { kind: 'merge', lemmas: Array.from({ length: MAXIMUM_TOGETHER }, (_, i) => name(i)) };
    const { edits } = appendEdit([], many);
    expect(() => appendEdit(edits, { kind: 'merge', lemmas: [name(0), name(99)] })).toThrow(
      /more than 32 lemmas would be one concept; at most 32/,
    );
    expect(edits).toEqual([many]);
  });
});

describe('resolveEdits', () => {
  it('passes over lemmas that a vocabulary does not have, and says so', () => {
    const edits: ConceptEdit[] = [
      { kind: 'merge', lemmas: [noun(1), noun(2), { name: 'nowhere', pos: 'NOUN' }], note: 'both are w' },
      { kind: 'forbid', a: { name: 'w3', pos: 'VERB' }, b: { name: 'w4', pos: 'VERB' } },
    ];
    const resolved = resolveEdits(edits, lemmas);
    expect(resolved.together).toEqual([{ lemmas: [1, 2], reason: 'both are w' }]);
    expect(resolved).toMatchObject({ apart: [], applied: 1 });
    expect(resolved.notes).toEqual([
      'merge w1/NOUN, w2/NOUN, nowhere/NOUN (both are w): the vocabulary has no nowhere/NOUN',
      'forbid w3/VERB, w4/VERB: the vocabulary has no w3/VERB (it knows w3 as NOUN)',
      'forbid w3/VERB, w4/VERB: the vocabulary has no w4/VERB (it knows w4 as NOUN)',
    ]);
  });

  it('says an edit in one line', () => {
    expect(describeEdit(split([1], [2, 3]))).toBe('split w2/NOUN, w3/NOUN off from w1/NOUN');
  });
});

describe('the file of edits', () => {
  it('is read back as it was written', () => {
    fc.assert(
      fc.property(anyEdits, (edits) => {
        expect(conceptEditsFromJson(JSON.parse(JSON.stringify(conceptEditsToJson(edits))))).toEqual(edits);
      }),
      runs,
    );
  });

  const good = { format: 'strata-concept-edits', version: 1 };
  it.each([
    ['no object', [], 'at the top'],
    ['another format', { ...good, format: 'x', edits: [] }, 'at format'],
    ['another version', { ...good, version: 2, edits: [] }, 'at version'],
    ['an unknown key', { ...good, edits: [], more: 1 }, 'more'],
    ['an unknown kind', { ...good, edits: [{ kind: 'join', lemmas: [] }] }, 'at edits.0.kind'],
    ['a merge of one', { ...good, edits: [{ kind: 'merge', lemmas: [noun(1)] }] }, 'at edits.0.lemmas'],
    ['a lemma twice', { ...good, edits: [{ kind: 'merge', lemmas: [noun(1), noun(1)] }] }, 'w1/NOUN found twice'],
    [
      'two parts of speech',
      { ...good, edits: [merge(1, 2), { kind: 'forbid', a: noun(1), b: { name: 'w1', pos: 'VERB' } }] },
      'at edits.1: w1/NOUN and w1/VERB found',
    ],
    ['a closed class', { ...good, edits: [{ kind: 'forbid', a: { name: 'of', pos: 'ADP' }, b: noun(1) }] }, '"ADP"'],
    ['a lemma on both sides', { ...good, edits: [split([1, 2], [2])] }, 'w2/NOUN found twice'],
    ['a time that is none', { ...good, edits: [{ ...merge(1, 2), at: 'now' }] }, 'at edits.0.at'],
    [
      'a long name',
      { ...good, edits: [{ kind: 'forbid', a: { name: 'x'.repeat(9999), pos: 'NOUN' }, b: noun(1) }] },
      'a.name',
    ],
  ])('is refused with its place: %s', (_, value, place) => {
    const read = (): unknown => conceptEditsFromJson(value, 'run/concept-edits.json');
    expect(read).toThrow(ConceptEditsError);
    expect(read).toThrow(/^run\/concept-edits\.json: at .*Accepted: .*Next: /s);
    expect(read).toThrow(place);
    expect(read).not.toThrow(/.{1200}/s);
  });

  it('is read or refused by a named error, whatever JSON it holds', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), fc.jsonValue({ maxDepth: 3 }), (top, edit) => {
        for (const value of [top, { ...good, edits: [edit] }]) {
          try {
            conceptEditsFromJson(value);
          } catch (error) {
            expect(error).toBeInstanceOf(ConceptEditsError);
          }
        }
      }),
      runs,
    );
  });
});

describe('cluster', () => {
  it('refuses groups that contradict what is apart, overlap or cross parts of speech', () => {
    expect(() => cluster([], lemmas, { together: [[1, 2]], apart: [{ a: 2, b: 1 }] })).toThrow(ClusterError);
    expect(() =>
      cluster([], lemmas, {
        together: [
          [1, 2],
          [2, 3],
        ],
      }),
    ).toThrow(/disjoint/);
    expect(() => cluster([], lemmas, { together: [[1, 99]] })).toThrow(ClusterError);
  });
});

describe('buildConcepts with edits', () => {
  const { evidence, groups } = plantedEvidence(
    { groups: 10, groupSize: 4, loners: 10, width: 32, seed: 3, noise: 0.8 },
    1,
  );
  const known = [
    { id: 0, name: 'the', pos: 'X', count: 9 },
    ...evidence.lemmas,
    { id: evidence.lemmas.length + 1, name: 'rare', pos: 'NOUN', count: 1 },
  ];
  const home = new Map(groups.flatMap((ids, group) => ids.map((id) => [id, group] as const)));
  const judge: Judge = {
    name: 'knowing',
    judge: async (pairs) =>
      pairs.map(({ a, b }) => ({
        accept: home.has(a.id) && home.get(a.id) === home.get(b.id),
        apart: home.get(a.id) === 2 && home.get(b.id) === 4,
        score: 1,
        reason: 'planted',
      })),
  };
  const named = (id: number): EditedLemma => ({ name: known[id]!.name, pos: known[id]!.pos });

  it('merges against every judge, parts what all accept, and keeps the evidence with the person in it', async () => {
    const [one, two] = [groups[2]!, groups[4]!];
    const torn = groups[0]!;
    const rare = known.length - 1;
    const edits: ConceptEdit[] = [
      { kind: 'merge', lemmas: [one[0]!, two[0]!, rare].map(named), note: 'I say so' },
      { kind: 'split', from: torn.slice(0, 2).map(named), off: torn.slice(2).map(named), note: 'two senses' },
    ];
    const resolved = resolveEdits(edits, known);
    const built = await buildConcepts({ lemmas: known, evidence, judges: [judge] }, { edits: resolved });
    expect(built.distillation).toMatchObject({ judges: ['person', 'knowing'], edits: 2 });
    expect(new Set([one[0]!, two[0]!, rare].map((id) => built.conceptOf[id])).size).toBe(1);
    expect(built.conceptOf[torn[0]!]).toBe(built.conceptOf[torn[1]!]);
    for (const id of torn.slice(2)) expect(built.conceptOf[id]).not.toBe(built.conceptOf[torn[0]!]);
    const again = ConceptVocabulary.fromJSON(JSON.parse(JSON.stringify(built)));
    expect(again.distillation).toEqual(built.distillation);
    const person = again.why(rare).together.flatMap(({ verdicts }) => verdicts);
    expect(person).toHaveLength(2);
    expect(person[0]).toEqual({ judge: 'person', accept: true, score: 1, reason: 'I say so' });
    // All four refused pairs are kept, though only two a lemma would be.
    const apart = torn
      .slice(0, 2)
      .flatMap((id) => again.why(id).apart.filter(({ other }) => torn.includes(other.lemma)));
    expect(apart).toHaveLength(4);
    for (const { verdicts, accepted } of apart) {
      expect(accepted).toBe(false);
      expect(verdicts[0]).toMatchObject({ judge: 'person', accept: false, reason: 'two senses' });
    }
  });

  it('without any edit gives the bytes that it gave before', async () => {
    const sources = { lemmas: known, evidence, judges: [judge] };
    const [bare, empty] = [
      await buildConcepts(sources),
      await buildConcepts(sources, { edits: resolveEdits([], known) }),
    ];
    expect(JSON.stringify(empty)).toBe(JSON.stringify(bare));
  });
});
