// A block of units as columns over its own dictionary: which gap, which reading, which casing and boundary each unit has.
// From: Strata, WORDS (gap, lemma, features, case, clitic, variant); columns, so that deflate meets like beside like.
//
// Body, all lists by falling frequency: lemmas; readings (lemma, slot, variant); gaps; then of every unit the number of
// its reading, its marks (casing, boundary, and the number of its gap below 15), and last the gaps from 15 on.
import { type Boundary, MAXIMUM_UNIT_BYTES } from '@strata/text';
import { CASING_NAMES } from '../casing.js';
import type { Language, Reading, ReadUnit } from '../language.js';
import { ByteReader, ByteWriter } from './bytes.js';
import { LossyReadingError } from './errors.js';
import { BLOCK_UNITS, MAXIMUM_LEMMA_BYTES, MAXIMUM_VARIANTS } from './format.js';

const OTHER_GAP = 15;
/** Short texts take little memory: columns begin with room for so many units, and double. */
const FIRST_UNITS = 1 << 8;

/** Marks of a unit: casing in bits 0 and 1, boundary in 2 and 3, the gap's number (15: in the last column) above. */
export const marksOf = (casing: number, boundary: Boundary): number => casing | (boundary << 2);

/** A block taken apart; the columns have one number a unit, the marks without the gap's. */
export interface Block {
  readonly units: number;
  readonly readings: readonly Reading[];
  readonly gaps: readonly string[];
  readonly readingIds: Uint32Array;
  readonly gapIds: Uint32Array;
  readonly marks: Uint8Array;
}

interface Entry {
  readonly reading: Reading;
  readonly first: number;
  count: number;
  /** Another entry of the same lemma. */
  readonly next: Entry | undefined;
}

interface GapEntry {
  readonly gap: string;
  readonly first: number;
  count: number;
}

/** Collects units until it is full; `take` gives the block and starts the next. */
export class BlockBuilder {
  readonly #slots: ReadonlySet<string>;
  #entryIds = new Uint32Array(FIRST_UNITS);
  #gapIds = new Uint32Array(FIRST_UNITS);
  #marks = new Uint8Array(FIRST_UNITS);
  #byLemma = new Map<string, Entry>();
  #entries: Entry[] = [];
  #byGap = new Map<string, GapEntry>();
  #gaps: GapEntry[] = [];
  #units = 0;

  constructor(private readonly language: Language) {
    this.#slots = new Set(language.slots.map(({ name }) => name));
  }

  get units(): number {
    return this.#units;
  }

  get full(): boolean {
    return this.#units === BLOCK_UNITS;
  }

  /** Adds a unit; throws LossyReadingError where its reading does not give its form back. */
  add({ unit, form, casing, reading }: ReadUnit): void {
    if (this.#units === this.#marks.length) this.#grow();
    const at = this.#units++;
    this.#entryIds[at] = this.#entry(reading, form);
    this.#gapIds[at] = this.#gap(unit.gap);
    this.#marks[at] = marksOf(casing, unit.boundary);
  }

  #grow(): void {
    this.#entryIds = grown(this.#entryIds);
    this.#gapIds = grown(this.#gapIds);
    const marks = new Uint8Array(2 * this.#marks.length);
    marks.set(this.#marks);
    this.#marks = marks;
  }

  #entry(reading: Reading, form: string): number {
    const { lemma, slot, variant } = reading;
    const next = this.#byLemma.get(lemma);
    for (let entry = next; entry !== undefined; entry = entry.next) {
      const known = entry.reading;
      // Languages give the same reading again and again, and seldom its like.
      if (known !== reading && (known.slot !== slot || known.variant !== variant)) continue;
      entry.count++;
      return entry.first;
    }
    const isSlot = this.#slots.has(slot) && variant < MAXIMUM_VARIANTS;
    if (!isSlot || this.language.realizations(lemma, slot)[variant] !== form) {
      throw new LossyReadingError(`${this.language.name}: ${JSON.stringify(reading)} is not ${JSON.stringify(form)}.`);
    }
    const entry = { reading, first: this.#entries.length, count: 1, next };
    this.#byLemma.set(lemma, entry);
    return this.#entries.push(entry) - 1;
  }

  #gap(gap: string): number {
    const known = this.#byGap.get(gap);
    if (known !== undefined) {
      known.count++;
      return known.first;
    }
    const entry = { gap, first: this.#gaps.length, count: 1 };
    this.#byGap.set(gap, entry);
    return this.#gaps.push(entry) - 1;
  }

  /** The block so far; its columns are views that hold until the next unit is added. */
  take(): Block {
    const readings = byFrequency(this.#entries);
    const gaps = byFrequency(this.#gaps);
    const units = this.#units;
    renumber(this.#entryIds.subarray(0, units), readings);
    renumber(this.#gapIds.subarray(0, units), gaps);
    const block = {
      units,
      readings: readings.map(({ reading }) => reading),
      gaps: gaps.map(({ gap }) => gap),
      readingIds: this.#entryIds.subarray(0, units),
      gapIds: this.#gapIds.subarray(0, units),
      marks: this.#marks.subarray(0, units),
    };
    this.#byLemma = new Map();
    this.#entries = [];
    this.#byGap = new Map();
    this.#gaps = [];
    this.#units = 0;
    return block;
  }
}

function grown(column: Uint32Array): Uint32Array<ArrayBuffer> {
  const longer = new Uint32Array(2 * column.length);
  longer.set(column);
  return longer;
}

// What comes first stands first among equals, so that the same units always give the same bytes.
function byFrequency<T extends { readonly count: number; readonly first: number }>(entries: readonly T[]): T[] {
  return entries.toSorted((a, b) => b.count - a.count || a.first - b.first);
}

function renumber(column: Uint32Array, order: readonly { readonly first: number }[]): void {
  const rank = new Uint32Array(order.length);
  order.forEach(({ first }, index) => {
    rank[first] = index;
  });
  for (let at = 0; at < column.length; at++) column[at] = rank[column[at]!]!;
}

/** Writes a block's body; the slots are numbered as the language lists them. */
export function writeBody({ readings, gaps, readingIds, gapIds, marks, units }: Block, language: Language): Uint8Array {
  const slotIds = new Map(language.slots.map(({ name }, id) => [name, id]));
  const lemmaIds = new Map<string, number>();
  for (const { lemma } of readings) if (!lemmaIds.has(lemma)) lemmaIds.set(lemma, lemmaIds.size);
  const writer = new ByteWriter();
  writer.number(units);
  writer.strings([...lemmaIds.keys()]);
  writer.number(readings.length);
  for (const { lemma } of readings) writer.number(lemmaIds.get(lemma)!);
  for (const { slot } of readings) writer.byte(slotIds.get(slot)!);
  for (const { variant } of readings) writer.byte(variant);
  writer.strings(gaps);
  for (let at = 0; at < units; at++) writer.number(readingIds[at]!);
  writer.reserve(units);
  for (let at = 0; at < units; at++) writer.byte(marks[at]! | (Math.min(gapIds[at]!, OTHER_GAP) << 4));
  for (let at = 0; at < units; at++) if (gapIds[at]! >= OTHER_GAP) writer.number(gapIds[at]! - OTHER_GAP);
  return writer.bytes();
}

/** Reads a block's body, whatever it holds; `fail` is called with what is wrong, and must throw. */
export function readBody(body: Uint8Array, language: Language, fail: (found: string) => never): Block {
  const reader = new ByteReader(body, fail);
  const units = reader.atMost(BLOCK_UNITS, 'the number of units');
  // Every unit takes two bytes at least.
  if (2 * units > reader.left) return fail('a block has fewer bytes than its units need');
  const lemmas = reader.strings(units, MAXIMUM_LEMMA_BYTES, 'lemmas');
  const count = reader.atMost(units, 'the number of readings');
  const lemmaIds = below(reader, count, lemmas.length, 'a lemma');
  const slots = reader.take(count);
  const variants = reader.take(count);
  const readings = Array.from(lemmaIds, (id, at) => {
    const slot = language.slots[slots[at]!]?.name ?? fail(`slot ${slots[at]} does not exist`);
    const variant = variants[at]!;
    return { lemma: lemmas[id]!, slot, variant };
  });
  const gaps = reader.strings(units, MAXIMUM_UNIT_BYTES, 'gaps');
  const readingIds = below(reader, units, readings.length, 'a reading');
  const marks = reader.take(units).slice();
  const gapIds = new Uint32Array(units);
  for (let at = 0; at < units; at++) {
    const short = marks[at]! >> 4;
    const gap = short < OTHER_GAP ? short : OTHER_GAP + reader.number();
    if (gap >= gaps.length) return fail(`gap ${gap} does not exist`);
    gapIds[at] = gap;
    marks[at]! &= 15;
    if ((marks[at]! & 3) >= CASING_NAMES.length) return fail('a casing does not exist');
    if (marks[at]! >> 2 > 2) return fail('a boundary does not exist');
  }
  if (reader.left > 0) return fail('a block holds more than its units');
  return { units, readings, gaps, readingIds, gapIds, marks };
}

function below(reader: ByteReader, count: number, limit: number, what: string): Uint32Array {
  // A number takes at least one byte, so a forged count allocates no more than the block has bytes.
  const column = new Uint32Array(Math.min(count, reader.left));
  for (let at = 0; at < count; at++) column[at] = reader.atMost(limit - 1, what);
  return column;
}
