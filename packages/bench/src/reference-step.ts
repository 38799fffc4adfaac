// The training step that everything is measured against: a GPT of 6 layers and width 256 (shared facts: ENGINE).
// It is the subword model of every run, with its own objective and optimiser; only the text is made up.
import { type CompileOptions, compile, type Executable } from '@strata/engine';
import { gradientName, type Objective, pieceObjective } from '@strata/hierarchy';
import { AdamW, ParameterScope, ParameterValues } from '@strata/nn';
import type { SubwordSizes } from '@strata/subword';

/** Sizes of a training step. */
export interface StepSizes {
  readonly model: SubwordSizes;
  /** Windows in a batch. */
  readonly windows: number;
  /** Pieces in a window. */
  readonly length: number;
}

/** The reference: 6x256, 4 heads, context 256, batch 8, vocabulary 4,096. */
export const REFERENCE: StepSizes = {
  model: { vocabularySize: 4096, width: 256, depth: 6, headCount: 4 },
  windows: 8,
  length: 256,
};

const SEED = 1;

/** A training step with its data, ready to run again and again. */
export class ReferenceStep {
  readonly optimiser: AdamW;
  #step = 0;

  private constructor(
    readonly objective: Objective,
    readonly values: ParameterValues,
    readonly executable: Executable,
    readonly feeds: Readonly<Record<string, Float32Array | Int32Array>>,
  ) {
    this.optimiser = new AdamW(values);
  }

  static async create(sizes: StepSizes, options: CompileOptions & { recompute?: boolean }): Promise<ReferenceStep> {
    const scope = new ParameterScope('subword');
    const objective = pieceObjective(scope, sizes.model, sizes.windows, sizes.length, options);
    const values = ParameterValues.initialise(scope.specs(), SEED);
    const count = sizes.windows * sizes.length;
    // A fixed walk through the vocabulary: any text costs the same.
    const pieces = Int32Array.from({ length: count }, (_, i) => (i * 7919) % sizes.model.vocabularySize);
    const feeds = {
      pieces,
      targets: pieces.map((_, i) => pieces[(i + 1) % count]!),
      weights: new Float32Array(count).fill(1),
      inverseCount: Float32Array.of(1 / count),
      ...Object.fromEntries(values.views),
    };
    return new ReferenceStep(objective, values, await compile(objective.outputs, options), feeds);
  }

  /** Forward and backward; returns the loss in nats a piece. */
  async run(): Promise<number> {
    const into: Record<string, Float32Array> = { loss: this.#loss, nats: this.#nats };
    for (const [name, view] of this.optimiser.gradients.views) into[gradientName(name)] = view;
    await this.executable.run(this.feeds, into);
    return this.#loss[0]!;
  }

  readonly #loss = new Float32Array(1);
  readonly #nats = new Float32Array(1);

  /** The gradient's norm, clipping, and AdamW on all parameters. */
  async update(): Promise<number> {
    return await this.optimiser.update(this.optimiser.gradients, ++this.#step, 1e-3);
  }

  dispose(): Promise<void> {
    return this.executable.dispose();
  }
}
