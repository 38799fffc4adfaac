// What a memory keeps of a text before a window, of concepts and of pieces alike: the different ones, the latest first, as
// inputs of the graph. From: Grave et al. 2017 (a cache beyond the window).
import { MASKED, MEMORY_FEATURES } from '@strata/nn';
import type { Feeds } from './ladder-batch.js';

/** One of the different keys before a window: how often it stood there, and how many units ago last. */
export interface Kept<Key> {
  readonly key: Key;
  count: number;
  readonly ago: number;
}

/** What ends a look back: a document begins there. */
export const DOCUMENT_START = Symbol('document start');

/**
 * The different keys among the last `reach` units, those that stood last first, at most `room`. `keyAt` is asked with 1 for the
 * unit just before; what it answers with undefined is not kept.
 */
export function differentBefore<Key extends number | string>(
  reach: number,
  room: number,
  keyAt: (ago: number) => Key | undefined | typeof DOCUMENT_START,
): Kept<Key>[] {
  const found = new Map<Key, Kept<Key>>();
  for (let ago = 1; ago <= reach; ago++) {
    const key = keyAt(ago);
    if (key === DOCUMENT_START) break;
    if (key === undefined) continue;
    const known = found.get(key);
    if (known !== undefined) known.count++;
    else if (found.size < room) found.set(key, { key, count: 1, ago });
  }
  return [...found.values()];
}

/** Logs of shares of the text lie about here, so far apart; features are brought to about one. */
export const LOG_SHARE = { middle: -9, spread: 2 } as const;
/** Logs of distances in units or pieces likewise. */
const LOG_AGE = { middle: 5, spread: 2 } as const;

const scaled = (log: number, { middle, spread }: { readonly middle: number; readonly spread: number }): number =>
  (log - middle) / spread;

/** One remembered thing as the graph is told of it: its number, and the log of its share of the training text where that is known. */
export interface FarEntry extends Pick<Kept<unknown>, 'count' | 'ago'> {
  readonly id: number;
  readonly logShare?: number;
}

/** The numbers of what is remembered stand under this name. */
export type FarName = 'memory.concept' | 'memory.piece';

/** Feeds of `room` remembered things for each of `windows` windows; all of them are there and nothing until they are set. */
export function farFeeds(name: FarName, windows: number, room: number): Feeds {
  return {
    [name]: new Int32Array(windows * room),
    'memory.features': new Float32Array(windows * room * MEMORY_FEATURES),
    'memory.mask': new Float32Array(windows * room),
  };
}

/** Writes what window number `place` remembers; its own places lie `halfWindow` units into it on average. */
export function setFar(
  feeds: Feeds,
  name: FarName,
  place: number,
  room: number,
  entries: readonly FarEntry[],
  halfWindow: number,
): void {
  const [first, last] = [place * room, (place + 1) * room];
  const features = feeds['memory.features'] as Float32Array;
  feeds[name]!.fill(0, first, last);
  feeds['memory.mask']!.fill(MASKED, first, last);
  features.fill(0, first * MEMORY_FEATURES, last * MEMORY_FEATURES);
  for (const [k, { id, count, ago, logShare }] of entries.entries()) {
    const at = first + k;
    feeds[name]![at] = id;
    feeds['memory.mask']![at] = 0;
    const age = scaled(Math.log(ago + halfWindow), LOG_AGE);
    const share = logShare === undefined ? 0 : scaled(logShare, LOG_SHARE);
    features.set([1, Math.log(count), age, share], at * MEMORY_FEATURES);
  }
}
