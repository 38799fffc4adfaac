// How the pieces of a window make patches: which places a patch is read from, and where its state comes back.
// 'spacebyte' is the rule of SpaceByte (Slagle 2024, section 2, "Global Block Insertion Rule"), over bytes; 'blocks' are
// groups of four pieces, as in the Block Transformer (Ho et al. 2024, section 2).
//
// A patch's state is added to the pieces where the patch stands, and nowhere else, as in both papers: local attention
// carries it on. Added at every position up to the next patch it hinders learning: of books for children, after 300 steps
// of 8 windows of 256 bytes, models of 600,000 parameters paid 3.4 bits per byte instead of 2.9 (blocks of four bytes).
import { BOS_PIECE, FIRST_BYTE_ID } from '@strata/subword';
import type { Feeds } from './ladder-batch.js';

/** The hierarchies without named units that stand beside a ladder. */
export const PATCHED_KINDS = ['spacebyte', 'blocks'] as const;
export type PatchedKind = (typeof PATCHED_KINDS)[number];

/** Pieces of a block (Ho et al. 2024, section 3.1). */
export const BLOCK_LENGTH = 4;

/** The places that a patch is read from: the one where it stands, or the pieces of a block. */
export function placesPerPatch(kind: PatchedKind): number {
  return kind === 'blocks' ? BLOCK_LENGTH : 1;
}

/**
 * Patches of a window of `length` pieces, at most. English prose makes one in 5.3 bytes; of 6,588 windows of 256 bytes
 * from Project Gutenberg none made more than one in 4.1. What is surplus the global layers do not read: see `patchesOf`.
 */
export function patchCapacity(kind: PatchedKind, length: number): number {
  return Math.max(1, kind === 'blocks' ? Math.floor(length / BLOCK_LENGTH) : Math.ceil(length / 4));
}

/** True for a byte's piece that is no letter, digit or UTF-8 continuation byte; true for `<|bos|>`. */
export function isSpacelike(piece: number): boolean {
  if (piece === BOS_PIECE) return true;
  const byte = piece - FIRST_BYTE_ID;
  if (byte >= 0x80) return byte >= 0xc0;
  return !/[0-9A-Za-z]/.test(String.fromCharCode(byte));
}

/** The places where patches stand: the last pieces that their states may depend on. */
function* stands(kind: PatchedKind, pieces: Int32Array): Generator<number> {
  if (kind === 'blocks') {
    for (let at = BLOCK_LENGTH - 1; at < pieces.length; at += BLOCK_LENGTH) yield at;
    return;
  }
  // A window opens a patch, as those of the paper do, which have a <|bos|> before them.
  for (let at = 0; at < pieces.length; at++)
    if (at === 0 || pieces[at] === BOS_PIECE || (isSpacelike(pieces[at]!) && !isSpacelike(pieces[at - 1]!))) yield at;
}

/** The patches of one window. */
export interface Patches {
  /** Places [P * placesPerPatch] that each patch is read from; 0 for patches that are not there. */
  readonly places: Int32Array;
  /** For each position [T] the patch that stands there, counted from 1; 0 where none does. */
  readonly patchOf: Int32Array;
}

/**
 * The patches of a window of pieces. Those beyond `capacity` are left out: their pieces are told of the last patch that there
 * was room for, by local attention. What a position reads depends on the pieces up to it alone, in training and in scoring.
 */
export function patchesOf(
  kind: PatchedKind,
  pieces: Int32Array,
  capacity = patchCapacity(kind, pieces.length),
): Patches {
  const reach = placesPerPatch(kind);
  const places = new Int32Array(capacity * reach);
  const patchOf = new Int32Array(pieces.length);
  let count = 0;
  for (const stand of stands(kind, pieces)) {
    if (count === capacity) break;
    for (let i = 0; i < reach; i++) places[count * reach + i] = stand - reach + 1 + i;
    patchOf[stand] = ++count;
  }
  return { places, patchOf };
}

/** The two feeds of a patched model: `patchPlaces` int32 [B * P * R], rows of [B * T]; `patchOf` int32 [B * T], of [B * (P + 1)]. */
export class PatchFeeds {
  readonly feeds: Feeds;
  readonly #capacity: number;

  constructor(
    readonly kind: PatchedKind,
    readonly windows: number,
    readonly length: number,
  ) {
    this.#capacity = patchCapacity(kind, length);
    this.feeds = {
      patchPlaces: new Int32Array(windows * this.#capacity * placesPerPatch(kind)),
      patchOf: new Int32Array(windows * length),
    };
  }

  /** Fills both for pieces [B * T]; the arrays are the same each time. */
  fill(pieces: Int32Array): Feeds {
    const { kind, windows, length, feeds } = this;
    for (let b = 0; b < windows; b++) {
      const { places, patchOf } = patchesOf(kind, pieces.subarray(b * length, (b + 1) * length), this.#capacity);
      for (const [i, place] of places.entries()) feeds.patchPlaces![b * places.length + i] = b * length + place;
      for (const [t, patch] of patchOf.entries()) feeds.patchOf![b * length + t] = b * (this.#capacity + 1) + patch;
    }
    return feeds;
  }
}
