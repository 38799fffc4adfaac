// Bits per byte of one model of a run on validation text: what a sweep is decided by.
// From: Strata, EVALUATION: nothing is tuned on the test books.
import {
  isControl,
  LadderScorer,
  loadPieces,
  openLadder,
  pieceScorer,
  type Run,
  type StageName,
  type UpperLevel,
} from '@strata/hierarchy';
import type { Corpus } from '@strata/text';
import { scoredText } from './scored-text.js';

/** Bits per byte of the ladder up to a level, or of a control, on as much validation text as the run's report reads. */
export async function validationBitsPerByte(run: Run, stage: StageName, corpus: Corpus): Promise<number> {
  const { texts } = scoredText(corpus.validation, run.config.evaluation.validationBytes, 'validation');
  const scorer =
    stage === 'subword' || isControl(stage)
      ? await pieceScorer(loadPieces(run, stage), run)
      : await LadderScorer.create(openLadder(run, stage), stage as UpperLevel);
  try {
    return (await scorer.score(texts)).total;
  } finally {
    await scorer.dispose();
  }
}
