// Event files parse back record by record with checksums that others compute the same way.
// From: RFC 3720 appendix B.4 (CRC-32C vectors); the parser here is written from the protobuf wire format, not from the writer.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { crc32c, EventFileWriter, eventFilePath, maskedCrc32c } from './tensorboard.js';

const folder = mkdtempSync(join(tmpdir(), 'strata-events-'));
afterAll(() => rmSync(folder, { recursive: true }));

type Field = { field: number; value: number | Buffer };

function fieldsOf(message: Buffer): Field[] {
  const fields: Field[] = [];
  let at = 0;
  const varint = (): number => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = message[at++]!;
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return Number(value);
    }
  };
  while (at < message.length) {
    const key = varint();
    const field = key >> 3;
    switch (key & 7) {
      case 0:
        fields.push({ field, value: varint() });
        break;
      case 1:
        fields.push({ field, value: message.readDoubleLE(at) });
        at += 8;
        break;
      case 2: {
        const length = varint();
        fields.push({ field, value: message.subarray(at, (at += length)) });
        break;
      }
      case 5:
        fields.push({ field, value: message.readFloatLE(at) });
        at += 4;
        break;
      default:
        throw new Error(`wire type ${key & 7}`);
    }
  }
  return fields;
}

function eventsOf(path: string): Field[][] {
  const bytes = readFileSync(path);
  const events: Field[][] = [];
  for (let at = 0; at < bytes.length; ) {
    const length = Number(bytes.readBigUInt64LE(at));
    expect(bytes.readUInt32LE(at + 8)).toBe(maskedCrc32c(bytes.subarray(at, at + 8)));
    const event = bytes.subarray(at + 12, at + 12 + length);
    expect(bytes.readUInt32LE(at + 12 + length)).toBe(maskedCrc32c(event));
    events.push(fieldsOf(event));
    at += length + 16;
  }
  return events;
}

describe('crc32c', () => {
  it.each<[string, Uint8Array, number]>([
    ['nothing', new Uint8Array(), 0],
    ['"123456789"', Buffer.from('123456789'), 0xe3069283],
    ['32 zeros', new Uint8Array(32), 0x8a9136aa],
    ['32 ones', new Uint8Array(32).fill(0xff), 0x62a8ab43],
    ['0 to 31', Uint8Array.from({ length: 32 }, (_, i) => i), 0x46dd794e],
    ['31 to 0', Uint8Array.from({ length: 32 }, (_, i) => 31 - i), 0x113fdb5c],
  ])('of %s is the published value', (_, bytes, expected) => {
    expect(crc32c(bytes)).toBe(expected);
  });

  it('is masked as TFRecord stores it', () => {
    // The head of every event file whose first event is 24 bytes long, as TensorFlow writes it.
    expect(maskedCrc32c(Buffer.from('1800000000000000', 'hex'))).toBe(Buffer.from('a37f4b22', 'hex').readUInt32LE());
  });
});

describe('EventFileWriter', () => {
  it('writes the version first, then every scalar with its tag, step, value and time', () => {
    const path = eventFilePath(folder, 1_700_000_000.75);
    expect(path).toMatch(/events\.out\.tfevents\.1700000000\.strata$/);
    const writer = new EventFileWriter(path, { wallTime: 1_700_000_000.75 });
    const scalars: [string, number, number][] = [
      ['word/loss', 0, 2.5],
      ['word/bits per byte', 127, -0.125],
      ['grün', 128, Number.POSITIVE_INFINITY],
      ['word/loss', 2 ** 40 + 1, 1e-30],
    ];
    for (const [tag, step, value] of scalars) writer.scalar(tag, step, value, 1_700_000_001.5);
    writer.close();
    const [version, ...events] = eventsOf(path);
    expect(version).toEqual([
      { field: 1, value: 1_700_000_000.75 },
      { field: 2, value: 0 },
      { field: 3, value: Buffer.from('brain.Event:2') },
    ]);
    const read = events.map((event) => {
      expect(event.map(({ field }) => field)).toEqual([1, 2, 5]);
      expect(event[0]!.value).toBe(1_700_000_001.5);
      const [value] = fieldsOf(event[2]!.value as Buffer);
      const [tag, simple] = fieldsOf(value!.value as Buffer);
      expect([value!.field, tag!.field, simple!.field]).toEqual([1, 1, 2]);
      return [String(tag!.value), event[1]!.value, simple!.value];
    });
    expect(read).toEqual(scalars.map(([tag, step, value]) => [tag, step, Math.fround(value)]));
  });

  it('on resuming marks the first step that is written again', () => {
    const path = eventFilePath(folder, 1_800_000_000);
    new EventFileWriter(path, { wallTime: 1_800_000_000, resumeFrom: 1200 }).close();
    const [, start] = eventsOf(path);
    expect(start!.slice(1, 2)).toEqual([{ field: 2, value: 1201 }]);
    expect(start![2]!.field).toBe(7);
    expect(fieldsOf(start![2]!.value as Buffer)).toEqual([{ field: 1, value: 1 }]);
  });

  it('never goes on in a file of another process, however soon after it', () => {
    const paths = [0.1, 0.2, 0.9].map((fraction) => {
      const path = eventFilePath(folder, 1_900_000_000 + fraction);
      new EventFileWriter(path, { wallTime: 1_900_000_000 }).close();
      return path;
    });
    expect(new Set(paths).size).toBe(3);
    expect(paths.toSorted()).toEqual(paths);
  });
});
