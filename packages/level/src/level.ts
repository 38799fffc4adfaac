// The contract of a level: a name on the ladder, what its units are called, and a vocabulary a person can read.
// A level's package adds its stack, its ascend and its descend; only `hierarchy` joins two levels.

/** The ladder from the floor up; a level may be left out of a run only together with all above it. */
export const LEVEL_NAMES = ['subword', 'word', 'concept', 'gestalt'] as const;

export type LevelName = (typeof LEVEL_NAMES)[number];

/** What one unit of each level is, in words. */
export const LEVEL_UNITS: Readonly<Record<LevelName, string>> = {
  subword: 'byte-pair piece',
  word: 'lemma + features + gap',
  concept: 'cluster of lemmas that mean the same',
  gestalt: 'sentence as one pattern',
};

/** The levels from the floor up to and including `top`. */
export function levelsUpTo(top: LevelName): LevelName[] {
  return LEVEL_NAMES.slice(0, LEVEL_NAMES.indexOf(top) + 1);
}

/** Named units of a level, saved as readable data; ids count from 0. */
export interface Vocabulary {
  readonly size: number;
  nameOf(id: number): string;
  toJSON(): unknown;
}
