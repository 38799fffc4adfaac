// SHA-256 of bytes and of files, as lower-case hexadecimal.
// From: FIPS 180-4.
import { createHash } from 'node:crypto';
import { withFile } from './byte-source.js';

const BLOCK = 1 << 20;

/** SHA-256 of bytes, or of a text's UTF-8, as 64 hexadecimal digits. */
export function sha256(bytes: Uint8Array | string): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** SHA-256 of a file's bytes, read in blocks of 1 MiB; throws MissingFileError or UnreadableFileError. */
export function sha256File(path: string): string {
  return withFile(path, (source) => {
    const hash = createHash('sha256');
    const block = new Uint8Array(Math.min(BLOCK, source.size));
    for (let offset = 0; offset < source.size; offset += BLOCK) {
      const part = block.subarray(0, Math.min(BLOCK, source.size - offset));
      source.read(offset, part);
      hash.update(part);
    }
    return hash.digest('hex');
  });
}
