// The pieces of a corpus on disk: what the base and the flat model are trained on, whatever its size.
// From: Strata; one column of 2 or 4 bytes a piece, read at any place. Node.js maps no files: the system's cache serves.
import { join } from 'node:path';
import { type Manifest, type OpenSource, openSource } from '@strata/store';
import { BOS_PIECE, type BpeTokenizer } from '@strata/subword';
import { byteLength, type Documents, unitBatches } from '@strata/text';
import { Breather, type EncodingOptions, writeEncoded } from './encoded-folder.js';
import { NumberColumn } from './number-column.js';
import { UnitCache } from './unit-cache.js';

const PIECES = 'pieces.bin';

/** The array type that holds the pieces of a vocabulary on disk. */
export function pieceArray(vocabularySize: number): typeof Uint16Array | typeof Uint32Array {
  return vocabularySize <= 1 << 16 ? Uint16Array : Uint32Array;
}

/** Encodes documents, each opened by `<|bos|>`, into a folder; throws EncodingStoppedError and the errors of reading and writing. */
export async function writePieces(
  folder: string,
  documents: Documents,
  tokenizer: BpeTokenizer,
  options: EncodingOptions = {},
): Promise<Manifest> {
  return await writeEncoded(folder, [PIECES], async (writer) => {
    const column = new NumberColumn(writer, PIECES, pieceArray(tokenizer.vocabularySize));
    const units = new UnitCache<{ pieces: readonly number[]; bytes: number }>();
    const encode = (gap: string, surface: string): { pieces: readonly number[]; bytes: number } => ({
      pieces: tokenizer.encodeUnit(gap, surface),
      bytes: byteLength(gap) + byteLength(surface),
    });
    const breather = new Breather(options);
    let pieces = 0;
    let bytes = 0;
    for (const document of documents) {
      column.push(BOS_PIECE);
      pieces++;
      for (const batch of unitBatches(document.chunks())) {
        for (const { gap, surface } of batch) {
          const unit = units.get(gap, surface, encode);
          column.pushAll(unit.pieces);
          pieces += unit.pieces.length;
          bytes += unit.bytes;
        }
        await breather.breathe(bytes);
      }
    }
    column.flush();
    options.onProgress?.(bytes);
    return { kind: 'pieces', pieces, bytes, vocabularySize: tokenizer.vocabularySize };
  });
}

/** Bytes of each piece of a vocabulary. */
export function pieceLengths(tokenizer: BpeTokenizer): Uint16Array {
  return Uint16Array.from({ length: tokenizer.vocabularySize }, (_, id) => tokenizer.pieceBytes(id).length);
}

/** Pieces in a file as numbers in memory, a stretch at a time. */
export class PieceFile {
  readonly #source: OpenSource;
  readonly #make: typeof Uint16Array | typeof Uint32Array;

  constructor(path: string, vocabularySize: number) {
    this.#source = openSource(path);
    this.#make = pieceArray(vocabularySize);
  }

  /** Pieces [start, end); throws UnreadableFileError where the file is shorter. */
  read(start: number, end: number): Int32Array {
    const stored = new this.#make(end - start);
    this.#source.read(start * stored.BYTES_PER_ELEMENT, new Uint8Array(stored.buffer));
    return Int32Array.from(stored);
  }

  close(): void {
    this.#source.close();
  }
}

/** An encoded corpus of pieces, open for reading until it is closed. */
export class EncodedPieces {
  private constructor(
    readonly folder: string,
    readonly file: PieceFile,
    /** Pieces, each document's `<|bos|>` included. */
    readonly length: number,
    /** UTF-8 bytes of the text. */
    readonly bytes: number,
  ) {}

  /** Opens what `writePieces` wrote and `readEncoded` has checked. */
  static open(folder: string, manifest: Manifest): EncodedPieces {
    const { pieces, bytes, vocabularySize } = manifest.extra as Record<'pieces' | 'bytes' | 'vocabularySize', number>;
    return new EncodedPieces(folder, new PieceFile(join(folder, PIECES), vocabularySize), pieces, bytes);
  }

  /** Pieces [start, end). */
  read(start: number, end: number): Int32Array {
    return this.file.read(start, end);
  }

  close(): void {
    this.file.close();
  }
}
