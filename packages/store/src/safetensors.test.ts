// Tensors come back bit for bit, equal tensors give equal bytes, and a wrong header is refused with its reason.
// From: the promises in safetensors.ts; the safetensors format (Hugging Face 2022).
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { MissingFileError, SafetensorsError, UnreadableFileError } from './errors.js';
import { sha256File } from './hash.js';
import {
  decodeSafetensors,
  encodeSafetensors,
  readSafetensors,
  type TensorData,
  writeSafetensors,
} from './safetensors.js';

const folder = mkdtempSync(join(tmpdir(), 'strata-safetensors-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** A file by hand: any header text, any data. */
function fileOf(header: string | object, data: Uint8Array = new Uint8Array()): Uint8Array {
  const text = Buffer.from(typeof header === 'string' ? header : JSON.stringify(header), 'utf8');
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  return Buffer.concat([length, text, data]);
}

const f32 = (shape: number[], begin: number, end: number) => ({ dtype: 'F32', shape, data_offsets: [begin, end] });
const bytesOf = (view: Float32Array): Uint8Array => new Uint8Array(view.buffer, view.byteOffset, view.byteLength);

const shapes = fc.array(fc.nat(4), { maxLength: 4 });
const tensorSets: fc.Arbitrary<Map<string, TensorData>> = fc
  .dictionary(fc.string({ unit: 'grapheme', maxLength: 12 }), fc.tuple(shapes, fc.nat()), {
    maxKeys: 6,
    noNullPrototype: true,
  })
  .map((sets) => {
    const tensors = new Map<string, TensorData>();
    for (const [name, [shape, seed]] of Object.entries(sets)) {
      if (name === '__proto__' || name === '__metadata__') continue;
      const count = shape.reduce((product, length) => product * length, 1);
      const bits = Uint32Array.from({ length: count }, (_, i) => Math.imul(seed + i, 2654435761));
      tensors.set(name, { shape, data: new Float32Array(bits.buffer) });
    }
    return tensors;
  });

describe('writing and reading', () => {
  it('gives every tensor back bit for bit, from memory and from a file, and the metadata', () => {
    const metadata = { format: 'strata', 'ein Schlüssel': '"quoted"\n' };
    fc.assert(
      fc.property(tensorSets, (tensors) => {
        const path = join(folder, 'round.safetensors');
        writeSafetensors(path, tensors, metadata);
        for (const read of [decodeSafetensors(encodeSafetensors(tensors, metadata)), readSafetensors(path)]) {
          expect(read.metadata).toEqual(metadata);
          expect([...read.tensors.keys()].sort()).toEqual([...tensors.keys()].sort());
          for (const [name, { shape, data }] of tensors) {
            const tensor = read.tensors.get(name)!;
            expect(tensor.shape).toEqual(shape);
            expect(Buffer.compare(bytesOf(tensor.data), bytesOf(data))).toBe(0);
          }
        }
      }),
      { numRuns: 60 },
    );
  });

  it('writes the documented bytes: length, header sorted and padded to 8, data', () => {
    const tensors = new Map([
      ['b', { shape: [2], data: Float32Array.of(1, 2) }],
      ['a', { shape: [], data: Float32Array.of(-0.5) }],
    ]);
    const header =
      '{"__metadata__":{"k":"v"},"a":{"dtype":"F32","shape":[],"data_offsets":[0,4]},' +
      '"b":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}}';
    const padded = header.padEnd(Math.ceil(header.length / 8) * 8, ' ');
    const data = bytesOf(Float32Array.of(-0.5, 1, 2));
    expect(Buffer.from(encodeSafetensors(tensors, { k: 'v' }))).toEqual(Buffer.from(fileOf(padded, data)));
  });

  it('gives equal bytes for equal tensors in any order, and starts the data at a multiple of 8', () => {
    fc.assert(
      fc.property(tensorSets, (tensors) => {
        const bytes = encodeSafetensors(tensors, { a: '1', b: '2' });
        const reversed = new Map([...tensors].reverse());
        expect(Buffer.compare(encodeSafetensors(reversed, { b: '2', a: '1' }), bytes)).toBe(0);
        const path = join(folder, 'same.safetensors');
        expect(writeSafetensors(path, tensors, { a: '1', b: '2' }).sha256).toBe(sha256File(path));
        expect(Number(Buffer.from(bytes).readBigUInt64LE(0)) % 8).toBe(0);
      }),
      { numRuns: 40 },
    );
  });

  it('reads only the tensors asked for', () => {
    const tensors = new Map(['a', 'b', 'c'].map((name, i) => [name, { shape: [1], data: Float32Array.of(i) }]));
    const read = decodeSafetensors(encodeSafetensors(tensors), { only: (name) => name === 'b' });
    expect([...read.tensors]).toEqual([['b', { dtype: 'F32', shape: [1], data: Float32Array.of(1) }]]);
  });

  it('refuses to write what could not be read back', () => {
    const one = { shape: [1], data: Float32Array.of(1) };
    expect(() => encodeSafetensors(new Map([['a', { shape: [2], data: one.data }]]))).toThrow(
      /shape \[2\] and 1 elements/,
    );
    expect(() => encodeSafetensors(new Map([['a', { shape: [-1, -1], data: one.data }]]))).toThrow(SafetensorsError);
    expect(() => encodeSafetensors(new Map([['__metadata__', one]]))).toThrow(SafetensorsError);
    expect(() => encodeSafetensors(new Map([['__proto__', one]]))).toThrow(SafetensorsError);
    expect(() => encodeSafetensors(new Map([['\udc80', one]]))).toThrow(/well-formed Unicode/);
  });
});

describe('other element types', () => {
  const read = (dtype: string, data: Uint8Array, count: number) =>
    decodeSafetensors(fileOf({ a: { dtype, shape: [count], data_offsets: [0, data.length] } }, data)).tensors.get('a')!;

  it('widens F16 exactly: zeros, subnormals, normals, infinities and NaN', () => {
    const halves = Uint16Array.of(
      0x0000,
      0x8000,
      0x0001,
      0x83ff,
      0x0400,
      0x3c00,
      0xc000,
      0x3555,
      0x7bff,
      0x7c00,
      0xfc00,
      0x7e00,
    );
    const { data, dtype } = read('F16', new Uint8Array(halves.buffer), halves.length);
    expect(dtype).toBe('F16');
    const expected = [
      0,
      -0,
      2 ** -24,
      -1023 * 2 ** -24,
      2 ** -14,
      1,
      -2,
      0.333251953125,
      65504,
      Infinity,
      -Infinity,
      NaN,
    ];
    expect([...data]).toEqual(expected);
  });

  it('widens BF16 by its bits', () => {
    const halves = Uint16Array.of(0x3f80, 0xc049, 0x7f80, 0x0001, 0x8000);
    const { data } = read('BF16', new Uint8Array(halves.buffer), halves.length);
    expect([...data]).toEqual([1, -3.140625, Infinity, Math.fround(2 ** -133), -0]);
  });

  it('reads I32 that float32 holds exactly, and refuses others', () => {
    const integers = Int32Array.of(-5, 1 << 24, -2147483648);
    expect([...read('I32', new Uint8Array(integers.buffer), 3).data]).toEqual([...integers]);
    const odd = Int32Array.of((1 << 24) + 1);
    expect(() => read('I32', new Uint8Array(odd.buffer), 1)).toThrow(/the integer 16777217/);
  });
});

describe('hostile headers', () => {
  const eight = new Uint8Array(8);
  const zeros = '0'.repeat(3);

  it.each<[string, Uint8Array, RegExp]>([
    ['no length', new Uint8Array(7), /7 bytes long/],
    ['a header longer than the file', Buffer.from('ffffffffffffffff7b7d', 'hex'), /claims 18446744073709551615 bytes/],
    ['an empty header', fileOf(''), /does not start with "\{"/],
    ['a header that starts with a space', fileOf(' {}'), /does not start with "\{"/],
    ['bytes that are not UTF-8', Buffer.concat([fileOf('{"').subarray(0, 8), Buffer.from([0x7b, 0xff])]), /not UTF-8/],
    [
      'a repeated tensor',
      fileOf(
        '{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}',
        eight,
      ),
      /"a" a second time/,
    ],
    [
      'a repeated member',
      fileOf('{"a":{"dtype":"F32","dtype":"F32","shape":[2],"data_offsets":[0,8]}}', eight),
      /a second time/,
    ],
    [
      'a tensor named __proto__',
      fileOf('{"__proto__":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}', eight),
      /__proto__/,
    ],
    ['an unknown member', fileOf({ a: { ...f32([2], 0, 8), stride: 1 } }, eight), /member "stride"/],
    ['an unknown dtype', fileOf({ a: { ...f32([1], 0, 8), dtype: 'F64' } }, eight), /F64.*Accepted: F32/],
    ['a dtype from Object.prototype', fileOf({ a: { ...f32([1], 0, 8), dtype: 'toString' } }, eight), /Accepted: F32/],
    ['an overlap', fileOf({ a: f32([2], 0, 8), b: f32([1], 4, 8) }, eight), /"b" overlaps/],
    ['a tensor inside another', fileOf({ a: f32([2], 0, 8), b: f32([0], 4, 4) }, eight), /"b" overlaps/],
    ['a hole', fileOf({ a: f32([1], 4, 8) }, eight), /4 bytes before tensor "a" belong to none/],
    ['bytes at the end', fileOf({ a: f32([1], 0, 4) }, eight), /8 bytes of data.*the 4 bytes/],
    ['missing bytes', fileOf({ a: f32([4], 0, 16) }, eight), /8 bytes of data.*the 16 bytes/],
    ['offsets the wrong way round', fileOf({ a: f32([2], 8, 0) }, eight), /\[8, 0\]/],
    ['a negative length', fileOf({ a: f32([-2], 0, 8) }, eight), /no valid shape/],
    ['a fraction', fileOf({ a: f32([0.5, 4], 0, 8) }, eight), /no valid shape/],
    [
      'a product above 2^64 that wraps to the right size',
      fileOf(`{"a":{"dtype":"F32","shape":[4294967296,4294967296,2],"data_offsets":[0,0]}}`),
      /data_offsets \[0, 0\].*147573952589676412928 bytes/,
    ],
    [
      'an offset above 2^53',
      fileOf(`{"a":{"dtype":"F32","shape":[0],"data_offsets":[9007199254740993,9007199254740993]}}`),
      /no valid data_offsets/,
    ],
    ['gigabytes that are not there', fileOf({ a: f32([1 << 28], 0, 2 ** 30) }, eight), /8 bytes of data/],
    [
      'too many axes',
      fileOf(`{"a":{"dtype":"F32","shape":[${'1,'.repeat(64)}2],"data_offsets":[0,8]}}`, eight),
      /at most 64/,
    ],
    ['metadata that is no object of strings', fileOf({ __metadata__: { a: 1 } }), /"a" is no string/],
    ['text after the header', fileOf(`{}${zeros}`), /after the end/],
  ])('refuses %s', (_, bytes, message) => {
    expect(() => decodeSafetensors(bytes)).toThrow(SafetensorsError);
    expect(() => decodeSafetensors(bytes)).toThrow(message);
    const path = join(folder, 'hostile.safetensors');
    writeFileSync(path, bytes);
    expect(() => readSafetensors(path)).toThrow(SafetensorsError);
    expect(() => readSafetensors(path)).toThrow(path);
  });

  it('reads what is unusual and right: no tensors, empty tensors between others, a padded header, any order', () => {
    expect(decodeSafetensors(fileOf('{}')).tensors.size).toBe(0);
    const header = `${JSON.stringify({ c: f32([1], 4, 8), b: f32([0, 7], 4, 4), a: f32([], 0, 4) })}   \n`;
    const { tensors } = decodeSafetensors(fileOf(header, eight));
    expect([...tensors].map(([name, { shape }]) => [name, shape])).toEqual([
      ['a', []],
      ['b', [0, 7]],
      ['c', [1]],
    ]);
  });

  it('refuses missing files, folders and devices by name instead of hanging', () => {
    expect(() => readSafetensors(join(folder, 'none'))).toThrow(MissingFileError);
    expect(() => readSafetensors(folder)).toThrow(UnreadableFileError);
    if (process.platform !== 'win32') expect(() => readSafetensors('/dev/zero')).toThrow(UnreadableFileError);
  });
});
