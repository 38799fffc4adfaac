// Muon (Jordan et al. 2024) with the scale and decay of Liu et al. 2025 ("Muon is scalable for LLM training", section 2.2):
// hidden matrices move by their momentum made orthogonal, at the size of an AdamW step; all else is left to AdamW.
import { input, type Node } from '@strata/tensor';
import { ADAMW_DEFAULTS, type AdamWSettings, AdamWUpdate, type PlacedParameter, placedParameters } from './adamw.js';
import { NEWTON_SCHULZ_STEPS, newtonSchulz } from './newton-schulz.js';
import { Optimiser } from './optimiser.js';
import { OptimiserKernel } from './optimiser-kernel.js';
import { nameFits } from './parameter-groups.js';
import { elementCount, ParameterError, type ParameterSpec, ParameterValues } from './parameters.js';

export interface MuonSettings extends AdamWSettings {
  /** Of Nesterov's kind. */
  readonly momentum: number;
  /** Names of the matrices to orthogonalise, with * for anything. */
  readonly matrices: readonly string[];
  readonly newtonSchulzSteps: number;
}

/** By default the matrices of all transformer stacks; embeddings, heads and messages are AdamW's. */
export const MUON_DEFAULTS: MuonSettings = {
  ...ADAMW_DEFAULTS,
  momentum: 0.95,
  matrices: ['*.self_attn.*', '*.mlp.*'],
  newtonSchulzSteps: NEWTON_SCHULZ_STEPS,
};

/** The root mean square of AdamW's updates, as measured by Liu et al. 2025; theirs of an orthogonal matrix is scaled to it. */
const UPDATE_RMS = 0.2;

/** Runs the graph of `muonGraph`: reads arrays by the names of its inputs, fills those of its outputs. */
export type Orthogonalise = (
  feeds: Readonly<Record<string, Float32Array>>,
  into: Readonly<Record<string, Float32Array>>,
) => Promise<unknown>;

/** Whether Muon updates a parameter: a matrix whose name fits one of the patterns. */
function isHiddenMatrix(settings: MuonSettings): (spec: ParameterSpec) => boolean {
  const patterns = settings.matrices.map(nameFits);
  return ({ name, shape }) => shape.length === 2 && patterns.some((fits) => fits(name));
}

/** Matrices of one shape, which lie one after the other: [count, rows, columns]. */
interface Stack {
  readonly name: string;
  readonly matrices: readonly ParameterSpec[];
}

function stacksOf(specs: readonly ParameterSpec[]): Stack[] {
  const byShape = new Map<string, ParameterSpec[]>();
  for (const spec of specs) byShape.set(spec.shape.join('x'), [...(byShape.get(spec.shape.join('x')) ?? []), spec]);
  return [...byShape].map(([name, matrices]) => ({ name, matrices }));
}

/**
 * The graph that Muon needs run at every step for parameters such as these: for each shape of matrices an input and an
 * output [count, rows, columns], both named by the shape. Throws ParameterError where the patterns fit no matrix.
 */
export function muonGraph(
  specs: readonly ParameterSpec[],
  settings: MuonSettings = MUON_DEFAULTS,
): Record<string, Node> {
  const stacks = stacksOf(specs.filter(isHiddenMatrix(settings)));
  if (stacks.length === 0)
    throw new ParameterError(
      `no matrix fits ${settings.matrices.map((match) => `"${match}"`).join(' or ') || 'an empty list'}, so there is ` +
        `nothing for Muon to update. Accepted: names in which * stands for anything; the names here begin with ` +
        `${specs[0]?.name ?? 'nothing'}. For a model without hidden matrices take AdamW`,
    );
  return Object.fromEntries(
    stacks.map(({ name, matrices }) => {
      const x = input(name, [matrices.length, ...matrices[0]!.shape]);
      return [name, newtonSchulz(x, settings.newtonSchulzSteps)];
    }),
  );
}

/** A matrix of Muon's: where it lies among the parameters, and where its direction does. */
interface HiddenMatrix extends PlacedParameter {
  readonly directionStart: number;
  readonly directionEnd: number;
}

/** Muon on hidden matrices, AdamW on all other parameters. */
export class Muon extends Optimiser {
  /** The momentum of hidden matrices, the first moment of other parameters. */
  readonly firstMoment: ParameterValues;
  readonly secondMoment: ParameterValues;
  readonly #orthogonalise: Orthogonalise;
  readonly #adamw: AdamWUpdate;
  readonly #matrices: readonly HiddenMatrix[];
  readonly #directions: Float32Array;
  readonly #orthogonal: Float32Array;
  /** What `orthogonalise` reads and fills, by shape. */
  readonly #feeds: Readonly<Record<string, Float32Array>>;
  readonly #into: Readonly<Record<string, Float32Array>>;

  /**
   * `orthogonalise` runs the graph that `muonGraph` gives for the same parameters and settings.
   * Throws ParameterError for a group of the settings that fits no parameter.
   */
  constructor(
    parameters: ParameterValues,
    orthogonalise: Orthogonalise,
    readonly settings: MuonSettings = MUON_DEFAULTS,
  ) {
    const { specs, flat } = parameters;
    const placed = placedParameters(specs, settings);
    const isHidden = isHiddenMatrix(settings);
    const hidden = placed.filter(({ spec }) => isHidden(spec));
    const rest = placed.filter(({ spec }) => !isHidden(spec));
    const hiddenCount = hidden.reduce((count, { start, end }) => count + end - start, 0);
    const restCount = flat.length - hiddenCount;
    const kernel = new OptimiserKernel([flat.length, flat.length, restCount, hiddenCount, hiddenCount]);
    super(parameters, new ParameterValues(specs, kernel.allocate(flat.length)), kernel, settings.clipNorm);
    this.firstMoment = new ParameterValues(specs, kernel.allocate(flat.length));
    this.secondMoment = new ParameterValues(
      rest.map(({ spec }) => spec),
      kernel.allocate(restCount),
    );
    this.#directions = kernel.allocate(hiddenCount);
    this.#orthogonal = kernel.allocate(hiddenCount);
    this.#orthogonalise = orthogonalise;
    this.#adamw = new AdamWUpdate(rest, settings);
    const bySpec = new Map(hidden.map((parameter) => [parameter.spec, parameter]));
    const matrices: HiddenMatrix[] = [];
    const feeds: Record<string, Float32Array> = {};
    const into: Record<string, Float32Array> = {};
    let end = 0;
    for (const stack of stacksOf(hidden.map(({ spec }) => spec))) {
      const stackStart = end;
      for (const spec of stack.matrices) {
        const directionStart = end;
        end += elementCount(spec.shape);
        matrices.push({ ...bySpec.get(spec)!, directionStart, directionEnd: end });
      }
      feeds[stack.name] = this.#directions.subarray(stackStart, end);
      into[stack.name] = this.#orthogonal.subarray(stackStart, end);
    }
    this.#matrices = matrices;
    this.#feeds = feeds;
    this.#into = into;
  }

  /** See `Optimiser.update`; state changes after the last wait only. */
  async update(gradients: ParameterValues, step: number, learningRate: number): Promise<number> {
    this.check(gradients, step);
    const { norm, factor } = this.clipping(gradients);
    if (!Number.isFinite(norm)) return norm;
    const { momentum } = this.settings;
    const first = this.firstMoment.flat;
    // Nesterov: g + momentum (momentum m + g), of which only the direction counts.
    for (const { start, end, directionStart, directionEnd } of this.#matrices) {
      const direction = this.#directions.subarray(directionStart, directionEnd);
      direction.set(first.subarray(start, end));
      this.kernel.blend(direction, gradients.flat.subarray(start, end), momentum * momentum, (1 + momentum) * factor);
    }
    await this.#orthogonalise(this.#feeds, this.#into);
    const weights = this.parameters.flat;
    for (const { spec, settings, start, end, directionStart, directionEnd } of this.#matrices) {
      const rate = learningRate * settings.learningRate;
      const scale = UPDATE_RMS * Math.sqrt(Math.max(...spec.shape));
      this.kernel.blend(first.subarray(start, end), gradients.flat.subarray(start, end), momentum, factor);
      this.kernel.blend(
        weights.subarray(start, end),
        this.#orthogonal.subarray(directionStart, directionEnd),
        1 - rate * settings.weightDecay,
        -rate * scale,
      );
    }
    const second = this.secondMoment.flat;
    this.#adamw.apply(this.kernel, { weights, gradients: gradients.flat, first, second }, step, learningRate, factor);
    return norm;
  }
}
