// AdamW (Loshchilov & Hutter 2019): for all parameters as an optimiser, for some of them as a part of another one.
import { Optimiser } from './optimiser.js';
import { OptimiserKernel } from './optimiser-kernel.js';
import { type GroupSettings, groupSettings, type ParameterGroup } from './parameter-groups.js';
import { elementCount, type ParameterSpec, ParameterValues } from './parameters.js';

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

/** A parameter with its settings and its place in the flat buffer of all parameters. */
export interface PlacedParameter {
  readonly spec: ParameterSpec;
  readonly settings: GroupSettings;
  readonly start: number;
  readonly end: number;
}

/** All parameters in their order, with what holds for each. Throws ParameterError for a group that fits nothing. */
export function placedParameters(specs: readonly ParameterSpec[], settings: AdamWSettings): PlacedParameter[] {
  const own = groupSettings(specs, settings.groups ?? [], settings);
  let end = 0;
  return specs.map((spec, i) => {
    const start = end;
    end += elementCount(spec.shape);
    return { spec, settings: own[i]!, start, end };
  });
}

/** Adjacent parameters with equal settings, which one pass updates: where they lie, and where their second moments do. */
interface Range extends GroupSettings {
  readonly start: number;
  readonly end: number;
  readonly secondStart: number;
}

/** The arrays of an AdamW update; the second moments are those of the updated parameters, one after the other. */
export interface AdamWArrays {
  readonly weights: Float32Array;
  readonly gradients: Float32Array;
  readonly first: Float32Array;
  readonly second: Float32Array;
}

/** AdamW's update of some of the parameters in a flat buffer. */
export class AdamWUpdate {
  readonly #ranges: readonly Range[];

  constructor(
    parameters: readonly PlacedParameter[],
    readonly settings: AdamWSettings,
  ) {
    const ranges: Range[] = [];
    let secondStart = 0;
    for (const { settings: own, start, end } of parameters) {
      const last = ranges.at(-1);
      if (last !== undefined && last.end === start && equalSettings(last, own))
        ranges[ranges.length - 1] = { ...last, end };
      else ranges.push({ start, end, secondStart, ...own });
      secondStart += end - start;
    }
    this.#ranges = ranges;
  }

  /** Applies update `step` in place; gradients count `clip` times. */
  apply(kernel: OptimiserKernel, arrays: AdamWArrays, step: number, learningRate: number, clip: number): void {
    const { beta1, epsilon } = this.settings;
    for (const { start, end, secondStart, learningRate: factor, weightDecay, beta2 } of this.#ranges) {
      const rate = learningRate * factor;
      // Bias correction (Kingma & Ba 2015, section 2) as factors of the rate and of epsilon.
      const correction1 = 1 - beta1 ** step;
      const correction2 = Math.sqrt(1 - beta2 ** step);
      kernel.adamw(
        arrays.weights.subarray(start, end),
        arrays.gradients.subarray(start, end),
        arrays.first.subarray(start, end),
        arrays.second.subarray(secondStart, secondStart + end - start),
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
  }
}

function equalSettings(a: GroupSettings, b: GroupSettings): boolean {
  return a.learningRate === b.learningRate && a.weightDecay === b.weightDecay && a.beta2 === b.beta2;
}

/** AdamW on all parameters, with decoupled decay on matrices only, unless groups say otherwise. */
export class AdamW extends Optimiser {
  readonly firstMoment: ParameterValues;
  readonly secondMoment: ParameterValues;
  readonly #update: AdamWUpdate;

  /** Throws ParameterError for a group of the settings that fits no parameter. */
  constructor(
    parameters: ParameterValues,
    readonly settings: AdamWSettings = ADAMW_DEFAULTS,
  ) {
    const { specs, flat } = parameters;
    const kernel = new OptimiserKernel([flat.length, flat.length, flat.length]);
    const allocate = (): ParameterValues => new ParameterValues(specs, kernel.allocate(flat.length));
    super(parameters, allocate(), kernel, settings.clipNorm);
    this.firstMoment = allocate();
    this.secondMoment = allocate();
    this.#update = new AdamWUpdate(placedParameters(specs, settings), settings);
  }

  /** See `Optimiser.update`. */
  update(gradients: ParameterValues, step: number, learningRate: number): number {
    this.check(gradients, step);
    const { norm, factor } = this.clipping(gradients);
    if (!Number.isFinite(norm)) return norm;
    const arrays = {
      weights: this.parameters.flat,
      gradients: gradients.flat,
      first: this.firstMoment.flat,
      second: this.secondMoment.flat,
    };
    this.#update.apply(this.kernel, arrays, step, learningRate, factor);
    return norm;
  }
}
