// The corpus that a configuration names: one that comes with the project, or a folder of .txt and .jsonl files.
// From: Strata, DESIGN; one door for training, measuring and planning, so that all read the same text.
import type { Config } from '@strata/hierarchy';
import { type Corpus, loadCorpus, namedCorpus } from '@strata/text';

/** Loads a configuration's corpus; a relative folder counts from the working directory. Throws the Corpus errors. */
export function loadRunCorpus(config: Config): Corpus {
  const { corpus } = config;
  return loadCorpus('declared' in corpus ? namedCorpus(corpus.declared) : corpus);
}
