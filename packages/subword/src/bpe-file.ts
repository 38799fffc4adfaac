// The tokenizer's file: checked before anything is built from it, as it may come from anywhere.
// The merges are written in the manner of GPT-2's merges.txt (Radford et al. 2019), so that they can be exported.
import { bytesFromPrintable } from './bpe-alphabet.js';

/** What `BpeTokenizer.toJSON` writes. */
export interface BpeFile {
  readonly format: 'strata-bpe';
  readonly version: 1;
  readonly bos: '<|bos|>';
  readonly vocabularySize: number;
  readonly merges: readonly string[];
}

/** A tokenizer file is not what it should be. */
export class BpeFileError extends Error {
  override readonly name = 'BpeFileError';
  constructor(source: string, found: string, accepted: string) {
    super(
      `${source}: ${found}; accepted is ${accepted}. ` +
        'Train the tokenizer again, or restore the file as BpeTokenizer.toJSON wrote it.',
    );
  }
}

const MAXIMUM_MERGES = 1_000_000;
const MAXIMUM_PIECE_BYTES = 128;
const FIRST_MERGED_ID = 257;

/** Reads the merges out of a parsed tokenizer file, as pairs of ids; throws BpeFileError. */
export function readBpeFile(json: unknown, source: string): [left: number, right: number][] {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    throw new BpeFileError(
      source,
      `found ${describe(json)}`,
      'an object with format, version, bos, vocabularySize, merges',
    );
  }
  const file: Partial<Record<string, unknown>> = { ...json };
  const known = ['format', 'version', 'bos', 'vocabularySize', 'merges'];
  const stranger = Object.keys(file).find((key) => !known.includes(key));
  if (stranger !== undefined)
    throw new BpeFileError(source, `unknown key "${stranger.slice(0, 60)}"`, known.join(', '));
  expectValue(source, 'format', file.format, 'strata-bpe');
  expectValue(source, 'version', file.version, 1);
  expectValue(source, 'bos', file.bos, '<|bos|>');
  const { merges, vocabularySize } = file;
  if (!Array.isArray(merges) || merges.length > MAXIMUM_MERGES) {
    const found = Array.isArray(merges) ? `${merges.length} merges` : `merges is ${describe(merges)}`;
    throw new BpeFileError(source, found, `a list of at most ${MAXIMUM_MERGES} merges`);
  }
  const { pairs, size } = readMerges(merges, source);
  if (vocabularySize !== size) {
    throw new BpeFileError(source, `vocabularySize is ${describe(vocabularySize)}`, `${size}, which the merges make`);
  }
  return pairs;
}

function readMerges(merges: readonly unknown[], source: string): { pairs: [number, number][]; size: number } {
  const ids = new Map<string, number>();
  for (let byte = 0; byte < 256; byte++) ids.set(String.fromCharCode(byte), 1 + byte);
  let size = FIRST_MERGED_ID;
  const seen = new Set<string>();
  const pairs = merges.map((merge, index): [number, number] => {
    const where = `${source}: merges[${index}]`;
    const halves = typeof merge === 'string' && merge.length <= MAXIMUM_PIECE_BYTES + 1 ? merge.split(' ') : [];
    if (halves.length !== 2 || typeof merge !== 'string') {
      throw new BpeFileError(
        where,
        `found ${describe(merge)}`,
        `two pieces with a space between, ${MAXIMUM_PIECE_BYTES} bytes at most`,
      );
    }
    if (seen.has(merge)) throw new BpeFileError(where, `found ${describe(merge)} a second time`, 'each merge once');
    seen.add(merge);
    const [left, right] = halves.map((half) => {
      const name = latin(bytesFromPrintable(half));
      const id = name === undefined ? undefined : ids.get(name);
      if (name === undefined || id === undefined) {
        throw new BpeFileError(
          where,
          `found the piece ${describe(half)}`,
          'a byte or a piece that an earlier merge makes',
        );
      }
      return { name, id };
    });
    const made = left!.name + right!.name;
    if (!ids.has(made)) ids.set(made, size++);
    return [left!.id, right!.id];
  });
  return { pairs, size };
}

// Bytes as a string of one character each, to be a key.
function latin(bytes: Uint8Array | undefined): string | undefined {
  return bytes && String.fromCharCode(...bytes);
}

function expectValue(source: string, key: string, found: unknown, accepted: string | number): void {
  if (found === accepted) return;
  throw new BpeFileError(source, `${key} is ${describe(found)}`, JSON.stringify(accepted));
}

function describe(value: unknown): string {
  if (value === undefined) return 'missing';
  if (typeof value === 'string') return JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}…` : value);
  if (typeof value === 'number' || typeof value === 'boolean' || value === null) return String(value);
  return Array.isArray(value) ? 'a list' : `${typeof value === 'object' ? 'an' : 'a'} ${typeof value}`;
}
