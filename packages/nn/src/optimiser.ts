// AdamW (Loshchilov & Hutter 2019) over one flat buffer, with global-norm clipping (Pascanu et al. 2013).
// The moments share the parameters' layout, so a checkpoint stores them beside the weights under the same names.
import { elementCount, type ParameterValues } from './parameters.js';

export interface AdamWSettings {
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  readonly weightDecay: number;
  readonly clipNorm: number;
}

export const ADAMW_DEFAULTS: AdamWSettings = {
  beta1: 0.9,
  beta2: 0.95,
  epsilon: 1e-8,
  weightDecay: 0.1,
  clipNorm: 1,
};

/** AdamW with decoupled decay on matrices only; `step` counts from 1. */
export class AdamW {
  readonly firstMoment: ParameterValues;
  readonly secondMoment: ParameterValues;

  constructor(
    readonly parameters: ParameterValues,
    readonly settings: AdamWSettings = ADAMW_DEFAULTS,
  ) {
    this.firstMoment = parameters.zerosAlike();
    this.secondMoment = parameters.zerosAlike();
  }

  /** Applies one update in place and returns the gradient's norm before clipping. */
  update(gradients: ParameterValues, step: number, learningRate: number): number {
    const { beta1, beta2, epsilon, weightDecay, clipNorm } = this.settings;
    const gradient = gradients.flat;
    let squares = 0;
    for (let i = 0; i < gradient.length; i++) squares += gradient[i] * gradient[i];
    const gradientNorm = Math.sqrt(squares);
    const clip = gradientNorm > clipNorm ? clipNorm / gradientNorm : 1;
    const correction1 = 1 - beta1 ** step;
    const correction2 = Math.sqrt(1 - beta2 ** step);
    const rate = (learningRate * correction2) / correction1;
    const scaledEpsilon = epsilon * correction2;
    const weights = this.parameters.flat;
    const first = this.firstMoment.flat;
    const second = this.secondMoment.flat;
    let offset = 0;
    for (const spec of this.parameters.specs) {
      const end = offset + elementCount(spec.shape);
      const keep = spec.decay ? 1 - learningRate * weightDecay : 1;
      for (let i = offset; i < end; i++) {
        const g = gradient[i] * clip;
        const m = beta1 * first[i] + (1 - beta1) * g;
        const v = beta2 * second[i] + (1 - beta2) * g * g;
        first[i] = m;
        second[i] = v;
        weights[i] = weights[i] * keep - (rate * m) / (Math.sqrt(v) + scaledEpsilon);
      }
      offset = end;
    }
    return gradientNorm;
  }
}
