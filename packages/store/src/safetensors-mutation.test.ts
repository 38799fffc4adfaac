// Thousands of damaged and forged files: each is either read as a valid file or refused with SafetensorsError.
// From: Strata, TOOLING (limits on reading); mutation as in Miller et al. 1990, "An Empirical Study of the Reliability of UNIX Utilities".
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SafetensorsError } from './errors.js';
import { decodeSafetensors, encodeSafetensors, type TensorData } from './safetensors.js';

const valid: readonly Uint8Array[] = [
  encodeSafetensors(new Map()),
  encodeSafetensors(new Map([['a', { shape: [], data: Float32Array.of(1) }]]), { format: 'strata-level' }),
  encodeSafetensors(
    new Map<string, TensorData>([
      ['embedding', { shape: [5, 4], data: new Float32Array(20).fill(0.25) }],
      ['empty', { shape: [0, 3], data: new Float32Array(0) }],
      ['head.weight', { shape: [4, 3], data: new Float32Array(12).fill(-1) }],
    ]),
    { step: '1200' },
  ),
];

/** Reads; a valid result must hold exactly the bytes of the file, which also bounds what was allocated. */
function readOrRefuse(bytes: Uint8Array): 'read' | 'refused' {
  try {
    const { tensors } = decodeSafetensors(bytes);
    let data = 0;
    for (const { dtype, shape, data: values } of tensors.values()) {
      expect(values.length).toBe(shape.reduce((product, length) => product * length, 1));
      data += values.length * (dtype === 'F16' || dtype === 'BF16' ? 2 : 4);
    }
    const header = Number(Buffer.from(bytes).readBigUInt64LE(0));
    expect(8 + header + data).toBe(bytes.length);
    return 'read';
  } catch (error) {
    if (error instanceof SafetensorsError) return 'refused';
    throw error;
  }
}

const file = fc.constantFrom(...valid);

describe('mutated safetensors', () => {
  it('survives flipped and overwritten bytes anywhere, most of them in the header', () => {
    const edits = fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(file, edits, fc.boolean(), (bytes, changes, flip) => {
        const mutated = Uint8Array.from(bytes);
        for (const [place, byte] of changes) {
          const at = place % mutated.length;
          mutated[at] = flip ? mutated[at]! ^ (1 << (byte % 8)) : byte;
        }
        readOrRefuse(mutated);
      }),
      { numRuns: 3000 },
    );
  });

  it('refuses every truncation and every extension', () => {
    for (const bytes of valid) {
      for (let length = 0; length < bytes.length; length++)
        expect(readOrRefuse(bytes.subarray(0, length))).toBe('refused');
      expect(readOrRefuse(Buffer.concat([bytes, Buffer.alloc(1)]))).toBe('refused');
      expect(readOrRefuse(bytes)).toBe('read');
    }
  });

  it('survives headers edited as text, with the length put right so that the checks behind it are reached', () => {
    const tokens = [
      ...[
        '{',
        '}',
        '[',
        ']',
        ',',
        ':',
        '"',
        '\\',
        '-',
        '0',
        '1',
        '9',
        '1e9',
        '1e999',
        '4294967296',
        '18446744073709551615',
      ],
      ...[
        '9007199254740992',
        '"F16"',
        '"BF16"',
        '"I32"',
        '"F64"',
        'null',
        '"__proto__"',
        '"__metadata__"',
        '"a"',
        '"shape"',
      ],
      ...['"data_offsets"', '\u0000', '\ud83d\ude00', '[[[[[[[[', '{"a":{"a":', ' '],
    ];
    let read = 0;
    const edit = fc.record({ at: fc.nat(), removed: fc.nat(6), inserted: fc.constantFrom('', ...tokens) });
    fc.assert(
      fc.property(file, fc.array(edit, { minLength: 1, maxLength: 4 }), (bytes, edits) => {
        const length = Number(Buffer.from(bytes).readBigUInt64LE(0));
        let header = Buffer.from(bytes.subarray(8, 8 + length)).toString('utf8');
        for (const { at, removed, inserted } of edits) {
          const place = at % (header.length + 1);
          header = header.slice(0, place) + inserted + header.slice(place + removed);
        }
        const text = Buffer.from(header, 'utf8');
        const prefix = Buffer.alloc(8);
        prefix.writeBigUInt64LE(BigInt(text.length));
        if (readOrRefuse(Buffer.concat([prefix, text, bytes.subarray(8 + length)])) === 'read') read++;
      }),
      { numRuns: 3000 },
    );
    // Some edits are harmless (a space, a letter of a name); if none were, the edits would not reach the deeper checks.
    expect(read).toBeGreaterThan(20);
  });

  it('survives arbitrary bytes behind any length', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: (1n << 64n) - 1n }), fc.uint8Array({ maxLength: 64 }), (length, rest) => {
        const prefix = Buffer.alloc(8);
        prefix.writeBigUInt64LE(length);
        expect(readOrRefuse(Buffer.concat([prefix, rest]))).toBe('refused');
      }),
      { numRuns: 500 },
    );
  });
});
