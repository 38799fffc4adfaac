// Generation for the page: one at a time, others wait their turn; the sessions are compiled at the first.
// From: Strata, DESIGN ("Generation": rewind to any step, put another concept there, and render again).
import { type Generated, GenerationError, Generator, generatingLevels, type Ladder } from '@strata/hierarchy';
import type { LevelName } from '@strata/level';

/** What the page asks for. */
export interface GenerationRequest {
  readonly prompt: string;
  readonly from: LevelName;
  readonly skip: readonly LevelName[];
  readonly seed: number;
  readonly temperature: number;
  readonly topP: number;
  readonly maximumUnits: number;
  /** Concepts put by hand, by unit written. */
  readonly puts: readonly { readonly unit: number; readonly concept: number }[];
}

/** More wait than anybody at one page would ask for. */
export class BusyError extends Error {
  override readonly name = 'BusyError';
}

const WAITING = 8;

/** Generations of one ladder, in the order they were asked for. */
export class Generations {
  #generator: Promise<Generator> | undefined;
  #last: Promise<unknown> = Promise.resolve();
  #waiting = 0;
  #disposed = false;

  constructor(readonly ladder: Ladder) {}

  /** Levels that can be generated from, the highest first. */
  get levels(): LevelName[] {
    return generatingLevels(this.ladder);
  }

  /** Generates when all earlier requests are done; throws GenerationError or BusyError. */
  generate({ puts, ...request }: GenerationRequest): Promise<Generated> {
    if (this.#waiting >= WAITING)
      throw new BusyError(`${WAITING} generations wait already; try again when they are done`);
    this.#waiting++;
    const turn = this.#last.then(async () => {
      if (this.#disposed) throw new GenerationError('the inspection has ended; start it again');
      this.#generator ??= Generator.create(this.ladder);
      const generator = await this.#generator;
      return generator.generate({ ...request, puts: new Map(puts.map(({ unit, concept }) => [unit, concept])) });
    });
    this.#last = turn
      .catch(() => {})
      .finally(() => {
        this.#waiting--;
      });
    return turn;
  }

  /** Ends after the generation that is under way; those that wait are refused. */
  async dispose(): Promise<void> {
    this.#disposed = true;
    await this.#last;
    await (await this.#generator?.catch(() => undefined))?.dispose();
  }
}
