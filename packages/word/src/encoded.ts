// A text as units of the word level: a structure of arrays, one entry a unit, and how to join several texts.
// Source: the project's own design (a unit is gap + surface; a surface is lemma + slot + casing, or a spelling).

/** Units of one text or of several joined ones; every text starts with a `<bos>` entry; all arrays have `length` entries. */
export interface EncodedUnits {
  readonly length: number;
  /** 0 none, 1 the unit starts a sentence, 2 the unit starts a paragraph. */
  readonly boundary: Uint8Array;
  /** Vocabulary id: 0 `<bos>`, 1 `<spelled>`, then lemmas. */
  readonly lemma: Int32Array;
  /** Slot id of the vocabulary's language; base for `<bos>` and `<spelled>`. */
  readonly slot: Uint8Array;
  /** 0 as is, 1 Title, 2 UPPER. */
  readonly casing: Uint8Array;
  /** Gap id: 0 no gap, 1 `<other>`, then gaps by frequency. */
  readonly gap: Uint8Array;
  /** Unit index -> spelling (before casing is applied) of each `<spelled>` unit. */
  readonly spellings: ReadonlyMap<number, string>;
  /** Unit index -> gap of each unit whose gap is `<other>`. */
  readonly escapedGaps: ReadonlyMap<number, string>;
  /** Bytes of gap + surface in the original file; 0 for `<bos>`. */
  readonly byteLengths: Uint16Array;
  /** UTF-16 offset of the surface in its own text; 0 for `<bos>`. */
  readonly surfaceStart: Int32Array;
}

/** Joins encoded texts into one corpus of the summed length; each part keeps its own `<bos>` and its own offsets. */
export function concatenate(parts: readonly EncodedUnits[]): EncodedUnits {
  const length = parts.reduce((total, part) => total + part.length, 0);
  const joined = {
    length,
    boundary: new Uint8Array(length),
    lemma: new Int32Array(length),
    slot: new Uint8Array(length),
    casing: new Uint8Array(length),
    gap: new Uint8Array(length),
    spellings: new Map<number, string>(),
    escapedGaps: new Map<number, string>(),
    byteLengths: new Uint16Array(length),
    surfaceStart: new Int32Array(length),
  };
  let offset = 0;
  for (const part of parts) {
    joined.boundary.set(part.boundary, offset);
    joined.lemma.set(part.lemma, offset);
    joined.slot.set(part.slot, offset);
    joined.casing.set(part.casing, offset);
    joined.gap.set(part.gap, offset);
    joined.byteLengths.set(part.byteLengths, offset);
    joined.surfaceStart.set(part.surfaceStart, offset);
    for (const [index, spelling] of part.spellings) joined.spellings.set(index + offset, spelling);
    for (const [index, gap] of part.escapedGaps) joined.escapedGaps.set(index + offset, gap);
    offset += part.length;
  }
  return joined;
}
