// The paraphrase test: content words of held-out text are swapped for members of their own cluster; how far does a model's
// state move? From: Strata, issue "Concepts". Beside it the same places with words of other meaning, as a state that never
// moves would pass alone; distances are in parts of that between random places, so that widths and models compare.
import type { ConceptVocabulary, LemmaEntry } from '@strata/concept';
import {
  encodeLadderUnits,
  FLAT_NAMES,
  type Ladder,
  type LadderText,
  ladderSnippetStates,
  loadSubword,
  pieceSnippetStates,
  type Run,
  type SnippetStates,
  unitsOf,
} from '@strata/hierarchy';
import { RandomStream } from '@strata/nn';
import type { EncodedUnits } from '@strata/word';
import { cosine } from './similarity-rank.js';

/** How far one model's states move, in parts of the mean cosine distance between its states at random places. */
export interface StateMotion {
  /** At the swapped words, and at all other words after the first swap of a window. */
  readonly at: number;
  readonly after: number;
}

/** A model's motion when words are swapped for others of their cluster, and for any of their part of speech. */
export interface ParaphraseMotion {
  readonly model: string;
  readonly sameCluster: StateMotion;
  readonly otherMeaning: StateMotion;
  /** Mean cosine distance between states at random places: what the others are parts of. */
  readonly randomDistance: number;
}

/** What was swapped, and how the models moved; without a swap there are no motions. */
export interface ParaphraseReport {
  readonly windows: number;
  readonly words: number;
  readonly swaps: number;
  /** Words after a first swap that were not swapped themselves. */
  readonly wordsAfter: number;
  readonly motions: readonly ParaphraseMotion[];
}

/** Windows of text at most, units of each at most, pairs of random places. */
const WINDOWS = 64;
const UNITS = 64;
const RANDOM_PAIRS = 4000;

/** Where a unit is swapped, for which lemma, and for which of any other meaning. */
export interface Swap {
  readonly place: number;
  readonly same: number;
  readonly other: number;
}

/** Lemmas by part of speech among which one of another meaning is drawn. */
type Pools = ReadonlyMap<string, readonly LemmaEntry[]>;
/** Lemmas drawn until one has a form in the slot. */
const TRIES = 50;

/**
 * Every swap that units allow: for a word of a cluster, another member with a form in its slot and casing, and a lemma of
 * its part of speech outside the cluster, likewise. The last unit is left as it is.
 */
export function swapsOf(
  units: EncodedUnits,
  { words, concepts }: { readonly words: Ladder['words']; readonly concepts: ConceptVocabulary },
  pools: Pools,
  random: RandomStream,
): Swap[] {
  const { vocabulary } = words!;
  const swaps: Swap[] = [];
  for (let place = 1; place < units.length - 1; place++) {
    const lemma = units.lemma[place]!;
    const concept = concepts.conceptOf[lemma]!;
    const members = concepts.members[concept]!;
    if (members.length < 2) continue;
    const [slot, casing] = [units.slot[place]!, units.casing[place]!];
    const fits = (id: number): boolean =>
      vocabulary.slotForm(id, slot) !== undefined && (vocabulary.casingMask(id, slot) & (1 << casing)) !== 0;
    const synonyms = members.filter((id) => id !== lemma && fits(id));
    const pool = pools.get(concepts.concept(concept).pos) ?? [];
    if (synonyms.length === 0 || pool.length === 0) continue;
    const same = synonyms[random.below(synonyms.length)]!;
    for (let tries = 0; tries < TRIES; tries++) {
      const { id } = pool[random.below(pool.length)]!;
      if (concepts.conceptOf[id] === concept || !fits(id)) continue;
      swaps.push({ place, same, other: id });
      break;
    }
  }
  return swaps;
}

function swapped(units: EncodedUnits, swaps: readonly Swap[], which: 'same' | 'other'): EncodedUnits {
  const lemma = units.lemma.slice();
  for (const swap of swaps) lemma[swap.place] = swap[which];
  return { ...units, lemma };
}

/** Motion of states from those of the text as it is to those of the swapped one, before division. */
export function motionOf(
  before: readonly SnippetStates[],
  after: readonly SnippetStates[],
  swaps: readonly (readonly Swap[])[],
): StateMotion {
  const sums = { at: 0, after: 0 };
  const counts = { at: 0, after: 0 };
  for (const [w, own] of swaps.entries()) {
    const places = new Set(own.map(({ place }) => place));
    const { width, states } = before[w]!;
    for (let unit = own[0]?.place ?? Number.POSITIVE_INFINITY; unit < states.length / width; unit++) {
      const where = places.has(unit) ? 'at' : 'after';
      sums[where] += distance(rowOf(before[w]!, unit), rowOf(after[w]!, unit));
      counts[where]++;
    }
  }
  return { at: sums.at / Math.max(1, counts.at), after: sums.after / Math.max(1, counts.after) };
}

function rowOf({ width, states }: SnippetStates, unit: number): Float32Array {
  return states.subarray(unit * width, (unit + 1) * width);
}

function distance(left: Float32Array, right: Float32Array): number {
  return 1 - cosine(left, right);
}

/** Mean cosine distance between states at two places drawn at random, the same places for every model. */
function randomDistance(states: readonly SnippetStates[], seed: number): number {
  const random = new RandomStream(seed, 'random places');
  const draw = (): Float32Array => {
    const snippet = states[random.below(states.length)]!;
    return rowOf(snippet, random.below(snippet.states.length / snippet.width));
  };
  let sum = 0;
  for (let pair = 0; pair < RANDOM_PAIRS; pair++) sum += distance(draw(), draw());
  return sum / RANDOM_PAIRS;
}

/** Told the share that is done. */
export type ParaphraseProgress = (share: number) => void;

/** Runs the test on a text for concepts, words and every flat model of a run; `eligible` are the lemmas drawn as others. */
export async function paraphraseTest(
  run: Run,
  ladder: Ladder,
  text: LadderText,
  eligible: readonly LemmaEntry[],
  seed: number,
  told: ParaphraseProgress = () => {},
): Promise<ParaphraseReport> {
  const pools = new Map<string, LemmaEntry[]>();
  for (const lemma of eligible) {
    const pool = pools.get(lemma.pos);
    if (pool === undefined) pools.set(lemma.pos, [lemma]);
    else pool.push(lemma);
  }
  const random = new RandomStream(seed, 'paraphrase');
  const flats = FLAT_NAMES.filter((name) => run.has(name)).map((name) => ({ name, model: loadSubword(run, name) }));
  // As many units as half a window, so that the same text fits into the windows of all models as a rule.
  const length = Math.min(UNITS, Math.max(2, Math.floor(ladder.config.batch.units / 2))) + 1;
  const originals: EncodedUnits[] = [];
  const swaps: Swap[][] = [];
  const stride = Math.max(1, Math.floor((text.units.length - length) / WINDOWS));
  for (
    let start = 1;
    start + length <= text.units.length && originals.length < WINDOWS;
    start += Math.max(stride, length)
  ) {
    const units = unitsOf(text.units, start, start + length);
    const own = swapsOf(units, { words: ladder.words, concepts: ladder.concepts! }, pools, random);
    const fits = flats.every(({ model }) =>
      [units, swapped(units, own, 'same'), swapped(units, own, 'other')].every(
        (version) => encodeLadderUnits([version], ladder.words!, model.tokenizer).pieces.length <= model.window,
      ),
    );
    if (own.length === 0 || !fits) continue;
    originals.push(units);
    swaps.push(own);
  }
  const counts = {
    windows: originals.length,
    words: originals.length * (length - 1),
    swaps: swaps.reduce((sum, own) => sum + own.length, 0),
    wordsAfter: swaps.reduce((sum, own) => sum + (length - 1 - own[0]!.place) - own.length, 0),
  };
  if (originals.length === 0) return { ...counts, motions: [] };
  const versions = (['same', 'other'] as const).map((which) =>
    originals.map((units, w) => swapped(units, swaps[w]!, which)),
  );
  const all = [...originals, ...versions.flat()];
  const models = 1 + flats.length;
  const report = (done: number) => (snippets: number) => told((done + snippets / all.length) / models);
  const motion = (model: string, states: readonly SnippetStates[]): ParaphraseMotion => {
    const [own, same, other] = [0, 1, 2].map((i) => states.slice(i * originals.length, (i + 1) * originals.length));
    const unit = randomDistance(own!, seed);
    const relative = (to: readonly SnippetStates[]): StateMotion => {
      const { at, after } = motionOf(own!, to, swaps);
      return { at: at / unit, after: after / unit };
    };
    return { model, sameCluster: relative(same!), otherMeaning: relative(other!), randomDistance: unit };
  };
  const { word, concept } = await ladderSnippetStates(ladder, all, report(0));
  const motions = [motion('concept', concept), motion('word', word)];
  for (const [i, { name, model }] of flats.entries())
    motions.push(motion(name, await pieceSnippetStates(model, name, ladder.words!, ladder.config, all, report(i + 1))));
  return { ...counts, motions };
}
