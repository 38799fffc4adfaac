// Distilling concepts for a run: the frozen base and a lexicon propose; a lexicon, the corpus and, where it is asked for, the
// trained word level judge. From: Strata, DESIGN ("Training, in sequence", 3). The same run gives the same concepts.
import {
  buildConcepts,
  type ConceptEdit,
  type ConceptVocabulary,
  companyJudge,
  consideredLemmas,
  type Judge,
  type LemmaEntry,
  resolveEdits,
  scorerJudge,
  type WordNet,
  wordNetJudge,
  wordNetProposer,
} from '@strata/concept';
import {
  type Ladder,
  type LadderText,
  lemmaEntries,
  SubstitutionScorer,
  substitutionEvidence,
} from '@strata/hierarchy';
import { LongWork } from './long-work.js';
import { createProgress } from './progress.js';
import type { LoopOptions } from './stage.js';
import type { SettledVoices, Voices } from './voices.js';

/** Contexts in which the word level tries a substitution, for each lemma. */
const JUDGED_CONTEXTS = 2;
/**
 * How strict judges are, in parts of what random pairs of one part of speech score: alone they must be all but certain,
 * since most of what a small model or corpus finds alike is not; of what a lexicon calls synonyms, and where it has
 * accepted, they must find the two more alike than most, or at least not object.
 */
const COMPANY = { acceptQuantile: 0.997, acceptProposedQuantile: 0.6, refuseQuantile: 0.5, controlPairs: 2000 };
const WORD_LEVEL = { acceptQuantile: 0.99, acceptProposedQuantile: 0.8, refuseQuantile: 0.6, controlPairs: 100 };

/** Distils the concept vocabulary from a trained base and word level over the training text, by those who speak and as a person's edits bid. */
export async function distilConcepts(
  options: LoopOptions,
  ladder: Ladder,
  text: LadderText,
  note: (message: string) => void,
  voices: SettledVoices,
  edits: readonly ConceptEdit[] = [],
): Promise<ConceptVocabulary> {
  const { distil } = ladder.config.concept;
  const { wordnet } = voices;
  const work = new LongWork({
    label: 'distil',
    progress: options.progress ?? createProgress,
    signal: options.signal,
    stopped: 'stopped while concepts were distilled; distil again',
  });
  const lemmas = lemmaEntries(ladder.words!.vocabulary);
  const resolved = resolveEdits(edits, lemmas);
  if (edits.length > 0) note(`concept: ${resolved.applied} of ${edits.length} edits of a person hold`);
  for (const passed of resolved.notes) note(`concept: ${passed}`);
  const considered = consideredLemmas(lemmas, distil);
  note(`concept: asking the base what fits the slots of ${considered.length} lemmas`);
  let judging: Awaited<ReturnType<typeof judgesOf>> | undefined;
  try {
    work.begin('the base reads', 100, '%');
    const evidence = await substitutionEvidence(ladder, text, considered, distil.contexts, (share) =>
      work.reach(Math.round(share * 100)),
    );
    judging = await judgesOf(voices.judges, wordnet, ladder, text, considered, work);
    return await buildConcepts(
      {
        lemmas,
        evidence,
        judges: judging.judges,
        proposers: wordnet !== undefined && voices.proposers.includes('wordnet') ? [wordNetProposer(wordnet)] : [],
      },
      {
        neighbours: voices.proposers.includes('base') ? distil.neighbours : 0,
        maximumSize: distil.maximumSize,
        seed: ladder.config.seed,
        edits: resolved,
        onProgress: (step) => {
          work.finish();
          note(`concept: ${step}`);
        },
        follower: work,
      },
    );
  } finally {
    work.finish();
    await judging?.dispose();
  }
}

/** The judges of these names, in their order, and how to let go of what they hold. */
async function judgesOf(
  names: Voices['judges'],
  wordnet: WordNet | undefined,
  ladder: Ladder,
  text: LadderText,
  lemmas: readonly LemmaEntry[],
  work: LongWork,
): Promise<{ judges: Judge[]; dispose: () => Promise<void> }> {
  const { seed } = ladder.config;
  const judges: Judge[] = [];
  let scorer: SubstitutionScorer | undefined;
  const dispose = async (): Promise<void> => scorer?.dispose();
  try {
    for (const name of names) {
      if (name === 'wordnet') {
        if (wordnet !== undefined) judges.push(wordNetJudge(wordnet));
      } else if (name === 'company') {
        judges.push(
          await companyJudge(text.units.lemma, lemmas, ladder.words!.vocabulary.size, { seed, ...COMPANY }, work),
        );
      } else {
        const own = await SubstitutionScorer.create(ladder, text, lemmas, JUDGED_CONTEXTS);
        scorer = own;
        judges.push(
          scorerJudge((pairs) => own.changes(pairs, () => work.breathe()), {
            name: 'word level',
            controls: lemmas,
            seed,
            ...WORD_LEVEL,
          }),
        );
      }
    }
    return { judges, dispose };
  } catch (error) {
    await dispose();
    throw error;
  }
}
