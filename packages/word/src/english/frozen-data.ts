// Frozen files of English: read once by their users, refused where a byte differs from what the build script wrote.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { InflectionTableError } from './inflections.js';

/** The text of a file in data/english, checked against its SHA-256; throws InflectionTableError that names both. */
export function readFrozenText(name: string, sha256: string, script: string): string {
  const file = `data/english/${name}`;
  const advice = `Restore ${file} of packages/word from version control, or run scripts/english/${script}.`;
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(new URL(`../../${file}`, import.meta.url));
  } catch (cause) {
    throw new InflectionTableError(`Data of English: ${file} cannot be read. ${advice}`, { cause });
  }
  const found = createHash('sha256').update(bytes).digest('hex');
  if (found !== sha256)
    throw new InflectionTableError(`Data of English: SHA-256 of ${file} is ${found}; accepted is ${sha256}. ${advice}`);
  return new TextDecoder().decode(bytes);
}
