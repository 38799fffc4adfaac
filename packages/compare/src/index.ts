export {
  CHANNEL_THRESHOLDS,
  channelVerdict,
  ladderVocabularyUse,
  type VocabularyUse,
  vocabularyUse,
} from './channels.js';
export { renderLadderText } from './ladder-text.js';
export { type MeasureOptions, measureRun } from './measure.js';
export { flatWindowOf, type HeldOut, reportedLedger } from './measure-models.js';
export {
  type Misspelling,
  MisspellingsFormatError,
  type MisspellingsReport,
  measureMisspellings,
  parseMisspellings,
  type RecognitionScore,
} from './misspellings.js';
export { asProse, type MinimalPair, PairsFormatError, type PairsScore, parsePairs, scorePairs } from './pairs.js';
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
export { readPrediction, type StudyPrediction } from './record-study.js';
export { ReportFormatError } from './report-check.js';
export { renderReportHtml } from './report-html.js';
export { renderLedgerMarkdown } from './report-markdown.js';
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
export { cutText, type ScoredText, scoredText } from './scored-text.js';
export { MeasureError, type StageRecord, stageRecord } from './stage-record.js';
export { type WrittenReport, writeReport } from './write-report.js';
