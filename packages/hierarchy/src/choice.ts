// Choosing from a distribution: temperature and nucleus (Holtzman et al. 2020), seeded, with the runners-up kept for
// the trace.
import type { RandomStream } from '@strata/nn';

/** How choices are made. */
export interface SamplingOptions {
  /** 0 takes the most probable; 1 samples the model's own distribution. */
  readonly temperature: number;
  /** Only the most probable candidates that together hold this probability are considered. */
  readonly topP: number;
}

/** A candidate with its probability under the model, before temperature. */
export interface Candidate {
  readonly id: number;
  readonly probability: number;
}

/** The chosen candidate and those it was chosen over. */
export interface Choice extends Candidate {
  readonly runnersUp: readonly Candidate[];
}

const RUNNERS_UP = 4;

/** What has less probability is never chosen where anything has more. */
const LEAST = 1e-9;
/** The likeliest candidates are looked for above the greatest probability over this, then over its square, and so on. */
const FALLING = 256;

/** Chooses an index by its probability; `allowed` leaves candidates out. */
export function choose(
  probabilities: ArrayLike<number>,
  sampling: SamplingOptions,
  random: RandomStream,
  allowed: (id: number) => boolean = () => true,
): Choice {
  let greatest = 0;
  let total = 0;
  for (let id = 0; id < probabilities.length; id++) {
    const probability = probabilities[id]!;
    if (!(probability > LEAST) || !allowed(id)) continue;
    total += probability;
    if (probability > greatest) greatest = probability;
  }
  if (greatest === 0) {
    // Nothing allowed has any probability worth naming: the first allowed one stands in.
    for (let id = 0; id < probabilities.length; id++)
      if (allowed(id)) return { id, probability: probabilities[id]!, runnersUp: [] };
    throw new RangeError('no candidate is allowed');
  }
  const enough = sampling.topP * total;
  let ranked: Candidate[];
  let least = greatest;
  // A vocabulary is long and a nucleus short: no more is ranked than it has, and the runners-up.
  do {
    least = Math.max(LEAST, least / FALLING);
    ranked = [];
    let held = 0;
    for (let id = 0; id < probabilities.length; id++) {
      const probability = probabilities[id]!;
      if (!(probability > least) || !allowed(id)) continue;
      ranked.push({ id, probability });
      held += probability;
    }
    if (held >= enough && ranked.length > RUNNERS_UP) break;
  } while (least > LEAST);
  ranked.sort((a, b) => b.probability - a.probability || a.id - b.id);
  let held = 0;
  const nucleus: Candidate[] = [];
  for (const candidate of ranked) {
    nucleus.push(candidate);
    held += candidate.probability;
    if (held >= enough) break;
  }
  const chosen = sampling.temperature === 0 ? nucleus[0]! : draw(nucleus, sampling.temperature, random);
  return { ...chosen, runnersUp: ranked.filter((candidate) => candidate !== chosen).slice(0, RUNNERS_UP) };
}

/** The choice as it would have been with another put in the place of what was drawn; that becomes the first runner-up. */
export function putInstead(drawn: Choice, probabilities: ArrayLike<number>, id: number): Choice {
  if (drawn.id === id) return drawn;
  const others = drawn.runnersUp.filter((other) => other.id !== id);
  const runnersUp = [{ id: drawn.id, probability: drawn.probability }, ...others].slice(0, RUNNERS_UP);
  return { id, probability: probabilities[id]!, runnersUp };
}

function draw(candidates: readonly Candidate[], temperature: number, random: RandomStream): Candidate {
  const weights = candidates.map((candidate) => candidate.probability ** (1 / temperature));
  let threshold = random.uniform() * weights.reduce((sum, weight) => sum + weight, 0);
  for (const [i, weight] of weights.entries()) if ((threshold -= weight) <= 0) return candidates[i];
  return candidates[candidates.length - 1];
}
