// Bits per byte of every model of a run on held-out text: the ladder, the ladder without its upper levels, the base
// alone and the flat baseline. From: Strata, EVALUATION (bits per byte, the ledger, matched baselines).
import {
  type Intervention,
  type Ladder,
  LadderScorer,
  type LoadedSubword,
  loadSubword,
  PieceScorer,
  type Run,
  type Ledger as ScoredLedger,
  type StageName,
  windowPieces,
} from '@strata/hierarchy';
import { LEVEL_NAMES, type LevelName, levelsUpTo } from '@strata/level';
import { loadLevel } from '@strata/store';
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
  /** Validation bits per byte with a channel's message shuffled. */
  readonly shuffled: Partial<Record<'concept' | 'gestalt', number>>;
  /** Bytes of validation text a unit of each model's tokenizer holds on average. */
  readonly bytesPerUnit: { readonly piece: number; readonly word: number };
}

/** How often each text is scored: what a progress bar counts to. */
export function plannedBytes(ladder: Ladder, heldOut: HeldOut, hasFlat: boolean): number {
  const models = modelNames(ladder.top, hasFlat).length;
  const shuffles = LEVEL_NAMES.indexOf(ladder.top) - 1;
  return models * (heldOut.validation.bytes + heldOut.test.bytes) + shuffles * heldOut.validation.bytes;
}

function modelNames(top: LevelName, hasFlat: boolean): string[] {
  const ablations = levelsUpTo(top).slice(0, -1).reverse();
  return ['strata', ...ablations, ...(hasFlat ? ['flat'] : [])];
}

/** A ledger as hierarchy scores it, in the report's words. */
export function reportedLedger(scored: ScoredLedger, units: number): Ledger {
  const { casing, ...others } = scored.parts;
  const { unit, length, stride } = scored.window;
  return {
    total: scored.total,
    parts: casing === undefined ? others : { ...others, case: casing },
    bytes: scored.bytes,
    context: { window: length, stride, unit: `${unit}s`, windowBytes: (length * scored.bytes) / units },
  };
}

/** Scores one kind of model on both texts. */
async function onBoth(
  heldOut: HeldOut,
  score: (text: ScoredText) => Promise<Ledger>,
): Promise<ModelRecord['bitsPerByte']> {
  return { validation: await score(heldOut.validation), test: await score(heldOut.test) };
}

/** Turns a running count of one scoring into steps of the whole measuring. */
function stepping(told: BytesScored): (bytes: number) => void {
  let before = 0;
  return (bytes) => {
    told(bytes - before);
    before = bytes;
  };
}

function countOf(ladder: Ladder, levels: readonly LevelName[]): number {
  return levels.reduce((sum, level) => sum + ladder.values[level]!.flat.length, 0);
}

/** Scores everything that the run has trained; `scorer` holds the whole ladder. */
export async function measureModels(
  run: Run,
  scorer: LadderScorer,
  heldOut: HeldOut,
  records: Partial<Record<StageName, StageRecord>>,
  told: BytesScored,
): Promise<MeasuredModels> {
  const { ladder } = scorer;
  const { words, tokenizer, config } = ladder;
  const units = (text: ScoredText): number => text.texts.reduce((sum, part) => sum + words!.encode(part).length - 1, 0);
  const pieces = (text: ScoredText, of = tokenizer): number =>
    text.texts.reduce((sum, part) => sum + of.encode(part).length, 0);
  const spoken =
    (by: LadderScorer, intervention: Intervention = {}) =>
    async (text: ScoredText): Promise<Ledger> =>
      reportedLedger(await by.score(text.texts, intervention, stepping(told)), units(text));
  const recordOf = (
    name: string,
    levels: readonly LevelName[],
    bitsPerByte: ModelRecord['bitsPerByte'],
  ): ModelRecord => ({
    name,
    parameters: countOf(ladder, levels),
    ...summedCost(levels.map((level) => records[level]!)),
    bitsPerByte,
  });
  const models = [recordOf('strata', levelsUpTo(ladder.top), await onBoth(heldOut, spoken(scorer)))];
  // A silent gestalt adds exactly nothing, so the ladder without it needs no graph of its own (a test compares).
  if (ladder.top === 'gestalt')
    models.push(
      recordOf('concept', levelsUpTo('concept'), await onBoth(heldOut, spoken(scorer, { silent: 'gestalt' }))),
    );
  if (ladder.top !== 'word') {
    const alone = await LadderScorer.create(ladder, 'word');
    models.push(recordOf('word', levelsUpTo('word'), await onBoth(heldOut, spoken(alone))));
    await alone.dispose();
  }
  const base = loadSubword(run, 'subword');
  const alone = await pieceLedgers(base, 'subword', windowPieces(config), run, heldOut, told);
  models.push({ ...recordOf('subword', ['subword'], alone), ...shapeOf(base) });
  if (records.flat !== undefined) {
    const flat = loadSubword(run, 'flat');
    const bitsPerByte = await pieceLedgers(flat, 'flat', flatWindowOf(run), run, heldOut, told);
    models.push({
      name: 'flat',
      parameters: flat.values.flat.length,
      ...summedCost([records.flat]),
      bitsPerByte,
      ...shapeOf(flat),
    });
  }
  const shuffled: { concept?: number; gestalt?: number } = {};
  for (const level of ['concept', 'gestalt'] as const)
    if (ladder.values[level] !== undefined)
      shuffled[level] = (await spoken(scorer, { shuffled: level })(heldOut.validation)).total;
  const { bytes } = heldOut.validation;
  return {
    models,
    shuffled,
    bytesPerUnit: { piece: bytes / pieces(heldOut.validation), word: bytes / units(heldOut.validation) },
  };
}

function shapeOf(model: LoadedSubword): { width: number; depth: number } {
  return { width: model.sizes.width, depth: model.sizes.depth };
}

/** The window that the flat model was trained with, as its folder records it, in pieces. */
export function flatWindowOf(run: Run): number {
  const { window } = loadLevel(run.path('flat')).config as { readonly window: number };
  return window;
}

async function pieceLedgers(
  model: LoadedSubword,
  stage: 'subword' | 'flat',
  length: number,
  run: Run,
  heldOut: HeldOut,
  told: BytesScored,
): Promise<ModelRecord['bitsPerByte']> {
  const scorer = await PieceScorer.create(model, stage, run.config, length);
  try {
    return await onBoth(heldOut, async ({ texts }) => {
      const units = texts.reduce((sum, text) => sum + model.tokenizer.encode(text).length, 0);
      return reportedLedger(await scorer.score(texts, stepping(told)), units);
    });
  } finally {
    await scorer.dispose();
  }
}
