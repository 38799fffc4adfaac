// The trace of a generation: for every unit, at every level, what was chosen, its probability and the runners-up.
import type { LevelName } from '@strata/level';
import type { Choice } from './choice.js';

/** What might have been chosen instead. */
export interface RunnerUp {
  readonly name: string;
  readonly probability: number;
  /** Its number in the vocabulary that the factor chooses from, where it is one of a vocabulary's. */
  readonly id?: number;
}

/** One choice at one level, as the trace shows it. */
export interface TraceChoice {
  readonly level: LevelName;
  /**
   * What was decided: boundary, pattern, concept, lemma, features, casing, gap, pick, pointer, memory, spelling or piece;
   * `candidates` and `spoken of before` list what else is known of a choice, and pay nothing.
   */
  readonly factor: string;
  readonly chosen: string;
  /** Number of what was chosen, as a runner-up has it. */
  readonly id?: number;
  readonly probability: number;
  readonly bits: number;
  readonly runnersUp: readonly RunnerUp[];
  /** True where a person put it there (`GenerateOptions.puts`); the probability is still the model's. */
  readonly put?: true;
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

  /** Writes a choice down and gives its id back; `put` where a person made it. */
  keep(level: LevelName, factor: string, choice: Choice, nameOf: (id: number) => string, put = false): number {
    this.choices.push({ ...written(level, factor, choice, nameOf), ...(put && { put: true }) });
    return choice.id;
  }

  /** Writes down what is known beside a choice: nothing was decided by it, so no bits are paid. */
  list(level: LevelName, factor: string, known: Choice, nameOf: (id: number) => string): void {
    this.choices.push({ ...written(level, factor, known, nameOf), bits: 0 });
  }

  /** Writes down what was decided, with its probability. */
  note(
    level: LevelName,
    factor: string,
    chosen: string,
    probability: number,
    runnersUp: TraceChoice['runnersUp'] = [],
  ): void {
    this.choices.push({ level, factor, chosen, probability, bits: bitsOf(probability), runnersUp });
  }
}

function written(level: LevelName, factor: string, choice: Choice, nameOf: (id: number) => string): TraceChoice {
  const { id, probability } = choice;
  const runnersUp = choice.runnersUp.map((other) => ({ name: nameOf(other.id), ...other }));
  return { level, factor, chosen: nameOf(id), id, probability, bits: bitsOf(probability), runnersUp };
}

function bitsOf(probability: number): number {
  return Math.max(0, -Math.log2(Math.max(probability, Number.MIN_VALUE)));
}
