// A long work in this thread as a person sees it: a progress line a part, with rate and time left, and Ctrl-C heard within a
// fraction of a second. From: Strata; what computes without a pause gives neither its turn, so that it awaits these.
import { setImmediate } from 'node:timers/promises';
import type { Follower } from '@strata/concept';
import type { createProgress, Progress } from './progress.js';
import { InterruptedError } from './stage.js';

/** Between two turns that keys and timers are given. */
const BREATH_MILLISECONDS = 50;

/** What a work is told to go by. */
export interface LongWorkOptions {
  /** Before the name of each part. */
  readonly label: string;
  readonly progress: typeof createProgress;
  readonly signal?: AbortSignal | undefined;
  /** Says what was stopped. */
  readonly stopped: string;
}

/** Follows a work with one progress line a part; after Ctrl-C, `reach` and `breathe` throw InterruptedError. */
export class LongWork implements Follower {
  #progress: Progress | undefined;
  #breathedAt = performance.now();

  constructor(readonly options: LongWorkOptions) {}

  begin(part: string, total: number, unit: string): void {
    this.finish();
    this.#progress = this.options.progress(`${this.options.label}: ${part}`, total, unit);
  }

  async reach(done: number): Promise<void> {
    this.#progress?.update(done);
    await this.breathe();
  }

  /** Gives keys and timers their turn where it is due, with nothing more done. */
  async breathe(): Promise<void> {
    if (performance.now() - this.#breathedAt >= BREATH_MILLISECONDS) {
      await setImmediate();
      this.#breathedAt = performance.now();
    }
    if (this.options.signal?.aborted === true) throw new InterruptedError(this.options.stopped);
  }

  /** Shows the last state of the last part for good. */
  finish(): void {
    this.#progress?.finish();
    this.#progress = undefined;
  }
}
