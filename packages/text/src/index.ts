export type { Boundary } from './boundary.js';
export { ByteDecoder } from './byte-decoder.js';
export { byteLength, bytesFromText, textFromBytes } from './bytes.js';
export { type Corpus, type LoadCorpusOptions, loadCorpus, namedCorpus, readCorpusDeclaration } from './corpus.js';
export {
  CorpusDeclarationError,
  CorpusFileError,
  CorpusHashError,
  CorpusSplitError,
  JsonLineError,
} from './corpus-errors.js';
export { isAbbreviation, MAXIMUM_UNIT_BYTES } from './cut.js';
export {
  type BookDeclaration,
  type CorpusDeclaration,
  type FolderCorpusDeclaration,
  type PackageCorpusDeclaration,
  parseCorpusDeclaration,
  type SplitName,
  splitNames,
} from './declaration.js';
export { bytesOfDocuments, type Document, type Documents, documentOfText, readDocument } from './document.js';
export { type Normalization, normalizations, normalizeText } from './normalize.js';
export { forgetRare } from './rare-entries.js';
export { sampleTexts } from './sample.js';
export { textChunks, textStart, unitBatches } from './text-chunks.js';
export { type StreamedUnit, segmentUnits, type UnitSpan, UnitStream } from './units.js';
