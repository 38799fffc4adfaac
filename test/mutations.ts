// Damage to files, as data: edits of bytes, and edits of protobuf fields with all lengths put right, so that the checks
// behind the lengths are reached too. From: Miller et al. 1990 (fuzzing); protobuf.dev, "Encoding".
import fc from 'fast-check';

/** One change of a file; places are taken modulo what is there. */
export interface Edit {
  readonly kind: 'flip' | 'set' | 'cut' | 'repeat' | 'splice' | 'extreme';
  readonly at: number;
  readonly from: number;
  readonly length: number;
  readonly value: number;
}

/** Numbers that lengths, counts and offsets are set to. */
const EXTREMES: readonly bigint[] = [0n, 1n, 127n, 128n, 2n ** 31n - 1n, 2n ** 31n, 2n ** 32n - 1n, 2n ** 32n].concat([
  2n ** 53n,
  2n ** 63n - 1n,
  2n ** 63n,
  2n ** 64n - 1n,
]);

/** One to six changes. */
export const edits: fc.Arbitrary<Edit[]> = fc.array(
  fc.record({
    kind: fc.constantFrom<Edit['kind']>('flip', 'set', 'cut', 'repeat', 'splice', 'extreme'),
    at: fc.nat(),
    from: fc.nat(),
    length: fc.oneof(fc.nat(8), fc.nat(400)),
    value: fc.nat(255),
  }),
  { minLength: 1, maxLength: 6 },
);

/** The protobuf encoding of a whole number. */
function varint(value: bigint): Uint8Array {
  const bytes: number[] = [];
  let left = value;
  for (; left >= 128n; left >>= 7n) bytes.push(Number(left & 127n) | 128);
  bytes.push(Number(left));
  return Uint8Array.from(bytes);
}

function extreme(value: number): Uint8Array {
  const number = EXTREMES[value % EXTREMES.length]!;
  if (value < 128) return varint(number);
  const fixed = Buffer.alloc(8);
  fixed.writeBigUInt64LE(number);
  return fixed;
}

/** The bytes after all edits; `other` is where splices come from. */
export function edited(bytes: Uint8Array, changes: readonly Edit[], other: Uint8Array): Uint8Array {
  let now: Uint8Array = Uint8Array.from(bytes);
  for (const { kind, at, from, length, value } of changes) {
    const place = at % (now.length + 1);
    const before = now.subarray(0, place);
    const put = (middle: Uint8Array, removed: number): Uint8Array =>
      Buffer.concat([before, middle, now.subarray(place + removed)]);
    const start = from % (other.length + 1);
    if (kind === 'flip' && place < now.length) now[place]! ^= 1 << (value % 8);
    else if (kind === 'set') now = put(Uint8Array.of(value), 1);
    else if (kind === 'cut') now = put(new Uint8Array(0), length);
    else if (kind === 'repeat') now = put(now.slice(place, place + length), 0);
    else if (kind === 'splice') now = put(other.slice(start, start + length), value % 2 === 0 ? 0 : length);
    else if (kind === 'extreme') now = put(extreme(value), value % 9);
  }
  return now;
}

/** A field of a message: what its tag says, and either nested fields or the bytes of its value. */
interface Field {
  number: bigint;
  readonly wire: number;
  value: Uint8Array | Field[];
}

/** The fields of bytes that may be a message, or undefined if they are none. */
function parse(bytes: Uint8Array): Field[] | undefined {
  const fields: Field[] = [];
  let at = 0;
  const number = (): bigint | undefined => {
    let value = 0n;
    for (let shift = 0n; at < bytes.length && shift < 64n; shift += 7n) {
      const byte = bytes[at++]!;
      value |= BigInt(byte & 127) << shift;
      if (byte < 128) return value;
    }
    return undefined;
  };
  while (at < bytes.length) {
    const tag = number();
    if (tag === undefined || tag < 8n) return undefined;
    const wire = Number(tag & 7n);
    let start = at;
    if (wire === 0 && number() === undefined) return undefined;
    if (wire === 1) at += 8;
    else if (wire === 5) at += 4;
    else if (wire === 2) {
      const length = number();
      if (length === undefined || length > BigInt(bytes.length - at)) return undefined;
      start = at;
      at += Number(length);
    } else if (wire !== 0) return undefined;
    if (at > bytes.length) return undefined;
    const raw = bytes.subarray(start, at);
    const nested = wire === 2 && raw.length > 1 ? parse(raw) : undefined;
    fields.push({ number: tag >> 3n, wire, value: nested ?? raw });
  }
  return fields;
}

function encode(fields: readonly Field[]): Uint8Array {
  return Buffer.concat(
    fields.flatMap(({ number, wire, value }) => {
      const bytes = Array.isArray(value) ? encode(value) : value;
      const tag = varint((number << 3n) | BigInt(wire));
      return wire === 2 ? [tag, varint(BigInt(bytes.length)), bytes] : [tag, bytes];
    }),
  );
}

const listsOf = (fields: Field[]): Field[][] => [
  fields,
  ...fields.flatMap(({ value }) => (Array.isArray(value) ? listsOf(value) : [])),
];

/** A protobuf message whose fields were removed, repeated, moved, renumbered or set to extremes; lengths are right. */
export function editedMessage(bytes: Uint8Array, changes: readonly Edit[]): Uint8Array {
  const fields = parse(bytes)!;
  for (const { kind, at, from, length, value } of changes) {
    const places = listsOf(fields).flatMap((list) => list.map((field, index) => ({ list, field, index })));
    if (places.length === 0) break;
    const { list, field, index } = places[at % places.length]!;
    const other = places[from % places.length]!;
    if (kind === 'cut') list.splice(index, 1);
    else if (kind === 'repeat') list.splice(length % (list.length + 1), 0, structuredClone(field));
    // A field inside itself would be a cycle, so copies are what moves.
    else if (kind === 'splice') list.splice(index, value % 2, structuredClone(other.field));
    else if (kind === 'set') field.number = BigInt(1 + (value % 26));
    else if (kind === 'extreme' && field.wire === 0) field.value = varint(EXTREMES[value % EXTREMES.length]!);
    else if (!Array.isArray(field.value))
      field.value = edited(field.value, [{ kind, at: from, from, length, value }], bytes);
  }
  return encode(fields);
}
