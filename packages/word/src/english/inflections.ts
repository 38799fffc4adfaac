// The frozen table of English forms that differ from the spelling rules; read once, refused where its hash is not the built one.
// Source: scripts/english/build-inflections.mjs, from en-inflectors, WordNet's exceptions (wink-lexicon) and compromise; see data/NOTICE.md.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { INFLECTIONS_SHA256 } from './inflections-hash.js';
import { SLOT_NAMES, type SlotName } from './slots.js';

/** The table of inflections is absent, changed, or not a table. */
export class InflectionTableError extends Error {
  override readonly name = 'InflectionTableError';
}

/** Slot -> lemma -> forms, the commonest first. */
export type InflectionTable = ReadonlyMap<SlotName, ReadonlyMap<string, readonly string[]>>;

const advice =
  'Restore data/english/inflections.json of packages/word from version control, or run scripts/english/build-inflections.mjs.';
const schema = z.partialRecord(z.enum(SLOT_NAMES), z.record(z.string(), z.string()));

/** Checks the bytes of a table against a SHA-256 and parses them; throws InflectionTableError. */
export function parseInflections(bytes: Uint8Array, sha256: string): InflectionTable {
  const found = createHash('sha256').update(bytes).digest('hex');
  if (found !== sha256) {
    throw new InflectionTableError(`Inflection table: SHA-256 is ${found}; accepted is ${sha256}. ${advice}`);
  }
  const parsed = schema.safeParse(JSON.parse(new TextDecoder().decode(bytes)));
  if (!parsed.success) {
    throw new InflectionTableError(
      `Inflection table: ${parsed.error.issues[0]!.message}; accepted is slot -> lemma -> forms. ${advice}`,
    );
  }
  return new Map(
    Object.entries(parsed.data).map(([slot, entries]) => [
      slot as SlotName,
      new Map(Object.entries(entries).map(([lemma, forms]) => [lemma, forms.split(' ')])),
    ]),
  );
}

let frozen: InflectionTable | undefined;

/** The frozen table, read on first use; throws InflectionTableError where the file is absent or changed. */
export function inflections(): InflectionTable {
  if (frozen !== undefined) return frozen;
  const file = new URL('../../data/english/inflections.json', import.meta.url);
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(file);
  } catch (cause) {
    throw new InflectionTableError(`Inflection table: data/english/inflections.json cannot be read. ${advice}`, {
      cause,
    });
  }
  frozen = parseInflections(bytes, INFLECTIONS_SHA256);
  return frozen;
}
