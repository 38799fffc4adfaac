// Step data of every stage: which windows a step reads from the encoded text, and how many bytes its targets are.
// Windows are read while the session of the step before runs; a step is a function of its number, so nothing is carried on.
import {
  type BatchTables,
  bytesOfUnits,
  type EncodedLadder,
  type EncodedPieces,
  type Feeds,
  joinLadderTexts,
  LadderBatch,
  pieceLengths,
  RecognitionSamples,
  TrainingWindows,
  type WindowShape,
} from '@strata/hierarchy';
import { BOS_PIECE, type BpeTokenizer } from '@strata/subword';
import type { StepData } from './stage.js';

/** Steps over units of a ladder text: windows of the word tokenizer's units. */
export function unitSteps(
  text: EncodedLadder,
  tables: BatchTables,
  shape: WindowShape,
  seed: number,
  stage: string,
): (step: number, buffer: 0 | 1) => StepData {
  const windows = new TrainingWindows(text.length, shape.units, seed, stage);
  const batches = [new LadderBatch(tables, shape), new LadderBatch(tables, shape)];
  // Only the word level learns to recognise misspelled words.
  const { config, words } = tables;
  const allocate = () =>
    stage === 'word' ? new RecognitionSamples(config, words.vocabulary, shape.windows) : undefined;
  const samples = [allocate(), allocate()];
  const memory = tables.concepts === undefined ? 0 : (config.concept.memory?.units ?? 0);
  const remembered = (start: number): number => Math.min(start, memory);
  return (step, buffer) => {
    const batch = batches[buffer];
    const starts = windows.batch(step, shape.windows);
    // Each window with what is remembered before it and the target after its last input; they stand one after the other in a text of their own.
    const parts = starts.map((start) => text.read(start - remembered(start), start + shape.units + 1));
    const read = joinLadderTexts(parts);
    let next = 0;
    const places = parts.map(({ units }, b) => {
      next += units.length;
      return next - units.length + remembered(starts[b]!);
    });
    const feeds = batch.fill(
      read,
      places.map((start) => ({ start, length: shape.units, scoreFrom: 0 })),
      step * shape.windows,
    );
    let bytes = 0;
    let targets = 0;
    for (const [b, start] of places.entries())
      for (let j = 0; j < shape.units; j++)
        if (batch.weights[b * shape.units + j] === 1) {
          bytes += bytesOfUnits(read.units, start + j + 1, start + j + 2);
          targets++;
        }
    return { feeds: { ...feeds, ...samples[buffer]?.fill(step * shape.windows) }, bytes, targets };
  };
}

/** Steps over pieces: the base and the flat baseline; with a `reach`, also so many pieces before each window. */
export function pieceSteps(
  pieces: EncodedPieces,
  tokenizer: BpeTokenizer,
  windows: number,
  length: number,
  seed: number,
  stage: string,
  reach = 0,
): (step: number, buffer: 0 | 1) => StepData {
  const order = new TrainingWindows(pieces.length, length, seed, stage);
  const byteLengths = pieceLengths(tokenizer);
  const allocate = (): Feeds => ({
    pieces: new Int32Array(windows * length),
    targets: new Int32Array(windows * length),
    weights: new Float32Array(windows * length),
  });
  const buffers = [allocate(), allocate()];
  return (step, buffer) => {
    const feeds = buffers[buffer];
    let bytes = 0;
    let counted = 0;
    const before: Int32Array[] = [];
    for (const [b, start] of order.batch(step, windows).entries()) {
      const from = Math.max(0, start - reach);
      const whole = pieces.read(from, start + length + 1);
      const read = whole.subarray(start - from);
      before.push(whole.subarray(0, start - from));
      (feeds.pieces as Int32Array).set(read.subarray(0, length), b * length);
      for (let j = 0; j < length; j++) {
        const target = read[j + 1];
        const row = b * length + j;
        feeds.targets[row] = target;
        feeds.weights[row] = target === BOS_PIECE ? 0 : 1;
        counted += feeds.weights[row];
        bytes += byteLengths[target];
      }
    }
    return { feeds, bytes, targets: counted, ...(reach > 0 && { before }) };
  };
}
