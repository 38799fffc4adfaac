// Batches in their order, the next one prepared as soon as a session has been asked to run; and the time that this takes,
// which is the time that data keeps a step waiting: both engines compute on the thread that prepares.
import type { BatchData, StepData } from './stage.js';

/** Two buffers that take turns. */
export class BatchQueue {
  readonly #data: BatchData;
  readonly #end: number;
  #next: number;
  #ready: StepData | undefined;
  #seconds = 0;

  /** Batches [first, end). */
  constructor(data: BatchData, first: number, end: number) {
    this.#data = data;
    this.#next = first;
    this.#end = end;
    this.prepare();
  }

  /** The next batch, prepared before; undefined after the last. It stays valid until `prepare` is called twice. */
  take(): StepData | undefined {
    const ready = this.#ready;
    this.#ready = undefined;
    return ready;
  }

  /** Fills the buffer of the batch after the one taken; the session's buffer is the other one. */
  prepare(): void {
    if (this.#next >= this.#end || this.#ready !== undefined) return;
    const started = performance.now();
    this.#ready = this.#data(this.#next, this.#next % 2 === 0 ? 0 : 1);
    this.#next++;
    this.#seconds += (performance.now() - started) / 1000;
  }

  /** Seconds that steps have waited for batches since this was last asked. */
  takeSeconds(): number {
    const seconds = this.#seconds;
    this.#seconds = 0;
    return seconds;
  }
}
