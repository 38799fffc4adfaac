// The growing text of a generation, as units and the pieces that spell them.
import { bytesFromText } from '@strata/text';
import { BOS_ID, type EncodedUnits, NO_GAP_ID, OTHER_GAP_ID } from '@strata/word';
import { encodeLadderUnits } from './ladder-text.js';
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

/** Units written so far; those of a text from its beginning are opened by `<bos>`. */
export class GeneratedUnits {
  readonly #units: WrittenUnit[];
  readonly #pieces: Int32Array[] = [];

  private constructor(
    readonly ladder: Ladder,
    units: WrittenUnit[],
  ) {
    this.#units = units;
  }

  /** The units of a prompt after `<bos>`. */
  static ofPrompt(ladder: Ladder, prompt: string): GeneratedUnits {
    const encoded = ladder.words!.encode(prompt);
    const units = Array.from({ length: encoded.length - 1 }, (_, i) => unitAt(encoded, i + 1));
    return new GeneratedUnits(ladder, [START, ...units]);
  }

  /** Units from the middle of a text. */
  static ofUnits(ladder: Ladder, units: readonly WrittenUnit[]): GeneratedUnits {
    return new GeneratedUnits(ladder, [...units]);
  }

  get length(): number {
    return this.#units.length;
  }

  append(unit: WrittenUnit): void {
    this.#units.push(unit);
  }

  /** A unit, counted from 0. */
  unit(at: number): WrittenUnit {
    return this.#units[at]!;
  }

  /** The pieces that spell a unit for the base. */
  piecesOf(at: number): Int32Array {
    let pieces = this.#pieces[at];
    if (pieces === undefined) {
      const { words, tokenizer } = this.ladder;
      pieces = encodeLadderUnits([asEncoded([this.#units[at]!])], words!, tokenizer).pieces;
      this.#pieces[at] = pieces;
    }
    return pieces;
  }

  /** Surface of a unit. */
  surfaceOf({ lemma, slot, casing, spelling }: WrittenUnit): string {
    return this.ladder.words!.vocabulary.surfaceOf(lemma, slot, casing, spelling);
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
