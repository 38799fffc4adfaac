// Bits per byte of every model of a run on held-out text: the ladder, the ladder without its upper levels, the base
// alone and the flat baseline. From: Strata, EVALUATION (bits per byte, the ledger, matched baselines).
import {
  bytesOfUnits,
  CONTROL_NAMES,
  encodeLadder,
  encodePieces,
  type Intervention,
  LadderScorer,
  type LadderText,
  type LoadedPieces,
  loadPieces,
  pieceScorer,
  pieceWindows,
  type Run,
  type Ledger as ScoredLedger,
  type StageName,
  unitWindows,
  type WindowShape,
} from '@strata/hierarchy';
import { type LevelName, levelsUpTo } from '@strata/level';
import type { Ledger, ModelRecord } from './report-schema.js';
import type { ScoredText } from './scored-text.js';
import { type StageRecord, summedCost } from './stage-record.js';

/** The two held-out texts of a report. */
export interface HeldOut {
  readonly validation: ScoredText;
  readonly test: ScoredText;
}

/** Told how many bytes were scored since it was last told. */
export type BytesScored = (bytes: number) => void;

/** What is scored, and what it cost to train. */
export interface MeasuredModels {
  readonly models: readonly ModelRecord[];
  /** Bits per byte of the ladder on both texts, with a level's message being one for the other text. */
  readonly shuffled: Partial<Record<'concept' | 'gestalt', { readonly validation: number; readonly test: number }>>;
}

/** Bytes that are scored in all, repetitions counted: what a progress bar counts to. */
export function plannedBytes(top: LevelName, heldOut: HeldOut, controls: number): number {
  const levels = levelsUpTo(top).length;
  const models = levels + controls;
  // Every model reads both texts, and the ladder once more with the shuffled message of each level above the words.
  return (models + levels - 2) * (heldOut.validation.bytes + heldOut.test.bytes);
}

/** A scored ledger in the report's words; `windowBytes` is the mean length of its windows in bytes. */
export function reportedLedger(scored: ScoredLedger, windowBytes: number): Ledger {
  const { casing, ...others } = scored.parts;
  const { unit, length, stride } = scored.window;
  return {
    total: scored.total,
    parts: casing === undefined ? others : { ...others, case: casing },
    bytes: scored.bytes,
    context: { window: length, stride, unit: `${unit}s`, windowBytes },
  };
}

/** A kind of model, ready to score a text; throws what its scorer throws. */
type Scoring = (text: ScoredText) => Promise<Ledger>;

async function onBoth(heldOut: HeldOut, score: Scoring): Promise<ModelRecord['bitsPerByte']> {
  return { validation: await score(heldOut.validation), test: await score(heldOut.test) };
}

/** Turns the running count of one scoring into steps of the whole measuring. */
function stepping(told: BytesScored): (bytes: number) => void {
  let before = 0;
  return (bytes) => {
    told(bytes - before);
    before = bytes;
  };
}

/** Scores everything that the run has trained; `scorer` holds the whole ladder, of the word level at least. */
export async function measureModels(
  run: Run,
  scorer: LadderScorer,
  heldOut: HeldOut,
  records: Partial<Record<StageName, StageRecord>>,
  told: BytesScored,
): Promise<MeasuredModels> {
  const { ladder } = scorer;
  const record = (name: string, top: LevelName, bitsPerByte: ModelRecord['bitsPerByte']): ModelRecord => ({
    name,
    parameters: levelsUpTo(top).reduce((sum, level) => sum + ladder.values[level]!.flat.length, 0),
    ...summedCost(levelsUpTo(top).map((level) => records[level]!)),
    bitsPerByte,
  });
  const models = [record('strata', ladder.top, await onBoth(heldOut, ladderScoring(scorer, {}, told)))];
  // A silent gestalt adds exactly nothing, so the ladder without it needs no graph of its own (a test compares).
  if (ladder.top === 'gestalt')
    models.push(
      record('concept', 'concept', await onBoth(heldOut, ladderScoring(scorer, { silent: 'gestalt' }, told))),
    );
  if (ladder.top !== 'word') {
    const words = await LadderScorer.create(ladder, 'word');
    try {
      models.push(record('word', 'word', await onBoth(heldOut, ladderScoring(words, {}, told))));
    } finally {
      await words.dispose();
    }
  }
  const base = loadPieces(run, 'subword');
  models.push({ ...record('subword', 'subword', await pieceLedgers(base, run, heldOut, told)), ...shapeOf(base) });
  for (const name of CONTROL_NAMES) {
    if (records[name] === undefined) continue;
    const model = loadPieces(run, name);
    const bitsPerByte = await pieceLedgers(model, run, heldOut, told);
    const parameters = model.values.flat.length;
    models.push({ name, parameters, ...summedCost([records[name]]), bitsPerByte, ...shapeOf(model) });
  }
  const encoded = ({ texts }: ScoredText): LadderText => encodeLadder(texts, ladder.words!, ladder.tokenizer);
  const others = { validation: encoded(heldOut.test), test: encoded(heldOut.validation) };
  const spoilt = async (level: 'concept' | 'gestalt', text: keyof HeldOut): Promise<number> =>
    (await scorer.score(heldOut[text].texts, { shuffled: level, from: others[text] }, stepping(told))).total;
  const shuffled: MeasuredModels['shuffled'] = {};
  for (const level of levelsUpTo(ladder.top))
    if (level === 'concept' || level === 'gestalt')
      shuffled[level] = { validation: await spoilt(level, 'validation'), test: await spoilt(level, 'test') };
  return { models, shuffled };
}

function ladderScoring(scorer: LadderScorer, intervention: Intervention, told: BytesScored): Scoring {
  return async ({ texts }) =>
    reportedLedger(
      await scorer.score(texts, intervention, stepping(told)),
      ladderWindowBytes(scorer, scorer.shape, texts),
    );
}

/** Mean bytes of the windows that a ladder reads: pieces may end a window before its words do. */
function ladderWindowBytes({ ladder }: LadderScorer, shape: WindowShape, texts: readonly string[]): number {
  const lengths = texts.flatMap((text) => {
    const encoded = encodeLadder([text], ladder.words!, ladder.tokenizer);
    return unitWindows(encoded, shape).map(({ start, length }) =>
      bytesOfUnits(encoded.units, start + 1, start + 1 + length),
    );
  });
  return mean(lengths);
}

function pieceWindowBytes({ tokenizer, window }: LoadedPieces, texts: readonly string[]): number {
  const lengths = texts.flatMap((text) => {
    const pieces = encodePieces([text], tokenizer);
    return pieceWindows(pieces.length, window).map(
      ({ start, length }) => tokenizer.decode(pieces.subarray(start + 1, start + 1 + length)).length,
    );
  });
  return mean(lengths);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function shapeOf({ width, depth }: LoadedPieces): { width: number; depth: number } {
  return { width, depth };
}

async function pieceLedgers(
  model: LoadedPieces,
  run: Run,
  heldOut: HeldOut,
  told: BytesScored,
): Promise<ModelRecord['bitsPerByte']> {
  const scorer = await pieceScorer(model, run);
  try {
    return await onBoth(heldOut, async ({ texts }) =>
      reportedLedger(await scorer.score(texts, stepping(told)), pieceWindowBytes(model, texts)),
    );
  } finally {
    await scorer.dispose();
  }
}
