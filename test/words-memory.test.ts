// A text may outgrow memory: after the first megabytes, encoding and decoding keep nothing more of it.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { RandomStream } from '@strata/nn';
import { decodeWords, LANGUAGES, type Language, readBytes, WordEncoder } from '@strata/word';
import { expect, it } from 'vitest';

const MEGABYTE = 1e6;
/** By then every word has been met, and the first blocks are full. */
const EARLY = 3 * MEGABYTE;
const LATE = 9 * MEGABYTE;
/** A sixth of the text that lies between: its units alone would take many times as much. */
const MOST_GROWTH = (LATE - EARLY) / 6;

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** Bytes that are still held once everything else is given back. */
function held(): number {
  // A collection that finds marking under way leaves what has died since; the next one takes it.
  collect();
  collect();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

/** Prose of two thousand different words, in chunks. */
function* prose(bytes: number): Generator<Uint8Array> {
  const random = new RandomStream(1, 'prose');
  const syllables = ['ka', 'lo', 'mi', 'ren', 'sta', 'tu', 'vel', 'on', 'er', 'ing', 'wo', 'th'];
  const words = Array.from({ length: 2000 }, () =>
    Array.from({ length: 1 + random.below(4) }, () => syllables[random.below(12)]).join(''),
  );
  for (let made = 0; made < bytes; ) {
    const sentences = Array.from({ length: 200 }, () => {
      return `The ${Array.from({ length: 11 }, () => words[random.below(words.length)]).join(' ')}. `;
    });
    const chunk = Buffer.from(sentences.join(''));
    made += chunk.length;
    yield chunk;
  }
}

it('of megabytes more is not held while they are encoded and decoded', () => {
  const find = (name: string): Language | undefined => Object.values(LANGUAGES).find((one) => one.name === name);
  const encoder = new WordEncoder(LANGUAGES.english);
  let taken = 0;
  const samples = new Map<number, number>();
  const sample = (): void => {
    for (const mark of [EARLY, LATE]) if (taken >= mark && !samples.has(mark)) samples.set(mark, held());
  };
  const counted = function* (): Generator<Uint8Array> {
    for (const chunk of prose(LATE + MEGABYTE)) {
      taken += chunk.length;
      yield chunk;
    }
  };
  const encoded = function* (): Generator<Uint8Array> {
    for (const units of readBytes(LANGUAGES.english, counted())) {
      yield* encoder.push(units);
      sample();
    }
    yield* encoder.finish().parts;
  };
  let decoded = 0;
  for (const { bytes } of decodeWords(encoded(), find, 'a pipe')) decoded += bytes.length;
  expect(decoded).toBe(taken);
  expect(samples.size).toBe(2);
  expect(samples.get(LATE)! - samples.get(EARLY)!).toBeLessThan(MOST_GROWTH);
});
