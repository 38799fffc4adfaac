// The frozen table of Spanish: forms that differ from the rules, and which lemmas are known; refused where its hash is not the built one.
// Source: scripts/spanish/build-table.mjs, from es-compromise and closed lists written by hand; see data/spanish/NOTICE.md.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { InflectionTableError } from '../english/inflections.js';
import { SLOT_NAMES, type SlotName } from './slots.js';
import { SPANISH_TABLE_SHA256 } from './table-hash.js';

/** What is listed of Spanish: slot -> lemma -> forms, the first choice first, and lemmas by class. */
export interface SpanishTable {
  readonly forms: ReadonlyMap<SlotName, ReadonlyMap<string, readonly string[]>>;
  readonly verbs: ReadonlySet<string>;
  readonly nouns: ReadonlySet<string>;
  readonly adjectives: ReadonlySet<string>;
}

const advice =
  'Restore data/spanish/table.json of packages/word from version control, or run scripts/spanish/build-table.mjs.';
const schema = z.strictObject({
  forms: z.partialRecord(z.enum(SLOT_NAMES), z.record(z.string(), z.string())),
  verbs: z.string(),
  nouns: z.string(),
  adjectives: z.string(),
});

/** Checks the bytes of a table against a SHA-256 and parses them; throws InflectionTableError. */
export function parseSpanishTable(bytes: Uint8Array, sha256: string): SpanishTable {
  const found = createHash('sha256').update(bytes).digest('hex');
  if (found !== sha256)
    throw new InflectionTableError(`Spanish table: SHA-256 is ${found}; accepted is ${sha256}. ${advice}`);
  const parsed = schema.safeParse(JSON.parse(new TextDecoder().decode(bytes)));
  if (!parsed.success) {
    const { path, message } = parsed.error.issues[0]!;
    throw new InflectionTableError(`Spanish table, at ${path.join('.')}: ${message}. ${advice}`);
  }
  const { forms, verbs, nouns, adjectives } = parsed.data;
  return {
    forms: new Map(
      Object.entries(forms).map(([slot, entries]) => [
        slot as SlotName,
        new Map(Object.entries(entries).map(([lemma, listed]) => [lemma, listed.split(' ')])),
      ]),
    ),
    verbs: new Set(verbs.split(' ')),
    nouns: new Set(nouns.split(' ')),
    adjectives: new Set(adjectives.split(' ')),
  };
}

let frozen: SpanishTable | undefined;

/** The frozen table, read on first use; throws InflectionTableError where the file is absent or changed. */
export function spanishTable(): SpanishTable {
  if (frozen !== undefined) return frozen;
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(new URL('../../data/spanish/table.json', import.meta.url));
  } catch (cause) {
    throw new InflectionTableError(`Spanish table: data/spanish/table.json cannot be read. ${advice}`, { cause });
  }
  frozen = parseSpanishTable(bytes, SPANISH_TABLE_SHA256);
  return frozen;
}
