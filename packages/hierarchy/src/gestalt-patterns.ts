// Sentence patterns of a text as the gestalt level predicts them, and the codebook that names typical ones.

import { compile } from '@strata/engine';
import { type Codebook, distilCodebook } from '@strata/gestalt';
import { feedsFor, LadderBatch } from './ladder-batch.js';
import { ladderStates } from './ladder-graph.js';
import { ladderScopes, windowShape } from './ladder-scopes.js';
import type { LadderText } from './ladder-text.js';
import { batchTables, type Ladder, weightFeeds } from './run.js';
import type { engineOptions } from './score.js';

/** Predicted patterns [count, width] and the units [from, to) of the sentence each stands for. */
export interface SentencePatterns {
  readonly patterns: Float32Array;
  readonly sentences: readonly { readonly from: number; readonly to: number }[];
}

/** Sentences read for a codebook at most. */
const SENTENCES = 4000;

/** Patterns that the gestalt level predicts for whole sentences of a text, from evenly spread windows. */
export async function sentencePatterns(
  ladder: Ladder,
  text: LadderText,
  options: ReturnType<typeof engineOptions>,
  limit = SENTENCES,
): Promise<SentencePatterns> {
  const { config } = ladder;
  const shape = windowShape(config);
  const { patterns } = ladderStates(ladderScopes(), config, ladder.inventory!, 'gestalt', shape);
  const executable = await compile({ patterns: patterns! }, options);
  const batch = new LadderBatch(batchTables(ladder), shape);
  const weights = weightFeeds(...Object.values(ladder.values));
  const { width, sentences: rows } = config.gestalt;
  const found: Float32Array[] = [];
  const sentences: { from: number; to: number }[] = [];
  const possible = Math.max(1, Math.floor((text.units.length - 1) / shape.units));
  const stride = Math.max(1, Math.floor(possible / (limit / 8)));
  for (let first = 0; first < possible && sentences.length < limit; first += shape.windows * stride) {
    const windows = Array.from({ length: shape.windows }, (_, b) => first + b * stride)
      .filter((w) => w < possible)
      .map((w) => {
        const start = w * shape.units;
        return { start, length: Math.min(shape.units, text.units.length - 1 - start), scoreFrom: 0 };
      });
    const feeds = batch.fill(text, windows);
    const outputs = await executable.run(feedsFor(executable, feeds, weights));
    for (const [b, { start, length }] of windows.entries()) {
      let row = 0;
      let from = -1;
      for (let unit = start + 1; unit < start + length && row < rows - 1; unit++) {
        if (text.units.boundary[unit] === 0) continue;
        if (from >= 0) {
          const at = (b * rows + row) * width;
          found.push(outputs.patterns.slice(at, at + width));
          sentences.push({ from, to: unit });
        }
        from = unit;
        row++;
      }
    }
  }
  await executable.dispose();
  const patternsOut = new Float32Array(found.length * width);
  for (const [i, pattern] of found.entries()) patternsOut.set(pattern, i * width);
  return { patterns: patternsOut, sentences };
}

/** The text of units [from, to), white space trimmed. */
export function sentenceText(ladder: Ladder, text: LadderText, from: number, to: number): string {
  let sentence = '';
  for (let unit = from; unit < to; unit++) sentence += ladder.words!.unitText(text.units, unit);
  return sentence.trim();
}

/** Distils the codebook of typical patterns from a text; each is named by its most typical sentences. */
export async function gestaltCodebook(
  ladder: Ladder,
  text: LadderText,
  options: ReturnType<typeof engineOptions>,
): Promise<Codebook> {
  const { patterns, sentences } = await sentencePatterns(ladder, text, options);
  const { width, codebookSize } = ladder.config.gestalt;
  return distilCodebook(patterns, width, codebookSize, ladder.config.seed, (i) =>
    sentenceText(ladder, text, sentences[i].from, sentences[i].to),
  );
}
