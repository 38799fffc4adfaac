// Tensors inside a model: what their dimensions promise is compared with the bytes that are really there.
// Products are BigInt, since four dimensions of 2^31 overflow anything else; nothing is allocated.
import { elementTypeOf, type OnnxElementType, type TypedField } from './onnx-element-types.js';
import { quoted, type Refuse } from './onnx-error.js';
import { bigintOf, type Int64, type ReadTensor } from './onnxSchema.js';

/** A tensor whose dimensions fit its data. */
export interface CheckedTensor {
  readonly elementType: OnnxElementType;
  readonly elements: number;
  /** Bytes of data in the file. */
  readonly bytes: number;
}

/** Most axes of a tensor. */
const MAXIMUM_RANK = 64;

const TYPED_FIELDS: readonly TypedField[] = [
  'floatData',
  'int32Data',
  'int64Data',
  'doubleData',
  'uint64Data',
  'stringData',
];

/** Whole lengths of axes; calls `refuse` for more than 64 of them, and for negative or unsafe ones. */
export function checkDims(dims: readonly Int64[], what: string, refuse: Refuse): number[] {
  if (dims.length > MAXIMUM_RANK) refuse(`${what} has ${dims.length} dimensions`, `at most ${MAXIMUM_RANK}`);
  return dims.map((dim) => {
    const length = bigintOf(dim);
    if (length < 0n || length > BigInt(Number.MAX_SAFE_INTEGER))
      refuse(`${what} has a dimension of ${length}`, 'whole numbers from 0 to 2^53 - 1');
    return Number(length);
  });
}

/** The number of packed varints in some bytes, or undefined if they do not end with one. */
function varintCount(bytes: Uint8Array): number | undefined {
  let count = 0;
  let length = 0;
  for (const byte of bytes) {
    length++;
    if (byte >= 128) {
      if (length === 10) return undefined;
      continue;
    }
    count++;
    length = 0;
  }
  return length === 0 ? count : undefined;
}

function entryCount(field: TypedField, chunks: readonly Uint8Array[]): number | undefined {
  if (field === 'stringData') return chunks.length;
  const width = field === 'floatData' ? 4 : field === 'doubleData' ? 8 : 0;
  let count = 0;
  for (const chunk of chunks) {
    const entries = width === 0 ? varintCount(chunk) : chunk.length % width === 0 ? chunk.length / width : undefined;
    if (entries === undefined) return undefined;
    count += entries;
  }
  return count;
}

/** Checks a tensor of a model against its own bytes; calls `refuse` if data lies elsewhere, is missing or too much. */
export function checkTensor(tensor: ReadTensor, where: string, refuse: Refuse): CheckedTensor {
  const what = `${where} ${quoted(tensor.name)}`;
  if (tensor.dataLocation !== 0 || tensor.externalData.length > 0)
    refuse(`${what} keeps its data in another file`, 'models that hold all their data');
  const elementType = elementTypeOf(tensor.dataType);
  if (elementType === undefined)
    return refuse(`${what} has element type ${tensor.dataType}`, 'types 1 to 23 of TensorProto.DataType');
  const dims = checkDims(tensor.dims, what, refuse);
  const elements = dims.reduce((product, length) => product * BigInt(length), 1n);
  const used = TYPED_FIELDS.filter((field) => tensor[field].length > 0);
  const promised = `${elementType.name} [${dims.join(', ')}]`;
  const raw = tensor.rawData.length;
  if (raw > 0) {
    if (used.length > 0) refuse(`${what} has raw and typed data`, 'one of the two');
    if (elementType.bits === undefined) return refuse(`${what} holds strings as raw data`, 'string_data');
    const bytes = (elements * BigInt(elementType.bits) + 7n) / 8n;
    if (bytes !== BigInt(raw)) refuse(`${what} has ${raw} bytes of data`, `the ${bytes} of ${promised}`);
    return { elementType, elements: Number(elements), bytes: raw };
  }
  const foreign = used.find((field) => field !== elementType.field);
  if (foreign !== undefined) refuse(`${what} has ${foreign}`, `${elementType.field} or raw data for ${promised}`);
  const chunks = tensor[elementType.field];
  const found = entryCount(elementType.field, chunks);
  if (found === undefined) return refuse(`${what} has ${elementType.field} that is cut off`, 'whole numbers');
  // Elements of less than a byte share an entry.
  const perByte = BigInt(Math.max(1, 8 / (elementType.bits ?? 8)));
  const wanted = (elements * BigInt(elementType.entries) + perByte - 1n) / perByte;
  if (wanted !== BigInt(found)) refuse(`${what} has ${found} values of data`, `the ${wanted} of ${promised}`);
  return { elementType, elements: Number(elements), bytes: chunks.reduce((sum, { length }) => sum + length, 0) };
}
