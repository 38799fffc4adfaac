// AdamW (Loshchilov & Hutter 2019) over one flat buffer, with global-norm clipping (Pascanu et al. 2013).
// The moments share the parameters' layout, so a checkpoint stores them beside the weights under the same names.
import { OptimiserKernel } from './optimiser-kernel.js';
import { type GroupSettings, groupSettings, type ParameterGroup } from './parameter-groups.js';
import { elementCount, ParameterValues } from './parameters.js';

export interface AdamWSettings {
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  readonly weightDecay: number;
  readonly clipNorm: number;
  /** Settings of their own for some parameters. */
  readonly groups?: readonly ParameterGroup[];
}

export const ADAMW_DEFAULTS: AdamWSettings = {
  beta1: 0.9,
  beta2: 0.95,
  epsilon: 1e-8,
  weightDecay: 0.1,
  clipNorm: 1,
};

/** Adjacent parameters with equal settings: [start, end) of the flat buffer. */
interface Range extends GroupSettings {
  readonly start: number;
  readonly end: number;
}

/** AdamW with decoupled decay on matrices only, unless groups say otherwise; `step` counts from 1. */
export class AdamW {
  readonly firstMoment: ParameterValues;
  readonly secondMoment: ParameterValues;
  /** A place for gradients that updates read without copying. */
  readonly gradients: ParameterValues;
  readonly #kernel: OptimiserKernel;
  readonly #ranges: readonly Range[];

  constructor(
    readonly parameters: ParameterValues,
    readonly settings: AdamWSettings = ADAMW_DEFAULTS,
  ) {
    const { specs, flat } = parameters;
    this.#kernel = new OptimiserKernel(flat.length, 3);
    const allocate = (): ParameterValues => new ParameterValues(specs, this.#kernel.allocate(flat.length));
    this.gradients = allocate();
    this.firstMoment = allocate();
    this.secondMoment = allocate();
    this.#ranges = rangesOf(parameters, groupSettings(specs, settings.groups ?? [], settings.weightDecay));
  }

  /** True where all weights are finite. */
  isFinite(): boolean {
    return Number.isFinite(this.#kernel.sumOfSquares(this.parameters.flat));
  }

  /** Adds `scale` times one micro-batch's gradients to `into`. */
  accumulate(into: ParameterValues, gradients: ParameterValues, scale: number): void {
    this.#kernel.accumulate(into.flat, gradients.flat, scale);
  }

  /**
   * Applies one update in place and returns the gradient's norm before clipping; where that is not finite nothing is
   * changed.
   */
  update(gradients: ParameterValues, step: number, learningRate: number): number {
    const { beta1, beta2, epsilon, clipNorm } = this.settings;
    const gradientNorm = Math.sqrt(this.#kernel.sumOfSquares(gradients.flat));
    if (!Number.isFinite(gradientNorm)) return gradientNorm;
    const clip = gradientNorm > clipNorm ? clipNorm / gradientNorm : 1;
    // Bias correction (Kingma & Ba 2015, section 2) as factors of the rate and of epsilon.
    const correction1 = 1 - beta1 ** step;
    const correction2 = Math.sqrt(1 - beta2 ** step);
    for (const { start, end, learningRate: factor, weightDecay } of this.#ranges) {
      const rate = learningRate * factor;
      this.#kernel.adamw(
        this.parameters.flat,
        gradients.flat,
        this.firstMoment.flat,
        this.secondMoment.flat,
        [start, end],
        {
          beta1,
          take1: (1 - beta1) * clip,
          beta2,
          take2: (1 - beta2) * clip * clip,
          keep: 1 - rate * weightDecay,
          rate: (rate * correction2) / correction1,
          epsilon: epsilon * correction2,
        },
      );
    }
    return gradientNorm;
  }
}

function rangesOf({ specs }: ParameterValues, settings: readonly GroupSettings[]): Range[] {
  const ranges: Range[] = [];
  let start = 0;
  for (const [i, spec] of specs.entries()) {
    const own = settings[i]!;
    const end = start + elementCount(spec.shape);
    const last = ranges.at(-1);
    if (last !== undefined && last.learningRate === own.learningRate && last.weightDecay === own.weightDecay)
      ranges[ranges.length - 1] = { ...last, end };
    else ranges.push({ start, end, ...own });
    start = end;
  }
  return ranges;
}
