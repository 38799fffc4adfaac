// What all optimisers share: a place for gradients, their global norm with clipping (Pascanu et al. 2013), accumulation.
// State shares the parameters' names, so a checkpoint stores it beside the weights.
import type { OptimiserKernel } from './optimiser-kernel.js';
import { ParameterError, type ParameterValues } from './parameters.js';

/** What one update found in its gradients. */
export interface Clipping {
  /** The norm over all parameters, before clipping. */
  readonly norm: number;
  /** What gradients are multiplied by, at most 1. */
  readonly factor: number;
}

/** Changes the values of parameters, step by step. */
export abstract class Optimiser {
  /** A running mean of gradients for each parameter. */
  abstract readonly firstMoment: ParameterValues;
  /** A running mean of squared gradients for each parameter that AdamW updates. */
  abstract readonly secondMoment: ParameterValues;

  protected constructor(
    readonly parameters: ParameterValues,
    /** A place for gradients that updates read without copying. */
    readonly gradients: ParameterValues,
    protected readonly kernel: OptimiserKernel,
    readonly clipNorm: number,
  ) {}

  /**
   * Applies update number `step`, counted from 1, in place, and returns the gradient's norm before clipping; where that is
   * not finite nothing is changed. Nothing is changed either where a promise is rejected.
   */
  abstract update(gradients: ParameterValues, step: number, learningRate: number): number | Promise<number>;

  /** True where all weights are finite. */
  isFinite(): boolean {
    return Number.isFinite(this.kernel.sumOfSquares(this.parameters.flat));
  }

  /** Adds `scale` times one micro-batch's gradients to `into`. */
  accumulate(into: ParameterValues, gradients: ParameterValues, scale: number): void {
    this.kernel.blend(into.flat, gradients.flat, 1, scale);
  }

  /** Throws ParameterError unless a step is counted from 1 and the gradients have the layout of the parameters. */
  protected check(gradients: ParameterValues, step: number): void {
    if (!Number.isInteger(step) || step < 1)
      throw new ParameterError(`step is ${step}; updates are counted from 1, which their bias correction needs`);
    if (gradients.flat.length !== this.parameters.flat.length)
      throw new ParameterError(`${gradients.flat.length} gradients came for ${this.parameters.flat.length} parameters`);
  }

  /** The norm of all gradients, and what clipping leaves of them. */
  protected clipping(gradients: ParameterValues): Clipping {
    const norm = Math.sqrt(this.kernel.sumOfSquares(gradients.flat));
    return { norm, factor: norm > this.clipNorm ? this.clipNorm / norm : 1 };
  }
}
