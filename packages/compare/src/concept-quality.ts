// How good clusters of lemmas are by references that nobody here wrote: are merged pairs near in meaning, and how much of
// the running text do clusters cover? References: WordNet (Miller 1995), SimLex-999 (Hill, Reichart & Korhonen 2015).
import { isEligible, isWordNetPos, type LemmaEntry, type WordNet, wordNetKinship } from '@strata/concept';
import { type RatedPair, ratingsByPair } from './similarity-rank.js';

/** Sets of lemmas that are said to mean the same. */
export type Clusters = readonly (readonly LemmaEntry[])[];

/** Who is asked about pairs; without any of the two nothing is known. */
export interface References {
  readonly wordnet?: WordNet;
  readonly simlex?: readonly RatedPair[];
}

/** From this rating on, out of 10, SimLex counts a pair as near in meaning. */
export const SIMLEX_NEAR = 6;

/** What references say of the pairs within clusters, as counts, and how much text the clusters cover. */
export interface ClusterQuality {
  readonly clusters: number;
  /** Lemmas in clusters of two or more. */
  readonly lemmas: number;
  /** Pairs of lemmas of one cluster. */
  readonly pairs: number;
  /** Pairs about which a reference says something; the others count nowhere but in `pairs`. */
  readonly known: number;
  /** Known pairs that WordNet calls synonyms or siblings, or that SimLex rates `SIMLEX_NEAR` or above; never antonyms or what is opposed. */
  readonly right: number;
  /** Pairs of which WordNet knows both words as this part of speech. */
  readonly inWordNet: number;
  readonly synonyms: number;
  readonly siblings: number;
  /** One is directly above the other: a kind of it, and not the same; not among `right` for WordNet. */
  readonly hypernyms: number;
  /** The two words are opposed; and pairs that are so by their synsets only. */
  readonly antonyms: number;
  readonly opposed: number;
  /** Occurrences in the training text of lemmas in clusters, and of all nouns, verbs, adjectives and adverbs with a name. */
  readonly covered: number;
  readonly content: number;
}

/** Counts of clusters against references; `lemmas` are all of the vocabulary. Kinships as `wordNetKinship` defines them. */
export function clusterQuality(
  clusters: Clusters,
  lemmas: readonly LemmaEntry[],
  references: References,
): ClusterQuality {
  const ratings = ratingsByPair(references.simlex ?? []);
  const counts = { pairs: 0, known: 0, right: 0, inWordNet: 0 };
  const kinships = { synonyms: 0, siblings: 0, hypernyms: 0, antonyms: 0, opposed: 0, none: 0 };
  const real = clusters.filter((cluster) => cluster.length > 1);
  for (const cluster of real)
    for (const [i, a] of cluster.entries())
      for (const b of cluster.slice(i + 1)) {
        counts.pairs++;
        const kinship =
          references.wordnet !== undefined && a.pos === b.pos && isWordNetPos(a.pos)
            ? wordNetKinship(references.wordnet, a.name, b.name, a.pos)
            : undefined;
        const rating = ratings.get(a.name)?.get(b.name);
        if (kinship !== undefined) {
          counts.inWordNet++;
          kinships[kinship]++;
        }
        if (kinship !== undefined || rating !== undefined) counts.known++;
        const isNear = kinship === 'synonyms' || kinship === 'siblings' || (rating ?? 0) >= SIMLEX_NEAR;
        if (isNear && kinship !== 'antonyms' && kinship !== 'opposed') counts.right++;
      }
  const { none: _, ...named } = kinships;
  const occurrences = (of: readonly LemmaEntry[]): number => of.reduce((sum, { count }) => sum + count, 0);
  return {
    clusters: real.length,
    lemmas: real.reduce((sum, { length }) => sum + length, 0),
    ...counts,
    ...named,
    covered: occurrences(real.flat()),
    content: occurrences(lemmas.filter(({ pos }) => isEligible(pos))),
  };
}

/** The shares that counts come to; those of nothing are undefined. */
export interface QualityShares {
  /** Right of known pairs. */
  readonly precision?: number;
  /** Synonyms of the pairs that WordNet knows. */
  readonly synonyms?: number;
  /** Running content words in clusters of two or more. */
  readonly coverage?: number;
  /** Of all merged pairs, known or not; undefined where WordNet was not asked. */
  readonly antonyms?: number;
  readonly opposed?: number;
  readonly hypernyms?: number;
}

/** The names of the shares, in the order of tables. */
export const QUALITY_SHARES = ['precision', 'synonyms', 'coverage', 'antonyms', 'opposed', 'hypernyms'] as const;

/** Shares of counts. */
export function qualityShares(quality: ClusterQuality, references: References): QualityShares {
  const share = <K extends string>(name: K, part: number, whole: number, asked = true) =>
    (asked && whole > 0 ? { [name]: part / whole } : {}) as Partial<Record<K, number>>;
  const { pairs, known, right, inWordNet, synonyms, antonyms, opposed, hypernyms, covered, content } = quality;
  const asksWordNet = references.wordnet !== undefined;
  return {
    ...share('precision', right, known),
    ...share('synonyms', synonyms, inWordNet),
    ...share('coverage', covered, content),
    ...share('antonyms', antonyms, pairs, asksWordNet),
    ...share('opposed', opposed, pairs, asksWordNet),
    ...share('hypernyms', hypernyms, pairs, asksWordNet),
  };
}
