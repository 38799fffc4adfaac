// The trace of a generation: for every unit, at every level, what was chosen, its probability and the runners-up.
import type { LevelName } from '@strata/level';
import type { Choice } from './choice.js';

/** One choice at one level, as the trace shows it. */
export interface TraceChoice {
  readonly level: LevelName;
  /** What was decided: boundary, pattern, concept, lemma, features, casing, gap, pick, spelling or piece. */
  readonly factor: string;
  readonly chosen: string;
  readonly probability: number;
  readonly bits: number;
  readonly runnersUp: readonly { readonly name: string; readonly probability: number }[];
}

/** One unit of generated text with all that was chosen for it. */
export interface TraceStep {
  readonly text: string;
  readonly boundary: number;
  readonly choices: readonly TraceChoice[];
}

/** Collects the choices of one unit. */
export class StepTrace {
  readonly choices: TraceChoice[] = [];

  /** Writes a choice down and gives its id back. */
  keep(level: LevelName, factor: string, choice: Choice, nameOf: (id: number) => string): number {
    const runnersUp = choice.runnersUp.map(({ id, probability }) => ({ name: nameOf(id), probability }));
    this.note(level, factor, nameOf(choice.id), choice.probability, runnersUp);
    return choice.id;
  }

  /** Writes down what was decided, with its probability. */
  note(
    level: LevelName,
    factor: string,
    chosen: string,
    probability: number,
    runnersUp: TraceChoice['runnersUp'] = [],
  ): void {
    const bits = Math.max(0, -Math.log2(Math.max(probability, Number.MIN_VALUE)));
    this.choices.push({ level, factor, chosen, probability, bits, runnersUp });
  }
}
