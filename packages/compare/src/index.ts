export {
  CHANNEL_THRESHOLDS,
  channelVerdict,
  ladderVocabularyUse,
  useOfCounts,
  type VocabularyUse,
  vocabularyUse,
} from './channels.js';
export * from './concept-evaluation.js';
export {
  type ClusterQuality,
  QUALITY_SHARES,
  type QualityShares,
  type References,
  SIMLEX_NEAR,
} from './concept-quality.js';
export {
  ECHO_BYTES,
  ECHO_COPIES,
  ECHO_PROMPT,
  type EchoAfter,
  type EchoText,
  echoTest,
} from './echo.js';
export {
  BUCKET_NAMES,
  bucketBitsPerByte,
  bucketContributions,
} from './frequency-buckets.js';
export { type HareItem, type HareScore, hareTexts } from './hare.js';
export { joinSeeds, withVariant } from './join-seeds.js';
export { renderLadderText } from './ladder-text.js';
export { type MeasureOptions, measureRun } from './measure.js';
export { type HeldOut, reportedLedger } from './measure-models.js';
export {
  type Misspelling,
  MisspellingsFormatError,
  type MisspellingsReport,
  measureMisspellings,
  parseMisspellings,
  type RecognitionScore,
} from './misspellings.js';
export { generationPace, PACE, type Pace } from './pace.js';
export { asProse, type MinimalPair, PairsFormatError, type PairsScore, parsePairs, scorePairs } from './pairs.js';
export type { ParaphraseMotion, ParaphraseReport, StateMotion } from './paraphrase.js';
export {
  type Answer,
  PROBES,
  type ProbeName,
  type ProbeOptions,
  type ProbeResults,
  probeRun,
} from './probe.js';
export { probeMeasures, withProbes } from './probe-measures.js';
export { openProbedModel, type ProbedModel, type ProbeWriting, probedNames } from './probed-model.js';
export {
  commitsOf,
  NOT_BEFOREHAND,
  OPEN_VERDICT,
  type RecordedRun,
  type RecordedStage,
  type RecordFacts,
  type RenderedReadme,
  recordLogLine,
  recordNotes,
  renderRecordReadme,
} from './record.js';
export { ReportFormatError } from './report-check.js';
export { renderReportHtml } from './report-html.js';
export { renderLedgerMarkdown } from './report-markdown.js';
export { changedPart, type ReportParts, reportParts } from './report-parts.js';
export * from './report-schema.js';
export { renderReportText } from './report-text.js';
export {
  type Comparison,
  compareModels,
  flatsOf,
  judge,
  ladderOf,
  type Outcome,
  type Verdict,
} from './report-verdict.js';
export { validationBitsPerByte } from './score-stage.js';
export { cutText, type ScoredText, scoredText } from './scored-text.js';
export { parseSimlex, type RatedPair, type SimilarityRank, SimlexFormatError } from './similarity-rank.js';
export { MeasureError, type StageRecord, stageRecord } from './stage-record.js';
export * from './study.js';
export * from './study-result.js';
export { renderStudyMarkdown, renderStudyText } from './study-text.js';
export type { RankingScore, SubstituteCounts, SubstituteRanking } from './substitute-ranking.js';
export { parseSwords, type SubstituteTask, SwordsFormatError } from './swords.js';
export { TYPO_SHARE, type TypoCost } from './typos.js';
export { bitsPerByteOf, type UnitNats } from './unit-nats.js';
export { EMBEDDINGS_PACKAGE, EmbeddingsFormatError } from './word-embeddings.js';
export { type WrittenReport, writeReport } from './write-report.js';
