// SWORDS (Lee et al. 2021): words in context, substitutes for them, and how many people found each acceptable.
// Format: the benchmark's own JSON, gzipped or plain; checked whole before anything is believed.
import { gunzipSync } from 'node:zlib';
import { z } from 'zod';

/** A substitute and the share of people who found it acceptable. */
export interface RatedSubstitute {
  readonly word: string;
  readonly weight: number;
}

/** A word in its context, and what was proposed in its place. */
export interface SubstituteTask {
  readonly id: string;
  readonly context: string;
  readonly target: string;
  /** UTF-16 offset of the target in its context. */
  readonly start: number;
  readonly substitutes: readonly RatedSubstitute[];
}

/** A file that is not SWORDS; the message names file and place. */
export class SwordsFormatError extends Error {
  override readonly name = 'SwordsFormatError';
}

/** The development part has 1.5 MB, 11 MB inflated. */
const LARGEST = 256 * 2 ** 20;
const ACCEPTED = 'Accepted is a file of the SWORDS benchmark, swords-v1.1_dev.json.gz or its JSON.';

const key = z.string().max(200);
const schema = z.object({
  contexts: z.record(key, z.object({ context: z.string().max(1 << 16) })),
  targets: z.record(key, z.object({ context_id: key, target: z.string().min(1).max(1000), offset: z.int().min(0) })),
  substitutes: z.record(key, z.object({ target_id: key, substitute: z.string().min(1).max(1000) })),
  substitute_labels: z.record(
    key,
    z.array(z.enum(['TRUE', 'FALSE', 'UNSURE', 'TRUE_IMPLICIT', 'FALSE_IMPLICIT'])).min(1),
  ),
});

/** Reads tasks in the order of the file; who was unsure did not accept. Throws SwordsFormatError. */
export function parseSwords(bytes: Uint8Array, path: string): SubstituteTask[] {
  const fail = (found: string, cause?: unknown): SwordsFormatError =>
    // What is found may hold anything; it goes to a terminal.
    new SwordsFormatError(`${path}: ${found.replace(/\p{Cc}/gu, ' ')}. ${ACCEPTED}`, { cause });
  let value: unknown;
  try {
    const isZipped = bytes[0] === 0x1f && bytes[1] === 0x8b;
    const plain = isZipped ? gunzipSync(bytes, { maxOutputLength: LARGEST }) : bytes;
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(plain));
  } catch (error) {
    throw fail(`it is no JSON (${(error as Error).message.slice(0, 100)})`, error);
  }
  const checked = schema.safeParse(value);
  if (!checked.success) {
    const [issue] = checked.error.issues;
    throw fail(`${issue!.path.join('.').slice(0, 200) || 'the whole'}: ${issue!.message}`);
  }
  const { contexts, targets, substitutes, substitute_labels: labels } = checked.data;
  const byTarget = new Map<string, RatedSubstitute[]>(Object.keys(targets).map((id) => [id, []]));
  for (const [id, { target_id, substitute }] of Object.entries(substitutes)) {
    const own = byTarget.get(target_id);
    const votes = Object.hasOwn(labels, id) ? labels[id] : undefined;
    if (own === undefined) throw fail(`substitutes.${id}: its target_id ${JSON.stringify(target_id)} is no target`);
    if (votes === undefined) throw fail(`substitutes.${id}: it has no entry in substitute_labels`);
    const accepted = votes.filter((vote) => vote === 'TRUE' || vote === 'TRUE_IMPLICIT').length;
    own.push({ word: substitute, weight: accepted / votes.length });
  }
  const tasks = Object.entries(targets).map(([id, { context_id, target, offset }]): SubstituteTask => {
    if (!Object.hasOwn(contexts, context_id))
      throw fail(`targets.${id}: its context_id ${JSON.stringify(context_id)} is no context`);
    const { context } = contexts[context_id]!;
    // Offsets of the file count code points.
    const start = [...context].slice(0, offset).join('').length;
    if (!context.startsWith(target, start))
      throw fail(`targets.${id}: its context does not have ${JSON.stringify(target)} at offset ${offset}`);
    return { id, context, target, start, substitutes: byTarget.get(id)! };
  });
  if (tasks.length === 0) throw fail('it has no targets');
  return tasks;
}
