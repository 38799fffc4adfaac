// A person's edits of the concepts as a file: merges, forbidden pairs and splits, and a reader that trusts nothing in it.
// Lemmas are named by (name, part of speech) and never by id, so that the edits outlive any one word vocabulary.
import { z } from 'zod';
import { eligiblePartsOfSpeech } from './lemma.js';

/** Most lemmas that a person may hold together in one concept: member tables are as wide as the largest concept. */
export const MAXIMUM_TOGETHER = 32;
const MAXIMUM_EDITS = 20_000;
const format = 'strata-concept-edits';
const version = 1;

const lemma = z.strictObject({
  name: z.string().min(1).max(400),
  pos: z.enum(eligiblePartsOfSpeech as [string, ...string[]]),
});
const about = { note: z.string().max(1_000).optional(), at: z.iso.datetime({ offset: true }).optional() };
const side = z.array(lemma).min(1).max(MAXIMUM_TOGETHER);

const edit = z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('merge'), lemmas: z.array(lemma).min(2).max(MAXIMUM_TOGETHER), ...about }),
    z.strictObject({ kind: z.literal('forbid'), a: lemma, b: lemma, ...about }),
    z.strictObject({ kind: z.literal('split'), from: side, off: side, ...about }),
  ])
  .superRefine((value, context) => {
    const named = lemmasOf(value);
    const refuse = (message: string): void => context.addIssue({ code: 'custom', message });
    const other = named.find(({ pos }) => pos !== named[0]!.pos);
    if (other !== undefined)
      refuse(
        `${lemmaLabel(named[0]!)} and ${lemmaLabel(other)} found; a concept holds one part of speech, and so does an edit`,
      );
    const keys = named.map(lemmaLabel);
    const twice = keys.find((key, index) => keys.indexOf(key) !== index);
    if (twice !== undefined) refuse(`${twice} found twice; an edit names each lemma once`);
  });

const file = z.strictObject({
  format: z.literal(format),
  version: z.literal(version),
  edits: z.array(edit).max(MAXIMUM_EDITS),
});

/** A lemma as an edit names it: `pos` is a universal tag of an open class. */
export type EditedLemma = Readonly<z.infer<typeof lemma>>;

/** Lemmas that share a concept, two that never do, or some (`off`) that never share one with others (`from`). */
export type ConceptEdit =
  | { readonly kind: 'merge'; readonly lemmas: readonly EditedLemma[]; readonly note?: string; readonly at?: string }
  | {
      readonly kind: 'forbid';
      readonly a: EditedLemma;
      readonly b: EditedLemma;
      readonly note?: string;
      readonly at?: string;
    }
  | {
      readonly kind: 'split';
      readonly from: readonly EditedLemma[];
      readonly off: readonly EditedLemma[];
      readonly note?: string;
      readonly at?: string;
    };

/** A file of edits that is none, or an edit that cannot be added. */
export class ConceptEditsError extends Error {
  override readonly name = 'ConceptEditsError';
}

/** Every lemma that an edit names, in its order. */
export function lemmasOf(edited: ConceptEdit): readonly EditedLemma[] {
  if (edited.kind === 'merge') return edited.lemmas;
  return edited.kind === 'forbid' ? [edited.a, edited.b] : [...edited.from, ...edited.off];
}

/** A lemma as a person writes it: `name/POS`. */
export function lemmaLabel({ name, pos }: EditedLemma): string {
  return `${name}/${pos}`;
}

/** The edits in a parsed JSON value, oldest first; `source` names the file in messages; throws ConceptEditsError. */
export function conceptEditsFromJson(value: unknown, source = 'concept edits'): ConceptEdit[] {
  const parsed = file.safeParse(value, { reportInput: true });
  if (parsed.success) return parsed.data.edits.map(withoutAbsent);
  const issue = parsed.error.issues[0]!;
  const path = issue.path.length === 0 ? 'the top' : issue.path.join('.');
  throw new ConceptEditsError(
    `${source}: at ${path}: ${issue.message}${foundIn(issue.input)}. Accepted: {"format": "${format}", "version": ${version}, "edits": [...]}, where an edit is a ` +
      '"merge" of lemmas, a "forbid" of a and b, or a "split" of off from from, and a lemma {"name", "pos"}, pos one of ' +
      `${eligiblePartsOfSpeech.join(', ')}. Next: correct that place, or delete the file to go on without edits.`,
  );
}

/** What the file holds for these edits; `conceptEditsFromJson` reads it back as they were. */
export function conceptEditsToJson(edits: readonly ConceptEdit[]): unknown {
  return { format, version, edits };
}

/** Checks one edit as the file's reader would; throws ConceptEditsError. */
export function checkedEdit(candidate: ConceptEdit): ConceptEdit {
  const parsed = edit.safeParse(candidate, { reportInput: true });
  if (parsed.success) return withoutAbsent(parsed.data);
  const issue = parsed.error.issues[0]!;
  const at = issue.path.length === 0 ? '' : ` at ${issue.path.join('.')}`;
  throw new ConceptEditsError(
    `this edit is not kept${at}: ${issue.message}${foundIn(issue.input)}. Name other lemmas.`,
  );
}

/** What was found, cut so that a hostile value cannot flood a message. */
function foundIn(input: unknown): string {
  if (input === undefined || (typeof input === 'object' && input !== null)) return '';
  return ` (found ${JSON.stringify(input)?.slice(0, 80)})`;
}

function withoutAbsent(read: z.infer<typeof edit>): ConceptEdit {
  const { note, at, ...rest } = read;
  return { ...rest, ...(note !== undefined && { note }), ...(at !== undefined && { at }) };
}
