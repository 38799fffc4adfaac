// The concept vocabulary as a file: readable JSON, and a reader that trusts nothing in it.
// Written once a distillation; `ConceptVocabulary.fromJSON` checks what a schema cannot say (a partition, links in their concept).
import { z } from 'zod';
import type { Concept, DistillationSummary, PairEvidence } from './concept.js';

const format = 'strata-concepts';
const version = 1;

// Bounds far above any real vocabulary, so that a hostile file cannot ask for absurd work.
const id = z.int().min(0).max(4_000_000);
const name = z.string().min(1).max(400);
const count = z.number().min(0).max(Number.MAX_SAFE_INTEGER);
const line = z.string().max(2_000);

const pair = z.strictObject({
  a: id,
  b: id,
  names: z.tuple([name, name]),
  accepted: z.boolean(),
  similarity: z.number().min(-1.001).max(1.001),
  rankAB: id,
  rankBA: id,
  liftAB: z.number().nullable(),
  liftBA: z.number().nullable(),
  shared: z.array(name).max(64),
  verdicts: z
    .array(z.strictObject({ judge: line, accept: z.boolean().nullable(), score: z.number(), reason: line }))
    .max(32),
});

const concept = z.strictObject({
  id,
  name: z.string().min(1).max(2_000),
  pos: z.string().min(1).max(32),
  members: z
    .array(z.strictObject({ lemma: id, name, count }))
    .min(1)
    .max(1_000),
  links: z.array(pair).max(500_000),
});

const summary = z.strictObject({
  judges: z.array(line).max(32),
  proposed: count,
  judged: count,
  accepted: count,
  maximumSize: z.int().min(1).max(1_000),
  edits: count.optional(),
});

const file = z.strictObject({
  format: z.literal(format),
  version: z.literal(version),
  distillation: summary.nullable(),
  concepts: z.array(concept).max(4_000_000),
  separated: z.array(pair).max(20_000_000),
});

/** The JSON form of a concept vocabulary. */
export type ConceptsJson = z.infer<typeof file>;

type PairJson = z.infer<typeof pair>;

function pairToJson(evidence: PairEvidence, nameOf: (lemma: number) => string): PairJson {
  const { a, b, accepted, similarity, rankAB, rankBA, liftAB, liftBA, shared, verdicts } = evidence;
  return {
    a,
    b,
    names: [nameOf(a), nameOf(b)],
    accepted,
    similarity: rounded(similarity),
    rankAB,
    rankBA,
    liftAB: liftAB === undefined ? null : rounded(liftAB),
    liftBA: liftBA === undefined ? null : rounded(liftBA),
    shared: [...shared],
    verdicts: verdicts.map((verdict) => ({
      judge: verdict.judge,
      accept: verdict.accept ?? null,
      score: rounded(verdict.score),
      reason: verdict.reason,
    })),
  };
}

/** Six significant digits: enough for a reader, and the file stays small. */
function rounded(value: number): number {
  return Number(value.toPrecision(6));
}

function pairFromJson({ names: _names, ...json }: PairJson): PairEvidence {
  return {
    ...json,
    liftAB: json.liftAB ?? undefined,
    liftBA: json.liftBA ?? undefined,
    verdicts: json.verdicts.map((verdict) => ({ ...verdict, accept: verdict.accept ?? undefined })),
  };
}

function summaryFromJson({ edits, ...summary }: z.infer<typeof file.shape.distillation> & object): DistillationSummary {
  return { ...summary, ...(edits !== undefined && { edits }) };
}

/** The file's content for these concepts; `nameOf` gives a lemma id's name. */
export function conceptsToJson(
  concepts: readonly Concept[],
  separated: readonly PairEvidence[],
  distillation: DistillationSummary | undefined,
  nameOf: (lemma: number) => string,
): ConceptsJson {
  return {
    format,
    version,
    distillation: distillation === undefined ? null : { ...distillation, judges: [...distillation.judges] },
    concepts: concepts.map((entry) => ({
      id: entry.id,
      name: entry.name,
      pos: entry.pos,
      members: entry.members.map((member) => ({ ...member })),
      links: entry.links.map((link) => pairToJson(link, nameOf)),
    })),
    separated: separated.map((entry) => pairToJson(entry, nameOf)),
  };
}

/** The concepts in a parsed JSON value, or the first problem found and where. */
export function conceptsFromJson(value: unknown):
  | { problem: string }
  | {
      concepts: Concept[];
      separated: PairEvidence[];
      distillation: DistillationSummary | undefined;
    } {
  const parsed = file.safeParse(value);
  if (!parsed.success) {
    const issue = parsed.error.issues[0]!;
    return { problem: `at ${issue.path.length === 0 ? 'the top' : issue.path.join('.')}: ${issue.message}` };
  }
  const { concepts, separated, distillation } = parsed.data;
  const nameOf = new Map<number, string>();
  for (const entry of concepts) for (const member of entry.members) nameOf.set(member.lemma, member.name);
  for (const link of [...concepts.flatMap((entry) => entry.links), ...separated]) {
    if (link.names[0] !== nameOf.get(link.a) || link.names[1] !== nameOf.get(link.b)) {
      return { problem: `the pair ${link.a}, ${link.b} is named ${link.names.join('/')}, which its lemmas are not` };
    }
  }
  return {
    concepts: concepts.map((entry) => ({ ...entry, links: entry.links.map(pairFromJson) })),
    separated: separated.map(pairFromJson),
    distillation: distillation === null ? undefined : summaryFromJson(distillation),
  };
}
