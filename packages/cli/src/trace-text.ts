// An excerpt of a trace for a terminal: what was chosen for each unit, by which level, at what price, and over what.
// From: Strata, DESIGN (Generation: a trace records what was chosen, its probability and the runners-up).
import type { Report } from '@strata/compare';
import { oneLine, printable } from './io.js';

type Sample = Report['samples'][number];
type Step = NonNullable<Sample['trace']>[number];

const RUNNERS_UP = 3;

function choiceLine({ level, chosen, probability, bits, runnersUp }: Step['choices'][number]): string {
  const others = runnersUp
    .slice(0, RUNNERS_UP)
    .map((other) => `${oneLine(other.name)} ${other.probability.toFixed(3)}`);
  const over = others.length === 0 ? '' : `  over ${others.join(', ')}`;
  const named = oneLine(chosen);
  return `      ${level.padEnd(8)} ${named.padEnd(24)} ${probability.toFixed(3)}  ${bits.toFixed(2)} bits${over}`;
}

/** The first `count` units of a sample's trace. */
export function traceLines({ trace = [] }: Sample, count: number): string[] {
  return trace
    .slice(0, count)
    .flatMap((step) => [`    ${JSON.stringify(printable(step.text))}`, ...step.choices.map(choiceLine)]);
}
