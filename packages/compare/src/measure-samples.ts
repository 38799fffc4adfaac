// What a report shows rather than counts: the prompt continued from every level, and the best concepts with the reasons
// for each member. From: Strata, DESIGN (Generation; Training, in sequence, 3).

import type { Ladder } from '@strata/hierarchy';
import {
  type Generated,
  type TraceChoice as GeneratedChoice,
  type Generator,
  generatingLevels,
} from '@strata/hierarchy';
import type { ConceptsRecord, SampleRecord, TraceChoice } from './report-schema.js';

/** Units of a sample at most. */
export const SAMPLE_UNITS = 60;
const BEST_CLUSTERS = 24;
const RUNNERS_UP = 3;

// Choices among one possibility say nothing; the trace of a report leaves them out.
const CERTAIN = 0.9995;
const MINOR: ReadonlySet<string> = new Set(['boundary', 'features', 'casing', 'gap']);
/** Factors whose value says by itself what it is. */
const PLAIN: ReadonlySet<string> = new Set(['concept', 'lemma', 'pattern', 'piece', 'spelling']);

/** The prompt continued from every level that is trained, the highest first; the same seed gives the same texts. */
export async function measureSamples(
  generator: Generator,
  prompt: string,
  seed: number,
  each: () => void,
): Promise<SampleRecord[]> {
  const samples: SampleRecord[] = [];
  for (const from of generatingLevels(generator.ladder)) {
    samples.push(sampleOf(await generator.generate({ prompt, from, seed, maximumUnits: SAMPLE_UNITS })));
    each();
  }
  return samples;
}

/** A generation in the report's words. */
export function sampleOf({ from, prompt, text, seed, trace }: Generated): SampleRecord {
  return {
    from,
    prompt,
    text,
    seed,
    trace: trace.map((step) => ({
      text: step.text,
      boundary: step.boundary as 0 | 1 | 2,
      choices: step.choices
        .filter(({ factor, probability }) => !MINOR.has(factor) || probability < CERTAIN)
        .map(choiceOf),
    })),
  };
}

function choiceOf({ level, factor, chosen, probability, bits, runnersUp }: GeneratedChoice): TraceChoice {
  return {
    level,
    chosen: PLAIN.has(factor) ? chosen : `${factor}: ${chosen}`,
    probability,
    bits,
    runnersUp: runnersUp.slice(0, RUNNERS_UP).map(({ name, probability: share }) => ({ name, probability: share })),
  };
}

/** The concept vocabulary in numbers, and its best clusters with the reasons for each member. */
export function measureConcepts(concepts: Ladder['concepts']): ConceptsRecord {
  if (concepts === undefined) return { count: 0, clustered: 0, best: [] };
  const best = concepts.bestClusters(BEST_CLUSTERS).map((concept) => ({
    name: concept.name,
    pos: concept.pos,
    score: concepts.coherence(concept.id),
    members: concept.members.map(({ lemma, name, count }) => ({
      lemma: name,
      count,
      evidence: evidenceOf(concepts, lemma),
    })),
  }));
  return {
    count: concepts.size,
    clustered: concepts.concepts.filter(({ members }) => members.length > 1).length,
    best,
  };
}

/** Why a lemma is in its concept, in one line: its nearest accepted fellow, the judges' reasons, what else fits both. */
function evidenceOf(concepts: NonNullable<Ladder['concepts']>, lemma: number): string {
  const nearest = concepts.why(lemma).together.find((pair) => pair.accepted);
  if (nearest === undefined) return 'no single pair was accepted for it; it is here through others';
  const reasons = nearest.verdicts
    .filter((verdict) => verdict.accept === true)
    .map((verdict) => `${verdict.judge}: ${verdict.reason}`)
    // Pages cut long lines; the shortest reason is the one most surely seen.
    .sort((a, b) => a.length - b.length);
  const shared = nearest.shared.length === 0 ? [] : [`both also give way to ${nearest.shared.slice(0, 3).join(', ')}`];
  return `with ${nearest.other.name}: ${[...reasons, ...shared].join('; ')}`;
}
