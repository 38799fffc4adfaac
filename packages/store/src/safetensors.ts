// Tensors in one file, written so that equal tensors give equal bytes, and read only after the whole header is checked.
// From: the safetensors format (Hugging Face 2022): 8 bytes of length, a JSON header, then the data, little-endian.
import { type WrittenFile, writeFileAtomic } from './atomic-write.js';
import { type ByteSource, memorySource, withFile } from './byte-source.js';
import { quoted, SafetensorsError } from './errors.js';
import { widenBfloat16, widenFloat16 } from './half-precision.js';
import {
  MAXIMUM_HEADER_BYTES,
  MAXIMUM_RANK,
  METADATA_KEY,
  PREFIX_BYTES,
  readHeader,
  type StoredDType,
  type TensorEntry,
} from './safetensors-header.js';

/** A tensor to be stored; `data` is row-major and as long as the product of `shape` ([] is a scalar). */
export interface TensorData {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** A tensor to be written; only float32 is written. */
export interface TensorToWrite extends TensorData {
  readonly dtype?: 'F32';
}

/** A tensor that was read; `dtype` is what the file holds, `data` is always float32. */
export interface StoredTensor extends TensorData {
  readonly dtype: StoredDType;
}

/** What a safetensors file holds; tensors in the order of their bytes. */
export interface SafetensorsContents {
  readonly tensors: Map<string, StoredTensor>;
  readonly metadata: Record<string, string>;
}

/** Which tensors to read; all of them if `only` is left out. */
export interface ReadSafetensorsOptions {
  readonly only?: (name: string) => boolean;
}

const SURROGATE = /\p{Surrogate}/u;
const byCodeUnits = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

const bytesOf = (view: Float32Array | Uint16Array | Int32Array): Uint8Array =>
  new Uint8Array(view.buffer, view.byteOffset, view.byteLength);

function checkedForWriting(
  path: string,
  tensors: ReadonlyMap<string, TensorToWrite>,
  metadata: Record<string, string>,
) {
  const refuse = (found: string, accepted: string): never => {
    throw new SafetensorsError({ path, found, accepted, next: 'correct the caller; nothing was written' });
  };
  const checkText = (text: unknown, role: string): void => {
    if (typeof text !== 'string') refuse(`${role} is no string`, 'strings');
    else if (text === '__proto__' || SURROGATE.test(text)) refuse(`${role} ${quoted(text)}`, 'well-formed Unicode');
  };
  for (const [name, { shape, data }] of tensors) {
    checkText(name, 'the tensor name');
    if (name === METADATA_KEY) refuse(`a tensor is named ${METADATA_KEY}`, 'any other name');
    const counts = shape.length <= MAXIMUM_RANK && shape.every((length) => Number.isSafeInteger(length) && length >= 0);
    const elements = shape.reduce((product, length) => product * length, 1);
    if (!(data instanceof Float32Array) || !counts || elements !== data.length) {
      refuse(
        `tensor ${quoted(name)} has shape [${shape.join(', ')}] and ${data.length} elements`,
        'as many float32 as the shape',
      );
    }
  }
  for (const [key, value] of Object.entries(metadata)) {
    checkText(key, 'the metadata key');
    checkText(value, `the metadata of ${quoted(key)}`);
  }
}

/** The file in pieces: first the length and header, padded so that the data starts at a multiple of 8, then every tensor. */
function piecesOf(
  path: string,
  tensors: ReadonlyMap<string, TensorToWrite>,
  metadata: Record<string, string>,
): Uint8Array[] {
  checkedForWriting(path, tensors, metadata);
  const sorted = [...tensors].sort(([a], [b]) => byCodeUnits(a, b));
  const members: string[] = [];
  const metadataEntries = Object.entries(metadata).sort(([a], [b]) => byCodeUnits(a, b));
  if (metadataEntries.length > 0) {
    const pairs = metadataEntries.map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`);
    members.push(`"${METADATA_KEY}":{${pairs.join(',')}}`);
  }
  let offset = 0;
  for (const [name, { shape, data }] of sorted) {
    const end = offset + data.byteLength;
    const entry = { dtype: 'F32', shape, data_offsets: [offset, end] };
    members.push(`${JSON.stringify(name)}:${JSON.stringify(entry)}`);
    offset = end;
  }
  const header = Buffer.from(`{${members.join(',')}}`, 'utf8');
  const headerLength = Math.ceil(header.length / 8) * 8;
  if (headerLength > MAXIMUM_HEADER_BYTES) {
    const found = `the header would be ${headerLength} bytes long`;
    throw new SafetensorsError({ path, found, accepted: `${MAXIMUM_HEADER_BYTES}`, next: 'store fewer tensors' });
  }
  const head = new Uint8Array(PREFIX_BYTES + headerLength).fill(0x20);
  new DataView(head.buffer).setBigUint64(0, BigInt(headerLength), true);
  head.set(header, PREFIX_BYTES);
  return [head, ...sorted.map(([, { data }]) => bytesOf(data))];
}

/** The bytes of a safetensors file; equal tensors and metadata give equal bytes in whatever order; throws SafetensorsError. */
export function encodeSafetensors(
  tensors: ReadonlyMap<string, TensorToWrite>,
  metadata: Record<string, string> = {},
): Uint8Array {
  return new Uint8Array(Buffer.concat(piecesOf('(safetensors in memory)', tensors, metadata)));
}

/** Writes a safetensors file atomically, streaming the tensors without a copy; throws SafetensorsError or WriteError. */
export function writeSafetensors(
  path: string,
  tensors: ReadonlyMap<string, TensorToWrite>,
  metadata: Record<string, string> = {},
): WrittenFile {
  return writeFileAtomic(path, piecesOf(path, tensors, metadata));
}

function readTensor(source: ByteSource, entry: TensorEntry): Float32Array {
  const { name, dtype, elements, begin } = entry;
  switch (dtype) {
    case 'F32': {
      const data = new Float32Array(elements);
      source.read(begin, bytesOf(data));
      return data;
    }
    case 'F16':
    case 'BF16': {
      const halves = new Uint16Array(elements);
      source.read(begin, bytesOf(halves));
      return Float32Array.from(halves, dtype === 'F16' ? widenFloat16 : widenBfloat16);
    }
    case 'I32': {
      const integers = new Int32Array(elements);
      source.read(begin, bytesOf(integers));
      const data = Float32Array.from(integers);
      const inexact = integers.findIndex((value, index) => value !== data[index]);
      if (inexact === -1) return data;
      throw new SafetensorsError({
        path: source.path,
        found: `tensor ${quoted(name)} holds the integer ${integers[inexact]}`,
        accepted: 'integers that float32 holds exactly',
        next: 'convert that tensor before importing it',
      });
    }
  }
}

function readContents(source: ByteSource, { only }: ReadSafetensorsOptions): SafetensorsContents {
  const { entries, metadata } = readHeader(source);
  const tensors = new Map<string, StoredTensor>();
  for (const entry of entries) {
    const { name, dtype, shape } = entry;
    if (only !== undefined && !only(name)) continue;
    tensors.set(name, { dtype, shape, data: readTensor(source, entry) });
  }
  return { tensors, metadata };
}

/** The tensors of safetensors bytes, copied out; `path` names them in messages; throws SafetensorsError. */
export function decodeSafetensors(
  bytes: Uint8Array,
  options: ReadSafetensorsOptions = {},
  path = '(safetensors in memory)',
): SafetensorsContents {
  return readContents(memorySource(bytes, path), options);
}

/**
 * The tensors of a safetensors file (F32, and F16, BF16, I32 widened to float32); the header is checked in full against
 * the real file before anything is allocated; throws SafetensorsError, MissingFileError or UnreadableFileError.
 */
export function readSafetensors(path: string, options: ReadSafetensorsOptions = {}): SafetensorsContents {
  return withFile(path, (source) => readContents(source, options));
}
