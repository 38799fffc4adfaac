// Reading English in context: a unit's tag picks among the readings that its form can have.
// From: Strata, WORDS (analysis by synthesis: only what realises back to the form is a reading).
import type { StreamedUnit } from '@strata/text';
import { splitCasing } from '../casing.js';
import type { ReadUnit } from '../language.js';
import { inflections } from './inflections.js';
import { type Analysis, analyse } from './realize.js';
import type { SlotName } from './slots.js';
import { type TaggedUnit, tagUnits } from './tagger.js';

type Inflecting = 'NOUN' | 'VERB' | 'ADJ';

const SLOT_CLASS: Readonly<Partial<Record<SlotName, Inflecting>>> = {
  plural: 'NOUN',
  third: 'VERB',
  gerund: 'VERB',
  past: 'VERB',
  participle: 'VERB',
  comparative: 'ADJ',
  superlative: 'ADJ',
  first: 'VERB',
  presentPlural: 'VERB',
  pastPlural: 'VERB',
};

const TAG_CLASS: Readonly<Record<string, Inflecting>> = {
  NOUN: 'NOUN',
  PROPN: 'NOUN',
  VERB: 'VERB',
  AUX: 'VERB',
  ADJ: 'ADJ',
  ADV: 'ADJ',
};

/** Reads units as they come; the same text always gets the same readings. */
export function* readEnglish(
  batches: Iterable<readonly StreamedUnit[]>,
): Generator<readonly ReadUnit[], void, undefined> {
  for (const tagged of tagUnits(batches)) yield tagged.map(({ unit, tagged: said }) => readUnit(unit, said));
}

function readUnit(unit: StreamedUnit, { tag, lemmaHint }: TaggedUnit): ReadUnit {
  const { form, casing } = splitCasing(unit.surface);
  return { unit, form, casing, tag, reading: choose(form, tag, lemmaHint.toLowerCase()) };
}

function choose(form: string, tag: string, hint: string): Analysis {
  let best: Analysis = { lemma: form, slot: 'base', variant: 0 };
  const wanted = TAG_CLASS[tag];
  if (wanted === undefined) return best;
  let bestRank = -1;
  for (const analysis of analyse(form)) {
    if (SLOT_CLASS[analysis.slot] !== wanted) continue;
    const hinted = hint === analysis.lemma;
    const listed = inflections().get(analysis.slot)?.get(analysis.lemma)?.includes(form) ?? false;
    if (!hinted && !listed) continue;
    const rank = (hinted ? 4 : 0) + (listed ? 2 : 0) + (analysis.variant === 0 ? 1 : 0);
    if (rank > bestRank) [best, bestRank] = [analysis, rank];
  }
  return best;
}
