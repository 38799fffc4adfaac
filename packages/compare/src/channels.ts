// Is the hierarchy real? What it costs to silence or shuffle a message, and how much of its vocabulary a level uses.
// From: Strata, EVALUATION ("Is the hierarchy real?"): a channel whose shuffling costs nothing is dead.
import { engineOptions, type Ladder, type LadderText, sentencePatterns } from '@strata/hierarchy';
import type { LevelName } from '@strata/level';
import type { ChannelRecord } from './report-schema.js';

/** In bits per byte: under `dead` shuffling costs nothing that three decimals show; from `alive` on both costs are plain. */
export const CHANNEL_THRESHOLDS = { dead: 0.0005, alive: 0.005 } as const;

/** Judges a channel by what spoiling its message costs, in bits per byte. */
export function channelVerdict(zeroed: number, shuffled: number): ChannelRecord['verdict'] {
  // A message that may be shuffled freely is a constant at best, however much silencing it costs.
  if (shuffled < CHANNEL_THRESHOLDS.dead) return 'dead';
  return Math.min(zeroed, shuffled) >= CHANNEL_THRESHOLDS.alive ? 'alive' : 'weak';
}

/** How many entries of a vocabulary occur in a text, and the perplexity of their unigram distribution there. */
export interface VocabularyUse {
  readonly size: number;
  readonly used: number;
  /** exp of the entropy: as many equally frequent entries would be as varied; 0 for no occurrence. */
  readonly perplexity: number;
}

/** Use of a vocabulary of `size` entries by a sequence of ids. */
export function vocabularyUse(ids: Iterable<number>, size: number): VocabularyUse {
  const counts = new Map<number, number>();
  for (const id of ids) counts.set(id, (counts.get(id) ?? 0) + 1);
  return useOfCounts([...counts.values()], size);
}

/** The same from how often each entry occurs, 0 for those that do not. */
export function useOfCounts(counts: readonly number[], size = counts.length): VocabularyUse {
  const used = counts.filter((count) => count > 0);
  const total = used.reduce((sum, count) => sum + count, 0);
  if (total === 0) return { size, used: 0, perplexity: 0 };
  let entropy = 0;
  for (const count of used) entropy -= (count / total) * Math.log(count / total);
  return { size, used: used.length, perplexity: Math.exp(entropy) };
}

/** Use of every level's vocabulary in a text, `<bos>` left out; levels that are not trained are missing. */
export async function ladderVocabularyUse(
  ladder: Ladder,
  text: LadderText,
): Promise<Partial<Record<LevelName, VocabularyUse>>> {
  const lemmas = text.units.lemma.filter((_, unit) => text.units.byteLengths[unit] > 0);
  const { words, concepts, codebook, tokenizer } = ladder;
  return {
    subword: vocabularyUse(
      text.pieces.filter((piece) => piece !== tokenizer.bosId),
      tokenizer.vocabularySize - 1,
    ),
    ...(words && { word: vocabularyUse(lemmas, words.vocabulary.size - 1) }),
    ...(concepts && {
      concept: vocabularyUse(
        lemmas.map((id) => concepts.conceptOf[id]),
        concepts.size - 1,
      ),
    }),
    ...(codebook && { gestalt: await codeUse(ladder, text) }),
  };
}

/** Use of the codebook: the code nearest to each whole sentence's predicted pattern. */
async function codeUse(ladder: Ladder, text: LadderText): Promise<VocabularyUse> {
  const codebook = ladder.codebook!;
  const { patterns, sentences } = await sentencePatterns(ladder, text, engineOptions(ladder.config));
  return vocabularyUse(
    sentences.map((_, row) => codebook.nearest(patterns, row).code),
    codebook.size,
  );
}
