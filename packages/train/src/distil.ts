// Distilling concepts for a run: the frozen base and a lexicon propose; a lexicon, the corpus and, where it is asked for, the
// trained word level judge. From: Strata, DESIGN ("Training, in sequence", 3). The same run gives the same concepts.
import {
  buildConcepts,
  type ConceptEdit,
  type ConceptVocabulary,
  companyJudge,
  isEligible,
  type Judge,
  type LemmaEntry,
  lexicalJudge,
  lexicalProposer,
  resolveEdits,
  scorerJudge,
} from '@strata/concept';
import {
  type Ladder,
  type LadderText,
  lemmaEntries,
  type ShareProgress,
  SubstitutionScorer,
  substitutionEvidence,
} from '@strata/hierarchy';
import { createProgress } from './progress.js';
import type { LoopOptions } from './stage.js';

/** Contexts in which the word level tries a substitution, for each lemma. */
const JUDGED_CONTEXTS = 2;
/**
 * How strict judges are, in parts of what random pairs of one part of speech score: alone they must be all but certain,
 * since most of what a small model or corpus finds alike is not; of what a lexicon calls synonyms, and where it has
 * accepted, they must find the two more alike than most, or at least not object.
 */
const COMPANY = { acceptQuantile: 0.997, acceptProposedQuantile: 0.6, refuseQuantile: 0.5, controlPairs: 2000 };
const WORD_LEVEL = { acceptQuantile: 0.99, acceptProposedQuantile: 0.8, refuseQuantile: 0.6, controlPairs: 100 };

/** Distils the concept vocabulary from a trained base and word level over the training text, as a person's edits bid. */
export async function distilConcepts(
  options: LoopOptions,
  ladder: Ladder,
  text: LadderText,
  note: (message: string) => void,
  edits: readonly ConceptEdit[] = [],
): Promise<ConceptVocabulary> {
  const { distil } = ladder.config.concept;
  const make = options.progress ?? createProgress;
  const lemmas = lemmaEntries(ladder.words!.vocabulary);
  const resolved = resolveEdits(edits, lemmas);
  if (edits.length > 0) note(`concept: ${resolved.applied} of ${edits.length} edits of a person hold`);
  for (const passed of resolved.notes) note(`concept: ${passed}`);
  const frequent = lemmas
    .filter((lemma) => isEligible(lemma.pos) && lemma.count >= distil.minimumCount)
    .slice(0, distil.lemmas);
  note(`concept: asking the base what fits the slots of ${frequent.length} lemmas`);
  const reading = make('distil: base proposes', 100, '%');
  const evidence = await substitutionEvidence(ladder, text, frequent, distil.contexts, (share) =>
    reading.update(Math.round(share * 100)),
  );
  reading.finish();
  const proposers = distil.proposers ?? ['base', 'wordnet'];
  const lexicon = proposers.includes('wordnet') ? await lexicalProposer() : undefined;
  const judging = make('distil: judges decide', 100, '%');
  const { judges, dispose } = await judgesOf(ladder, text, frequent, note, (share) =>
    judging.update(Math.round(share * 100)),
  );
  try {
    return await buildConcepts(
      { lemmas, evidence, judges, proposers: lexicon === undefined ? [] : [lexicon] },
      {
        neighbours: proposers.includes('base') ? distil.neighbours : 0,
        maximumSize: distil.maximumSize,
        seed: ladder.config.seed,
        edits: resolved,
        onProgress: (step) => judging.note(`concept: ${step}`),
      },
    );
  } finally {
    judging.finish();
    await dispose();
  }
}

/** The judges that the configuration names, in its order, and how to let go of what they hold. */
async function judgesOf(
  ladder: Ladder,
  text: LadderText,
  lemmas: readonly LemmaEntry[],
  note: (message: string) => void,
  onProgress: ShareProgress,
): Promise<{ judges: Judge[]; dispose: () => Promise<void> }> {
  const { seed } = ladder.config;
  const judges: Judge[] = [];
  let scorer: SubstitutionScorer | undefined;
  for (const name of ladder.config.concept.distil.judges ?? ['wordnet', 'company']) {
    if (name === 'wordnet') {
      const lexical = await lexicalJudge();
      if (lexical === undefined) note('concept: no lexical resource is installed; the others judge without it');
      else judges.push(lexical);
    } else if (name === 'company') {
      judges.push(companyJudge(text.units.lemma, lemmas, ladder.words!.vocabulary.size, { seed, ...COMPANY }));
    } else {
      const own = await SubstitutionScorer.create(ladder, text, lemmas, JUDGED_CONTEXTS);
      scorer = own;
      judges.push(
        scorerJudge((pairs) => own.changes(pairs, onProgress), {
          name: 'word level',
          controls: lemmas,
          seed,
          ...WORD_LEVEL,
        }),
      );
    }
  }
  return { judges, dispose: async () => scorer?.dispose() };
}
