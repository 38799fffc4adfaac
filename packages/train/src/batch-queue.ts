// Batches in their order, the next one prepared while the session works on the one before, so that data never keeps a
// step waiting; and the time that preparing takes, to show that it does not.
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

  /** Fills the buffer of the batch after the one taken; call it while the session runs. */
  prepare(): void {
    if (this.#next >= this.#end || this.#ready !== undefined) return;
    const started = performance.now();
    this.#ready = this.#data(this.#next, this.#next % 2 === 0 ? 0 : 1);
    this.#next++;
    this.#seconds += (performance.now() - started) / 1000;
  }

  /** Seconds spent preparing since this was last asked. */
  takeSeconds(): number {
    const seconds = this.#seconds;
    this.#seconds = 0;
    return seconds;
  }
}
