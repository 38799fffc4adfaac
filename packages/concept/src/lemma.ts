// A lemma as the word vocabulary knows it, and which lemmas may share a concept.
// Parts of speech are the universal tags (Nivre et al. 2016, "Universal Dependencies v1").

/** One lemma of the word vocabulary: `id` is its row there, `pos` a universal tag, `count` its occurrences in the corpus. */
export interface LemmaEntry {
  readonly id: number;
  readonly name: string;
  readonly pos: string;
  readonly count: number;
}

/** The open classes: only these may be clustered; function words, names, numbers and spelled units stay single. */
export const eligiblePartsOfSpeech: readonly string[] = ['NOUN', 'VERB', 'ADJ', 'ADV'];

/** Whether a part of speech may be clustered. */
export function isEligible(pos: string): boolean {
  return eligiblePartsOfSpeech.includes(pos);
}

/** Of lemmas in order of frequency, those that a distillation considers: of open classes, frequent enough, and no more than so many. */
export function consideredLemmas(
  lemmas: readonly LemmaEntry[],
  { minimumCount, lemmas: most }: { readonly minimumCount: number; readonly lemmas: number },
): LemmaEntry[] {
  return lemmas.filter(({ pos, count }) => isEligible(pos) && count >= minimumCount).slice(0, most);
}

/** A list of lemmas that cannot be the rows of a word vocabulary. */
export class LemmaError extends Error {
  override readonly name = 'LemmaError';
}

/** Checks that ids are 0..V-1, each once, and returns the lemmas in order of id; throws LemmaError. */
export function lemmasById(lemmas: readonly LemmaEntry[]): LemmaEntry[] {
  const ordered = new Array<LemmaEntry | undefined>(lemmas.length);
  for (const lemma of lemmas) {
    const { id, name, count } = lemma;
    if (!Number.isInteger(id) || id < 0 || id >= lemmas.length) {
      throw new LemmaError(
        `lemma "${name}": id ${id} found; ids must be 0 to ${lemmas.length - 1}, one for each row of the word vocabulary. ` +
          'Pass every lemma of the word vocabulary, not a selection.',
      );
    }
    const holder = ordered[id];
    if (holder !== undefined) {
      throw new LemmaError(
        `lemma id ${id} is held by both "${holder.name}" and "${name}"; every id must appear once. Pass each row of the word vocabulary once.`,
      );
    }
    if (!Number.isFinite(count) || count < 0) {
      throw new LemmaError(
        `lemma "${name}": count ${count} found; a count is a finite number, 0 or more. Recount the corpus for this vocabulary.`,
      );
    }
    ordered[id] = lemma;
  }
  return ordered as LemmaEntry[];
}
