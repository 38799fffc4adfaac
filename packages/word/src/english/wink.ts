// The tagger's instance, renewed before what it remembers of unknown words grows without end or out of its bit fields.
// Source: wink-nlp 2.4.0 keeps every new word, and packs the numbers of new shapes and prefixes into 14 and 13 bits unchecked.
import model from 'wink-eng-lite-web-model';
import winkNLP, { type Model, type WinkMethods } from 'wink-nlp';

/** New words after which an instance is given up; about 30 MB of them. */
const MOST_NEW_WORDS = 1 << 16;

/** What an instance may learn of words: a list that grows, and how long it may get. */
interface Feature {
  readonly list: readonly unknown[];
  readonly intrinsicSize?: number;
  readonly maxIndex?: number;
}

interface Core {
  readonly features: Readonly<Record<'lexeme' | 'shape' | 'prefix' | 'suffix', Feature>>;
}

interface LoadableModel {
  readonly core: () => Core;
  readonly metaCER: () => unknown;
}

const loadable = model as unknown as LoadableModel;
// Each call of metaCER quotes its last result once more, which ends in a string too long after about twenty calls.
let meta: unknown;

/** An instance, and what it has learned of words so far. */
interface Instance {
  readonly tagger: WinkMethods;
  readonly core: Core;
}

let current: Instance | undefined;

/** The tagger; the same text always gets the same tags, whichever instance reads it. */
export function wink(): WinkMethods {
  if (current === undefined || isFull(current.core)) current = createInstance();
  return current.tagger;
}

/** A new instance, which has read nothing; takes some 50 milliseconds. */
export function createInstance(): Instance {
  const core = loadable.core();
  const watched = { ...loadable, metaCER: () => (meta ??= loadable.metaCER()), core: () => core };
  return { tagger: winkNLP(watched as unknown as Model, ['pos']), core };
}

function isFull({ features: { lexeme, shape, prefix, suffix } }: Core): boolean {
  if (lexeme.list.length - (lexeme.intrinsicSize ?? 0) > MOST_NEW_WORDS) return true;
  // A call may add as many as it has words, a few thousand at most.
  return [shape, prefix, suffix].some(
    ({ list, maxIndex = Number.POSITIVE_INFINITY }) => list.length > maxIndex - 2 ** 12,
  );
}
