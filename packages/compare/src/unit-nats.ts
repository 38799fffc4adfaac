// What every unit of a text (gap and surface) costs under a model, so that models of words and models of pieces can be
// compared unit by unit. From: Strata, EVALUATION (more than BPB); pieces never straddle units, so each belongs to one.
import { encodeLadder, encodePieces, type LadderScorer, type PieceScorer, type ScoreProgress } from '@strata/hierarchy';
import { byteLength, segmentUnits } from '@strata/text';

/** The units of a text as `segmentUnits` cuts it, each with its nats and its bytes, gap included. */
export interface UnitNats {
  readonly nats: Float64Array;
  readonly bytes: Float64Array;
}

/** Units of a ladder's text: the sum over them is what the scorer's `score` gives. */
export async function ladderUnitNats(
  scorer: LadderScorer,
  text: string,
  onProgress: ScoreProgress = () => {},
): Promise<UnitNats> {
  const { words, tokenizer } = scorer.ladder;
  const encoded = encodeLadder([text], words!, tokenizer);
  const nats = new Float64Array(encoded.units.length - 1);
  const bytes = Float64Array.from(encoded.units.byteLengths.subarray(1));
  let read = 0;
  await scorer.costs(encoded, (unit, cost) => {
    let sum = 0;
    for (const part of Object.values(cost)) sum += part;
    nats[unit - 1] = sum;
    onProgress((read += bytes[unit - 1]!));
  });
  return { nats, bytes };
}

/** The same of a model of pieces: a unit costs what its pieces cost. */
export async function pieceUnitNats(
  scorer: PieceScorer,
  text: string,
  onProgress: ScoreProgress = () => {},
): Promise<UnitNats> {
  const { tokenizer } = scorer.model;
  const encoded = encodePieces([text], tokenizer);
  const unitOf = new Int32Array(encoded.length);
  const spans = segmentUnits(text);
  const bytes = new Float64Array(spans.length);
  let piece = 1;
  for (const [unit, { gapStart, start, end }] of spans.entries()) {
    bytes[unit] = byteLength(text.slice(gapStart, end));
    const next = piece + tokenizer.encodeUnit(text.slice(gapStart, start), text.slice(start, end)).length;
    unitOf.fill(unit, piece, next);
    piece = next;
  }
  const nats = new Float64Array(spans.length);
  let read = 0;
  await scorer.costs(encoded, (at, cost) => {
    nats[unitOf[at]!]! += cost;
    onProgress((read += tokenizer.pieceBytes(encoded[at]!).length));
  });
  return { nats, bytes };
}

/** Units of several texts as one sequence. */
export function joinUnits(parts: readonly UnitNats[]): UnitNats {
  const join = (of: (part: UnitNats) => Float64Array): Float64Array =>
    Float64Array.from(parts.flatMap((part) => [...of(part)]));
  return { nats: join(({ nats }) => nats), bytes: join(({ bytes }) => bytes) };
}

/** Bits per byte of units. */
export function bitsPerByteOf({ nats, bytes }: UnitNats): number {
  return total(nats) / Math.LN2 / total(bytes);
}

/** The sum of numbers, in their order. */
export function total(values: Iterable<number>): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum;
}
