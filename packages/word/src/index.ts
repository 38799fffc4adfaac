export { applyCasing, CASING, CASING_NAMES, type CasedForm, casingMaskOf, isPlainForm, splitCasing } from './casing.js';
export { type DecodedBlock, decodeWords, type FindLanguage } from './codec/decoder.js';
export { type EncodedTotals, WordEncoder } from './codec/encoder.js';
export { LossyReadingError, WordFileError } from './codec/errors.js';
export { isWordFile } from './codec/format.js';
export { readBytes } from './codec/read-text.js';
export type { DecodedUnit } from './codec/render.js';
export { concatenate, type EncodedUnits } from './encoded.js';
export { InflectionTableError } from './english/inflections.js';
export { english } from './english/language.js';
export {
  checkConllu,
  MEASURES,
  type Measure,
  type MeasureName,
  type Miss,
  type QualityReport,
} from './gold/check-conllu.js';
export type { FormsReport } from './gold/check-forms.js';
export { checkGold, type GoldReport } from './gold/check-gold.js';
export { GoldFormatError } from './gold/conllu.js';
export {
  AXES,
  type Axes,
  type AxisName,
  BASE_SLOT,
  type Language,
  type Reading,
  type ReadUnit,
  SLOT_LIMIT,
  type Slot,
} from './language.js';
export { LANGUAGE_NAMES, LANGUAGES, type LanguageName } from './languages.js';
export {
  emptyGrams,
  GRAM_LIMIT,
  type GramFeeds,
  type GramNodes,
  type LettersConfig,
  LIKENESS,
  letterGrams,
  letterPatterns,
  patternsAt,
  recognitionNats,
  setGrams,
} from './letters.js';
export { buildLexicon, type LexiconProgress, lexiconSteps } from './lexicon.js';
export type { Lexicon, LexiconForm, LexiconLemma, SlotForm } from './lexicon-types.js';
export { misspell } from './misspell.js';
export * from './model.js';
export { coarsePartOfSpeech, PARTS_OF_SPEECH, type PartOfSpeech } from './parts-of-speech.js';
export { pointerFactors, SPELLER_MEMORY, type SpellerRows, spellerFactors } from './speller.js';
export { type EncodedSurface, WordTokenizer } from './tokenizer.js';
export {
  BOS_ID,
  FIRST_LEMMA_ID,
  NO_GAP_ID,
  OTHER_GAP_ID,
  SPELLED_ID,
  type VocabularyOptions,
  VocabularyRangeError,
  WordVocabulary,
} from './vocabulary.js';
export { VocabularyFormatError, type VocabularyJson } from './vocabulary-json.js';
