// The arithmetic of the optimisers in WebAssembly: four numbers at a time, at the speed of memory. A plain loop over
// Float32Arrays takes eight times as long, since JavaScript computes in float64, one number at a time.
import { BINARY } from './optimiser-binary.js';

interface Exports {
  sumOfSquares(from: number, length: number): number;
  blend(into: number, from: number, length: number, keep: number, take: number): void;
  adamw(
    w: number,
    g: number,
    m: number,
    v: number,
    length: number,
    beta1: number,
    take1: number,
    beta2: number,
    take2: number,
    keep: number,
    rate: number,
    epsilon: number,
  ): void;
}

/** What one AdamW update multiplies by: the step's numbers, worked out once for all parameters alike. */
export interface AdamWFactors {
  readonly beta1: number;
  /** (1 - beta1) times what clipping leaves of the gradient. */
  readonly take1: number;
  readonly beta2: number;
  /** (1 - beta2) times the square of what clipping leaves. */
  readonly take2: number;
  /** What decay leaves of a weight. */
  readonly keep: number;
  readonly rate: number;
  readonly epsilon: number;
}

const PAGE = 65_536;
const FLOAT = Float32Array.BYTES_PER_ELEMENT;
const LANES = 4;
/** Numbers treated at once; also the pieces in which sums are taken, so that these are the same wherever the numbers lie. */
const CHUNK = 32_768;
/** A window for each operand of an update whose array lies elsewhere. */
const WINDOWS = 4;
/** WebAssembly addresses 4 GiB; a little is left for the windows. */
const MAXIMUM_BYTES = 65_535 * PAGE;

const roundUp = (value: number, unit: number): number => Math.ceil(value / unit) * unit;

let compiled: WebAssembly.Module | undefined;

/** One memory with the arrays of one optimiser, and the passes over them. */
export class OptimiserKernel {
  readonly #memory: WebAssembly.Memory;
  readonly #exports: Exports;
  readonly #windows: readonly Float32Array[];
  #used: number;

  /** Room for arrays of these lengths; those that do not fit into 4 GiB are ordinary ones, used by copying. */
  constructor(lengths: readonly number[]) {
    const windowBytes = WINDOWS * CHUNK * FLOAT;
    const size = lengths.reduce((bytes, length) => {
      const more = bytes + roundUp(length * FLOAT, PAGE);
      return more > MAXIMUM_BYTES ? bytes : more;
    }, windowBytes);
    // Of fixed size: growing would detach the arrays that others hold.
    this.#memory = new WebAssembly.Memory({ initial: size / PAGE, maximum: size / PAGE });
    compiled ??= new WebAssembly.Module(Buffer.from(BINARY, 'base64'));
    const instance = new WebAssembly.Instance(compiled, { host: { memory: this.#memory } });
    this.#exports = instance.exports as unknown as Exports;
    this.#windows = Array.from(
      { length: WINDOWS },
      (_, i) => new Float32Array(this.#memory.buffer, i * CHUNK * FLOAT, CHUNK),
    );
    this.#used = windowBytes;
  }

  /** An array of zeros: in this memory, where passes need no copies, while there is room. */
  allocate(count: number): Float32Array {
    const bytes = roundUp(count * FLOAT, PAGE);
    if (this.#used + bytes > this.#memory.buffer.byteLength) return new Float32Array(count);
    const array = new Float32Array(this.#memory.buffer, this.#used, count);
    this.#used += bytes;
    return array;
  }

  /** The sum of squares in float64; the same bits wherever the array lies. */
  sumOfSquares(x: Float32Array): number {
    let sum = 0;
    for (let start = 0; start < x.length; start += CHUNK)
      this.#pass([x], start, Math.min(x.length, start + CHUNK), 0, ([from], length) => {
        sum += this.#exports.sumOfSquares(from!, length);
      });
    return sum;
  }

  /** into = keep * into + take * from, number by number, in float32. */
  blend(into: Float32Array, from: Float32Array, keep: number, take: number): void {
    for (let start = 0; start < into.length; start += CHUNK)
      this.#pass([into, from], start, Math.min(into.length, start + CHUNK), 1, ([target, source], length) =>
        this.#exports.blend(target!, source!, length, keep, take),
      );
  }

  /** One AdamW update of weights and of their moments, first and second; all four arrays are of one length. */
  adamw(
    weights: Float32Array,
    gradients: Float32Array,
    first: Float32Array,
    second: Float32Array,
    factors: AdamWFactors,
  ): void {
    const { beta1, take1, beta2, take2, keep, rate, epsilon } = factors;
    // The gradient comes last: it is the one that is not written back.
    const arrays = [weights, first, second, gradients];
    for (let from = 0; from < weights.length; from += CHUNK)
      this.#pass(arrays, from, Math.min(weights.length, from + CHUNK), 3, ([w, m, v, g], length) =>
        this.#exports.adamw(w!, g!, m!, v!, length, beta1, take1, beta2, take2, keep, rate, epsilon),
      );
  }

  /**
   * Runs a kernel over [start, end) of some arrays, of which the first `written` are changed. Arrays of this memory are used
   * in place; others, and the last numbers where they do not fill four lanes, pass through the windows, padded with zeros.
   */
  #pass(
    arrays: readonly Float32Array[],
    start: number,
    end: number,
    written: number,
    kernel: (pointers: readonly number[], length: number) => void,
  ): void {
    const whole = start + Math.floor((end - start) / LANES) * LANES;
    for (const [from, to] of [
      [start, whole],
      [whole, end],
    ] as const) {
      if (from === to) continue;
      const padded = roundUp(to - from, LANES);
      const inPlace = arrays.map((array) => array.buffer === this.#memory.buffer && padded === to - from);
      const pointers = arrays.map((array, i) => {
        if (inPlace[i]) return array.byteOffset + from * FLOAT;
        const window = this.#windows[i]!;
        window.set(array.subarray(from, to));
        window.fill(0, to - from, padded);
        return window.byteOffset;
      });
      kernel(pointers, padded * FLOAT);
      for (let i = 0; i < written; i++) if (!inPlace[i]) arrays[i]!.set(this.#windows[i]!.subarray(0, to - from), from);
    }
  }
}
