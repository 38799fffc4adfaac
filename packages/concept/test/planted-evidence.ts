// Evidence with known answers: groups of lemmas whose slots take the same substitutes, amid lemmas that share nothing.
// What a group shares is drawn once; each lemma adds its own noise; nouns share a bias, as real hidden states do.
import { RandomStream } from '@strata/nn';
import type { SubstitutionEvidence } from '../src/evidence.js';
import type { LemmaEntry } from '../src/lemma.js';

/** What to plant. */
export interface Plan {
  readonly groups: number;
  readonly groupSize: number;
  readonly loners: number;
  readonly width: number;
  readonly seed: number;
  /** Standard deviation of a lemma's own noise, where the group's pattern has 1. */
  readonly noise: number;
}

/** The evidence, and the groups by lemma id; ids start at `firstId`, parts of speech alternate by group. */
export function plantedEvidence(plan: Plan, firstId = 0): { evidence: SubstitutionEvidence; groups: number[][] } {
  const random = new RandomStream(plan.seed, 'planted evidence');
  const total = plan.groups * plan.groupSize + plan.loners;
  const lemmas: LemmaEntry[] = [];
  const patterns: number[] = [];
  const groups: number[][] = [];
  for (let group = 0; group < plan.groups + plan.loners; group++) {
    const size = group < plan.groups ? plan.groupSize : 1;
    const pos = group % 2 === 0 ? 'NOUN' : 'VERB';
    const ids: number[] = [];
    for (let member = 0; member < size; member++) {
      const id = firstId + lemmas.length;
      ids.push(id);
      lemmas.push({
        id,
        name: `${pos.toLowerCase()}${group}${'abcdefghij'[member]}`,
        pos,
        count: 1000 - lemmas.length,
      });
      patterns.push(group);
    }
    if (size > 1) groups.push(ids);
  }
  const patterned = (columns: number): Float32Array => {
    const bias = Float64Array.from({ length: columns }, () => random.normal());
    const shared = Array.from({ length: plan.groups + plan.loners }, () =>
      Float64Array.from({ length: columns }, () => random.normal()),
    );
    const rows = new Float32Array(total * columns);
    patterns.forEach((group, row) => {
      for (let column = 0; column < columns; column++) {
        rows[row * columns + column] = 2 * bias[column]! + shared[group]![column]! + plan.noise * random.normal();
      }
    });
    return rows;
  };
  // Every lemma has one column; a lemma's own form fits its slots best, those of its group nearly as well.
  const profile = patterned(total);
  patterns.forEach((group, row) => {
    patterns.forEach((other, column) => {
      if (row === column) profile[row * total + column] = 12;
      else if (group === other) profile[row * total + column] = 4 + 0.5 * random.normal();
    });
  });
  return {
    evidence: {
      lemmas,
      profile,
      columnLemma: Int32Array.from(lemmas, (lemma) => lemma.id),
      before: patterned(plan.width),
      after: patterned(plan.width),
    },
    groups,
  };
}
