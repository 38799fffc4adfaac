// A corpus on all levels at once, on disk: units with the pieces that spell them, read a window at a time.
// From: Strata; what a window gives is what `encodeLadder` gives of the same units, so training cannot tell them apart.
import { join } from 'node:path';
import { Segmentation } from '@strata/level';
import { type Manifest, type OpenSource, openSource } from '@strata/store';
import { BOS_PIECE, type BpeTokenizer } from '@strata/subword';
import { byteLength, type Documents, type StreamedUnit, unitBatches } from '@strata/text';
import { BOS_ID, NO_GAP_ID, OTHER_GAP_ID, type WordTokenizer } from '@strata/word';
import { Breather, type EncodedWriter, type EncodingOptions, writeEncoded } from './encoded-folder.js';
import { PieceFile, pieceArray } from './encoded-pieces.js';
import {
  BLOCK_UNITS,
  GAP_STRING,
  INDEX_NUMBERS,
  lemmaBytes,
  packUnit,
  recordBytes,
  type UnitRecord,
  unpackUnits,
} from './encoded-units.js';
import { joinLadderTexts, type LadderText } from './ladder-text.js';
import { NumberColumn } from './number-column.js';
import { UnitCache } from './unit-cache.js';

const FILES = { units: 'units.bin', index: 'index.bin', pieces: 'pieces.bin', strings: 'strings.bin' };

const START: UnitRecord = {
  lemma: BOS_ID,
  slot: 0,
  casing: 0,
  gap: NO_GAP_ID,
  byteLength: 0,
  pieces: 1,
};

/**
 * Encodes documents, each opened by a `<bos>` unit, into a folder; throws EncodingStoppedError and the errors of reading
 * and writing.
 */
export async function writeLadder(
  folder: string,
  documents: Documents,
  words: WordTokenizer,
  tokenizer: BpeTokenizer,
  options: EncodingOptions = {},
): Promise<Manifest> {
  return await writeEncoded(folder, Object.values(FILES), async (writer) => {
    const columns = new LadderColumns(writer, words, tokenizer);
    const breather = new Breather(options);
    for (const document of documents) {
      columns.open();
      for (const batch of unitBatches(document.chunks())) {
        for (const unit of batch) columns.add(unit);
        await breather.breathe(columns.bytes);
      }
    }
    options.onProgress?.(columns.bytes);
    return columns.finish();
  });
}

/** A unit ready to be written. */
interface EncodedUnit {
  readonly record: Uint8Array;
  readonly pieces: readonly number[];
  readonly bytes: number;
  readonly spelling: string | undefined;
  /** Whether its gap is written out. */
  readonly escaped: boolean;
}

/** The columns of an encoded ladder while they grow. */
class LadderColumns {
  bytes = 0;
  #units = 0;
  #pieces = 0;
  readonly #cache = new UnitCache<EncodedUnit>();
  readonly #boundaryByte: number;
  readonly #opening: EncodedUnit;
  readonly #records: NumberColumn;
  readonly #index: NumberColumn;
  readonly #pieceIds: NumberColumn;
  readonly #strings: NumberColumn;

  constructor(
    writer: EncodedWriter,
    readonly words: WordTokenizer,
    readonly tokenizer: BpeTokenizer,
  ) {
    const { size } = words.vocabulary;
    this.#boundaryByte = lemmaBytes(size);
    this.#opening = {
      record: packUnit(START, size),
      pieces: [BOS_PIECE],
      bytes: 0,
      spelling: undefined,
      escaped: false,
    };
    this.#records = new NumberColumn(writer, FILES.units, Uint8Array);
    this.#index = new NumberColumn(writer, FILES.index, Float64Array);
    this.#pieceIds = new NumberColumn(writer, FILES.pieces, pieceArray(tokenizer.vocabularySize));
    this.#strings = new NumberColumn(writer, FILES.strings, Uint16Array);
  }

  /** Opens a document. */
  open(): void {
    this.#append(this.#opening, 0);
  }

  add({ gap, surface, boundary }: StreamedUnit): void {
    const unit = this.#cache.get(gap, surface, this.#encode);
    const place = this.#append(unit, boundary);
    if (unit.spelling !== undefined) this.#string(place, unit.spelling);
    if (unit.escaped) this.#string(place | GAP_STRING, gap);
    this.bytes += unit.bytes;
  }

  finish(): Record<string, string | number> {
    for (const column of [this.#records, this.#index, this.#pieceIds, this.#strings]) column.flush();
    return {
      kind: 'ladder',
      units: this.#units,
      pieces: this.#pieces,
      bytes: this.bytes,
      lemmas: this.words.vocabulary.size,
      vocabularySize: this.tokenizer.vocabularySize,
    };
  }

  readonly #encode = (gap: string, surface: string): EncodedUnit => {
    const { lemma, slot, casing, spelling, bytes } = this.words.encodeSurface(surface);
    const gapId = this.words.vocabulary.gapIdOf(gap);
    const pieces = this.tokenizer.encodeUnit(gap, surface);
    const whole = bytes + byteLength(gap);
    const record = { lemma, slot, casing, gap: gapId, byteLength: whole, pieces: pieces.length };
    return {
      record: packUnit(record, this.words.vocabulary.size),
      pieces,
      bytes: whole,
      spelling,
      escaped: gapId === OTHER_GAP_ID,
    };
  };

  // Returns the unit's place in its block.
  #append({ record, pieces }: EncodedUnit, boundary: number): number {
    const place = this.#units++ % BLOCK_UNITS;
    if (place === 0) {
      this.#index.push(this.#pieces);
      this.#index.push(this.#strings.bytes);
    }
    this.#records.pushAll(record, this.#boundaryByte, boundary);
    this.#pieceIds.pushAll(pieces);
    this.#pieces += pieces.length;
    return place;
  }

  // As UTF-16, since a spelling may hold any surrogate.
  #string(header: number, text: string): void {
    this.#strings.push(header);
    this.#strings.push(text.length);
    for (let i = 0; i < text.length; i++) this.#strings.push(text.charCodeAt(i));
  }
}

/** Units of a stretch of a sample, and what a sample has at most unless told: some 20 MB of English. */
const STRETCH_UNITS = 4096;
const SAMPLE_UNITS = 1 << 22;

/** An encoded corpus on all levels, open for reading until it is closed. */
export class EncodedLadder {
  readonly #units: OpenSource;
  readonly #index: OpenSource;
  readonly #strings: OpenSource;
  readonly #pieces: PieceFile;
  readonly #lemmas: number;
  /** Units, each document's `<bos>` included. */
  readonly length: number;
  /** Pieces of all units. */
  readonly pieceCount: number;
  /** UTF-8 bytes of the text. */
  readonly bytes: number;

  /** Opens what `writeLadder` wrote and `readEncoded` has checked. */
  constructor(
    readonly folder: string,
    manifest: Manifest,
  ) {
    const { units, pieces, bytes, lemmas, vocabularySize } = manifest.extra as Record<
      'units' | 'pieces' | 'bytes' | 'lemmas' | 'vocabularySize',
      number
    >;
    this.length = units;
    this.pieceCount = pieces;
    this.bytes = bytes;
    this.#lemmas = lemmas;
    this.#units = openSource(join(folder, FILES.units));
    this.#index = openSource(join(folder, FILES.index));
    this.#strings = openSource(join(folder, FILES.strings));
    this.#pieces = new PieceFile(join(folder, FILES.pieces), vocabularySize);
  }

  /** Units [from, to) as a text of their own; without spellings and escaped gaps, which only `unitText` needs, unless asked. */
  read(from: number, to: number, withStrings = false): LadderText {
    const firstBlock = Math.floor(from / BLOCK_UNITS);
    const before = from - firstBlock * BLOCK_UNITS;
    const width = recordBytes(this.#lemmas);
    const records = new Uint8Array((before + to - from) * width);
    this.#units.read(firstBlock * BLOCK_UNITS * width, records);
    const [firstPiece] = this.#entries(firstBlock, 1);
    let start = firstPiece;
    for (let i = 1; i <= before; i++) start += records[i * width - 1];
    const strings = withStrings ? this.#stringsOf(from, to) : NO_STRINGS;
    const { units, pieces } = unpackUnits(records, before, to - from, this.#lemmas, strings);
    const ends = new Int32Array(units.length);
    let end = 0;
    for (let i = 0; i < ends.length; i++) ends[i] = end += pieces[i];
    return { units, pieces: this.#pieces.read(start, start + end), spans: new Segmentation(ends, end) };
  }

  /**
   * At most about `limit` units with their strings: all, or stretches spread evenly over the corpus, each opened by
   * `<bos>` and read as a text of its own. What reads it costs the same for a corpus of any size.
   */
  sample(limit = SAMPLE_UNITS): LadderText {
    if (this.length <= limit) return this.read(0, this.length, true);
    const stretches = Math.max(2, Math.floor(limit / STRETCH_UNITS));
    const last = this.length - STRETCH_UNITS;
    const parts = Array.from({ length: stretches }, (_, i) => {
      const from = Math.floor((i * last) / (stretches - 1));
      const part = this.read(from, from + STRETCH_UNITS, true);
      return part.units.lemma[0] === BOS_ID ? [part] : [OPENING, part];
    });
    return joinLadderTexts(parts.flat());
  }

  close(): void {
    for (const source of [this.#units, this.#index, this.#strings, this.#pieces]) source.close();
  }

  /** The index's numbers for `count` blocks from `block` on; what lies beyond the last block is the end of all. */
  #entries(block: number, count: number): Float64Array {
    const entries = new Float64Array(count * INDEX_NUMBERS).fill(Number.NaN);
    const there = Math.min(count * INDEX_NUMBERS, this.#index.size / 8 - block * INDEX_NUMBERS);
    this.#index.read(block * INDEX_NUMBERS * 8, new Uint8Array(entries.buffer, 0, there * 8));
    return entries.map((entry, i) =>
      Number.isNaN(entry) ? (i % 2 === 0 ? this.pieceCount : this.#strings.size) : entry,
    );
  }

  #stringsOf(from: number, to: number): { spellings: Map<number, string>; escapedGaps: Map<number, string> } {
    const spellings = new Map<number, string>();
    const escapedGaps = new Map<number, string>();
    const firstBlock = Math.floor(from / BLOCK_UNITS);
    const blocks = Math.ceil(to / BLOCK_UNITS) - firstBlock;
    const entries = this.#entries(firstBlock, blocks + 1);
    const starts = Array.from({ length: blocks + 1 }, (_, b) => entries[b * INDEX_NUMBERS + 1] / 2);
    const stored = new Uint16Array(starts[blocks] - starts[0]);
    this.#strings.read(starts[0] * 2, new Uint8Array(stored.buffer));
    for (let b = 0, at = 0; b < blocks; b++)
      while (at < starts[b + 1] - starts[0]) {
        const header = stored[at++];
        const length = stored[at++];
        const unit = (firstBlock + b) * BLOCK_UNITS + (header & ~GAP_STRING) - from;
        const text = String.fromCharCode(...stored.subarray(at, at + length));
        at += length;
        if (unit < 0 || unit >= to - from) continue;
        ((header & GAP_STRING) === 0 ? spellings : escapedGaps).set(unit, text);
      }
    return { spellings, escapedGaps };
  }
}

const NO_STRINGS = { spellings: new Map<number, string>(), escapedGaps: new Map<number, string>() };

/** A `<bos>` unit of one `<|bos|>` piece. */
const OPENING: LadderText = {
  units: {
    length: 1,
    boundary: new Uint8Array(1),
    lemma: Int32Array.of(START.lemma),
    slot: Uint8Array.of(START.slot),
    casing: Uint8Array.of(START.casing),
    gap: Uint8Array.of(START.gap),
    byteLengths: Uint16Array.of(START.byteLength),
    surfaceStart: new Int32Array(1),
    ...NO_STRINGS,
  },
  pieces: Int32Array.of(BOS_PIECE),
  spans: new Segmentation(Int32Array.of(1), 1),
};
