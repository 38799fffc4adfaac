// A run's concepts against references that nobody here wrote, beside clusters that chance and vectors make: one call, one
// record. From: Strata, issue "Concepts" (quality; paraphrase).
import { consideredLemmas, type DistillationSummary, type LemmaEntry, WORDNET } from '@strata/concept';
import { encodeLadder, joinLadderTexts, type Ladder, lemmaEntries, type Run } from '@strata/hierarchy';
import { RandomStream } from '@strata/nn';
import type { Corpus } from '@strata/text';
import { createProgress } from '@strata/train';
import { FIRST_LEMMA_ID } from '@strata/word';
import { useOfCounts, type VocabularyUse } from './channels.js';
import { clusterSizes, nearestClusters, randomClusters, type VectorOf } from './cluster-controls.js';
import {
  type ClusterQuality,
  type Clusters,
  clusterQuality,
  QUALITY_SHARES,
  type QualityShares,
  qualityShares,
  type References,
} from './concept-quality.js';
import { lemmaVectors } from './lemma-vectors.js';
import { type ParaphraseReport, paraphraseTest } from './paraphrase.js';
import { scoredText } from './scored-text.js';
import { type SimilarityRank, similarityRank } from './similarity-rank.js';
import { rankSubstitutes, type SubstituteRanking } from './substitute-ranking.js';
import type { SubstituteTask } from './swords.js';
import { total } from './unit-nats.js';
import { EMBEDDINGS_PACKAGE, embeddingsFile, readEmbeddings } from './word-embeddings.js';

/** Where clusters come from. */
export type ClusterSource = 'concepts' | 'random' | 'base embeddings' | 'word embeddings' | typeof EMBEDDINGS_PACKAGE;

/** One way of clustering, measured; random clusters with the mean over draws and their standard deviation. */
export interface MeasuredClusters {
  readonly source: ClusterSource;
  readonly quality: ClusterQuality;
  readonly shares: QualityShares;
  readonly deviations?: QualityShares;
}

/** All that was measured; what was not asked for, or cannot be, is missing. */
export interface ConceptEvaluation {
  readonly lemmas: number;
  readonly concepts: number;
  /** Lemmas that controls draw from: of open classes and frequent enough to have been considered by the distillation. */
  readonly eligible: number;
  readonly references: { readonly wordnet: boolean; readonly simlexPairs: number };
  /** The judges of the distillation; undefined where the vocabulary does not say. */
  readonly judges?: readonly string[];
  /** Who proposed pairs, as far as the vocabulary says. */
  readonly proposers?: readonly string[];
  /** False where WordNet judged the concepts or proposed pairs, so that its figures only say how well it was followed. */
  readonly wordnetIsIndependent: boolean;
  readonly draws: number;
  readonly clusters: readonly MeasuredClusters[];
  /** Use by the counts of the training text: of all concepts but the two without a name, and of clusters alone. */
  readonly use: { readonly all: VocabularyUse; readonly clusters: VocabularyUse };
  readonly similarity?: {
    readonly pairs: number;
    /** Pairs whose two words are in one concept. */
    readonly merged: number;
    readonly vectors: readonly ({ readonly name: string } & SimilarityRank)[];
  };
  readonly substitutes?: SubstituteRanking;
  readonly paraphrase?: ParaphraseReport & { readonly text: string };
}

export interface ConceptEvaluationOptions extends References {
  readonly swords?: readonly SubstituteTask[];
  /** Targets of SWORDS at most. */
  readonly limit?: number;
  readonly seed?: number;
  /** The run's corpus; without it there is no paraphrase test. */
  readonly corpus?: Corpus;
  readonly progress?: typeof createProgress;
}

/** Draws of random clusters. */
const DRAWS = 20;

/** Measures the concepts of a ladder that reaches them; throws MeasureError and what its files' readers throw. */
export async function evaluateConcepts(
  run: Run,
  ladder: Ladder,
  options: ConceptEvaluationOptions,
): Promise<ConceptEvaluation> {
  const { wordnet, simlex, swords, corpus, seed = 1, progress = createProgress } = options;
  const references = { ...(wordnet && { wordnet }), ...(simlex && { simlex }) };
  const concepts = ladder.concepts!;
  const lemmas = lemmaEntries(ladder.words!.vocabulary);
  const clusters = concepts.members
    .filter((members) => members.length > 1)
    .map((members) => [...members].map((id) => lemmas[id]!));
  const eligible = eligibleLemmas(ladder, lemmas, clusters);
  const own = lemmaVectors(ladder);
  const others = await otherVectors(lemmas);
  const vectors: readonly (readonly [ClusterSource, VectorOf])[] = [
    ['base embeddings', own.base],
    ['word embeddings', own.word],
    ...(others === undefined ? [] : [[EMBEDDINGS_PACKAGE, others] as const]),
  ];
  const measured = (source: ClusterSource, found: Clusters): MeasuredClusters => {
    const quality = clusterQuality(found, lemmas, references);
    return { source, quality, shares: qualityShares(quality, references) };
  };
  const sizes = clusterSizes(clusters);
  const random = Array.from({ length: DRAWS }, (_, draw) =>
    measured('random', randomClusters(sizes, eligible, new RandomStream(seed, `random clusters ${draw}`))),
  );
  const { judges, proposers } = concepts.distillation ?? {};
  const counts = concepts.concepts
    .map(({ members }) => ({ size: members.length, count: total(members.map(({ count }) => count)), members }))
    .filter(({ members }) => members.some(({ lemma }) => lemma >= FIRST_LEMMA_ID));
  return {
    lemmas: lemmas.length,
    concepts: concepts.size,
    eligible: eligible.length,
    references: { wordnet: wordnet !== undefined, simlexPairs: simlex?.length ?? 0 },
    ...(judges && { judges }),
    ...(proposers && { proposers }),
    wordnetIsIndependent: hadNoSay(WORDNET, concepts.distillation),
    draws: DRAWS,
    clusters: [
      measured('concepts', clusters),
      meanOf(random),
      ...vectors.map(([source, vectorOf]) => measured(source, nearestClusters(sizes, eligible, vectorOf))),
    ],
    use: {
      all: useOfCounts(counts.map(({ count }) => count)),
      clusters: useOfCounts(counts.filter(({ size }) => size > 1).map(({ count }) => count)),
    },
    ...(simlex && {
      similarity: similarityOf(ladder, lemmas, simlex, [['concept embeddings', own.concept], ...vectors]),
    }),
    ...(swords && { substitutes: await substitutesOf(ladder, swords, options, progress) }),
    ...(corpus && { paraphrase: await paraphraseOf(run, ladder, corpus, eligible, seed, progress) }),
  };
}

/** What distillation considered, by the configuration, and whatever is in a cluster. */
function eligibleLemmas(
  { config }: Ladder,
  lemmas: readonly LemmaEntry[],
  clusters: readonly (readonly LemmaEntry[])[],
): LemmaEntry[] {
  const considered = consideredLemmas(lemmas, config.concept.distil);
  return [...new Set([...considered, ...clusters.flat()])].sort((a, b) => a.id - b.id);
}

/** Vectors of the optional package, where it is installed. */
async function otherVectors(lemmas: readonly LemmaEntry[]): Promise<VectorOf | undefined> {
  const file = embeddingsFile();
  if (file === undefined) return undefined;
  const found = await readEmbeddings(file, new Set(lemmas.map(({ name }) => name)));
  return ({ name }) => found.get(name);
}

/** Whether concepts were made without a resource, which may then measure them; false where it is not known. */
export function hadNoSay(
  resource: string,
  distillation: Pick<DistillationSummary, 'judges' | 'proposers'> | undefined,
) {
  if (distillation === undefined) return false;
  return ![...distillation.judges, ...(distillation.proposers ?? [])].includes(resource);
}

/** Means of counts and shares over the draws of a control; a share that some draw leaves undefined is undefined. */
export function meanOf(draws: readonly MeasuredClusters[]): MeasuredClusters {
  const first = draws[0]!;
  const quality = Object.fromEntries(
    Object.keys(first.quality).map((name) => {
      const key = name as keyof ClusterQuality;
      return [key, Math.round(total(draws.map((draw) => draw.quality[key])) / draws.length)];
    }),
  ) as unknown as ClusterQuality;
  const shares: Partial<Record<keyof QualityShares, number>> = {};
  const deviations: Partial<Record<keyof QualityShares, number>> = {};
  for (const name of QUALITY_SHARES) {
    const values = draws.flatMap((draw) => draw.shares[name] ?? []);
    // Where some draws leave a share undefined, the mean of the others would be that of a lucky few.
    if (values.length < draws.length) continue;
    const mean = total(values) / values.length;
    shares[name] = mean;
    deviations[name] = Math.sqrt(total(values.map((value) => (value - mean) ** 2)) / Math.max(1, values.length - 1));
  }
  return { source: 'random', quality, shares, deviations };
}

function similarityOf(
  { words, concepts }: Ladder,
  lemmas: readonly LemmaEntry[],
  simlex: NonNullable<References['simlex']>,
  vectors: readonly (readonly [string, VectorOf])[],
): NonNullable<ConceptEvaluation['similarity']> {
  const lemmaOf = (word: string): LemmaEntry | undefined => lemmas[words!.vocabulary.idOf(word) ?? -1];
  const merged = simlex.filter(({ a, b }) => {
    const [left, right] = [lemmaOf(a), lemmaOf(b)];
    return left !== undefined && right !== undefined && concepts!.conceptOf[left.id] === concepts!.conceptOf[right.id];
  });
  return {
    pairs: simlex.length,
    merged: merged.length,
    vectors: vectors.map(([name, vectorOf]) => ({
      name,
      ...similarityRank(simlex, (word) => {
        const lemma = lemmaOf(word);
        return lemma === undefined ? undefined : vectorOf(lemma);
      }),
    })),
  };
}

async function substitutesOf(
  ladder: Ladder,
  tasks: readonly SubstituteTask[],
  { limit, seed }: ConceptEvaluationOptions,
  progress: typeof createProgress,
): Promise<SubstituteRanking> {
  const bar = progress('substitutes', 100, '%');
  try {
    return await rankSubstitutes(ladder, tasks, {
      ...(limit !== undefined && { limit }),
      ...(seed !== undefined && { seed }),
      told: (share) => bar.update(Math.round(100 * share)),
    });
  } finally {
    bar.finish();
  }
}

async function paraphraseOf(
  run: Run,
  ladder: Ladder,
  corpus: Corpus,
  eligible: readonly LemmaEntry[],
  seed: number,
  progress: typeof createProgress,
): Promise<NonNullable<ConceptEvaluation['paraphrase']>> {
  const { texts, note } = scoredText(corpus.test, run.config.evaluation.testBytes, 'test');
  const encoded = texts.map((text) => encodeLadder([text], ladder.words!, ladder.tokenizer));
  const bar = progress('paraphrase', 100, '%');
  try {
    const report = await paraphraseTest(run, ladder, joinLadderTexts(encoded), eligible, seed, (share) =>
      bar.update(Math.round(100 * share)),
    );
    return { text: note, ...report };
  } finally {
    bar.finish();
  }
}
