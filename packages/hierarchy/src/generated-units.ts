// The growing text of a generation, as units on all levels, and the window of it that the ladder reads next.
import { bytesFromText } from '@strata/text';
import { BOS_ID, type EncodedUnits, NO_GAP_ID, OTHER_GAP_ID } from '@strata/word';
import type { WindowShape } from './ladder-graph.js';
import { encodeLadderUnits, type LadderText, unitsOf } from './ladder-text.js';
import type { Ladder } from './run.js';

/** One unit as it is written: its factors and, where the vocabulary has no name for them, its spelling and gap. */
export interface WrittenUnit {
  readonly boundary: number;
  readonly lemma: number;
  readonly slot: number;
  readonly casing: number;
  readonly gap: number;
  readonly spelling?: string;
  readonly escapedGap?: string;
}

const START: WrittenUnit = { boundary: 0, lemma: BOS_ID, slot: 0, casing: 0, gap: NO_GAP_ID };

/** Units read so far, opened by `<bos>`. */
export class GeneratedUnits {
  readonly #units: WrittenUnit[] = [START];

  constructor(
    readonly ladder: Ladder,
    prompt: string,
  ) {
    const encoded = ladder.words!.encode(prompt);
    for (let i = 1; i < encoded.length; i++) this.#units.push(unitAt(encoded, i));
  }

  get length(): number {
    return this.#units.length;
  }

  append(unit: WrittenUnit): void {
    this.#units.push(unit);
  }

  /** The last units that fit the window shape, as a text of their own. */
  window(shape: WindowShape): LadderText {
    const recent = asEncoded(this.#units.slice(-shape.units));
    const text = encodeLadderUnits([recent], this.ladder.words!, this.ladder.tokenizer);
    let first = 0;
    while (text.spans.end(recent.length - 1) - text.spans.start(first) > shape.pieces) first++;
    if (first === 0) return text;
    return encodeLadderUnits([unitsOf(recent, first, recent.length)], this.ladder.words!, this.ladder.tokenizer);
  }

  /** Gap and surface of a unit. */
  textOf(unit: WrittenUnit): string {
    return this.ladder.words!.unitText(asEncoded([unit]), 0);
  }
}

function unitAt(units: EncodedUnits, i: number): WrittenUnit {
  const spelling = units.spellings.get(i);
  const escapedGap = units.escapedGaps.get(i);
  return {
    boundary: units.boundary[i],
    lemma: units.lemma[i],
    slot: units.slot[i],
    casing: units.casing[i],
    gap: units.gap[i],
    ...(spelling !== undefined && { spelling }),
    ...(escapedGap !== undefined && { escapedGap }),
  };
}

function asEncoded(units: readonly WrittenUnit[]): EncodedUnits {
  const spellings = new Map<number, string>();
  const escapedGaps = new Map<number, string>();
  for (const [i, unit] of units.entries()) {
    if (unit.spelling !== undefined) spellings.set(i, unit.spelling);
    if (unit.gap === OTHER_GAP_ID) escapedGaps.set(i, unit.escapedGap ?? '');
  }
  return {
    length: units.length,
    boundary: Uint8Array.from(units, (unit) => unit.boundary),
    lemma: Int32Array.from(units, (unit) => unit.lemma),
    slot: Uint8Array.from(units, (unit) => unit.slot),
    casing: Uint8Array.from(units, (unit) => unit.casing),
    gap: Uint8Array.from(units, (unit) => unit.gap),
    spellings,
    escapedGaps,
    byteLengths: Uint16Array.from(units, (unit) => bytesFromText(unit.spelling ?? '').length),
    surfaceStart: new Int32Array(units.length),
  };
}
