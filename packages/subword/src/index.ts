export {
  BASE_VOCABULARY_SIZE,
  BOS_ID as BOS_PIECE,
  BpeTokenizer,
  FIRST_BYTE_ID,
  type Merge,
  preTokens,
  UnknownPieceError,
} from './bpe.js';
export {
  type BpeProgress,
  BpeTrainingError,
  countPreTokens,
  preTokenSteps,
  type TrainedBpe,
  trainBpe,
} from './bpe-train.js';
export * from './model.js';
