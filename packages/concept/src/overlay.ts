// The overlay of a person's edits over a distillation: what holds of them together, the latest first, and what that asks
// of the lemmas of one vocabulary. Constrained clustering with must-links and cannot-links (Wagstaff & Cardie 2000).
import {
  type ConceptEdit,
  ConceptEditsError,
  checkedEdit,
  conceptEditsFromJson,
  conceptEditsToJson,
  type EditedLemma,
  lemmaLabel,
  lemmasOf,
  MAXIMUM_TOGETHER,
} from './edits-json.js';
import type { LemmaEntry } from './lemma.js';

/** The name under which a person's verdicts stand in the evidence. */
export const PERSON = 'person';

/** Lemma ids, in order, that a person holds together, and why. */
export interface TogetherGroup {
  readonly lemmas: readonly number[];
  readonly reason: string;
}

/** Two lemma ids, `a < b`, that a person keeps apart, and why. */
export interface ApartPair {
  readonly a: number;
  readonly b: number;
  readonly reason: string;
}

/** What edits ask of one vocabulary: groups are disjoint, and no pair that is apart lies in one. */
export interface ResolvedEdits {
  readonly together: readonly TogetherGroup[];
  readonly apart: readonly ApartPair[];
  /** How many edits ask anything of this vocabulary. */
  readonly applied: number;
  /** What was passed over, a line each: unknown lemmas, and edits that a later one undoes. */
  readonly notes: readonly string[];
}

/** An edit added: all edits that stand now, and those that the new one replaces. */
export interface AppendedEdit {
  readonly edits: readonly ConceptEdit[];
  readonly dropped: readonly ConceptEdit[];
}

/** One line that says what an edit asks for. */
export function describeEdit(edit: ConceptEdit): string {
  const listed = (lemmas: readonly EditedLemma[]): string => lemmas.map(lemmaLabel).join(', ');
  const asked =
    edit.kind === 'merge'
      ? `merge ${listed(edit.lemmas)}`
      : edit.kind === 'forbid'
        ? `forbid ${listed([edit.a, edit.b])}`
        : `split ${listed(edit.off)} off from ${listed(edit.from)}`;
  return edit.note === undefined ? asked : `${asked} (${edit.note})`;
}

/**
 * Adds an edit; earlier ones that it undoes altogether, or repeats, are dropped. Throws ConceptEditsError where it is no
 * edit, or where merges would hold more than 32 lemmas together.
 */
export function appendEdit(edits: readonly ConceptEdit[], edit: ConceptEdit): AppendedEdit {
  const all = [...edits, checkedEdit(edit)];
  // The reader's bound on the number of edits holds for the writer too.
  conceptEditsFromJson(conceptEditsToJson(all), 'this edit, with those before it');
  const { states } = standing(all);
  const tooLarge = states.find((state) => state === 'too large');
  if (tooLarge !== undefined)
    throw new ConceptEditsError(
      `${describeEdit(edit)}: with the merges before it, more than ${MAXIMUM_TOGETHER} lemmas would be one concept; at most ${MAXIMUM_TOGETHER} are accepted. ` +
        'Merge fewer, or split the concept first.',
    );
  const key = statementKey(all.at(-1)!);
  const kept = all.filter(
    (earlier, index) => index === all.length - 1 || (states[index] !== 'undone' && statementKey(earlier) !== key),
  );
  return { edits: kept, dropped: all.filter((earlier) => !kept.includes(earlier)) };
}

/** What edits, oldest first, ask of these lemmas; a later edit prevails over an earlier, unknown lemmas are noted. */
export function resolveEdits(edits: readonly ConceptEdit[], lemmas: readonly LemmaEntry[]): ResolvedEdits {
  const idOf = new Map<string, number>();
  const posOf = new Map<string, string[]>();
  const wanted = new Set(edits.flatMap((edit) => lemmasOf(edit).map(({ name }) => name)));
  for (const lemma of lemmas) {
    if (!wanted.has(lemma.name)) continue;
    idOf.set(lemmaLabel(lemma), lemma.id);
    posOf.set(lemma.name, [...(posOf.get(lemma.name) ?? []), lemma.pos]);
  }
  const notes: string[] = [];
  const { groups, pairs, states } = standing(edits);
  edits.forEach((edit, index) => {
    const unknown = lemmasOf(edit).filter((lemma) => !idOf.has(lemmaLabel(lemma)));
    if (states[index] !== 'holds')
      notes.push(
        `${describeEdit(edit)}: ${states[index] === 'partly' ? 'in part ' : ''}${states[index] === 'too large' ? `not done in full, more than ${MAXIMUM_TOGETHER} lemmas would be one concept` : 'undone by a later edit'}`,
      );
    for (const lemma of unknown) {
      const known = posOf.get(lemma.name);
      const as = known === undefined ? '' : ` (it knows ${lemma.name} as ${known.join(', ')})`;
      notes.push(`${describeEdit(edit)}: the vocabulary has no ${lemmaLabel(lemma)}${as}`);
    }
  });
  const applied = new Set<number>();
  const together = groups.flatMap(({ members, edits: sources }): TogetherGroup[] => {
    const ids = members.flatMap((member) => idOf.get(member) ?? []).sort((left, right) => left - right);
    if (ids.length < 2) return [];
    for (const source of sources)
      if (lemmasOf(edits[source]!).filter((lemma) => idOf.has(lemmaLabel(lemma))).length > 1) applied.add(source);
    return [{ lemmas: ids, reason: reasonOf(edits, sources, 'holds them together') }];
  });
  const apart = pairs.flatMap(({ first, second, edit }): ApartPair[] => {
    const a = idOf.get(first);
    const b = idOf.get(second);
    if (a === undefined || b === undefined) return [];
    applied.add(edit);
    return [{ a: Math.min(a, b), b: Math.max(a, b), reason: reasonOf(edits, [edit], 'keeps them apart') }];
  });
  return {
    together: together.sort((left, right) => left.lemmas[0]! - right.lemmas[0]!),
    apart: apart.sort((left, right) => left.a - right.a || left.b - right.b),
    applied: applied.size,
    notes,
  };
}

function reasonOf(edits: readonly ConceptEdit[], sources: readonly number[], otherwise: string): string {
  const notes = new Set(
    [...sources].sort((left, right) => left - right).flatMap((source) => edits[source]!.note ?? []),
  );
  // Evidence holds lines of at most 2,000 characters.
  return notes.size === 0 ? otherwise : [...notes].join('; ').slice(0, 1_500);
}

type State = 'holds' | 'partly' | 'undone' | 'too large';

interface Group {
  readonly members: string[];
  readonly edits: number[];
}

interface Standing {
  readonly groups: Group[];
  readonly pairs: { readonly first: string; readonly second: string; readonly edit: number }[];
  /** What became of each edit. */
  readonly states: State[];
}

/** What stands of edits when each gives way to those after it: the latest is taken first, and what contradicts is left out. */
function standing(edits: readonly ConceptEdit[]): Standing {
  const groupOf = new Map<string, Group>();
  const strangers = new Map<string, Set<string>>();
  const pairs: Standing['pairs'] = [];
  const states = new Array<State>(edits.length).fill('holds');
  const group = (lemma: string): Group => groupOf.get(lemma) ?? { members: [lemma], edits: [] };
  const contradicted = (left: Group, right: Group): boolean =>
    left.members.some((member) => right.members.some((other) => strangers.get(member)?.has(other)));

  const part = (first: string, second: string, edit: number): boolean => {
    if (groupOf.get(first)?.members.includes(second)) return false;
    if (!strangers.get(first)?.has(second)) {
      for (const [from, to] of [
        [first, second],
        [second, first],
      ] as const)
        strangers.set(from, (strangers.get(from) ?? new Set()).add(to));
      pairs.push({ first, second, edit });
    }
    return true;
  };

  // The first lemma is the one that the others come to: what a later edit keeps away from it stays out.
  const merge = (lemmas: readonly string[], edit: number): State => {
    const [anchor, ...others] = lemmas;
    let whole = group(anchor!);
    let left = 0;
    let tooMany = 0;
    for (const lemma of others) {
      const coming = group(lemma);
      if (coming === whole) continue;
      if (contradicted(whole, coming)) {
        left++;
        continue;
      }
      if (whole.members.length + coming.members.length > MAXIMUM_TOGETHER) {
        tooMany++;
        continue;
      }
      whole = { members: [...whole.members, ...coming.members], edits: [...whole.edits, ...coming.edits] };
      for (const member of whole.members) groupOf.set(member, whole);
    }
    if (left === others.length) return 'undone';
    if (left + tooMany < others.length) whole.edits.push(edit);
    if (tooMany > 0) return 'too large';
    return left > 0 ? 'partly' : 'holds';
  };

  for (let index = edits.length - 1; index >= 0; index--) {
    const edit = edits[index]!;
    if (edit.kind === 'merge') {
      states[index] = merge(edit.lemmas.map(lemmaLabel), index);
      continue;
    }
    const [from, off] = edit.kind === 'forbid' ? [[edit.a], [edit.b]] : [edit.from, edit.off];
    const parted = from.flatMap((first) => off.map((second) => part(lemmaLabel(first), lemmaLabel(second), index)));
    states[index] = parted.every(Boolean) ? 'holds' : parted.some(Boolean) ? 'partly' : 'undone';
  }
  return { groups: [...new Set(groupOf.values())], pairs, states };
}

/** Equal for edits that ask for the same, whatever the order of their lemmas and their notes. */
function statementKey(edit: ConceptEdit): string {
  const sorted = (lemmas: readonly EditedLemma[]): string[] => lemmas.map(lemmaLabel).sort();
  if (edit.kind === 'merge') return JSON.stringify(['merge', sorted(edit.lemmas)]);
  const sides = edit.kind === 'forbid' ? [[edit.a], [edit.b]] : [edit.from, edit.off];
  return JSON.stringify(['apart', ...sides.map(sorted).sort()]);
}
