// A person as a judge of pairs: what edits say of each, put before what other judges said, and above it.
// From: Strata, DESIGN (every cluster keeps its evidence, whoever gave it).
import { type JudgedPair, type NamedVerdict, type Proposal, unmeasured } from './judge.js';
import type { LemmaEntry } from './lemma.js';
import { PERSON, type ResolvedEdits } from './overlay.js';

/**
 * Every pair that edits speak about, ruled as they say; `known` gives what was judged or measured of a pair before, and
 * of a pair that the proposer does not know nothing is measured. `lemmas` are in order of id.
 */
export function* ruledByPerson(
  edits: ResolvedEdits,
  lemmas: readonly LemmaEntry[],
  known: (a: number, b: number) => JudgedPair | Proposal | undefined,
): Generator<JudgedPair> {
  const ruled = (a: number, b: number, accepted: boolean, reason: string): JudgedPair => {
    const found = known(a, b);
    const before = found !== undefined && 'proposal' in found ? found : undefined;
    const proposal = before?.proposal ?? (found as Proposal | undefined) ?? unmeasured(lemmas[a]!, lemmas[b]!);
    const verdict: NamedVerdict = { judge: PERSON, accept: accepted, score: accepted ? 1 : -1, reason };
    return { proposal, verdicts: [verdict, ...(before?.verdicts ?? [])], accepted, apart: !accepted };
  };
  for (const { lemmas: group, reason } of edits.together)
    for (const [index, a] of group.entries()) for (const b of group.slice(index + 1)) yield ruled(a, b, true, reason);
  for (const { a, b, reason } of edits.apart) yield ruled(a, b, false, reason);
}
