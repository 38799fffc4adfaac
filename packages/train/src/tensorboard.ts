// Scalars as a TensorBoard event file: records of length, masked CRC-32C and a protobuf Event.
// From: TensorFlow's event.proto and TFRecord framing; CRC-32C (Castagnoli 1993), reflected polynomial 0x82f63b78.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { AppendFile } from '@strata/store';

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
  return crc;
});

/** CRC-32C of bytes, an unsigned 32-bit number. */
export function crc32c(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = CRC_TABLE[(crc ^ byte) & 0xff]! ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}

/** The CRC as TFRecord stores it: rotated and shifted, so that a record may itself hold CRCs. */
export function maskedCrc32c(bytes: Uint8Array): number {
  const crc = crc32c(bytes);
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
}

// Protobuf's wire types.
const VARINT = 0;
const FIXED64 = 1;
const LENGTH_DELIMITED = 2;
const FIXED32 = 5;

function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  // Division instead of shifts: steps may exceed 32 bits.
  let rest = value;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes.push((rest % 0x80) | 0x80);
  return Uint8Array.of(...bytes, rest);
}

const key = (field: number, wireType: number): Uint8Array => varint(field * 8 + wireType);

const varintField = (field: number, value: number): Uint8Array => Buffer.concat([key(field, VARINT), varint(value)]);

const bytesField = (field: number, value: Uint8Array): Uint8Array =>
  Buffer.concat([key(field, LENGTH_DELIMITED), varint(value.length), value]);

const textField = (field: number, value: string): Uint8Array => bytesField(field, Buffer.from(value, 'utf8'));

function doubleField(field: number, value: number): Uint8Array {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleLE(value);
  return Buffer.concat([key(field, FIXED64), bytes]);
}

function floatField(field: number, value: number): Uint8Array {
  const bytes = Buffer.alloc(4);
  bytes.writeFloatLE(value);
  return Buffer.concat([key(field, FIXED32), bytes]);
}

// Field numbers of event.proto and summary.proto.
const EVENT = { wallTime: 1, step: 2, fileVersion: 3, summary: 5, sessionLog: 7 };
const SUMMARY_VALUE = 1;
const VALUE = { tag: 1, simpleValue: 2 };
const SESSION_LOG_STATUS = 1;
const SESSION_START = 1;

function record(event: Uint8Array): Uint8Array {
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(event.length));
  const checks = Buffer.alloc(8);
  checks.writeUInt32LE(maskedCrc32c(length), 0);
  checks.writeUInt32LE(maskedCrc32c(event), 4);
  return Buffer.concat([length, checks.subarray(0, 4), event, checks.subarray(4)]);
}

/**
 * The path of a new event file in a folder, under the name that TensorBoard looks for and after those that are there;
 * `wallTime` in seconds since 1970.
 */
export function eventFilePath(folder: string, wallTime: number): string {
  const path = (second: number): string =>
    join(folder, `events.out.tfevents.${String(second).padStart(10, '0')}.strata`);
  // A file that a killed process left may end in a torn record, behind which nothing is read.
  let second = Math.floor(wallTime);
  while (existsSync(path(second))) second++;
  return path(second);
}

/** When the file starts, and after which step: what older files say of later ones is forgotten. */
export interface EventFileOptions {
  /** Seconds since 1970. */
  readonly wallTime: number;
  readonly resumeFrom?: number;
}

/** Writes scalars to one event file; every process of a run writes its own, and TensorBoard reads them together. */
export class EventFileWriter {
  private readonly file: AppendFile;

  /** Opens the file; on resuming, tells TensorBoard to forget the steps after `resumeFrom`. Throws WriteError. */
  constructor(path: string, { wallTime, resumeFrom }: EventFileOptions) {
    this.file = new AppendFile(path);
    this.event(wallTime, 0, textField(EVENT.fileVersion, 'brain.Event:2'));
    if (resumeFrom === undefined) return;
    const start = varintField(SESSION_LOG_STATUS, SESSION_START);
    this.event(wallTime, resumeFrom + 1, bytesField(EVENT.sessionLog, start));
  }

  /** Appends one scalar (kept as float32); `wallTime` in seconds since 1970; throws WriteError. */
  scalar(tag: string, step: number, value: number, wallTime: number): void {
    const tagged = Buffer.concat([textField(VALUE.tag, tag), floatField(VALUE.simpleValue, value)]);
    this.event(wallTime, step, bytesField(EVENT.summary, bytesField(SUMMARY_VALUE, tagged)));
  }

  /** Waits until all events are on the disk. */
  flush(): void {
    this.file.flush();
  }

  /** Flushes and closes; a second call does nothing. */
  close(): void {
    this.file.close();
  }

  private event(wallTime: number, step: number, what: Uint8Array): void {
    this.file.append(
      record(Buffer.concat([doubleField(EVENT.wallTime, wallTime), varintField(EVENT.step, step), what])),
    );
  }
}
