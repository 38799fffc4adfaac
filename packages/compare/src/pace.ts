// How fast a model writes and what memory it holds meanwhile, the ladder and the flat model by the same clock: all keep
// their caches, and all start from the same prompt. From: Strata, EVALUATION (more than BPB).
import { byteLength } from '@strata/text';
import type { ProbedModel } from './probed-model.js';

/** Bytes of each timed text, and how many texts are timed. */
export const PACE = { bytes: 600, texts: 3 } as const;
/** What users sample with. */
const SAMPLING = { temperature: 0.7, topP: 0.9, picks: true } as const;
const WARM_UP_BYTES = 60;

/** How fast a model writes. */
export interface Pace {
  /** The median of the timed texts. */
  readonly bytesPerSecond: number;
  /** How far the process outgrew what it held before the model was opened, at most, in bytes. */
  readonly memory: number;
}

/** The middle one of an odd number of values. */
export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
}

/** Opens a model, times it and lets it go; every model is given the same prompt and seeds. */
export async function generationPace(
  open: () => ProbedModel,
  prompt: string,
  seed: number,
  told: (texts: number) => void = () => {},
): Promise<Pace> {
  const before = process.memoryUsage.rss();
  const model = open();
  let most = before;
  try {
    await model.write(prompt, { ...SAMPLING, seed, bytes: WARM_UP_BYTES });
    const speeds: number[] = [];
    for (let i = 0; i < PACE.texts; i++) {
      most = Math.max(most, process.memoryUsage.rss());
      const start = performance.now();
      const text = await model.write(prompt, { ...SAMPLING, seed: seed + i, bytes: PACE.bytes });
      speeds.push((1000 * byteLength(text)) / (performance.now() - start));
      told(i + 1);
    }
    most = Math.max(most, process.memoryUsage.rss());
    return { bytesPerSecond: median(speeds), memory: most - before };
  } finally {
    await model.dispose();
  }
}
