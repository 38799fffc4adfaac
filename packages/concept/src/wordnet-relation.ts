// How two words of one part of speech are related in WordNet, each relation weighted by how often the words have that sense.
// Antonymy of adjectives reaches their satellites through the heads of two opposed clusters (Gross, Fischer & Miller 1989).
import type { Pointer, Sense, Synset, WordNet, WordNetPos } from './wordnet.js';

/** What WordNet says of a pair; every weight is 0 to 1, the part of both words' use for which the relation holds. */
export interface WordNetRelation {
  /** Both words are in one synset. */
  readonly synonyms: number;
  /** One word's synset is directly above the other's, or they are head and satellite. */
  readonly direct: number;
  /** Both synsets lie directly under one, or around one head. */
  readonly siblings: number;
  /** How many synsets lie under or around the centre of the strongest siblings; 0 without siblings. */
  readonly breadth: number;
  /** The two words themselves are opposed in some sense. */
  readonly antonyms: boolean;
  /** Their synsets, or synsets next to these, are opposed. */
  readonly opposed: number;
  /** Fewest steps between any of their common senses; undefined when more than `farthest`. */
  readonly distance: number | undefined;
  /** The words of the synset that joins the two most strongly, for a person to read. */
  readonly through: readonly string[];
}

/** Steps between two synsets beyond which they count as unrelated. */
export const farthest = 3;
/** Senses that make up less than this part of a word's use are not asked for distance: with rare senses everything is near. */
const commonSense = 0.1;

/** Pointers from a meaning to a wider one: hypernym, instance hypernym. */
const upward = ['@', '@i'];
/** Pointers to what lies directly under a noun or verb, or around an adjective that is a head. */
const downward = ['~', '~i', '&'];
/** Pointers to a meaning beside it: similar to, see also, verb group; adverbs and adjectives share roots by pertainym. */
const sideways = ['&', '^', '$', '\\'];

/** The relation between two words; undefined when WordNet does not know both as this part of speech. */
export function wordNetRelation(wordnet: WordNet, a: string, b: string, pos: WordNetPos): WordNetRelation | undefined {
  const sensesA = wordnet.senses(a, pos);
  const sensesB = wordnet.senses(b, pos);
  if (sensesA.length === 0 || sensesB.length === 0) return undefined;
  const shareB = new Map(sensesB.map((sense) => [sense.synset.key, sense.share]));
  const weights = { synonyms: 0, direct: 0, siblings: 0 };
  let through: Synset | undefined;
  let strongest = 0;
  let siblingCentre: Synset | undefined;
  let strongestSiblings = 0;
  const add = (kind: keyof typeof weights, weight: number, synset: Synset): void => {
    weights[kind] += weight;
    if (weight > strongest) {
      strongest = weight;
      through = synset;
    }
  };
  const nearB = new Map(sensesB.map((sense) => [sense.synset.key, centres(wordnet, sense.synset)]));
  for (const { synset, share } of sensesA) {
    const same = shareB.get(synset.key);
    if (same !== undefined) {
      add('synonyms', Math.min(share, same), synset);
      continue;
    }
    const centresA = centres(wordnet, synset);
    for (const other of sensesB) {
      const weight = Math.min(share, other.share);
      const centresB = nearB.get(other.synset.key)!;
      if (centresA.some((centre) => centre.key === other.synset.key)) add('direct', weight, other.synset);
      else if (centresB.some((centre) => centre.key === synset.key)) add('direct', weight, synset);
      else {
        const common = centresA.find((centre) => centresB.some((candidate) => candidate.key === centre.key));
        if (common === undefined) continue;
        add('siblings', weight, common);
        if (weight > strongestSiblings) {
          strongestSiblings = weight;
          siblingCentre = common;
        }
      }
    }
  }
  return {
    ...weights,
    breadth: siblingCentre === undefined ? 0 : wordnet.follow(siblingCentre, ...downward).length,
    antonyms: directAntonyms(wordnet, sensesA, a, b) || directAntonyms(wordnet, sensesB, b, a),
    opposed: opposedWeight(wordnet, sensesA, sensesB),
    distance: distance(wordnet, sensesA, sensesB),
    through: through?.words ?? [],
  };
}

/** How the common senses of two words stand to each other: the first of these that holds, 'none' where none does. */
export type WordNetKinship = 'antonyms' | 'synonyms' | 'opposed' | 'hypernyms' | 'siblings' | 'none';

/**
 * The kinship of two words; undefined when WordNet does not know both as this part of speech. Only common senses count:
 * a tenth of the word's use or more, or else its first. Antonyms: WordNet opposes the two words themselves, in any sense.
 * Synonyms: they share a synset. Opposed: as antonyms, but of their synsets or the heads of these (big and small). Hypernyms: the synset of one is directly above that of the other. Siblings: their
 * synsets are directly under one; of adjectives, they are satellites of one head, or head and satellite.
 */
export function wordNetKinship(wordnet: WordNet, a: string, b: string, pos: WordNetPos): WordNetKinship | undefined {
  const allA = wordnet.senses(a, pos);
  const allB = wordnet.senses(b, pos);
  if (allA.length === 0 || allB.length === 0) return undefined;
  if (directAntonyms(wordnet, allA, a, b) || directAntonyms(wordnet, allB, b, a)) return 'antonyms';
  const keysOf = (synsets: readonly Synset[]): ReadonlySet<string> => new Set(synsets.map(({ key }) => key));
  const meet = (left: ReadonlySet<string>, right: ReadonlySet<string>): boolean =>
    [...left].some((key) => right.has(key));
  const [commonA, commonB] = [common(allA), common(allB)];
  const [ownA, ownB] = [keysOf(commonA), keysOf(commonB)];
  if (meet(ownA, ownB)) return 'synonyms';
  const above = (senses: readonly Synset[]): Synset[] => senses.flatMap((synset) => centres(wordnet, synset));
  const [centresA, centresB] = [above(commonA), above(commonB)];
  const [aboveA, aboveB] = [keysOf(centresA), keysOf(centresB)];
  const opposites = keysOf([...commonA, ...centresA].flatMap((synset) => wordnet.follow(synset, '!')));
  if (meet(opposites, ownB) || meet(opposites, aboveB)) return 'opposed';
  if (meet(aboveA, ownB) || meet(aboveB, ownA)) return pos === 'ADJ' ? 'siblings' : 'hypernyms';
  return meet(aboveA, aboveB) ? 'siblings' : 'none';
}

/** The synsets directly above a noun's or verb's, or the heads an adjective stands around. */
function centres(wordnet: WordNet, synset: Synset): Synset[] {
  return synset.satellite ? wordnet.follow(synset, '&') : wordnet.follow(synset, ...upward);
}

function directAntonyms(wordnet: WordNet, senses: readonly Sense[], own: string, other: string): boolean {
  const ownForm = own.toLowerCase().replaceAll(' ', '_');
  const otherForm = other.toLowerCase().replaceAll(' ', '_');
  return senses.some(({ synset }) =>
    synset.pointers.some(
      (pointer) =>
        pointer.symbol === '!' &&
        covers(synset, pointer.source, ownForm) &&
        covers(wordnet.synset(pointer.pos, pointer.offset), pointer.target, otherForm),
    ),
  );
}

/** Whether one end of a pointer (a word's number from 1, or 0 for the whole synset) includes this word. */
function covers(synset: Synset, end: Pointer['source'], word: string): boolean {
  return end === 0 ? synset.words.includes(word) : synset.words[end - 1] === word;
}

/** The part of both words' use in which a sense, or its centre, is opposed to a sense of the other, or its centre. */
function opposedWeight(wordnet: WordNet, sensesA: readonly Sense[], sensesB: readonly Sense[]): number {
  const reach = ({ synset }: Sense): string[] => [synset, ...centres(wordnet, synset)].map((near) => near.key);
  const reachB = sensesB.map((sense) => new Set(reach(sense)));
  let weight = 0;
  for (const sense of sensesA) {
    const opposites = [sense.synset, ...centres(wordnet, sense.synset)].flatMap((near) => wordnet.follow(near, '!'));
    if (opposites.length === 0) continue;
    sensesB.forEach((other, index) => {
      if (opposites.some((opposite) => reachB[index]!.has(opposite.key))) weight += Math.min(sense.share, other.share);
    });
  }
  return weight;
}

/** Fewest upward, downward and sideways steps between common senses, searched from both ends. */
function distance(wordnet: WordNet, sensesA: readonly Sense[], sensesB: readonly Sense[]): number | undefined {
  const stepsA = reachable(wordnet, common(sensesA));
  let fewest: number | undefined;
  for (const [key, steps] of reachable(wordnet, common(sensesB))) {
    const stepsFromA = stepsA.get(key);
    if (stepsFromA === undefined) continue;
    const total = steps + stepsFromA;
    if (total <= farthest && (fewest === undefined || total < fewest)) fewest = total;
  }
  return fewest;
}

function common(senses: readonly Sense[]): Synset[] {
  const often = senses.filter((sense) => sense.share >= commonSense);
  return (often.length > 0 ? often : senses.slice(0, 1)).map((sense) => sense.synset);
}

/** Steps from the nearest start to every synset above or beside it. */
function reachable(wordnet: WordNet, starts: readonly Synset[]): Map<string, number> {
  const steps = new Map(starts.map((synset) => [synset.key, 0]));
  let frontier = [...starts];
  for (let step = 1; step <= farthest; step++) {
    const next: Synset[] = [];
    for (const synset of frontier) {
      for (const near of wordnet.follow(synset, ...upward, ...sideways)) {
        if (steps.has(near.key)) continue;
        steps.set(near.key, step);
        next.push(near);
      }
    }
    frontier = next;
  }
  return steps;
}
