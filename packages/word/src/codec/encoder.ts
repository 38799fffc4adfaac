// Encoding: units in, the bytes of a file of encoded words out, block by block, in memory that does not grow.
// From: Strata; every block is decoded again before it leaves, so that no file is written that does not come back.
import { createHash } from 'node:crypto';
import { crc32, deflateRawSync } from 'node:zlib';
import type { Language, ReadUnit } from '../language.js';
import { BlockBuilder, writeBody } from './block.js';
import { LossyReadingError } from './errors.js';
import { BLOCK_FRAME_BYTES, FRAME, headerBytes, SEAL_BYTES } from './format.js';
import { renderBytes } from './render.js';

// Measured on English prose: level 9 gains 1.5% in eleven times the time.
const DEFLATE_LEVEL = 5;

/** What was encoded. */
export interface EncodedTotals {
  /** Bytes of the original. */
  readonly bytes: number;
  readonly units: number;
  /** SHA-256 of the original, in hexadecimal. */
  readonly sha256: string;
}

/** Encodes the units of one text; the bytes that its methods return, in order, are the file. */
export class WordEncoder {
  readonly #builder: BlockBuilder;
  readonly #hash = createHash('sha256');
  #bytes = 0;
  #units = 0;
  #begun = false;

  constructor(private readonly language: Language) {
    this.#builder = new BlockBuilder(language);
  }

  /** Takes more units and returns the parts of the file that are ready; throws LossyReadingError for a language's mistake. */
  push(units: readonly ReadUnit[]): Uint8Array[] {
    const ready: Uint8Array[] = [];
    for (let at = 0; at < units.length; at++) {
      this.#builder.add(units[at]!);
      if (this.#builder.full) this.#flush(ready);
    }
    return ready;
  }

  /** Says that the text is over and returns the rest of the file. */
  finish(): { parts: Uint8Array[]; totals: EncodedTotals } {
    const parts: Uint8Array[] = [];
    this.#flush(parts);
    const sha256 = this.#hash.digest();
    const seal = Buffer.alloc(1 + SEAL_BYTES);
    seal[0] = FRAME.seal;
    seal.writeBigUInt64LE(BigInt(this.#bytes), 1);
    seal.writeBigUInt64LE(BigInt(this.#units), 9);
    seal.set(sha256, 17);
    parts.push(seal);
    return { parts, totals: { bytes: this.#bytes, units: this.#units, sha256: sha256.toString('hex') } };
  }

  #flush(ready: Uint8Array[]): void {
    if (!this.#begun) ready.push(headerBytes(this.language));
    this.#begun = true;
    if (this.#builder.units === 0) return;
    const block = this.#builder.take();
    const original = renderBytes(block, this.language, (found) => {
      throw new LossyReadingError(`${this.language.name}: ${found}.`);
    });
    const body = writeBody(block, this.language);
    const packed = deflateRawSync(body, { level: DEFLATE_LEVEL });
    const frame = Buffer.alloc(1 + BLOCK_FRAME_BYTES);
    frame[0] = FRAME.block;
    frame.writeUInt32LE(packed.length, 1);
    frame.writeUInt32LE(body.length, 5);
    frame.writeUInt32LE(crc32(original), 9);
    ready.push(frame, packed);
    this.#hash.update(original);
    this.#bytes += original.length;
    this.#units += block.units;
  }
}
