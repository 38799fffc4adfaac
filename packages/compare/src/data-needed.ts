// How much more text, or compute, another model needs for the same bits per byte: read off complete trainings of several
// lengths, between which the logarithm of the length is interpolated. From: Strata, EVALUATION (matched baselines).

/** A complete training: what it was given (bytes or FLOPs), and what it reached. */
export interface TrainingPoint {
  readonly given: number;
  readonly bitsPerByte: number;
}

/** A factor; `atLeast` where the other model never got so far, `atMost` where its shortest training was better already. */
export interface Need {
  readonly factor: number;
  readonly bound: 'exact' | 'atLeast' | 'atMost';
}

/** How many times what `model` was given the trainings of another need for as few bits; undefined without any training. */
export function dataNeeded(model: TrainingPoint, others: readonly TrainingPoint[]): Need | undefined {
  const points = others.toSorted((a, b) => a.given - b.given);
  const [first] = points;
  const last = points.at(-1);
  if (first === undefined || last === undefined) return undefined;
  if (first.bitsPerByte <= model.bitsPerByte) return { factor: first.given / model.given, bound: 'atMost' };
  for (const [at, above] of points.entries()) {
    const below = points[at + 1];
    if (below === undefined) break;
    if (below.bitsPerByte > model.bitsPerByte) continue;
    const share = (above.bitsPerByte - model.bitsPerByte) / (above.bitsPerByte - below.bitsPerByte);
    const given = Math.exp(Math.log(above.given) + share * (Math.log(below.given) - Math.log(above.given)));
    return { factor: given / model.given, bound: 'exact' };
  }
  return { factor: last.given / model.given, bound: 'atLeast' };
}
