// The head of a safetensors file checked in full before any tensor is allocated: lengths, keys, types, sizes, offsets.
// From: the safetensors format (Hugging Face 2022), with the limits of its reference reader.
import type { ByteSource } from './byte-source.js';
import { quoted, SafetensorsError } from './errors.js';
import { type JsonObject, JsonSyntaxError, type JsonValue, parseJson } from './json.js';

/** Length of the number before the header, in bytes. */
export const PREFIX_BYTES = 8;
/** Longest header accepted and written, in bytes. */
export const MAXIMUM_HEADER_BYTES = 100_000_000;
/** Most axes a tensor may have. */
export const MAXIMUM_RANK = 64;
/** The one key of a header that names no tensor. */
export const METADATA_KEY = '__metadata__';

/** The element types that can be read, and the bytes of one element. */
export const DTYPE_BYTES = { F32: 4, I32: 4, F16: 2, BF16: 2 } as const;
export type StoredDType = keyof typeof DTYPE_BYTES;

/** One tensor as the header tells of it; `begin` is its offset in bytes from the start of the file. */
export interface TensorEntry {
  readonly name: string;
  readonly dtype: StoredDType;
  readonly shape: readonly number[];
  readonly elements: number;
  readonly begin: number;
}

/** A checked header; `entries` in the order of their bytes, which they cover without hole or overlap. */
export interface SafetensorsHeader {
  readonly entries: readonly TensorEntry[];
  readonly metadata: Record<string, string>;
}

const NEXT = 'fetch or write the file again';
const ENTRY_KEYS: ReadonlySet<string> = new Set(['dtype', 'shape', 'data_offsets']);

const isObject = (value: JsonValue | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isCount = (value: JsonValue): value is number =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;

const isDType = (value: JsonValue | undefined): value is StoredDType =>
  typeof value === 'string' && Object.hasOwn(DTYPE_BYTES, value);

/** Reads and checks the header of a safetensors source; throws SafetensorsError. */
export function readHeader(source: ByteSource): SafetensorsHeader {
  const refuse = (found: string, accepted?: string): never => {
    throw new SafetensorsError({
      path: source.path,
      found,
      ...(accepted === undefined ? {} : { accepted }),
      next: NEXT,
    });
  };
  const text = readHeaderText(source, refuse);
  const document = parseHeader(text, refuse);
  const dataStart = PREFIX_BYTES + Buffer.byteLength(text, 'utf8');

  const { [METADATA_KEY]: metadata, ...tensors } = document;
  const spans = Object.entries(tensors).map(([name, value]) => readEntry(name, value, refuse));
  // An empty tensor may share its offset with the next one, and comes first.
  spans.sort((a, b) => a.begin - b.begin || a.end - b.end);
  let covered = 0;
  for (const { name, begin, end } of spans) {
    if (begin < covered) refuse(`tensor ${quoted(name)} overlaps the one before it`, 'tensors side by side');
    if (begin > covered) refuse(`${begin - covered} bytes before tensor ${quoted(name)} belong to none`, 'no holes');
    covered = end;
  }
  const present = source.size - dataStart;
  if (covered !== present) {
    refuse(`${present} bytes of data`, `the ${covered} bytes that the header tells of`);
  }
  const entries = spans.map(({ name, dtype, shape, elements, begin }) => ({
    name,
    dtype,
    shape,
    elements,
    begin: dataStart + begin,
  }));
  return { entries, metadata: readMetadata(metadata, refuse) };
}

type Refuse = (found: string, accepted?: string) => never;

function readHeaderText(source: ByteSource, refuse: Refuse): string {
  if (source.size < PREFIX_BYTES) refuse(`it is ${source.size} bytes long`, `at least ${PREFIX_BYTES} bytes`);
  const prefix = new Uint8Array(PREFIX_BYTES);
  source.read(0, prefix);
  const length = new DataView(prefix.buffer).getBigUint64(0, true);
  const longest = BigInt(Math.min(MAXIMUM_HEADER_BYTES, source.size - PREFIX_BYTES));
  if (length > longest) refuse(`its header claims ${length} bytes`, `at most ${longest} bytes here`);
  const bytes = new Uint8Array(Number(length));
  source.read(PREFIX_BYTES, bytes);
  if (bytes[0] !== 0x7b) refuse('its header does not start with "{"', 'a JSON object');
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return refuse('its header is not UTF-8', 'strict JSON in UTF-8');
  }
}

function parseHeader(text: string, refuse: Refuse): JsonObject {
  try {
    const document = parseJson(text);
    return isObject(document) ? document : refuse('its header is no object', 'a JSON object');
  } catch (error) {
    if (error instanceof JsonSyntaxError) return refuse(`header ${error.message}`, 'strict JSON');
    throw error;
  }
}

interface Span {
  readonly name: string;
  readonly dtype: StoredDType;
  readonly shape: readonly number[];
  readonly elements: number;
  readonly begin: number;
  readonly end: number;
}

function readEntry(name: string, value: JsonValue, refuse: Refuse): Span {
  const tensor = `tensor ${quoted(name)}`;
  if (!isObject(value)) return refuse(`${tensor} is not described by an object`, 'dtype, shape and data_offsets');
  for (const key of Object.keys(value)) {
    if (!ENTRY_KEYS.has(key)) refuse(`${tensor} has a member ${quoted(key)}`, 'dtype, shape and data_offsets');
  }
  const { dtype, shape, data_offsets: offsets } = value;
  if (!isDType(dtype)) {
    return refuse(`${tensor} has dtype ${quoted(String(JSON.stringify(dtype)))}`, Object.keys(DTYPE_BYTES).join(', '));
  }
  if (!Array.isArray(shape) || shape.length > MAXIMUM_RANK || !shape.every(isCount)) {
    return refuse(`${tensor} has no valid shape`, `at most ${MAXIMUM_RANK} whole numbers`);
  }
  if (!Array.isArray(offsets) || offsets.length !== 2 || !offsets.every(isCount)) {
    return refuse(`${tensor} has no valid data_offsets`, 'two whole numbers');
  }
  const [begin, end] = offsets as [number, number];
  const elements = shape.reduce<bigint>((product, length) => product * BigInt(length as number), 1n);
  const bytes = elements * BigInt(DTYPE_BYTES[dtype]);
  if (BigInt(end) - BigInt(begin) !== bytes) {
    refuse(`${tensor} has data_offsets [${begin}, ${end}]`, `${bytes} bytes for ${dtype} [${shape.join(', ')}]`);
  }
  return { name, dtype, shape: shape as readonly number[], elements: Number(elements), begin, end };
}

function readMetadata(value: JsonValue | undefined, refuse: Refuse): Record<string, string> {
  if (value === undefined) return {};
  if (!isObject(value)) return refuse(`${METADATA_KEY} is no object`, 'an object of strings');
  const metadata: Record<string, string> = {};
  for (const [key, member] of Object.entries(value)) {
    if (typeof member !== 'string')
      return refuse(`${METADATA_KEY} ${quoted(key)} is no string`, 'an object of strings');
    metadata[key] = member;
  }
  return metadata;
}
