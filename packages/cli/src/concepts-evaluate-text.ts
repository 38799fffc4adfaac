// An evaluation of concepts as tables for a terminal, every share with the count that it rests on.
// From: Strata, issue "Concepts".
import { type ConceptEvaluation, type MeasuredClusters, type QualityShares, SIMLEX_NEAR } from '@strata/compare';
import { printable } from './io.js';
import { formatFixed, textTable } from './text-table.js';

/** All parts that were measured, each under its heading; lines end with a newline. */
export function conceptsEvaluationText(found: ConceptEvaluation): string {
  return [
    clustersText(found),
    useText(found),
    ...(found.similarity === undefined ? [] : [similarityText(found.similarity)]),
    ...(found.substitutes === undefined ? [] : [substitutesText(found.substitutes)]),
    ...(found.paraphrase === undefined ? [] : [paraphraseText(found.paraphrase)]),
  ].join('\n');
}

const percent = (share: number | undefined): string => (share === undefined ? '·' : formatFixed(100 * share, 1));

function clustersText({
  clusters,
  eligible,
  draws,
  references,
  judges,
  proposers = [],
  wordnetIsIndependent,
}: ConceptEvaluation): string {
  const asked = [
    ...(references.wordnet ? ['WordNet'] : []),
    ...(references.simlexPairs > 0 ? [`SimLex (${references.simlexPairs} pairs)`] : []),
  ];
  const cell = ({ shares, deviations }: MeasuredClusters, name: keyof QualityShares, count?: string): string => {
    const spread = deviations?.[name] === undefined ? '' : ` ± ${percent(deviations[name])}`;
    return `${percent(shares[name])}${spread}${count === undefined || shares[name] === undefined ? '' : ` (${count})`}`;
  };
  const table = textTable([
    [
      'clusters of equal sizes, %',
      'right (of known)',
      'synonyms',
      'antonyms',
      'opposed',
      'kind of the other',
      'not known',
      'coverage',
    ],
    ...clusters.map((row) => {
      const { quality } = row;
      return [
        row.source,
        cell(row, 'precision', `${quality.right}/${quality.known}`),
        cell(row, 'synonyms', `${quality.synonyms}/${quality.inWordNet}`),
        cell(row, 'antonyms', `${quality.antonyms}/${quality.pairs}`),
        cell(row, 'opposed', `${quality.opposed}/${quality.pairs}`),
        cell(row, 'hypernyms', `${quality.hypernyms}/${quality.pairs}`),
        String(quality.pairs - quality.known),
        cell(row, 'coverage'),
      ];
    }),
  ]);
  const { quality } = clusters[0]!;
  const lines = [
    `${quality.clusters} clusters of two or more hold ${quality.lemmas} lemmas, ${quality.pairs} pairs; controls draw from ${eligible} lemmas, random ones ${draws} times (mean ± deviation).`,
    asked.length === 0
      ? 'No reference was asked: give --wordnet or --simlex FILE.'
      : `Right: ${[
          ...(references.wordnet ? ['WordNet has both as synonyms or siblings in a common sense'] : []),
          ...(references.simlexPairs > 0 ? [`SimLex rates the pair ${SIMLEX_NEAR} or above`] : []),
        ].join(', or ')}. Asked: ${asked.join(', ')}.`,
    `Coverage: of ${quality.content} nouns, verbs, adjectives and adverbs with a name in the training text, ${quality.covered} are in these clusters.`,
  ];
  if (references.wordnet && !wordnetIsIndependent)
    lines.push(
      judges === undefined
        ? 'The vocabulary does not say who judged its concepts: WordNet may have, and its figures may not be independent.'
        : `NOT INDEPENDENT: WordNet had a say in these concepts (${[
            `judges: ${judges.map(printable).join(', ')}`,
            ...(proposers.length > 0 ? [`proposers: ${proposers.map(printable).join(', ')}`] : []),
          ].join('; ')}). Its figures for "concepts" say how well it was followed, not how good they are.`,
    );
  return `${table}\n\n${lines.map((line) => `  ${line}\n`).join('')}`;
}

function useText({ use, lemmas }: ConceptEvaluation): string {
  const row = (name: string, { size, used, perplexity }: ConceptEvaluation['use']['all']): string[] => [
    name,
    String(size),
    formatFixed(perplexity, 1),
    size === 0 ? '·' : formatFixed(perplexity / size, 3),
    String(size - used),
  ];
  const table = textTable([
    ['use in the training text', 'concepts', 'perplexity', 'perplexity / size', 'dead'],
    row('all concepts', use.all),
    row('clusters of two or more', use.clusters),
  ]);
  return `${table}\n\n  Of ${lemmas} lemmas; perplexity is the exp of the entropy of use.\n`;
}

function similarityText({ pairs, merged, vectors }: NonNullable<ConceptEvaluation['similarity']>): string {
  const figure = (rho: number | undefined): string => (rho === undefined ? '·' : formatFixed(rho, 3));
  const table = textTable([
    ['SimLex, Spearman', 'pairs', 'of these', 'of all'],
    ...vectors.map(({ name, covered, rho, rhoOfAll }) => [name, String(covered), figure(rho), figure(rhoOfAll)]),
  ]);
  return `${table}\n\n  ${pairs} rated pairs, ${merged} of them in one concept. Of all: pairs with an unknown word at the median.\n`;
}

const RANKINGS = {
  word: 'word level, in context',
  concept: 'concepts on top, in context',
  frequency: 'by frequency',
  random: 'by chance',
} as const;

function substitutesText({ counts, scores }: NonNullable<ConceptEvaluation['substitutes']>): string {
  const table = textTable([
    ['SWORDS, GAP %', 'targets', 'mean', '95%'],
    ...scores.map(({ name, gap, margin }) => [
      RANKINGS[name],
      String(counts.scoredTargets),
      percent(gap),
      `± ${percent(margin)}`,
    ]),
  ]);
  return (
    `${table}\n\n  Of ${counts.targets} targets, ${counts.unknownTargets} are not known as one word and ${counts.withoutOrder} leave no order to find.\n` +
    `  Of ${counts.substitutes} substitutes of known targets, ${counts.scoredSubstitutes} were ranked (${counts.uninflected} of them as listed, for want of a form in the target's slot);\n` +
    `  left out: ${counts.severalWords} of several words, ${counts.unknownSubstitutes} unknown, ${counts.repeated} of the target's own lemma or listed twice.\n`
  );
}

function paraphraseText({
  windows,
  words,
  swaps,
  wordsAfter,
  motions,
  text,
}: NonNullable<ConceptEvaluation['paraphrase']>): string {
  const concept = motions.find(({ model }) => model === 'concept');
  const ratio = (own: number, other: number | undefined): string =>
    other === undefined || other === 0 ? '·' : formatFixed(own / other, 2);
  const table = textTable([
    [
      'states move',
      'at the swap',
      'after it',
      'at, other meaning',
      'after, other meaning',
      '/ concept, at',
      '/ concept, after',
    ],
    ...motions.map(({ model, sameCluster, otherMeaning }) => [
      model,
      formatFixed(sameCluster.at, 4),
      formatFixed(sameCluster.after, 4),
      formatFixed(otherMeaning.at, 4),
      formatFixed(otherMeaning.after, 4),
      ratio(sameCluster.at, concept?.sameCluster.at),
      ratio(sameCluster.after, concept?.sameCluster.after),
    ]),
  ]);
  return (
    `${table}\n\n  ${swaps} words swapped for others of their cluster (beside it for any of their part of speech) among ${words} words in ${windows} windows; ${wordsAfter} words after.\n` +
    `  Cosine distances between a model's states, in parts of that between random places of the same text. ${printable(text)}\n`
  );
}
