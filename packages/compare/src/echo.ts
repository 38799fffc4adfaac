// The echo test: a model is fed a prompt that asks for nothing, once and then again: how soon does it repeat itself?
// From: Strata, the founding text ("The" and a blank line, fed back) and EVALUATION (more than BPB); distinct-2 is Li et
// al.'s (2016). Every choice is drawn from the distribution that is scored: no nucleus, no temperature.
import { byteLength, segmentUnits } from '@strata/text';
import type { ProbedModel } from './probed-model.js';
import { total } from './unit-nats.js';

/** What is fed. */
export const ECHO_PROMPT = 'The\n\n';
/** After how many copies the next one is asked about; texts are written after the first two numbers. */
export const ECHO_COPIES = [1, 2, 4, 8] as const;
/** Bytes that are written. */
export const ECHO_BYTES = 1000;
/** Units that are repeated at least, before it is a loop. */
const SHORTEST_LOOP = 3;

/** A continuation and how it repeats itself. */
export interface EchoText {
  readonly text: string;
  /** Byte at which it begins to say again what it has just said; undefined where it never does. */
  readonly loopAt?: number;
  /** Different pairs of neighbouring words, as a share of all pairs. */
  readonly distinctPairs: number;
}

/** What a model makes of the prompt after so many copies of it. */
export interface EchoAfter {
  readonly copies: number;
  /** Probability that the prompt's words come once more, as the model scores it. */
  readonly probability: number;
  /** Its likeliest continuation, and one that is drawn; none after more than two copies, or where the model does not write. */
  readonly greedy?: EchoText;
  readonly sampled?: EchoText;
}

/** The first byte of the first stretch of at least three units that repeats the stretch before it; undefined for none. */
export function firstLoop(text: string): number | undefined {
  const units = segmentUnits(text).map(({ gapStart, end }) => text.slice(gapStart, end));
  for (let end = 2 * SHORTEST_LOOP; end <= units.length; end++)
    for (let length = SHORTEST_LOOP; 2 * length <= end; length++) {
      let same = 0;
      while (same < length && units[end - 1 - same] === units[end - 1 - same - length]) same++;
      if (same === length) return byteLength(units.slice(0, end - length).join(''));
    }
  return undefined;
}

/** Different pairs of neighbouring words as a share of all pairs, casing and marks left out; 1 where there is no pair. */
export function distinctPairs(text: string): number {
  const words = segmentUnits(text)
    .map(({ start, end }) => text.slice(start, end).toLowerCase())
    .filter((surface) => /\p{L}|\p{N}/u.test(surface));
  const pairs = words.slice(1).map((word, i) => `${words[i]} ${word}`);
  return pairs.length === 0 ? 1 : new Set(pairs).size / pairs.length;
}

/** Probability of a prompt after each number of copies, its white space between them; casing and all as it is. */
async function echoProbabilities(model: ProbedModel, prompt: string, copies: readonly number[]): Promise<number[]> {
  const core = prompt.trimEnd();
  const most = Math.max(...copies);
  const { nats } = await model.unitNats(prompt.repeat(most) + core);
  const units = segmentUnits(core).length;
  return copies.map((count) => Math.exp(-total(nats.subarray(count * units, (count + 1) * units))));
}

/** Probes a model; the same seed gives the same texts. `told` hears how many texts are written. */
export async function echoTest(
  model: ProbedModel,
  seed: number,
  { prompt = ECHO_PROMPT, bytes = ECHO_BYTES, told = (_: number) => {} } = {},
): Promise<EchoAfter[]> {
  const probabilities = await echoProbabilities(model, prompt, ECHO_COPIES);
  const results: EchoAfter[] = [];
  let texts = 0;
  const written = async (copies: number, temperature: 0 | 1): Promise<EchoText> => {
    const text = await model.write(prompt.repeat(copies), { temperature, topP: 1, seed, bytes });
    told(++texts);
    const loopAt = firstLoop(text);
    return { text, ...(loopAt !== undefined && { loopAt }), distinctPairs: distinctPairs(text) };
  };
  for (const [i, copies] of ECHO_COPIES.entries()) {
    const after = { copies, probability: probabilities[i]! };
    results.push(
      copies > 2 || !model.writes
        ? after
        : { ...after, greedy: await written(copies, 0), sampled: await written(copies, 1) },
    );
  }
  return results;
}
