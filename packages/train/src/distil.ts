// Distilling concepts for a run: the frozen base proposes, the trained word level and, where it is installed, a lexical
// resource judge. From: Strata, DESIGN ("Training, in sequence", 3). The same run gives the same concepts.
import {
  buildConcepts,
  type ConceptEdit,
  type ConceptVocabulary,
  isEligible,
  type Judge,
  lexicalJudge,
  resolveEdits,
  scorerJudge,
} from '@strata/concept';
import {
  type Ladder,
  type LadderText,
  lemmaEntries,
  SubstitutionScorer,
  substitutionEvidence,
} from '@strata/hierarchy';
import { createProgress } from './progress.js';
import type { LoopOptions } from './stage.js';

/** Contexts in which the word level tries a substitution, for each lemma. */
const JUDGED_CONTEXTS = 2;
/**
 * How strict the word level is, in parts of what random pairs of one part of speech cost: alone it must be all but
 * certain, since small models find many words exchangeable; beside another judge it need only not object.
 */
const STRICTNESS = { acceptQuantile: 0.99, refuseQuantile: 0.6, controlPairs: 100 };

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
  const scorer = await SubstitutionScorer.create(ladder, text, frequent, JUDGED_CONTEXTS);
  try {
    const judging = make('distil: word level judges', 100, '%');
    const judges: Judge[] = [
      scorerJudge((pairs) => scorer.changes(pairs, (share) => judging.update(Math.round(share * 100))), {
        name: 'word level',
        controls: frequent,
        seed: ladder.config.seed,
        ...STRICTNESS,
      }),
    ];
    // The lexical judge is asked first: what it refuses need not be scored.
    const lexical = await lexicalJudge();
    if (lexical === undefined) note('concept: no lexical resource is installed; the word level judges alone');
    else judges.unshift(lexical);
    const concepts = await buildConcepts(
      { lemmas, evidence, judges },
      {
        neighbours: distil.neighbours,
        maximumSize: distil.maximumSize,
        seed: ladder.config.seed,
        edits: resolved,
        onProgress: (step) => judging.note(`concept: ${step}`),
      },
    );
    judging.finish();
    return concepts;
  } finally {
    await scorer.dispose();
  }
}
