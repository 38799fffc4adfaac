// The morphological tokenizer: text into units of the word level and back, exactly, for every JavaScript string.
// Source: the project's own design: analysis by synthesis, so that decoding needs neither tagger nor context.
import { byteLength, segmentUnits } from '@strata/text';
import { splitCasing } from './casing.js';
import type { EncodedUnits } from './encoded.js';
import { BASE_SLOT, SLOT_LIMIT } from './language.js';
import { BOS_ID, NO_GAP_ID, OTHER_GAP_ID, SPELLED_ID, type WordVocabulary } from './vocabulary.js';

/** Surfaces remembered; texts repeat themselves, and the memory is emptied when it is full. */
const CACHE_SURFACES = 1 << 16;

/** What a surface is encoded as, without its gap. */
export interface EncodedSurface {
  readonly lemma: number;
  readonly slot: number;
  readonly casing: number;
  /** The spelling before casing, where the lemma is `<spelled>`. */
  readonly spelling: string | undefined;
  /** Bytes of the surface. */
  readonly bytes: number;
}

interface EncodedGap {
  readonly id: number;
  readonly bytes: number;
}

/** Encodes with one vocabulary; keeps a cache, so one instance is best used for many texts. */
export class WordTokenizer {
  readonly vocabulary: WordVocabulary;
  readonly #surfaces = new Map<string, EncodedSurface>();
  readonly #gaps = new Map<string, EncodedGap>();

  constructor(vocabulary: WordVocabulary) {
    this.vocabulary = vocabulary;
  }

  /** Encodes a text as `<bos>` and its units; `decode` gives the text back exactly. */
  encode(text: string): EncodedUnits {
    const spans = segmentUnits(text);
    const length = spans.length + 1;
    const encoded = {
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
    encoded.lemma[0] = BOS_ID;
    encoded.gap[0] = NO_GAP_ID;
    for (let index = 1; index < length; index++) {
      const { gapStart, start, end, boundary } = spans[index - 1]!;
      const surface = this.encodeSurface(text.slice(start, end));
      const gapText = text.slice(gapStart, start);
      const gap = this.#encodeGap(gapText);
      encoded.boundary[index] = boundary;
      encoded.lemma[index] = surface.lemma;
      encoded.slot[index] = surface.slot;
      encoded.casing[index] = surface.casing;
      encoded.gap[index] = gap.id;
      encoded.byteLengths[index] = gap.bytes + surface.bytes;
      encoded.surfaceStart[index] = start;
      if (surface.spelling !== undefined) encoded.spellings.set(index, surface.spelling);
      if (gap.id === OTHER_GAP_ID) encoded.escapedGaps.set(index, gapText);
    }
    return encoded;
  }

  /** The one encoding of a surface: its (lemma, slot, casing), or its spelling where the form is not in the vocabulary. */
  encodeSurface(surface: string): EncodedSurface {
    const known = this.#surfaces.get(surface);
    if (known !== undefined) return known;
    const { form, casing } = splitCasing(surface);
    const analysis = this.vocabulary.analysisOf(form);
    const encoded: EncodedSurface = {
      lemma: analysis === undefined ? SPELLED_ID : Math.floor(analysis / SLOT_LIMIT),
      slot: analysis === undefined ? BASE_SLOT : analysis % SLOT_LIMIT,
      casing,
      spelling: analysis === undefined ? form : undefined,
      bytes: byteLength(surface),
    };
    if (this.#surfaces.size >= CACHE_SURFACES) this.#surfaces.clear();
    this.#surfaces.set(surface, encoded);
    return encoded;
  }

  /** Gap and surface of a unit as they stood in the text; empty for `<bos>`; throws VocabularyRangeError on an illegal unit. */
  unitText(encoded: EncodedUnits, index: number): string {
    const gapId = encoded.gap[index]!;
    const gap = gapId === OTHER_GAP_ID ? encoded.escapedGaps.get(index) : this.vocabulary.gap(gapId);
    const { lemma, slot, casing } = encoded;
    const surface = this.vocabulary.surfaceOf(
      lemma[index]!,
      slot[index]!,
      casing[index]!,
      encoded.spellings.get(index),
    );
    return (gap ?? '') + surface;
  }

  /** The text of encoded units; several joined texts come out one after the other, nothing between them. */
  decode(encoded: EncodedUnits): string {
    const parts: string[] = [];
    for (let index = 0; index < encoded.length; index++) parts.push(this.unitText(encoded, index));
    return parts.join('');
  }

  #encodeGap(gap: string): EncodedGap {
    const known = this.#gaps.get(gap);
    if (known !== undefined) return known;
    const encoded = { id: this.vocabulary.gapIdOf(gap), bytes: byteLength(gap) };
    if (this.#gaps.size >= CACHE_SURFACES) this.#gaps.clear();
    this.#gaps.set(gap, encoded);
    return encoded;
  }
}
